"""A local Slack: Web API, events, Socket Mode and interactivity for the real client libraries."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.doubles.slack_blocks import Json
from tests.doubles.slack_delivery import Delivery
from tests.doubles.slack_manifest import Manifest
from tests.doubles.slack_methods import METHODS, SCOPES
from tests.doubles.slack_person import Person
from tests.doubles.slack_workspace import APP, TEAM, ApiError, Workspace
from tests.doubles.telegram_account import wall_time

LARGEST_BODY_BYTES = 60_000_000
DOWNLOAD = "download"
"""What the journal calls the fetching of a file."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    code: str = ""
    is_done: bool = False
    """Whether the call is carried out all the same."""


def too_many(retry_after_s: int = 1) -> Fault:
    return Fault(429, {"Retry-After": str(retry_after_s)}, "ratelimited")


def broken_before() -> Fault:
    return Fault(503)


def broken_after() -> Fault:
    """The message is there, and the answer is lost."""
    return Fault(500, is_done=True)


@dataclass
class Call:
    """One call as it came."""

    method: str
    given: Json


class Slack:
    """The server: `async with Slack() as slack`, then `slack.person("U111")`."""

    bot_token = "xoxb-local-test"
    app_token = "xapp-local-test"
    signing_secret = "local-signing-secret"

    def __init__(
        self, manifest: Manifest | None = None, *, now: Callable[[], datetime] = wall_time
    ) -> None:
        self.manifest = manifest or Manifest.read()
        self.workspace = Workspace(now)
        self.delivery = Delivery(self.signing_secret)
        self.journal: list[Call] = []
        self.unknown_methods: list[str] = []
        self.is_revoked = False
        self.lacks_connections = False
        """Whether the app-level token was made without the right to open a socket."""
        self.refuses_socket = False
        """Whether the app-level token is no good."""
        self._faults: deque[tuple[str, Fault]] = deque()
        self._port = 0
        self._events = 0

    @property
    def url(self) -> str:
        """What a setting such as `api_url` takes."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Configuration for an app that opens a socket."""
        return (
            "[slack]",
            f'bot_token = "{self.bot_token}"',
            f'app_token = "{self.app_token}"',
            f'api_url = "{self.url}"',
        )

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY_BYTES)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/files/{id}/{name}", self._download)
        app.router.add_get("/socket", self.delivery.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.delivery.close()
        await self._runner.cleanup()

    def person(
        self, user: str, name: str = "Dana Reyes", *, email: str = "", team: str = TEAM
    ) -> Person:
        """Somebody with Slack open on the app's direct messages."""
        self.workspace.join(user, name, email)
        return Person(self, user, name, team)

    def calls(self, method: str) -> tuple[Call, ...]:
        return tuple(one for one in self.journal if one.method == method)

    def fail(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next calls of a method, or the next DOWNLOAD, meet a fault."""
        assert method in {DOWNLOAD, "apps.connections.open", *METHODS}
        self._faults.extend([(method, fault)] * times)

    def revoke(self) -> None:
        """The owner removes the app."""
        self.is_revoked = True

    def tell(self, event: Json, *, team: str = TEAM, event_id: str = "") -> None:
        """Deliver an event, if the app asked for its kind."""
        kind = event["type"]
        wanted = f"message.{event['channel_type']}" if kind == "message" else kind
        if wanted in self.manifest.events:
            self.tell_anyway(event, team=team, event_id=event_id)

    def tell_anyway(self, event: Json, *, team: str = TEAM, event_id: str = "") -> None:
        """Deliver an event, whatever the manifest says."""
        self._events += 1
        self.delivery.event(
            {
                "type": "event_callback",
                "token": "legacy",
                "team_id": team,
                "api_app_id": APP,
                "event": event,
                "event_id": event_id or f"Ev{self._events:06d}",
                "event_time": int(float(event.get("event_ts", "0"))),
                "authorizations": [{"team_id": TEAM, "is_bot": True}],
            }
        )

    async def until(self, predicate: Callable[[], Any], *, within_s: float = 30) -> None:
        """Wait until something is true here."""
        async with asyncio.timeout(within_s):
            while not predicate():  # noqa: ASYNC110 - a socket rings no bell
                await asyncio.sleep(0.01)

    async def settled(self) -> None:
        """Wait until every event so far is acknowledged or given up."""
        await self.until(lambda: self.delivery.idle, within_s=30)

    async def _serve(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"], await _given(request)
        self.journal.append(Call(method, given))
        fault = self._fault(method)
        if fault is None or fault.is_done:
            answer = self._answered(method, given, request.headers.get("Authorization", ""))
            self.workspace.bell.ring()
            if fault is None:
                return web.json_response(answer)
        said = {"ok": False, "error": fault.code} if fault.code else {}
        return web.json_response(said, status=fault.status, headers=fault.headers)

    def _fault(self, method: str) -> Fault | None:
        for planned in self._faults:
            if planned[0] == method:
                self._faults.remove(planned)
                return planned[1]
        return None

    def _answered(self, method: str, given: Json, authorization: str) -> Json:
        refusal = self._refusal(method, authorization.removeprefix("Bearer "))
        if refusal is not None:
            return {"ok": False, "error": refusal.code, **refusal.more}
        if method == "apps.connections.open":
            return {"ok": True, "url": f"ws://127.0.0.1:{self._port}/socket"}
        try:
            answer = METHODS[method](self.workspace, given, self.url)
        except ApiError as error:
            return {"ok": False, "error": error.code, **error.more}
        if method == "users.info" and "users:read.email" not in self.manifest.scopes:
            answer["user"]["profile"].pop("email", None)
        return {"ok": True, **answer}

    def _refusal(self, method: str, token: str) -> ApiError | None:
        if method == "apps.connections.open":
            if token != self.app_token or self.is_revoked or self.refuses_socket:
                return ApiError("invalid_auth")
            if self.lacks_connections:
                return ApiError("missing_scope", needed="connections:write", provided="")
            return None
        if token != self.bot_token:
            return ApiError("invalid_auth")
        if self.is_revoked:
            return ApiError("account_inactive")
        if method not in METHODS:
            self.unknown_methods.append(method)
            return ApiError("unknown_method")
        missing = [one for one in SCOPES[method] if one not in self.manifest.scopes]
        return ApiError("missing_scope", needed=missing[0], provided="") if missing else None

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.workspace.uploads[request.match_info["id"]]
        file.raw = await request.read()
        return web.Response(text=f"OK - {len(file.raw)}")

    async def _download(self, request: web.Request) -> web.Response:
        self.journal.append(Call(DOWNLOAD, dict(request.match_info)))
        fault = self._fault(DOWNLOAD)
        if fault is not None:
            return web.Response(status=fault.status)
        file = self.workspace.files[request.match_info["id"]]
        allowed = request.headers.get("Authorization") == f"Bearer {self.bot_token}"
        if not allowed or file.needs_permission or "files:read" not in self.manifest.scopes:
            return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
        return web.Response(body=file.raw, content_type=file.mime)


async def _given(request: web.Request) -> Json:
    if request.content_type == "application/json":
        given = await request.json()
    else:
        form = await request.post()
        given = {**request.query, **{name: str(value) for name, value in form.items()}}
    for name in ("blocks", "view", "metadata", "files"):
        if isinstance(given.get(name), str):
            with contextlib.suppress(json.JSONDecodeError):
                given[name] = json.loads(given[name])
    return given
