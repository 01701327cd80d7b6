"""The mail folder: what the owner moves into it is passed on, byte for byte."""

import asyncio
import logging
from collections.abc import Callable
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
            for mail in found:
                await self._take(mail, again=again is not None and mail.uid <= again)
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

    async def _take(self, mail: Place, *, again: bool) -> None:
        """Commit one mail, then mark it, then remember it: nothing is lost, nothing left unmarked.

        Read again after a crash in between, it is known by its name and only marked.
        """
        raw = await self._ask(self._folder.content, mail)
        if raw is not None and not (again and await self._outbox.holds(self.name, raw)):
            await self._committed(mail, raw)
        if raw is not None:
            await self._ask(self._folder.mark_seen, mail)
        await self._outbox.remember(self._key, str(mail))
        logger.info("mail taken", extra={"action": "mailbox_taken", "mail": str(mail)})

    async def _committed(self, mail: Place, raw: bytes) -> None:
        letter = InboundFile(name="mail.eml", media_type="message/rfc822", raw=raw)
        inbound = Inbound(
            door=self.name,
            native_id=f"{self._account}:{mail}",
            chat=self.name,
            person=_PERSON,
            files=(letter,),
            forwarded=True,
        )
        while True:
            try:
                await self._intake.receive(inbound)
            except Unavailable:
                # Our own memory is busy or full. The mail stays where it is, and so do we.
                logger.warning("mail waits", extra={"action": "mailbox_waits", "mail": str(mail)})
                await asyncio.sleep(self._poll_s)
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
