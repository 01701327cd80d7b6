"""The scripting door's objects, built from what the company knows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.exceptions import HTTPException

from bot.script_json import cost, find_records, moment, plain, record
from memory import revisions
from memory.config import Config
from memory.labels import Label
from memory.records.change import Change
from memory.records.money import Money
from memory.records.provenance import Provenance
from memory.records.rate import Rate
from tests.bot.house import House, a_house

LISBON = ZoneInfo("Europe/Lisbon")
MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("micro", "said"),
    [
        (0, "0.00 USD"),
        (122_000, "0.122 USD"),
        (500_000, "0.50 USD"),
        (1, "0.000001 USD"),
        (12_000_000, "12.00 USD"),
    ],
)
def test_a_cost_has_two_decimals_or_as_many_as_it_needs(micro, said):
    assert cost(micro, "USD") == said


def test_money_is_written_out_wherever_it_stands():
    found = plain({"changes": [{"price": {"minor": 120000, "currency": "EUR"}}]})

    assert found == {"changes": [{"price": "1200.00 EUR"}]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-10", datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=LISBON)),
        ("2026-03-10T09:00", datetime(2026, 3, 10, 9, tzinfo=LISBON)),
        ("2026-03-10T09:00:00+02:00", datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("2026-03-10T09:00:00Z", datetime(2026, 3, 10, 9, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_in_the_owners_zone_and_a_day_means_all_of_it(text, meant):
    assert moment(text, LISBON) == meant


def test_a_time_that_is_none_is_refused():
    with pytest.raises(HTTPException) as refused:
        moment("last friday", LISBON)

    assert refused.value.status_code == 400


async def keep(house: House, rate: Rate, *, since: datetime) -> None:
    async def work(connection) -> None:
        was = await revisions.current(connection, rate.record_id())
        origin = Provenance(source="src_1", label=Label.OWNER, span=(0, 4))
        await revisions.apply(
            connection,
            house.company.ledger,
            (Change.to(rate, was=was, valid_from=since, provenance={"price": origin}),),
            now=house.company.clock.now(),
            author="rates@1",
            action=None,
            sources=("src_1",),
        )

    await house.company.store.write(work)


async def test_a_record_names_its_origin_and_writes_money_out(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        await keep(house, Rate(what="hourly", price=Money.of(85, "EUR"), unit="hour"), since=MARCH)

        (found,) = await find_records(
            house.company.store, kind="rate", words=None, at=None, known=None
        )

        shown = record(found, LISBON)
        assert shown["data"] == {"what": "hourly", "price": "85.00 EUR", "unit": "hour"}
        assert shown["provenance"] == {
            "price": {"source": "src_1", "label": "owner", "span": [0, 4]}
        }
        assert shown["valid_from"] == "2026-03-10T09:00:00+00:00"
        assert shown["revision"] == 1


async def test_a_record_is_shown_as_it_is_true_at_a_moment(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        hourly = Rate(what="hourly", price=Money.of(85, "EUR"), unit="hour")
        raised = hourly.changed(price=Money.of(95, "EUR"))
        await keep(house, hourly, since=MARCH)
        await keep(house, raised, since=MARCH + timedelta(days=30))

        async def price(at: datetime | None) -> object:
            (found,) = await find_records(
                house.company.store, kind="rate", words="hourly", at=at, known=None
            )
            return found.version

        assert await price(MARCH + timedelta(days=1)) == 1
        assert await price(MARCH + timedelta(days=31)) == 2
        assert await price(None) == 2


async def test_a_record_is_shown_as_it_was_known_at_a_moment(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        before = house.company.clock.now()
        await keep(house, Rate(what="hourly", price=Money.of(85, "EUR")), since=MARCH)

        found = await find_records(
            house.company.store, kind="rate", words=None, at=None, known=before
        )

        assert found == ()


async def test_words_find_records_of_every_kind_or_of_one(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        await keep(house, Rate(what="landing page", price=Money.of(1200, "EUR")), since=MARCH)

        async def number(kind: str | None, words: str) -> int:
            return len(
                await find_records(house.company.store, kind=kind, words=words, at=None, known=None)
            )

        assert await number(None, "landing") == 1
        assert await number("rate", "landing") == 1
        assert await number("contact", "landing") == 0
        assert await number(None, "banana") == 0
