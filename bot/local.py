"""The page on this computer: the embedded default's phone."""

import json
import mimetypes
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from bot.adapter import Button, Card, Inbound, InboundFile, shown
from bot.buttons import Buttons
from bot.cards import render
from bot.changes import Changes
from bot.commands import MENU
from bot.intake import Intake
from bot.keys import Keys
from bot.shield import MEGABYTE
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory import history
from memory.company import Company
from memory.errors import NotFound
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.notice import Shown

NAME = "local"
PERSON = "owner"
CHAT = "page"

_PAGE = Path(__file__).parent / "page"
_OWN_FILES = ("page.css", "page.js", "settings.css", "settings.js", "icon.svg")
_LAST = 200
"""Messages and cards that the page begins with."""
_LARGEST_FILES = 25 * MEGABYTE
_STILL_THERE_S = 15.0
_MONTH_S = 30 * 24 * 3600
_NATIVE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_ON_ITS_WAY = (State.APPROVED, State.HELD, State.READY, State.CLAIMED)

_USED = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Steward</title>
<link rel="stylesheet" href="/page/page.css"><main class="alone"><h1>{title}</h1><p>{text}</p>
<p>In a terminal, type <code>steward link</code>. It prints a fresh link to this page.</p></main>
"""

_Handler = Callable[[Request], Awaitable[Response]]


class LocalPage:
    """The page's routes. Every one but the page's own files wants the cookie."""

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        *,
        keys: Keys,
        welcome: Welcome,
        changes: Changes,
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._keys = keys
        self._welcome = welcome
        self._changes = changes
        self._buttons = Buttons(outbox, NAME)
        self.cookie = "steward"
        """The cookie's name; browsers mix up ports, so two companies need two names."""

    def routes(self) -> list[Route]:
        """What the page asks for."""
        return [
            Route("/", self._open, methods=["GET"]),
            Route("/page/{name}", _own_file, methods=["GET"]),
            Route("/api/history", self.let_in(self._history), methods=["GET"]),
            Route("/api/stream", self.let_in(self._stream), methods=["GET"]),
            Route("/api/file/{notice}", self.let_in(self._file), methods=["GET"]),
            Route("/api/say", self.let_in(self._say), methods=["POST"]),
            Route("/api/press", self.let_in(self._press), methods=["POST"]),
        ]

    def let_in(self, handler: _Handler) -> _Handler:
        """The handler, for a browser with the cookie only."""

        async def only_with_cookie(request: Request) -> Response:
            if not await self._keys.admits(request.cookies.get(self.cookie)):
                raise HTTPException(401, "This page needs a fresh link.")
            return await handler(request)

        return only_with_cookie

    async def _open(self, request: Request) -> Response:
        token = request.query_params.get("token")
        admitted = await self._keys.admits(request.cookies.get(self.cookie))
        if token is None:
            if not admitted:
                return _closed("This page is not open", "It opens with a link that works once.")
            return FileResponse(_PAGE / "index.html")
        # a browser asks HEAD to look ahead; only opening the link may use it up
        cookie = await self._keys.exchanged(token) if request.method == "GET" else None
        if cookie is None:
            if admitted:
                return RedirectResponse("/", status_code=303)
            return _closed("This link was used", "Each link opens the page once.")
        await self._pair()
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            self.cookie, cookie, max_age=_MONTH_S, path="/", httponly=True, samesite="strict"
        )
        return answer

    async def _pair(self) -> None:
        if not await self._outbox.pairings(NAME):
            await self._outbox.pair(NAME, PERSON, CHAT)
        await self._welcome.begin(NAME)
        self._changes.look()

    async def _history(self, _request: Request) -> Response:
        stamp = await self._outbox.last_stamp()
        await self._company.store.read_clock()
        async with self._company.store.read() as connection:
            mine = await history.said(connection, channel=NAME, last=_LAST)
        cards = [await self._card(one) for one in await self._outbox.all_shown(last=_LAST)]
        return JSONResponse(
            {
                "mine": [message(one) for one in mine],
                "cards": cards,
                "stamp": stamp,
                "stopped": self._outbox.stopped(),
                "menu": [{"name": name, "says": says} for name, says in MENU],
                "zone": self._company.config.owner.timezone,
                "locale": self._company.config.owner.locale,
                "now": self._company.clock.now().isoformat(),
            }
        )

    async def _stream(self, request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("stamp", "")
        if not last.isdigit():
            raise HTTPException(400, "Say from where to go on.")
        return StreamingResponse(self._events(int(last)), media_type="text/event-stream")

    async def _events(self, stamp: int) -> AsyncIterator[str]:
        """Every change since `stamp`, then each as it happens."""
        stopped = self._outbox.stopped()
        async with self._company.store.read() as connection:
            newest = await history.said(connection, channel=NAME, last=1)
        heard = newest[-1].source.received_at if newest else None
        yield "retry: 1000\n\n"
        while not self._changes.closed:
            count = self._changes.count
            await self._company.store.read_clock()
            changed, stamp = await self._outbox.changed_since(stamp)
            async with self._company.store.read() as connection:
                later = await history.said(connection, channel=NAME, after=heard)
            for one in later:
                heard = one.source.received_at
                yield _event("mine", message(one), None)
            for one in changed:
                yield _event("card", await self._card(one), one.notice.stamp)
            if stopped != self._outbox.stopped():
                stopped = self._outbox.stopped()
                yield _event("status", {"stopped": stopped}, None)
            if not changed and await self._changes.after(count, _STILL_THERE_S) == count:
                yield ": still here\n\n"

    async def _say(self, request: Request) -> Response:
        async with request.form(max_files=20, max_fields=10, max_part_size=MEGABYTE) as form:
            files = [
                await _read(one) for one in form.getlist("file") if isinstance(one, UploadFile)
            ]
            # a browser sends a form's line breaks as two characters, whatever was typed
            text = _field(form.get("text")).replace("\r\n", "\n")
            native_id = _field(form.get("id"))
            forwarded, notice = _field(form.get("forwarded")) == "yes", _field(form.get("notice"))
        if not _NATIVE_ID.fullmatch(native_id):
            raise HTTPException(400, "That message has no name of its own.")
        if not text.strip() and not files:
            raise HTTPException(400, "There is nothing in it.")
        if sum(len(one.raw) for one in files) > _LARGEST_FILES:
            raise HTTPException(413, "That is more than 25 MB; I can't take it in one piece.")
        accepted = await self._intake.receive(
            Inbound(
                door=NAME,
                native_id=native_id,
                chat=CHAT,
                person=PERSON,
                text=text,
                files=tuple(files),
                forwarded=forwarded,
                notice=notice or None,
            )
        )
        self._changes.look()
        if accepted is None:
            raise HTTPException(401, "This page needs a fresh link.")
        return JSONResponse({"source": accepted.source, "fresh": accepted.fresh})

    async def _press(self, request: Request) -> Response:
        pressed = await request.json()
        if not isinstance(pressed, dict):
            raise HTTPException(400, "That is not a press.")
        fields: dict[str, object] = dict(pressed)  # pyright: ignore[reportUnknownArgumentType]
        native_id = str(fields.get("id", ""))
        if not _NATIVE_ID.fullmatch(native_id):
            raise HTTPException(400, "That press has no name of its own.")
        decision = await self._buttons.redeem(
            str(fields.get("token", "")),
            chat=CHAT,
            person=PERSON,
            message=None,
            native_id=native_id,
            text=str(fields.get("text", "")),
        )
        outcome = await self._intake.press(decision)
        self._changes.look()
        return JSONResponse({"accepted": outcome.accepted, "text": outcome.text})

    async def _file(self, request: Request) -> Response:
        found = await self._outbox.shown(request.path_params["notice"])
        place = below(self._company.data, self._rendered(found).file)
        # handed over, never shown: what a stranger wrote must not run as a page of ours
        return FileResponse(
            place, filename=place.name, media_type=mimetypes.guess_type(place.name)[0]
        )

    def _rendered(self, one: Shown) -> Card:
        return render(
            one,
            zone=self._company.zone,
            data=self._company.data,
            stopped=self._outbox.stopped(),
        )

    async def _card(self, one: Shown) -> dict[str, object]:
        card = lines_apart(self._rendered(one), one.action)
        fitted = await self._buttons.fitted(card, one, CHAT)
        waits_s = None
        if one.action and one.action.state in _ON_ITS_WAY and not self._outbox.stopped():
            until = one.action.hold_until
            waits_s = (until - self._company.clock.now()).total_seconds() if until else None
        return {**shape(fitted, one), "leaves_in_s": waits_s}


def shape(card: Card, one: Shown) -> dict[str, object]:
    """A card as the page draws it."""
    return {
        "notice": card.notice,
        "seq": card.seq,
        "stamp": one.notice.stamp,
        "at": card.at.isoformat(),
        "source": one.notice.source,
        "kind": one.action.kind if one.action else one.notice.kind,
        "title": card.title,
        "facts": [
            {"label": label, "value": value, "line": shown(label, value)}
            for label, value in card.facts
        ],
        "says": card.says,
        "state": card.state,
        "foot": card.foot,
        "copy": card.copy_text,
        "invites": card.invites,
        "file": card.file.name if card.file and card.file.is_file() else None,
        "buttons": [
            {
                "label": button.label,
                "verb": button.verb.value,
                "choice": button.choice,
                "token": button.token,
            }
            for button in card.buttons
        ],
    }


def message(one: history.Said) -> dict[str, object]:
    """One of the owner's own messages as the page draws it."""
    source = one.source
    return {
        "id": source.native_id,
        "source": source.id,
        "at": source.received_at.isoformat(),
        "text": source.text,
        "files": [{"name": file.name, "size": file.size_bytes} for file in source.files],
        "forwarded": source.forwarded,
        "settled": one.settled,
    }


def lines_apart(card: Card, action: Action | None) -> Card:
    """A filing with a button for each of its lines: here they fit, and nobody types a number."""
    if action is None or not any(one.verb is Verb.UNDO_ONE for one in card.buttons):
        return card
    lines = [
        Button(label=f"{line.label}: {line.value}", verb=Verb.UNDO_ONE, choice=index)
        for index, line in enumerate(action.effect.facts())
    ]
    return card.model_copy(update={"buttons": (*card.buttons, *lines)})


def below(data: Path, file: Path | None) -> Path:
    """The file that a notice hands over, if it lies in the data folder.

    Raises:
        NotFound: There is none, or it lies elsewhere.
    """
    if file is None or not file.resolve().is_relative_to(data.resolve()) or not file.is_file():
        raise NotFound("That file is no longer here.")
    return file.resolve()


def _event(name: str, value: dict[str, object], stamp: int | None) -> str:
    """One server-sent event; its id is where a reconnection goes on."""
    head = "" if stamp is None else f"id: {stamp}\n"
    return f"{head}event: {name}\ndata: {json.dumps(value)}\n\n"


async def _read(upload: UploadFile) -> InboundFile:
    name = Path(upload.filename or "file").name
    media_type = upload.content_type or ""
    if name.lower().endswith(".eml"):
        media_type = "message/rfc822"
    if media_type in ("", "application/octet-stream"):
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return InboundFile(name=name, media_type=media_type, raw=await upload.read())


def _field(value: UploadFile | str | None) -> str:
    return value if isinstance(value, str) else ""


async def _own_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _OWN_FILES:
        raise HTTPException(404, "There is no such page.")
    return FileResponse(_PAGE / name)


def _closed(title: str, text: str) -> Response:
    return HTMLResponse(_USED.format(title=title, text=text), status_code=401)
