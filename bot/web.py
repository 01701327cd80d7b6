"""The one server: the page, the scripting door, and what a watchman asks for."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Iterable

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import script, script_json
from bot.changes import Changes
from bot.hooks import HookDoor
from bot.intake import Intake
from bot.keys import Keys
from bot.local import LocalPage
from bot.script import ScriptDoor
from bot.settings import SettingsSheet
from bot.shield import Shield
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory import history
from memory.company import Company
from memory.errors import Misconfigured, NotFound, Trouble, Unavailable
from memory.history import Counts

HOST = "127.0.0.1"
_FAREWELL_S = 1
"""How long a request may go on once we are asked to stop."""
_PORT = "page:port"


class Web:
    """The page and the scripting door on one port, reachable from this computer only."""

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        *,
        port: int,
        welcome: Welcome,
        wake: asyncio.Event,
        settings: SettingsSheet | None = None,
        hooks: tuple[Route, ...] = (),
    ) -> None:
        """A server that listens to nobody yet.

        Args:
            settings: The sheet behind the page's menu; None where nothing can be changed.
            hooks: Routes that platforms call from elsewhere; each asks for a proof of its own.
        """
        self._company = company
        self._hooks = hooks
        self._outbox = outbox
        self._wanted = port
        self._welcome = welcome
        self._socket: socket.socket | None = None
        self.ready = asyncio.Event()
        """Set once both doors answer."""
        self._keys = Keys(outbox)
        self._changes = Changes(outbox, wake)
        self._page = LocalPage(
            company, outbox, intake, keys=self._keys, welcome=welcome, changes=self._changes
        )
        self._settings = settings
        self._door = ScriptDoor(
            company, outbox, intake, changes=self._changes, fresh_link=self.fresh_link
        )

        self._hooks = (*HookDoor(company, outbox, intake.disk).routes(), *hooks)

    @property
    def port(self) -> int:
        """The port it listens on; the configured one before that."""
        return self._socket.getsockname()[1] if self._socket else self._wanted

    def fresh_link(self) -> str:
        """A link that opens the page once."""
        return f"http://{HOST}:{self.port}/?token={self._keys.fresh()}"

    async def listen(self) -> None:
        """Take the port, so that links can be made; without a configured one, the last again.

        Raises:
            Misconfigured: Another program has the configured port.
        """
        if self._socket is not None:
            return
        last = 0 if self._wanted else int(await self._outbox.recall(_PORT) or 0)
        try:
            self._socket = _bound(self._wanted or last)
        except OSError as error:
            if self._wanted:
                raise Misconfigured(
                    (f"[local] port: another program uses {self._wanted}; name another, or 0.",)
                ) from error
            self._socket = _bound(0)
        if not self._wanted and self.port != last:
            await self._outbox.remember(_PORT, str(self.port))
        self._page.cookie = f"steward_{self.port}"

    async def run(self) -> None:
        """Serve until cancelled.

        Raises:
            Misconfigured: Another program has the configured port.
        """
        await self.listen()
        if self._socket is None:
            return
        await self._door.pair()
        server = _Server(
            uvicorn.Config(
                Shield(self._app(), self.port, hooks=tuple(map(_below, self._hooks))),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_FAREWELL_S,
            ),
            self._changes,
            self.ready,
        )
        script.publish(self._company.data, self.port, self._door.key)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(server.serve([self._socket]))
                group.create_task(self._changes.run())
                group.create_task(self._welcome_on())
        finally:
            script.withdraw(self._company.data, self._door.key)
            self._socket.close()

    async def _welcome_on(self) -> None:
        """Let the welcome ask its next question when something has settled."""
        while True:
            count = self._changes.count
            await self._welcome.go_on()
            await self._changes.after(count, 1.0)

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                *self._page.routes(),
                *(self._settings.routes(self._page.let_in) if self._settings else ()),
                *self._door.routes(),
                *self._hooks,
                Route("/health", self._health, methods=["GET"]),
                Route("/metrics", self._metrics, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _http_trouble, Trouble: _trouble},
        )

    async def _health(self, _request: Request) -> Response:
        async with self._company.store.read() as connection:
            found = await history.counts(connection)
        return JSONResponse(script_json.health(found, self._company.clock.now()))

    async def _metrics(self, _request: Request) -> Response:
        await self._company.store.read_clock()
        async with self._company.store.read() as connection:
            today = history.day_of(self._company.clock.now(), self._company.zone)
            found = await history.counts(connection, today)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Gauges(found))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Server(uvicorn.Server):
    """uvicorn as one task among ours: it neither takes our signals nor drops its connections."""

    def __init__(self, config: uvicorn.Config, changes: Changes, ready: asyncio.Event) -> None:
        super().__init__(config)
        self._changes = changes
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to whoever composed the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        """Serve until cancelled; what follows is uvicorn's own farewell to open connections."""
        with contextlib.suppress(asyncio.CancelledError):
            await super().main_loop()
        await self._changes.close()


class _Gauges(Collector):
    """The company's counts, in Prometheus's words."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One family for messages, one for notices, one for actions."""
        families = (
            ("sources", "Messages that came in, by door", "door", self._counts.sources),
            ("notices", "Cards and lines for the owner, by kind", "kind", self._counts.notices),
            (
                "actions",
                "Actions, by the state of their newest revision",
                "state",
                self._counts.actions,
            ),
        )
        for name, says, label, found in families:
            family = GaugeMetricFamily(f"steward_{name}", says, labels=[label])
            for value, number in sorted(found.items()):
                family.add_metric([value], number)
            yield family
        rings = self._counts.rings_today
        yield GaugeMetricFamily("steward_rings_today", "Rings since the owner's midnight", rings)


def _below(hook: Route) -> str:
    """The first step of a hook's path: "/telegram/"."""
    return f"/{hook.path.split('/')[1]}/"


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    made.settimeout(0)
    return made


async def _http_trouble(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    hint = "steward link prints a fresh link." if error.status_code == 401 else ""
    return JSONResponse({"error": error.detail, "hint": hint}, status_code=error.status_code)


async def _trouble(_request: Request, error: Exception) -> Response:
    """Trouble in the owner's words; the status says what a program should do next."""
    if not isinstance(error, Trouble):
        raise error
    status = 503 if isinstance(error, Unavailable) else 404 if isinstance(error, NotFound) else 409
    return JSONResponse({"error": error.sentence, "hint": error.hint}, status_code=status)
