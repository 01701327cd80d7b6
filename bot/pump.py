"""Delivers what is due to every paired chat, and edits a card when its action moves."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.adapter import Blocked, Card, ChatAdapter
from bot.buttons import Buttons
from bot.cards import render
from jobs.outbox import Outbox, Pairing
from memory.canonical import digest
from memory.clock import monotonic_s
from memory.company import Company
from memory.errors import Refused, Unavailable
from memory.records.notice import Shown

logger = logging.getLogger(__name__)

_TICK_S = 1.0
_LOOK_THROUGH_S = 60.0
"""How often all notices are looked through; in between only what was made or changed since."""
_AT_ONCE = 20
"""So many are taken up together: while they are shown, others may move on."""
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
        self._quiet_until: dict[str, float] = {}
        """By chat: until when its platform wants to hear nothing, on the monotonic clock."""
        self._shown: dict[Pairing, int] = {}
        """By chat: the stamp up to which it shows everything that can be shown."""
        self._looked_through_s = monotonic_s()

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
        """Show one chat everything it has not seen as it is now, in order."""
        if pairing.blocked_at is not None:
            return
        if monotonic_s() < self._quiet_until.get(pairing.chat, 0):
            return
        await self._company.store.read_clock()
        if monotonic_s() - self._looked_through_s >= _LOOK_THROUGH_S:
            # what was put off is due again, and nothing in it has changed
            self._shown.clear()
            self._looked_through_s = monotonic_s()
        above, last = self._shown.get(pairing, 0), await self._outbox.last_stamp()
        if above == last > 0:
            return
        found = await self._outbox.due(pairing, above=above, limit=_AT_ONCE)
        for shown in found:
            if not await self._deliver_one(pairing, shown):
                return
        if len(found) < _AT_ONCE:
            self._shown[pairing] = last

    async def _deliver_one(self, pairing: Pairing, shown: Shown) -> bool:
        """Whether to go on with the next one now."""
        known = await self._outbox.delivery(shown.notice.id, pairing.door, pairing.chat)
        message = known.message if known else None
        before = known.shown if known else ""
        looks = before
        try:
            card = render(
                shown,
                zone=self._company.zone,
                data=self._company.data,
                stopped=self._outbox.stopped(),
            )
            looks = looks_like(card, shown)
            if message is None or looks != before:
                fitted = await self._buttons.fitted(card, shown, pairing.chat)
                message = await self._adapter.show(pairing.chat, fitted, message)
        except Unavailable as trouble:
            # The whole chat waits: what comes later must not overtake this one.
            wait = trouble.retry_after or _LATER
            self._quiet_until[pairing.chat] = monotonic_s() + wait.total_seconds()
            await self._remember(shown, pairing, message, before, trouble.sentence)
            return False
        except Blocked as trouble:
            logger.warning("chat is shut", extra={"action": "chat_shut", "door": pairing.door})
            await self._outbox.block(pairing, f"{trouble.sentence} {trouble.hint}".strip())
            return False
        except Refused as trouble:
            logger.warning("door refused", extra={"action": "door_refused", "door": pairing.door})
            await self._put_off(shown, pairing, message, before, trouble.sentence)
            return True
        except Exception:
            # One card that cannot be shown must not keep all the others from the owner.
            logger.exception("card broke", extra={"action": "card_broke", "id": shown.notice.id})
            await self._put_off(shown, pairing, message, before, "It could not be shown.")
            return True
        await self._remember(shown, pairing, message, looks)
        return True

    async def _put_off(
        self, shown: Shown, pairing: Pairing, message: str | None, looks: str, trouble: str
    ) -> None:
        later = self._company.clock.now() + _MUCH_LATER
        await self._remember(shown, pairing, message, looks, trouble, later)

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


def looks_like(card: Card, shown: Shown) -> str:
    """What a chat would show, as a digest: text and buttons, and what these are bound to."""
    buttons = [(one.label, one.verb.value) for one in card.buttons]
    return digest([card.text, buttons, list(shown.bound)])
