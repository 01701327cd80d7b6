"""The mail folder: what the owner moves into it is passed on, byte for byte."""

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bot.adapter import Inbound, InboundFile
from bot.intake import Intake
from bot.mailbox_folder import MailboxFolder, Place
from jobs.outbox import Outbox
from memory.clock import monotonic_s
from memory.config import Imap
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
        poll_s: float = 5.0,
        refused_s: float = 300.0,
        patience_s: float = 120.0,
    ) -> None:
        """A door that is closed until `run`.

        Args:
            poll_s: Between two looks into the folder.
            refused_s: Before a refused password is tried again; servers lock out who hurries.
            patience_s: How long the server may be gone before the owner hears of it.
        """
        self._imap = imap
        self._outbox = outbox
        self._intake = intake
        self._poll_s = poll_s
        self._refused_s = refused_s
        self._patience_s = patience_s
        self._folder = MailboxFolder(imap)
        self._account = f"{imap.username}@{imap.host}/{imap.folder}"
        self._gone_since: float | None = None

    async def run(self) -> None:
        """Take in until cancelled."""
        if not await self._outbox.pairings(self.name):
            await self._outbox.pair(self.name, _PERSON, self.name)
        try:
            while True:
                wait_s = await self._look()
                await asyncio.sleep(wait_s)
        finally:
            self._folder.hang_up()

    async def _look(self) -> float:
        """Take in what is new; returns how long to wait before looking again."""
        try:
            place = Place.read(await self._outbox.recall(self._key))
            for mail in await self._ask(self._folder.beyond, place):
                await self._take(mail)
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
        return self._poll_s

    async def _take(self, mail: Place) -> None:
        """Commit one mail, then remember it, then mark it; in this order nothing is lost."""
        raw = await self._ask(self._folder.content, mail)
        if raw is not None:
            await self._committed(mail, raw)
        await self._outbox.remember(self._key, str(mail))
        logger.info("mail taken", extra={"action": "mailbox_taken", "mail": str(mail)})
        if raw is not None:
            await self._ask(self._folder.mark_seen, mail)

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
        return await asyncio.to_thread(call, *args, **kwargs)

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
