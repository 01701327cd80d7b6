"""Puts the doors together: the one place that knows every part of the process."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.disk import LEAST_BYTES, Disk
from bot.intake import Intake
from bot.pump import Pump
from bot.settings import SettingsSheet
from bot.slack_hooks import SlackHooks
from bot.telegram_hook import TelegramHook
from bot.web import Web
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.clock import monotonic_s
from memory.company import Company, opened
from memory.config import Config
from memory.errors import Refused, Trouble, Unavailable

if TYPE_CHECKING:
    from bot.telegram import TelegramDoor

logger = logging.getLogger(__name__)

_PAUSE_S = 5.0
_STEADY_S = 300.0
"""A door that was open this long has recovered: its next trouble is news again."""
_LOOK_AGAIN_S = 0.5
_INGEST_BUSY_S = 2.0
"""A door does not wait longer than this for the database before it does not acknowledge."""


async def run_doors(
    config: Config,
    data: Path,
    redis_url: str,
    *,
    file: Path | None = None,
    renewable: bool = False,
    least_bytes: int = LEAST_BYTES,
) -> None:
    """Every configured door, until cancelled, or until the owner has kept other settings.

    Args:
        file: The configuration file; None stands for the one in the data folder.
        renewable: Whether somebody starts the doors again when they end.
        least_bytes: Free space on the disk below which nothing is taken in.
    """
    async with opened(config, data, busy_s=_INGEST_BUSY_S) as company:
        outbox = Outbox.at(company, redis_url)
        try:
            disk = Disk(data, outbox, least_bytes=least_bytes)
            doors = _Doors(company, outbox, disk, file or data / "config.toml", renewable=renewable)
            await doors.run()
        finally:
            await outbox.close()


class _Doors:
    """The open doors of one company."""

    def __init__(
        self, company: Company, outbox: Outbox, disk: Disk, file: Path, *, renewable: bool
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._disk = disk
        self._renewed = asyncio.Event()
        """Set when the doors are to begin anew, with other settings."""
        self._settings = SettingsSheet(
            company, outbox, file, self._renewed.set if renewable else None
        )
        self._intake = Intake(company, outbox, disk)
        self._welcome = Welcome(company, outbox)
        self._wakes: list[asyncio.Event] = []
        slack = company.config.slack
        is_called = slack.bot_token.get_secret_value() and slack.signing_secret.get_secret_value()
        self._slack_hooks = SlackHooks() if is_called else None
        telegram = company.config.telegram
        self._telegram_hook = (
            TelegramHook(telegram.webhook_secret.get_secret_value())
            if telegram.webhook_url
            else None
        )

    async def run(self) -> None:
        """Every door, until cancelled or renewed."""
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._open())
            renewed = group.create_task(self._renewed.wait())
            await asyncio.wait((working, renewed), return_when=asyncio.FIRST_COMPLETED)
            renewed.cancel()
            working.cancel()

    async def _open(self) -> None:
        """Open each door; one that breaks says so on the others and is tried again."""
        config = self._company.config
        web = Web(
            self._company,
            self._outbox,
            self._intake,
            port=config.local.port,
            welcome=self._welcome,
            wake=self._wake(),
            settings=self._settings,
            hooks=(
                *(self._slack_hooks.routes() if self._slack_hooks else ()),
                *((self._telegram_hook.route(),) if self._telegram_hook else ()),
            ),
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._disk.watch())
            group.create_task(web.run())
            await web.ready.wait()
            _say(f"ready {web.fresh_link()}")
            if config.telegram.token.get_secret_value():
                telegram = partial(self._telegram, self._wake())
                group.create_task(keep_open(self._outbox, "Telegram", telegram))
            if config.slack.bot_token.get_secret_value():
                slack = partial(self._slack, self._wake())
                group.create_task(keep_open(self._outbox, "Slack", slack))
            if config.mail.imap is not None:
                group.create_task(keep_open(self._outbox, "mail folder", self._mailbox))
            if config.mail.inbound.listen:
                group.create_task(keep_open(self._outbox, "forwarding address", self._inbound))

    async def _telegram(self, wake: asyncio.Event) -> None:
        # the client library costs half a second, so only those who use it pay
        from bot.telegram import TelegramDoor

        door = TelegramDoor(
            self._company,
            self._outbox,
            self._intake,
            wake,
            welcome=self._welcome,
            hook=self._telegram_hook,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(Pump(self._company, self._outbox, door, wake).run())
            group.create_task(door.run())
            _say(f"telegram {await _link_of(door)}")

    async def _slack(self, wake: asyncio.Event) -> None:
        # this client library costs as much
        from bot.slack import SlackDoor

        door = SlackDoor(
            self._company, self._outbox, self._intake, wake,
            welcome=self._welcome, hooks=self._slack_hooks,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group:
            group.create_task(Pump(self._company, self._outbox, door, wake).run())
            group.create_task(door.run())
            _say(f"slack {await door.invitation()}")

    async def _mailbox(self) -> None:
        from bot.mailbox import MailboxDoor

        imap, oauth = self._company.config.mail.imap, self._company.config.mail.oauth
        if imap is None:
            return
        await self._outbox.pair("mailbox", "owner", "mailbox")
        _say(f"mailbox {imap.folder} on {imap.host}")
        await MailboxDoor(imap, self._outbox, self._intake, oauth=oauth).run()

    async def _inbound(self) -> None:
        from bot.inbound import InboundDoor

        door = InboundDoor(self._company.config.mail.inbound, self._outbox, self._intake)
        await door.listen()
        _say(f"inbound 127.0.0.1:{door.port}")
        await door.run()

    async def _listen(self) -> None:
        """Wake every pump at every ring."""
        async for _ in self._outbox.rings():
            for wake in self._wakes:
                wake.set()

    def _wake(self) -> asyncio.Event:
        wake = asyncio.Event()
        self._wakes.append(wake)
        return wake


async def keep_open(
    outbox: Outbox,
    name: str,
    work: Callable[[], Coroutine[object, object, None]],
    *,
    pause_s: float = _PAUSE_S,
) -> None:
    """Keep one door open until it is refused for good. The other doors say what broke, once.

    Args:
        outbox: Where to say it.
        name: The door, as the owner calls it.
        work: Opens the door, and ends only when it breaks.
        pause_s: Seconds before it is opened again.
    """
    said = ""
    while True:
        began = monotonic_s()
        trouble = await _broken(work, name)
        if monotonic_s() - began > _STEADY_S:
            said = ""
        sentence = f"{trouble.sentence} {trouble.hint}".strip()
        if sentence != said and await _tell(outbox, sentence):
            said = sentence
        if isinstance(trouble, Refused) and said == sentence:
            logger.warning("door closed", extra={"action": "door_closed", "door": name})
            return
        await asyncio.sleep(pause_s)


async def _broken(work: Callable[[], Coroutine[object, object, None]], name: str) -> Trouble:
    """Work until it breaks; what broke it, in the owner's words."""
    try:
        await work()
    except Exception as error:
        first: object = error
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - a group of anything
        if isinstance(first, Trouble):
            return first
        logger.exception("door broke", extra={"action": "door_broke", "door": name})
    return Unavailable(f"The {name} door broke.", hint="I open it again by myself.")


async def _tell(outbox: Outbox, sentence: str) -> bool:
    """Whether the owner could be told now."""
    try:
        await outbox.tell(sentence, rings=True)
    except Unavailable:
        logger.warning("memory is busy", extra={"action": "door_waits"})
        return False
    return True


async def _link_of(door: "TelegramDoor") -> str:
    """The link that pairs a phone, once Telegram was reached."""
    while True:
        try:
            return await door.pairing_link()
        except Unavailable:
            await asyncio.sleep(_LOOK_AGAIN_S)


def _say(line: str) -> None:
    """One line for whoever started us."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
