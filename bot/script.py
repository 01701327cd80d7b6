"""The scripting door: what a script, a cron job or a phone shortcut relies on."""

import base64
import binascii
import json
import mimetypes
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import script_json
from bot.adapter import Inbound, InboundFile
from bot.cards import render
from bot.changes import Changes
from bot.intake import Intake
from bot.shield import MEGABYTE
from jobs.outbox import InForce, Outbox
from memory import explain, history, ledger
from memory.audit import audited
from memory.clock import monotonic_s
from memory.company import Company
from memory.errors import NotFound, Refused
from memory.ids import new_id
from memory.records.action import State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.notice import Shown

NAME = "script"
PERSON = "owner"
CHAT = "script"

_LARGEST_FILES = 25 * MEGABYTE
_LONGEST_WAIT_S = 600.0
_LOOK_S = 0.1
"""How often to ask whether a message is settled; that alone makes no change that is told."""

_Handler = Callable[[Request], Awaitable[Response]]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _FileSaid(_Body):
    name: str
    media_type: str = ""
    base64: str


class _Said(_Body):
    """The body of /door/say."""

    text: str = ""
    files: tuple[_FileSaid, ...] = ()
    forward: bool = False
    wait_s: float = Field(default=10.0, ge=0, le=_LONGEST_WAIT_S)
    id: str = Field(default="", max_length=200)
    """The caller's own name for it: the same one twice is one message."""


class _Pressed(_Body):
    """The body of /door/press."""

    card: str
    verb: str
    text: str = ""
    choice: int | None = Field(default=None, ge=0)
    wait_s: float = Field(default=10.0, ge=0, le=_LONGEST_WAIT_S)
    id: str = Field(default="", max_length=200)


_Asked = TypeVar("_Asked", bound=_Body)


