"""The inbox on Slack: the app's Home tab shows what waits and what is due today."""

import asyncio
import logging
from typing import Any

from bot.adapter import Card
from bot.buttons import Buttons
from bot.cards import render
from bot.changes import Changes
from bot.slack_client import SlackClient
from bot.slack_layout import Block, lay_out, literal, section, sections
from jobs.outbox import Outbox, Pairing
from memory import brief
from memory.canonical import digest
from memory.company import Company
from memory.errors import Trouble, Unavailable
from memory.records.action import State
from memory.records.notice import Shown

logger = logging.getLogger(__name__)

_MOST_BLOCKS = 100
_RECENT = 100
"""How many of the newest notices are looked through for what waits."""
_WAITS = (State.AWAITING, State.UNKNOWN, State.RETRY_WAIT)
_LOOK_AGAIN_S = 60.0
_LATER_S = 5.0


class SlackHome:
    """One owner's Home tab, brought up to date whenever something moves."""

    def __init__(
        self, company: Company, outbox: Outbox, client: SlackClient, changes: Changes
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._client = client
        self._changes = changes
        self._buttons = Buttons(outbox, "slack")
        self._looks: dict[str, str] = {}
        """By person: a digest of what their tab shows."""

    async def opened(self, pairing: Pairing) -> None:
        """Somebody looks at it: show it as it is now."""
        await self._outbox.remember(_seen(pairing.person), "yes")
        self._looks.pop(pairing.person, None)
        await self.publish(pairing)

    async def run(self) -> None:
        """Keep every tab that was ever opened up to date, until cancelled."""
        while True:
            count = self._changes.count
            wait_s = _LOOK_AGAIN_S
            try:
                for pairing in await self._outbox.pairings("slack"):
                    if await self._outbox.recall(_seen(pairing.person)):
                        await self.publish(pairing)
            except Trouble as trouble:
                facts = {"action": "slack_home_left", "error": type(trouble).__name__}
                logger.info("home left", extra=facts)
                asked = trouble.retry_after if isinstance(trouble, Unavailable) else None
                await asyncio.sleep(asked.total_seconds() if asked else _LATER_S)
                wait_s = 0.0
            await self._changes.after(count, wait_s)

    async def publish(self, pairing: Pairing) -> None:
        """Show one owner's tab as it is now, if that is not what it shows.

        Raises:
            Unavailable: Slack did not take it now.
            Refused: Slack will never take it.
        """
        await self._company.store.read_clock()
        blocks = await self._blocks(pairing)
        looks = digest(blocks)
        if self._looks.get(pairing.person) == looks:
            return
        await self._client.call(
            "views_publish",
            user_id=pairing.person,
            view={"type": "home", "blocks": blocks},
        )
        self._looks[pairing.person] = looks

    async def _blocks(self, pairing: Pairing) -> list[Block]:
        now = self._company.clock.now().astimezone(self._company.zone)
        async with self._company.store.read() as connection:
            today = (await brief.today(connection, self._company.config, now)).text()
        waiting = [one for one in await self._outbox.all_shown(last=_RECENT) if _waits(one)]
        blocks: list[Block] = [_heading("Waits for your word")]
        left = 0
        foot = [{"type": "divider"}, _heading("Today"), *sections(today)]
        for one in reversed(waiting):
            card = await self._buttons.fitted(self._card(one), one, pairing.chat)
            more: list[dict[str, Any]] = [*lay_out(card).blocks, {"type": "divider"}]
            if left or len(blocks) + len(more) + len(foot) + 1 > _MOST_BLOCKS:
                left += 1
                continue
            blocks += more
        if not waiting:
            blocks.append(section("Nothing waits for you."))
        if left:
            blocks.append(section(f"And {left} more; write waiting in the chat to see them all."))
        if blocks[-1] == foot[0]:
            blocks.pop()
        return [*blocks, *foot]

    def _card(self, shown: Shown) -> Card:
        card = render(
            shown,
            zone=self._company.zone,
            data=self._company.data,
            stopped=self._outbox.stopped(),
        )
        return card.model_copy(update={"file": None})


def _waits(shown: Shown) -> bool:
    if shown.notice.question is not None:
        return not shown.notice.answered
    action = shown.action
    if action is None or shown.outdone or action.revision != shown.latest:
        return False
    return action.state in _WAITS


def _heading(text: str) -> Block:
    return {"type": "header", "text": literal(text)}


def _seen(person: str) -> str:
    return f"slack:home:{person}"
