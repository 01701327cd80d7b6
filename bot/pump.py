"""Delivers what is due to every paired chat, and edits a card when its action moves."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.adapter import Card, ChatAdapter
from bot.buttons import Buttons
from bot.cards import render
from jobs.outbox import Outbox, Pairing
from memory.canonical import digest
from memory.company import Company
from memory.errors import Refused, Unavailable
from memory.records.notice import Shown

logger = logging.getLogger(__name__)

_TICK_S = 1.0
_LATER = timedelta(seconds=5)
_MUCH_LATER = timedelta(hours=1)


class Pump:
    """Brings one door's chats to the present state, over and over."""

    def __init__(
        self, company: Company, outbox: Outbox, adapter: ChatAdapter, wake: asyncio.Event
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._adapter = adapter
        self._buttons = Buttons(outbox, adapter.name)
        self._wake = wake

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._wake.clear()
            try:
                for pairing in await self._outbox.pairings(self._adapter.name):
                    await self.deliver(pairing)
            except Unavailable:
                logger.warning("memory is busy", extra={"action": "pump_waits"})
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def deliver(self, pairing: Pairing) -> None:
        """Show one chat everything it has not seen as it is now."""
        await self._company.store.read_clock()
        for shown in await self._outbox.due(pairing):
            if not await self._deliver_one(pairing, shown):
                return

    async def _deliver_one(self, pairing: Pairing, shown: Shown) -> bool:
        """Whether to go on with the next one now."""
        card = render(
            shown,
            zone=self._company.zone,
            data=self._company.data,
            stopped=self._outbox.stopped(),
        )
        known = await self._outbox.delivery(shown.notice.id, pairing.door, pairing.chat)
        looks = looks_like(card)
        message = known.message if known else None
        if known is not None and message is not None and known.shown == looks:
            await self._remember(shown, pairing, message, looks)
            return True
        fitted = await self._buttons.fitted(card, shown, pairing.chat)
        try:
            message = await self._adapter.show(pairing.chat, fitted, message)
        except Unavailable as trouble:
            later = self._company.clock.now() + (trouble.retry_after or _LATER)
            before = known.shown if known else ""
            await self._remember(shown, pairing, message, before, trouble.sentence, later)
            return False
        except Refused as trouble:
            logger.warning("door refused", extra={"action": "door_refused", "door": pairing.door})
            later = self._company.clock.now() + _MUCH_LATER
            await self._remember(shown, pairing, message, looks, trouble.sentence, later)
            return True
        await self._remember(shown, pairing, message, looks)
        return True

    async def _remember(
        self,
        shown: Shown,
        pairing: Pairing,
        message: str | None,
        looks: str,
        trouble: str = "",
        due_at: datetime | None = None,
    ) -> None:
        """Write down what a chat shows, however long the memory is busy.

        Forgotten, it would be shown a second time.
        """
        while True:
            try:
                await self._outbox.delivered(
                    shown.notice, pairing, message=message, shown=looks, trouble=trouble,
                    due_at=due_at,
                )  # fmt: skip
            except Unavailable:
                logger.warning("memory is busy", extra={"action": "pump_waits"})
                await asyncio.sleep(_TICK_S)
            else:
                return


def looks_like(card: Card) -> str:
    """What a chat would show, as a digest: text and buttons, without the tokens."""
    return digest([card.text, [(one.label, one.verb.value) for one in card.buttons]])
