import pytest

from agents.specialists.rates import priced, recognise
from tests.doubles.builders import Desk, a_rate, heard


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My logo package costs 900", [("logo package", "900.00 EUR", "piece")]),
        ("hourly is 85", [("hourly", "85.00 EUR", "hour")]),
        (
            "landing page 1,200 EUR, hourly 85 EUR",
            [("landing page", "1200.00 EUR", "piece"), ("hourly", "85.00 EUR", "hour")],
        ),
    ],
)
def test_prices_as_owners_say_them(text: str, found: list[tuple[str, str, str]]):
    read = [
        (one.slots["subject"], one.slots["value"], one.slots["unit"])
        for one in recognise(heard(text))
    ]

    assert read == found


@pytest.mark.parametrize(
    "text", ["I paid 35 EUR for hosting", "what is my rate?", "remind me: 85", "invoice 12 is late"]
)
def test_other_sums_are_no_prices(text: str):
    assert recognise(heard(text)) == ()


async def test_a_price_that_changes_says_what_it_was(desk: Desk):
    await desk.hear("my landing page costs 1,500 EUR")

    assert await desk.texts() == ["Noted: landing page, 1,500 EUR; before, 1,200 EUR."]


async def test_a_price_that_is_known_already_changes_nothing(desk: Desk):
    await desk.hear("hourly is 85")

    assert len(await desk.versions(a_rate("hourly", "85", unit="hour"))) == 1
    assert await desk.texts() == ["Hourly is 85 EUR an hour already; nothing changes."]


async def test_a_price_from_a_day_on_is_kept_beside_the_present_one(desk: Desk):
    await desk.hear("My hourly rate goes up to 95 from 1 April.")

    versions = await desk.versions(a_rate("hourly", "95", unit="hour"))
    assert [str(one.valid_from.date()) for one in versions] == ["2026-03-02", "2026-03-31"]
    assert await desk.texts() == ["Noted: hourly, 95 EUR an hour from 1 April; before, 85 EUR."]


async def test_the_same_price_said_twice_in_one_breath_is_one_record(desk: Desk):
    await desk.hear("logo 900 EUR, logo 950 EUR")

    assert a_rate("logo", "950") in await desk.records("rate")


def test_a_price_is_said_with_its_unit():
    assert priced(a_rate("hourly", "85", unit="hour"), "en-GB") == "85 EUR an hour"
    assert priced(a_rate("page", "300"), "en-GB") == "300 EUR"


async def test_two_prices_in_one_breath_are_two_lines(desk: Desk):
    await desk.hear("logo 900 EUR, poster 300 EUR")

    assert await desk.texts() == ["Noted:\nlogo, 900 EUR\nposter, 300 EUR"]


async def test_a_price_that_is_known_stands_beside_a_new_one(desk: Desk):
    await desk.keep(a_rate("logo", "900"))
    await desk.hear("logo 900 EUR, poster 300 EUR")

    assert await desk.texts() == [
        "Logo is 900 EUR already; nothing changes.\nNoted: poster, 300 EUR."
    ]