class ScriptDoor:
    """The door's routes. Every one wants the key that DATA/door.json holds."""

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        *,
        changes: Changes,
        fresh_link: Callable[[], str],
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._changes = changes
        self._fresh_link = fresh_link
        self.key = secrets.token_urlsafe(32)

    def routes(self) -> list[Route]:
        """What the command line asks for."""
        asks: dict[str, _Handler] = {
            "cards": self._cards,
            "records": self._records,
            "actions": self._actions,
            "why": self._why,
            "ledger/verify": self._verify,
            "ledger/export": self._export,
            "health": self._health,
        }
        does: dict[str, _Handler] = {"say": self._say, "press": self._press, "link": self._link}
        return [
            *(
                Route(f"/door/{name}", self._keyed(one), methods=["GET"])
                for name, one in asks.items()
            ),
            *(
                Route(f"/door/{name}", self._keyed(one), methods=["POST"])
                for name, one in does.items()
            ),
        ]

    async def pair(self) -> None:
        """Whoever can read the key is the owner."""
        if not await self._outbox.pairings(NAME):
            await self._outbox.pair(NAME, PERSON, CHAT)

    def _keyed(self, handler: _Handler) -> _Handler:
        async def only_with_key(request: Request) -> Response:
            shown = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not secrets.compare_digest(shown.encode(), self.key.encode()):
                raise HTTPException(401, "That key is not mine.")
            return await handler(request)

        return only_with_key

    async def _say(self, request: Request) -> Response:
        said = await _body(request, _Said)
        files = tuple(_file(one) for one in said.files)
        if not said.text.strip() and not files:
            raise HTTPException(400, "There is nothing to say.")
        if sum(len(one.raw) for one in files) > _LARGEST_FILES:
            raise HTTPException(413, "That is more than 25 MB; I can't take it in one piece.")
        try:
            return await self._heard(said, files)
        except InForce as trouble:
            # it holds already; the worker writes it down as soon as the database lets it
            lines: list[dict[str, object]] = []
            body = {"source": "", "text": trouble.sentence, "lines": lines, "pending": True}
            return JSONResponse(body)

    async def _heard(self, said: _Said, files: tuple[InboundFile, ...]) -> Response:
        accepted = await self._intake.receive(
            Inbound(
                door=NAME,
                native_id=said.id or new_id("say"),
                chat=CHAT,
                person=PERSON,
                text=said.text,
                files=files,
                forwarded=said.forward,
            )
        )
        if accepted is None:
            raise Refused("I do not know who that is.")
        self._changes.look()
        return await self._settled(accepted.source, said.wait_s, [])

    async def _press(self, request: Request) -> Response:
        pressed = await _body(request, _Pressed)
        card = await self._find(pressed.card)
        verb, choice = _verb(pressed)
        outcome = await self._intake.press(
            Decision(
                notice=card.notice.id,
                verb=verb,
                door=NAME,
                actor=PERSON,
                text=pressed.text,
                choice=choice,
                native_id=pressed.id or new_id("press"),
            )
        )
        self._changes.look()
        if not outcome.accepted:
            return JSONResponse({"error": outcome.text, "hint": ""}, status_code=409)
        lines = [await self._line(one) for one in await self._after(card, outcome)]
        answer = await self._answer_to(card)
        if answer is None:
            return JSONResponse({"text": outcome.text, "lines": lines})
        return await self._settled(answer, pressed.wait_s, lines, text=outcome.text)

    async def _cards(self, request: Request) -> Response:
        every = request.query_params.get("all") == "1"
        every_card = [one for one in await self._outbox.all_shown() if script_json.is_card(one)]
        # the same revision asked again is one card to a script, the newer one
        found = [one for one in every_card if not one.outdone]
        return _lines([await self._line(one) for one in found if every or script_json.is_open(one)])

    async def _records(self, request: Request) -> Response:
        asked = request.query_params
        found = await script_json.find_records(
            self._company.store,
            kind=asked.get("kind"),
            words=asked.get("find"),
            at=script_json.moment(asked.get("at"), self._company.zone),
            known=script_json.moment(asked.get("known"), self._company.zone),
        )
        return _lines([script_json.record(one, self._company.zone) for one in found])

    async def _actions(self, request: Request) -> Response:
        asked = request.query_params.get("state")
        if asked and asked not in [one.value for one in State]:
            raise HTTPException(400, f"There is no such state: {asked}.")
        found = await self._outbox.actions(State(asked) if asked else None)
        return _lines([script_json.action(one) for one in found])

    async def _why(self, request: Request) -> Response:
        action = request.query_params.get("action", "")
        async with self._company.store.read() as connection:
            lines = await explain.why(connection, action, self._company.zone)
        return _lines([{"action": action, "text": "\n".join(lines)}])

    async def _verify(self, _request: Request) -> Response:
        return _lines([script_json.audit(await audited(self._company))])

    async def _export(self, _request: Request) -> Response:
        async with self._company.store.read() as connection:
            found = [one async for one in ledger.lines(connection)]
        return _lines([script_json.entry(one) for one in found])

    async def _link(self, _request: Request) -> Response:
        return JSONResponse({"link": self._fresh_link()})

    async def _health(self, _request: Request) -> Response:
        async with self._company.store.read() as connection:
            found = await history.counts(connection)
        return JSONResponse(script_json.health(found, self._company.clock.now()))

    async def _settled(
        self, source: str, wait_s: float, lines: list[dict[str, object]], *, text: str = ""
    ) -> Response:
        """What a message led to, once all of it is there; or so far, after `wait_s`."""
        until = monotonic_s() + wait_s
        settled = await self._outbox.is_settled(source)
        while not settled and (left_s := until - monotonic_s()) > 0:
            await self._changes.after(self._changes.count, min(_LOOK_S, left_s))
            settled = await self._outbox.is_settled(source)
        found = await self._outbox.shown_for_source(source)
        body: dict[str, object] = {
            "source": source,
            "text": text,
            "lines": [*lines, *[await self._line(one) for one in found]],
        }
        return JSONResponse(body if settled else {**body, "pending": True})

    async def _after(self, card: Shown, outcome: Outcome) -> list[Shown]:
        """The card as it is now, and the notice that the press made."""
        found = [await self._outbox.shown(card.notice.id)]
        if outcome.notice is not None and outcome.notice != card.notice.id:
            found.append(await self._outbox.shown(outcome.notice))
        return found

    async def _answer_to(self, card: Shown) -> str | None:
        """The message that an answered question became; None for anything else."""
        if card.notice.question is None:
            return None
        async with self._company.store.read() as connection:
            later = await history.said(connection, channel=NAME, after=card.notice.created_at)
        return next((one.source.id for one in later if one.source.reply_to == card.notice.id), None)

    async def _find(self, name: str) -> Shown:
        """A card by its own id, or the newest one of an action."""
        if not name.startswith("act_"):
            return await self._outbox.shown(name)
        found = await self._outbox.shown_for_action(name)
        if found is None:
            raise NotFound("There is no card of that action.")
        return found

    async def _line(self, one: Shown) -> dict[str, object]:
        async with self._company.store.read() as connection:
            spent = await history.spent(connection, one.notice.source or "")
        return script_json.line(
            one,
            render(
                one,
                zone=self._company.zone,
                data=self._company.data,
                stopped=self._outbox.stopped(),
            ),
            spent,
            currency=self._company.config.budget.currency,
            zone=self._company.zone,
        )


def publish(data: Path, port: int, key: str) -> None:
    """Write DATA/door.json, readable by its owner only, in one piece."""
    with tempfile.NamedTemporaryFile("w", dir=data, prefix=".door-", delete=False) as draft:
        # such a file is made with mode 0600
        draft.write(json.dumps({"port": port, "key": key}) + "\n")
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(data / "door.json")


def withdraw(data: Path, key: str) -> None:
    """Remove DATA/door.json, unless another process has put its own there."""
    place = data / "door.json"
    if place.exists() and json.loads(place.read_text())["key"] == key:
        place.unlink()


def _lines(lines: list[dict[str, object]]) -> Response:
    return JSONResponse({"lines": lines})


def _verb(pressed: _Pressed) -> tuple[Verb, int | None]:
    """The verb, and the choice of "choose:0"."""
    name, _, number = pressed.verb.partition(":")
    if name not in [one.value for one in Verb] or (number and not number.isdigit()):
        raise HTTPException(400, f"No card has a button for {pressed.verb}.")
    return Verb(name), int(number) if number else pressed.choice


def _file(sent: _FileSaid) -> InboundFile:
    try:
        raw = base64.b64decode(sent.base64, validate=True)
    except binascii.Error as error:
        raise HTTPException(400, f"{sent.name} is not base64.") from error
    name = Path(sent.name).name
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    media_type = "message/rfc822" if name.lower().endswith(".eml") else sent.media_type or guessed
    return InboundFile(name=name, media_type=media_type, raw=raw)


async def _body(request: Request, shape: type[_Asked]) -> _Asked:
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        where = ", ".join(".".join(map(str, one["loc"])) or "body" for one in error.errors())
        raise HTTPException(400, f"I can't read this request: {where}.") from error
