"""The mail folder: what the owner moves into it is passed on, byte for byte."""

import asyncio
import logging
from collections.abc import Callable, Generator, Mapping
from typing import ParamSpec, TypeVar

from bot.adapter import Inbound, InboundFile
from bot.beside import beside
from bot.intake import Intake
from bot.mailbox_folder import MailboxFolder, Place
from jobs.outbox import Outbox
from memory.access_tokens import AccessTokens
from memory.clock import monotonic_s
from memory.config import Imap, OAuth
from memory.errors import Refused, Trouble, Unavailable

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_TROUBLE = "mailbox:trouble"
_PERSON = "owner"
_TOGETHER = 20
"""At most so many mails are fetched and committed together."""
_TOGETHER_BYTES = 8_000_000
"""And with more than this in them, fewer."""


class MailboxDoor:
    """A door that only takes in. Nothing is shown here and nothing is ever ordered by mail."""

    name = "mailbox"

    def __init__(
        self,
        imap: Imap,
        outbox: Outbox,
        intake: Intake,
        *,
        oauth: OAuth | None = None,
        poll_s: float = 5.0,
        idle_s: float = 540.0,
        refused_s: float = 300.0,
        patience_s: float = 120.0,
    ) -> None:
        """A door that is closed until `run`.

        Args:
            oauth: Tokens to sign in with, where the server takes no password.
            poll_s: Between two looks into the folder, where the server can't say when to look.
            idle_s: How long to rely on a server that can. After 29 minutes it may hang up, and
                routers on the way forget a quiet connection much sooner.
            refused_s: Before a refused password is tried again; servers lock out who hurries.
            patience_s: How long the server may be gone before the owner hears of it.
        """
        self._imap = imap
        self._outbox = outbox
        self._intake = intake
        self._poll_s = poll_s
        self._idle_s = idle_s
        self._refused_s = refused_s
        self._patience_s = patience_s
        self._folder = MailboxFolder(imap, AccessTokens(oauth) if oauth else None)
        self._account = f"{imap.username}@{imap.host}/{imap.folder}"
        self._gone_since: float | None = None

    async def run(self) -> None:
        """Take in until cancelled."""
        if not await self._outbox.pairings(self.name):
            await self._outbox.pair(self.name, _PERSON, self.name)
        try:
            while True:
                wait_s = await self._look()
                if wait_s is None:
                    wait_s = await self._told_to_look()
                await asyncio.sleep(wait_s)
        finally:
            self._folder.close()

    async def _told_to_look(self) -> float:
        """Wait for the server's word; returns how long to wait before looking again."""
        try:
            return 0.0 if await self._ask(self._folder.wait, self._idle_s) else self._poll_s
        except (Refused, Unavailable):
            # whatever it is, the next look meets it too and knows what to say
            return self._poll_s

    async def _look(self) -> float | None:
        """Take in what is new; returns how long to wait after trouble, None if all is well."""
        try:
            place = Place.read(await self._outbox.recall(self._key))
            found = await self._ask(self._folder.beyond, place)
            again = await self._read_again(place, found)
            await self._take_all(found, again)
        except Refused as trouble:
            await self._tell_once(trouble)
            return self._refused_s
        except Unavailable as trouble:
            now = monotonic_s()
            if self._gone_since is None:
                self._gone_since = now
            if now - self._gone_since >= self._patience_s:
                await self._tell_once(trouble)
            return self._poll_s
        await self._well_again()
        return None

    async def _read_again(self, place: Place, found: tuple[Place, ...]) -> int | None:
        """Up to which number mails may have been read before, under other numbers.

        When a folder gets a new UIDVALIDITY all of its mails come again. How far is written down
        first, so that it is still known after a crash in the middle.
        """
        if found and place.validity and found[0].validity != place.validity:
            await self._outbox.remember(f"{self._key}:again", str(found[-1]))
        kept = Place.read(await self._outbox.recall(f"{self._key}:again"))
        return kept.uid if found and kept.validity == found[0].validity else None

    async def _take_all(self, found: tuple[Place, ...], again: int | None) -> None:
        """Take in mails in their order, as many together as are not too much at once."""
        for begin in range(0, len(found), _TOGETHER):
            mails = found[begin : begin + _TOGETHER]
            sizes = await self._ask(self._folder.sizes, mails)
            for some in in_reach(mails, sizes):
                await self._take(some, again)

    async def _take(self, mails: tuple[Place, ...], again: int | None) -> None:
        """Commit mails, then mark them, then remember: nothing is lost, nothing left unmarked.

        Read again after a crash in between, they are known by their names and only marked.
        """
        raws = await self._ask(self._folder.contents, mails)
        fresh = [
            one
            for one in mails
            if one in raws
            and not (again is not None and one.uid <= again and await self._holds(raws[one]))
        ]
        if fresh:
            await self._committed({one: raws[one] for one in fresh})
        if raws:
            await self._ask(self._folder.mark_seen, tuple(raws))
        await self._outbox.remember(self._key, str(mails[-1]))
        for one in mails:
            logger.info("mail taken", extra={"action": "mailbox_taken", "mail": str(one)})

    async def _holds(self, raw: bytes) -> bool:
        return await self._outbox.holds(self.name, raw)

    async def _committed(self, raws: Mapping[Place, bytes]) -> None:
        inbounds = [
            Inbound(
                door=self.name,
                native_id=f"{self._account}:{mail}",
                chat=self.name,
                person=_PERSON,
                files=(InboundFile(name="mail.eml", media_type="message/rfc822", raw=raw),),
                forwarded=True,
            )
            for mail, raw in raws.items()
        ]
        while True:
            try:
                await self._intake.receive_all(inbounds)
            except Unavailable:
                # Our own memory is busy or full. The mails stay where they are, and so do we.
                facts = {"action": "mailbox_waits", "mails": len(inbounds)}
                logger.warning("mail waits", extra=facts)
                await asyncio.sleep(self._poll_s)
            except Exception:
                if len(raws) == 1:
                    raise
                # one of them breaks us: what came before it is kept all the same
                for mail, raw in raws.items():
                    await self._committed({mail: raw})
                return
            else:
                return

    async def _ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await beside(call, *args, **kwargs)

    @property
    def _key(self) -> str:
        return f"mailbox:read:{self._account}"

    async def _tell_once(self, trouble: Trouble) -> None:
        """Say it on the other doors, once per trouble; a restart does not say it again."""
        if await self._outbox.recall(_TROUBLE) == trouble.sentence:
            return
        logger.warning(
            "mailbox closed", extra={"action": "mailbox_closed", "error": type(trouble).__name__}
        )
        await self._outbox.tell(f"{trouble.sentence} {trouble.hint}".strip(), rings=True)
        await self._outbox.remember(_TROUBLE, trouble.sentence)

    async def _well_again(self) -> None:
        self._gone_since = None
        if await self._outbox.recall(_TROUBLE):
            await self._outbox.tell(f'I can read your mail folder "{self._imap.folder}" again.')
            await self._outbox.remember(_TROUBLE, "")


def in_reach(mails: tuple[Place, ...], sizes: Mapping[Place, int]) -> Generator[tuple[Place, ...]]:
    """Mails in their order, in parts that are not too much to hold at once."""
    part: list[Place] = []
    held = 0
    for one in mails:
        if part and held + sizes.get(one, 0) > _TOGETHER_BYTES:
            yield tuple(part)
            part, held = [], 0
        part.append(one)
        held += sizes.get(one, 0)
    if part:
        yield tuple(part)
