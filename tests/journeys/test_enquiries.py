"""Enquiries as they really arrive: forwarded inline, pasted, from other trades and places."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.forwards import Mailbox, Original, apple_mail, gmail, ios_mail, outlook
from tests.doubles.steward import Steward, running
from tests.journeys.test_s1_quote import BODY, ENQUIRY

DANA = Mailbox(name="Dana Reyes", email="dana@reyesstudio.example")
STEWARD = Mailbox(name="Steward", email="steward@reyesstudio.example")


@dataclass(frozen=True)
class Trade:
    """Another owner's enquiry and what must come of it."""

    zone: str
    currency: str
    locale: str
    rates: str
    original: Original
    says: tuple[str, ...]
    due: str | None
    deadline: str | None


FLORIST = Trade(
    zone="America/Chicago",
    currency="USD",
    locale="en-US",
    rates="bridal bouquet $180, table arrangement $65",
    original=Original(
        author=Mailbox(name="Nora Feld", email="nora@feldweddings.example"),
        written_at=datetime(2026, 3, 9, 20, 0, tzinfo=UTC),
        subject="Flowers for May 16",
        body="Hello, how much would a bridal bouquet be, and what do you charge for a table "
        "arrangement? The wedding is on May 16. Best, Nora",
        message_id="<n-1@feldweddings.example>",
    ),
    says=("180", "65", "16"),
    due=None,
    deadline="2026-05-16",
)
TRANSLATOR = Trade(
    zone="Asia/Tokyo",
    currency="JPY",
    locale="en-GB",
    rates="A page translation costs 6,000 JPY",
    original=Original(
        author=Mailbox(name="Kenji Mori", email="mori@minatopress.example"),
        written_at=datetime(2026, 3, 9, 1, 0, tzinfo=UTC),
        subject="Page translation of our brochure",
        body="Dear all,\n\ncould you tell us your price for the translation of our brochure, "
        "about 12 pages? We look forward to your quotation.\n\nKenji Mori\nMinato Press",
        message_id="<k-1@minatopress.example>",
    ),
    says=("6,000 JPY",),
    due=None,
    deadline=None,
)
PLUMBER = Trade(
    zone="Europe/London",
    currency="GBP",
    locale="en-GB",
    rates="My boiler service costs £95",
    original=Original(
        author=Mailbox(name="Ewan Park", email="ewan.park@gmail.example"),
        written_at=datetime(2026, 3, 10, 7, 30, tzinfo=UTC),
        subject="Boiler service",
        body="Hi, what would a boiler service cost, and can you do Saturdays? I need an estimate "
        "by Thursday.\nCheers\nEwan",
        message_id="<e-1@gmail.example>",
    ),
    says=("95",),
    due="2026-03-12",
    deadline=None,
)


@pytest.mark.parametrize("client", [gmail, ios_mail, apple_mail, outlook])
async def test_an_inline_forward_is_answered_as_its_author_not_as_the_owner(
    client: Any, tmp_path: Path
) -> None:
    async with running(tmp_path / "data") as steward:
        await pass_on(steward, tmp_path, client(ENQUIRY, by=DANA, to=STEWARD))

        card = await steward.until("cards?all=1", kind="mail.send")
        facts = dict(map(tuple, card["facts"]))
        assert "marta@bluefincafe.example" in facts["To"]
        assert facts["Subject"] == "Re: Landing page for our spring menu"
        assert "New thread" in facts["Thread"]
        assert (await steward.look("records?kind=task"))[0]["data"]["due"] == "2026-03-13"


async def test_pasted_without_headers_it_asks_for_the_address(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as steward:
        await steward.ask("say", BODY)

        question = await steward.until("cards?all=1", kind="question", state="awaiting")
        assert "no mail address" in question["text"]
        await steward.ask("press", question["card"], "edit", "--text", "marta@bluefincafe.example")
        which = await steward.until("cards?all=1", kind="question", state="awaiting")
        assert "choose:1" in which["buttons"]
        await steward.ask("press", which["card"], "choose:1")
        card = await steward.until("cards?all=1", kind="mail.send")
        assert "marta@bluefincafe.example" in dict(map(tuple, card["facts"]))["To"]


async def test_a_price_nobody_set_is_asked_for_and_never_invented(tmp_path: Path) -> None:
    unknown = Original(
        author=Mailbox(name="Rui Lobo", email="rui@casaverde.example"),
        written_at=datetime(2026, 3, 9, 9, 0, tzinfo=UTC),
        subject="A mural",
        body="Hi Dana, how much would a mural for our patio be? Thanks, Rui",
        message_id="<r-1@casaverde.example>",
    )
    async with running(tmp_path / "data") as steward:
        await pass_on(steward, tmp_path, gmail(unknown, by=DANA, to=STEWARD))

        question = await steward.until("cards?all=1", kind="question", state="awaiting")
        assert "no price" in question["text"]
        assert not [one for one in await steward.look("actions") if one["kind"] == "mail.send"]
        await steward.ask("press", question["card"], "edit", "--text", "1,800")
        card = await steward.until("cards?all=1", kind="mail.send")
        assert "1,800 EUR" in dict(map(tuple, card["facts"]))["Text"]


@pytest.mark.parametrize(
    "trade", [FLORIST, TRANSLATOR, PLUMBER], ids=["florist", "translator", "plumber"]
)
async def test_other_trades_get_their_own_prices_and_dates(trade: Trade, tmp_path: Path) -> None:
    steward = Steward(tmp_path / "data")
    steward.make()
    (steward.data / "config.toml").write_text(
        f'[owner]\nname = "Dana Reyes"\ntimezone = "{trade.zone}"\n'
        f'currency = "{trade.currency}"\nlocale = "{trade.locale}"\n'
    )
    await steward.start()
    try:
        await steward.ask("say", trade.rates)
        await pass_on(steward, tmp_path, gmail(trade.original, by=DANA, to=STEWARD))

        card = await steward.until("cards?all=1", kind="mail.send")
        text = dict(map(tuple, card["facts"]))["Text"]
        assert all(words in text for words in trade.says), text
        tasks = [one["data"] for one in await steward.look("records?kind=task")]
        assert [one["due"] for one in tasks] == [trade.due]
        projects = [one["data"] for one in await steward.look("records?kind=project")]
        assert [one["deadline"] for one in projects] == [trade.deadline]
    finally:
        await steward.kill()


async def pass_on(steward: Steward, folder: Path, raw: bytes) -> None:
    """Forward a mail through the scripting door."""
    file = folder / "forward.eml"
    file.write_bytes(raw)
    await steward.ask("say", "--forward", "--file", str(file))
