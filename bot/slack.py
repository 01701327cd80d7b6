"""The Slack door: receives by socket or by signed request, shows cards and the inbox."""

import asyncio
import logging
from datetime import timedelta

from bot.adapter import Card
from bot.changes import Changes
from bot.intake import Intake
from bot.slack_absence import SlackAbsence
from bot.slack_client import Courtesies, Identity, SlackClient
from bot.slack_desk import SlackDesk
from bot.slack_home import SlackHome
from bot.slack_hooks import SlackHooks
from bot.slack_line import SlackLine
from bot.slack_messages import SlackMessages
from bot.slack_pairing import SlackPairing
from bot.slack_presses import SlackPresses
from bot.slack_screen import SlackScreen
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.company import Company
from memory.errors import Refused, Unavailable

logger = logging.getLogger(__name__)

_LONGEST_PAUSE_S = 60.0
_LOOK_S = 300.0
"""How often to ask whether the app is still installed."""


class SlackDoor:
    """The owner's direct messages with an app of their own."""

    name = "slack"

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        wake: asyncio.Event,
        *,
        welcome: Welcome | None = None,
        hooks: SlackHooks | None = None,
        ping_s: float = 10.0,
        pause_s: float = 1.0,
    ) -> None:
        """A door that is closed until `run`.

        Args:
            wake: Set whenever a card may have changed.
            welcome: Greets an owner who was just paired.
            hooks: Where signed requests come in; None when only the socket is used.
            ping_s: How often the socket is looked after.
            pause_s: First wait after a failure; doubles up to a minute.
        """
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._wake = wake
        self._hooks = hooks
        self._ping_s = ping_s
        self._pause_s = pause_s
        self._config = company.config.slack
        self._client = SlackClient(self._config)
        self._changes = Changes(outbox, asyncio.Event())
        self._home = SlackHome(company, outbox, self._client, self._changes)
        self._screen = SlackScreen(self._client, outbox, company.clock.now())
        self._pairing = SlackPairing(
            self._client, outbox, intake, welcome, company.config.owner.slack_id
        )
        self._courtesies = Courtesies()
        self._identity: Identity | None = None
        self._known = asyncio.Event()
        self._opened = asyncio.Event()

    async def run(self) -> None:
        """Take in until cancelled.

        Raises:
            Refused: Slack does not accept a token, or the app was removed; the hint says what
                to do.
        """
        has_socket = bool(self._config.app_token.get_secret_value())
        if not has_socket and not self._config.signing_secret.get_secret_value():
            raise no_way_in()
        try:
            await self._work(await self._begin())
        finally:
            if self._hooks is not None:
                self._hooks.close()
            await self._client.close()

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Raises:
            Unavailable: Slack did not take it now; carries how long to wait if it said so.
            Refused: Slack will never take it.
        """
        return await self._screen.show(chat, card, message)

    async def invitation(self) -> str:
        """What to do to make a chat the owner's, as soon as Slack was reached."""
        await self._known.wait()
        if self._identity is None:
            raise Unavailable("I can't reach Slack right now.")
        return await self._pairing.invitation(self._identity)

    async def _begin(self) -> Identity:
        """Reach Slack, however long it takes, and know who we are there."""
        pause = self._pause_s
        while True:
            try:
                self._identity = await self._client.identity()
                await self._pairing.begin()
            except Unavailable as trouble:
                wait = trouble.retry_after or timedelta(seconds=pause)
                logger.warning("slack waits", extra={"action": "slack_waits"})
                await asyncio.sleep(wait.total_seconds())
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                self._known.set()
                self._moved()
                return self._identity

    async def _look(self) -> None:
        """Notice when only the owner can mend it, whoever meets it first."""
        while self._client.broken is None:
            try:
                async with asyncio.timeout(_LOOK_S):
                    await self._client.breaks.wait()
            except TimeoutError:
                try:
                    await self._client.identity()
                except Unavailable:
                    continue
        raise self._client.broken

    async def _catch_up(self, absence: SlackAbsence) -> None:
        """Ask what was missed whenever a line was opened, until cancelled."""
        pause = self._pause_s
        while True:
            await self._opened.wait()
            self._opened.clear()
            try:
                await absence.catch_up()
                pause = self._pause_s
            except Unavailable as trouble:
                self._opened.set()
                wait = trouble.retry_after or timedelta(seconds=pause)
                await asyncio.sleep(wait.total_seconds())
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _work(self, identity: Identity) -> None:
        messages = SlackMessages(
            self._company, self._outbox, self._intake, self._client, identity,
            pairing=self._pairing, screen=self._screen, courtesies=self._courtesies,
            pause_s=self._pause_s,
        )  # fmt: skip
        presses = SlackPresses(
            self._outbox, self._intake, self._client,
            screen=self._screen, courtesies=self._courtesies,
        )  # fmt: skip
        desk = SlackDesk(
            self._outbox, self._client, identity,
            pairing=self._pairing, messages=messages, presses=presses, home=self._home,
            courtesies=self._courtesies, moved=self._moved,
        )  # fmt: skip
        line = SlackLine(
            self._config, self._client, identity, desk.take,
            opened=self._opened.set, ping_s=self._ping_s,
        )  # fmt: skip
        absence = SlackAbsence(self._company, self._outbox, self._client, identity, desk.take)
        async with asyncio.TaskGroup() as group, self._courtesies.within(group):
            if self._hooks is not None:
                self._hooks.open(line.answer)
            group.create_task(self._changes.run())
            group.create_task(self._home.run())
            group.create_task(messages.fetch(self._moved))
            group.create_task(self._look())
            group.create_task(self._catch_up(absence))
            await line.run()

    def _moved(self) -> None:
        self._wake.set()
        self._changes.look()


def no_way_in() -> Refused:
    """Slack has two ways to us, and neither is configured."""
    return Refused(
        "Slack has no way to reach me: there is neither an app-level token nor a signing secret.",
        hint="Put app_token into config.toml under [slack], and start me again.",
    )
