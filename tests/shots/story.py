"""The sample company with a phone in its owner's hand: what every picture of a chat begins with."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from memory.clock import monotonic_s
from tests.doubles.slack import Slack
from tests.doubles.slack_person import Person
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, smtp_lines
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_phone import Phone

ZONE = ZoneInfo("Europe/Lisbon")
ADDRESS = "dana@reyesstudio.example"
OWNER, PERSON = 111, "U111"
PATIENCE_S = 20.0


@dataclass
class Clock:
    """The time of a story, which the platforms go by as the company does."""

    begins: datetime
    moved: timedelta = timedelta(0)
    _since: float = field(default_factory=monotonic_s)

    @classmethod
    def at(cls, text: str) -> "Clock":
        """A clock that shows this time of the owner's day now."""
        return cls(datetime.fromisoformat(text).replace(tzinfo=ZONE))

    def now(self) -> datetime:
        return self.begins + self.moved + timedelta(seconds=monotonic_s() - self._since)


@dataclass
class Story:
    """One company, and its owner's phone."""

    steward: Steward
    telegram: Telegram
    phone: Phone
    smtp: Smtp
    clock: Clock
    slack: Slack | None = None
    dana: Person | None = None

    async def pass_time(self, by: timedelta) -> None:
        """Move every clock: the company's and the platforms'."""
        self.clock.moved += by
        await self.steward.ask("clock", f"+{round(by.total_seconds())}s")


@asynccontextmanager
async def a_story(
    folder: Path, *, begins: str = "2026-03-10T09:00", password: str = "", with_slack: bool = False
) -> AsyncGenerator[Story]:
    """The sample company at work, its owner's phone paired; killed at the end.

    Args:
        password: What the mail server wants; the company has another one.
    """
    clock = Clock.at(begins)
    username = ADDRESS if password else None
    with Smtp(folder / "journal", username=username, password=password or None) as smtp:
        async with Telegram(now=clock.now) as telegram, Slack(now=clock.now) as slack:
            dana = slack.person(PERSON) if with_slack else None
            lines = (
                *smtp_lines(smtp.port),
                *((f'username = "{ADDRESS}"', 'password = "last-years"') if password else ()),
                "[telegram]",
                f'token = "{telegram.token}"',
                f'api_url = "{telegram.url}"',
                *(slack.lines if with_slack else ()),
            )
            steward = Steward(folder / "data")
            steward.make(*lines, now=begins)
            phone = telegram.phone(OWNER, started=False)
            story = Story(steward, telegram, phone, smtp, clock, slack, dana)
            try:
                await steward.start()
                # the door has looked for the owner's chat, and found none yet
                await telegram.until(lambda: telegram.calls("sendChatAction"), within_s=PATIENCE_S)
                await phone.send("/start")
                await phone.sees("yours alone", within_s=PATIENCE_S)
                if dana is not None:
                    await dana.sees("yours alone", within_s=PATIENCE_S)
                yield story
            finally:
                await steward.kill()
