"""A local Bot API server that the real python-telegram-bot client talks to."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from pydantic import ValidationError

from tests.doubles import telegram_methods, telegram_service
from tests.doubles.telegram_account import Account, BotApiError, Message, Person, wall_time
from tests.doubles.telegram_fault import Fault, fault_reply
from tests.doubles.telegram_method import Method
from tests.doubles.telegram_methods import Upload
from tests.doubles.telegram_phone import Phone
from tests.doubles.telegram_service import GetUpdates
from tests.doubles.telegram_text import JsonDict

DOWNLOAD = "download"
"""What the journal calls the fetching of a file."""
TOKEN = "4242:local-test-token"
LARGEST_BODY_BYTES = 60_000_000
WEBHOOK_RETRY_S = 0.05
METHODS: dict[str, type[Method]] = {
    name[0].lower() + name[1:]: method
    for module in (telegram_methods, telegram_service)
    for name, method in vars(module).items()
    if isinstance(method, type)
    and issubclass(method, Method)
    and method.__module__ == module.__name__
    if not name.startswith("_")
}
T = TypeVar("T")


@dataclass
class Call:
    """One request as it came. `status` is None until it is answered, 0 when it was cut."""

    method: str
    params: JsonDict
    at: datetime
    status: int | None = None


@dataclass
class _Planned:
    method: str
    fault: Fault
    times: int


@dataclass
class Telegram:
    """The server: `async with Telegram() as telegram`, then `telegram.phone(111)`."""

    token: str = TOKEN
    now: Callable[[], datetime] = wall_time
    journal: list[Call] = field(default_factory=list[Call])
    """Every request, in the order they came."""

    def __post_init__(self) -> None:
        self.account = Account(now=self.now)
        self.unknown_methods: list[str] = []
        self._faults: deque[_Planned] = deque()
        self._poll_numbers = itertools.count(1)
        self._poll = 0
        self._port = 0
        self._ids = itertools.count(1)

    @property
    def url(self) -> str:
        """What a setting such as `api_url` takes."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self._pusher = asyncio.ensure_future(self._push_to_webhook())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pusher.cancel()
        with suppress(asyncio.CancelledError):
            await self._pusher
        self._poll = next(self._poll_numbers)
        self.account.bell.ring()
        await self._runner.cleanup()

    def phone(
        self,
        user_id: int,
        name: str = "Dana Reyes",
        *,
        group: int | None = None,
        started: bool = True,
    ) -> Phone:
        """The phone of one person, in a chat of their own or in a group.

        Args:
            group: The group's chat id, a negative number.
            started: False for somebody who has never written to the bot.
        """
        chat = self.account.chat(user_id if group is None else group, name)
        chat.is_started = started or group is not None
        return Phone(self.account, Person(user_id, name), chat)

    def fail(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next calls of a method, or the next DOWNLOAD, meet a fault.

        Args:
            method: "*" stands for any but getUpdates.
        """
        if method not in {"*", DOWNLOAD, *METHODS}:
            raise LookupError(f"the server knows no method {method!r}")
        self._faults.append(_Planned(method, fault, times))

    def delay_updates(self) -> None:
        """Keep back what the phones send from now on."""
        self.account.updates.hold()

    def release_updates(self) -> None:
        self.account.updates.release()
        self.account.bell.ring()

    def shuffle_updates(self) -> None:
        """Let what is kept back arrive the other way round."""
        self.account.updates.turn_round()

    def repeat_updates(self, count: int = 1) -> None:
        """Deliver the last confirmed updates again, with the ids they had."""
        self.account.updates.repeat(count)
        self.account.bell.ring()

    def jump_update_id(self, next_id: int | None = None) -> None:
        """Continue the numbering of updates elsewhere: at random, up or down, or at `next_id`."""
        self.account.updates.jump(next_id)

    def calls(self, method: str) -> tuple[Call, ...]:
        """The journal of one method."""
        return tuple(call for call in self.journal if call.method == method)

    def assert_only_known_methods(self) -> None:
        """Fail if a method was called that this server does not speak."""
        assert not self.unknown_methods, f"unknown methods: {self.unknown_methods}"

    async def until(self, predicate: Callable[[], T | None], *, within_s: float = 30) -> T:
        """Wait until the predicate gives something true, looking again after every change.

        Raises:
            TimeoutError: It did not within the time.
        """
        async with asyncio.timeout(within_s):
            while True:
                change = self.account.bell.next
                if found := predicate():
                    return found
                await change.wait()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        uploads, params = await _read(request)
        named = params | {name: repr(upload.name) for name, upload in uploads.items()}

        async def reply(fault: Fault) -> web.Response:
            return await self._reply(request, method, params, uploads, fault)

        return await self._answer(request, method, named, reply)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]

        async def reply(fault: Fault) -> web.Response:
            if fault.status is not None or fault.is_cut:
                return fault_reply(fault)
            for file in self.account.files.values():
                if file.path == path:
                    return web.Response(body=file.content)
            return _refusal(BotApiError(404, "Not Found"))

        return await self._answer(request, DOWNLOAD, {"path": path}, reply)

    async def _answer(
        self,
        request: web.Request,
        method: str,
        params: JsonDict,
        reply: Callable[[Fault], Awaitable[web.Response]],
    ) -> web.Response:
        """Journal the request, and let it meet its fault."""
        call = Call(method, params, self.now())
        self.journal.append(call)
        fault = self._fault_for(method)
        response = await reply(fault)
        call.status = 0 if fault.is_cut else response.status
        self.account.bell.ring()
        if fault.is_cut and request.transport is not None:
            request.transport.abort()
        return response

    async def _reply(
        self,
        request: web.Request,
        method: str,
        params: JsonDict,
        uploads: dict[str, Upload],
        fault: Fault,
    ) -> web.Response:
        if request.match_info["token"] != self.token:
            return _refusal(BotApiError(401, "Unauthorized"))
        if method not in METHODS:
            self.unknown_methods.append(method)
            return _refusal(BotApiError(404, "Not Found"))
        is_untouched = fault.status is not None or fault.is_cut
        if is_untouched and not fault.is_processed:
            return fault_reply(fault)
        reply = await self._process(method, params, uploads)
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        return fault_reply(fault) if fault.status is not None else reply

    async def _process(
        self, method: str, params: JsonDict, uploads: dict[str, Upload]
    ) -> web.Response:
        try:
            asked = METHODS[method].model_validate(_with_uploads(params, uploads))
            if isinstance(asked, GetUpdates):
                return _success(await self._collect(asked))
            result = asked.answer(self.account)
        except ValidationError as error:
            first = error.errors()[0]
            return _refusal(BotApiError(400, f"Bad Request: {first['loc']}: {first['msg']}"))
        except BotApiError as error:
            return _refusal(error)
        if isinstance(result, Message):
            result.params = params
            return _success(result.wire())
        return _success(result)

    async def _collect(self, asked: GetUpdates) -> object:
        """Long polling: at once when something waits, else at the next update or the timeout."""
        if self.account.webhook:
            raise BotApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll = mine = next(self._poll_numbers)
        self.account.bell.ring()
        updates = self.account.updates
        if asked.allowed_updates is not None:
            updates.allowed = frozenset(asked.allowed_updates)
        found = updates.collect(asked.offset, asked.limit)
        with suppress(TimeoutError):
            async with asyncio.timeout(asked.timeout):
                while not found:
                    change = self.account.bell.next
                    await change.wait()
                    if mine != self._poll:
                        raise BotApiError(409, "Conflict: terminated by other getUpdates request")
                    if updates.is_waiting:
                        found = updates.collect(asked.offset, asked.limit)
        return [update.wire() for update in found]

    async def _push_to_webhook(self) -> None:
        """Post the oldest update until it is taken with a 2xx, then the next."""
        async with ClientSession(timeout=ClientTimeout(total=10)) as client:
            while True:
                change = self.account.bell.next
                hook, pending = self.account.webhook, self.account.updates.pending
                if hook is None or not pending:
                    await change.wait()
                    continue
                headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
                try:
                    async with client.post(
                        hook.url, json=pending[0].wire(), headers=headers
                    ) as taken:
                        problem = None if taken.ok else f"Wrong response: {taken.status}"
                except (ClientError, TimeoutError) as error:
                    problem = type(error).__name__
                if problem is None:
                    self.account.updates.confirm(pending[0])
                else:
                    hook.last_error, hook.last_error_at = problem, self.now()
                    await asyncio.sleep(WEBHOOK_RETRY_S)
                self.account.bell.ring()

    def _fault_for(self, method: str) -> Fault:
        for planned in self._faults:
            if planned.method == method or (planned.method == "*" and method != "getUpdates"):
                planned.times -= 1
                if planned.times == 0:
                    self._faults.remove(planned)
                return planned.fault
        return Fault()


async def _read(request: web.Request) -> tuple[dict[str, Upload], JsonDict]:
    """Files and parameters of a request, in any of the forms that the Bot API takes."""
    params: JsonDict = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body: JsonDict = await request.json()
        as_text = {name: v if isinstance(v, str) else json.dumps(v) for name, v in body.items()}
        return uploads, params | as_text
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            params[name] = value
    return uploads, params


def _with_uploads(params: JsonDict, uploads: dict[str, Upload]) -> JsonDict:
    """The parameters with each file in its place, also where they say attach://NAME."""
    attached = {
        name: uploads[value.removeprefix("attach://")]
        for name, value in params.items()
        if isinstance(value, str) and value.removeprefix("attach://") in uploads
    }
    return params | dict(uploads) | attached


def _success(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(error: BotApiError) -> web.Response:
    body = {"ok": False, "error_code": error.status, "description": error.description}
    return web.json_response(body, status=error.status)
