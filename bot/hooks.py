"""Web hooks that come in: whoever shares a secret may tell of things, each of them once."""

import asyncio
import hashlib
from collections import defaultdict
from datetime import timedelta

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.disk import Disk
from bot.hook_shapes import Delivery, Shape, Unusable
from bot.hook_signatures import WINDOW_S, is_genuine, may_be_genuine
from bot.refusals import Refusals
from bot.shield import LARGEST_HOOK
from jobs.outbox import Outbox
from memory.clock import WallClock
from memory.company import Company
from memory.config import Hook
from memory.ids import derived_id
from memory.labels import Label
from memory.records.intent import Intent
from memory.records.source import File, Source

NAME = "hooks"
_IDS = ("webhook-id", "idempotency-key", "x-delivery-id", "x-github-delivery")
"""Headers in which senders name a delivery, the same again when they repeat it."""
_PATIENCE_S = 30.0
_LONGEST_ID = 200


class HookDoor:
    """A door that only takes in. What it says is that it was kept, and only once it is."""

    def __init__(self, company: Company, outbox: Outbox, disk: Disk) -> None:
        """The door of every web hook that is configured."""
        self._company = company
        self._outbox = outbox
        self._disk = disk
        self._hooks = company.config.hooks
        currency = company.config.owner.currency
        self._shapes = {
            name: Shape(name, hook, currency=currency) for name, hook in self._hooks.items()
        }
        self._refusals = Refusals(outbox, NAME)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # signatures are made by clocks outside, which no sample company moves
        self._wall = WallClock()

    def routes(self) -> list[Route]:
        """Where senders post to; nowhere while no hook is configured."""
        if not self._hooks:
            return []
        return [Route("/hooks/{name}", self._called, methods=["POST"])]

    async def _called(self, request: Request) -> Response:
        name = str(request.path_params["name"])
        hook = self._hooks.get(name)
        if hook is None:
            await self._refusals.note("no such hook", "name")
            raise HTTPException(404, "There is no such hook.")
        now_s = self._wall.now().timestamp()
        body = None
        if may_be_genuine(hook, request.headers, now_s):
            body = await _body(request)
        if body is None or not is_genuine(hook, request.headers, body, now_s):
            await self._refusals.note(name, "signature")
            raise HTTPException(401, "That signature is not right.")
        # one after the other: the same delivery twice at once must not look new twice
        async with self._turns[name]:
            return await self._taken(name, hook, request.headers, body)

    async def _taken(self, name: str, hook: Hook, headers: Headers, body: bytes) -> Response:
        try:
            delivery = self._shapes[name].read(body)
        except Unusable as trouble:
            return await self._kept_unusable(name, body, trouble.sentence)
        since = self._company.clock.now() - timedelta(seconds=2 * WINDOW_S)
        if await self._outbox.holds(NAME, body, sender=name, since=since):
            return _received(again=True)
        await self._disk.has_room()
        native_id = self._native_id(name, hook, headers, body, delivery)
        accepted = await self._outbox.accept(
            self._source(name, native_id, body, delivery), (delivery.intent,)
        )
        if not accepted.fresh and not await self._outbox.holds(NAME, body, sender=name):
            await self._refusals.note(name, "id used twice")
            return JSONResponse(
                {"error": "Something else came under this id before.", "hint": ""}, status_code=409
            )
        return _received(again=not accepted.fresh)

    async def _kept_unusable(self, name: str, body: bytes, why: str) -> Response:
        """Keep what can't be used; the owner hears of the same fault once."""
        await self._disk.has_room()
        digest = hashlib.sha256(body).hexdigest()
        delivery = Delivery(Intent(kind="hook.unusable"), Label.EXTERNAL, text=why)
        source = self._source(f"{name} (unusable)", f"{name}:unusable:{digest}", body, delivery)
        told = f"hooks:told:{name}"
        if await self._outbox.recall(told) == why:
            await self._outbox.accept(source, (delivery.intent,))
        else:
            await self._outbox.accept_answered(
                source,
                f'The web hook "{name}" sent something I can\'t use: {why}. I kept what it sent.',
            )
            await self._outbox.remember(told, why)
        return JSONResponse({"error": why, "hint": "Kept, but not used."}, status_code=422)

    def _native_id(
        self, name: str, hook: Hook, headers: Headers, body: bytes, delivery: Delivery
    ) -> str:
        """The sender's name for a delivery, else one of our own."""
        digest = hashlib.sha256(body).hexdigest()
        given = next((headers[one] for one in _IDS if headers.get(one)), "")
        if given and len(given) <= _LONGEST_ID:
            return f"{name}:id:{given}"
        if delivery.name:
            # the same thing told with other words is news, and not a repetition
            return f"{name}:named:{delivery.name[:_LONGEST_ID]}:{digest}"
        signed_at = headers.get(hook.timestamp_header) if hook.scheme == "timestamp" else None
        return f"{name}:{digest}:{signed_at or self._company.clock.now().isoformat()}"

    def _source(self, sender: str, native_id: str, body: bytes, delivery: Delivery) -> Source:
        files = [self._file("sent.json", "application/json", body)]
        if delivery.mail is not None:
            files.append(self._file("mail.eml", "message/rfc822", delivery.mail))
        return Source(
            id=derived_id("src", NAME, native_id),
            channel=NAME,
            native_id=native_id,
            chat=NAME,
            sender=sender,
            label=delivery.label,
            text=delivery.text,
            files=tuple(files),
            forwarded=delivery.mail is not None,
            received_at=self._company.clock.now(),
        )

    def _file(self, name: str, media_type: str, raw: bytes) -> File:
        return File(
            name=name,
            media_type=media_type,
            size_bytes=len(raw),
            digest=self._company.blobs.put(raw),
        )


async def _body(request: Request) -> bytes:
    """The body, as far as it may be read."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_HOOK:
        raise HTTPException(413, "That is more than 1 MB; I can't take it in one piece.")
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await request.body()
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(408, "The rest of it never came.") from error


def _received(*, again: bool) -> Response:
    return JSONResponse({"received": True, "again": again})
