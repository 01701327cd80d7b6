"""How Slack hands things to an app: by signed request or by socket, again when nobody answers."""

import asyncio
import hashlib
import hmac
import io
import json
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.doubles.slack_blocks import Json

PATHS = {"events_api": "events", "interactive": "interactivity", "slash_commands": "commands"}


@dataclass
class Answer:
    """What an app answered; `acknowledged` is what Slack makes of it."""

    acknowledged: bool
    status: int = 0
    payload: Json = field(default_factory=dict[str, Any])


@dataclass
class Sent:
    """One delivery as it went out."""

    kind: str
    body: Json
    attempt: int
    acknowledged: bool


class Delivery:
    """Delivers to one app."""

    def __init__(self, signing_secret: str) -> None:
        self.signing_secret = signing_secret
        self.address = ""
        """Where the app is; empty while it is reached by socket."""
        self.retries_s: tuple[float, ...] = (0.02, 0.1, 0.3)
        self.patience_s = 3.0
        self.lost_acks = 0
        """How many of the next acknowledgements Slack does not see."""
        self.twice = 0
        """How many of the next events are delivered twice."""
        self.held: list[tuple[str, Json]] | None = None
        """Events that wait to be released; None while they go out at once."""
        self.journal: list[Sent] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = 0

    @property
    def idle(self) -> bool:
        """Whether everything that was sent is settled."""
        return not self._tasks

    @property
    def sockets(self) -> int:
        return len(self._sockets)

    def event(self, body: Json) -> None:
        """Deliver an event in the background, again until it is acknowledged."""
        if self.held is not None:
            self.held.append(("events_api", body))
            return
        times = 1
        if self.twice:
            self.twice -= 1
            times = 2
        for _ in range(times):
            task = asyncio.create_task(self._until_acknowledged(body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def release(self, *, reverse: bool = False) -> None:
        """Let the held events go."""
        held, self.held = self.held or [], None
        for _, body in reversed(held) if reverse else held:
            self.event(body)

    async def interactive(self, kind: str, body: Json, *, times: int = 1) -> Answer:
        """Deliver a press, a form or a command; nobody tries these again, unless told to."""
        answer = Answer(acknowledged=False)
        for attempt in range(times):
            answer = await self._once(kind, body, attempt)
        return answer

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket, until it closes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets) + 1})
        self._sockets.append(socket)
        self._connected.set()
        try:
            async for message in socket:
                said = json.loads(message.data)
                waiting = self._waiting.pop(said.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(said)
        finally:
            self._sockets.remove(socket)
            if not self._sockets:
                self._connected.clear()
        return socket

    async def drop(self) -> None:
        """Break every socket, as a bad network does."""
        for one in list(self._sockets):
            await one.close()

    async def refresh(self) -> None:
        """Ask the app to come back on a new socket, as Slack does now and then."""
        for one in list(self._sockets):
            await one.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.drop()

    async def _until_acknowledged(self, body: Json) -> None:
        for attempt, pause_s in enumerate((0.0, *self.retries_s)):
            await asyncio.sleep(pause_s)
            if (await self._once("events_api", body, attempt)).acknowledged:
                return

    async def _once(self, kind: str, body: Json, attempt: int) -> Answer:
        by_request = bool(self.address)
        answer = await (self._post if by_request else self._send)(kind, body, attempt)
        if answer.acknowledged and self.lost_acks:
            self.lost_acks -= 1
            answer = Answer(acknowledged=False, status=answer.status)
        self.journal.append(Sent(kind, body, attempt, answer.acknowledged))
        return answer

    async def _send(self, kind: str, body: Json, attempt: int) -> Answer:
        self._numbers += 1
        envelope = f"envelope-{self._numbers}"
        again = {"retry_attempt": attempt, "retry_reason": "timeout"} if attempt else {}
        try:
            async with asyncio.timeout(20):
                await self._connected.wait()
            waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
            self._waiting[envelope] = waiting
            await self._sockets[-1].send_json(
                {
                    "type": kind,
                    "envelope_id": envelope,
                    "payload": body,
                    "accepts_response_payload": kind != "events_api",
                    **again,
                }
            )
            async with asyncio.timeout(self.patience_s):
                said = await waiting
        except (TimeoutError, ConnectionError, IndexError):
            return Answer(acknowledged=False)
        return Answer(acknowledged=True, status=200, payload=said.get("payload") or {})

    async def _post(self, kind: str, body: Json, attempt: int) -> Answer:
        raw, content_type = encoded(kind, body)
        headers = self.signed(raw) | {"Content-Type": content_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        address = f"{self.address}/slack/{PATHS[kind]}"
        return await self.post(address, raw, headers)

    async def post(self, address: str, raw: bytes, headers: dict[str, str]) -> Answer:
        """One request, as it is."""
        limit = ClientTimeout(total=self.patience_s)
        try:
            async with (
                ClientSession(timeout=limit) as session,
                session.post(address, data=io.BytesIO(raw), headers=headers) as answer,
            ):
                text = await answer.text()
                payload = json.loads(text) if text.startswith("{") else {}
                return Answer(200 <= answer.status < 300, answer.status, payload)
        except (ClientError, TimeoutError):
            return Answer(acknowledged=False)

    def signed(self, raw: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers that prove that a body comes from Slack."""
        stamp = str(int(at if at is not None else time.time()))
        base = f"v0:{stamp}:".encode() + raw
        mark = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


def encoded(kind: str, body: Json) -> tuple[bytes, str]:
    """A body as it goes over the wire, and its content type."""
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(body).encode(), "application/json"
    if kind == "interactive":
        return urllib.parse.urlencode({"payload": json.dumps(body)}).encode(), form
    return urllib.parse.urlencode(body).encode(), form
