"""The picture of the week: legible, in the page's colours, right where there is little to draw."""

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from jobs.chart import panels, picture, short
from memory.week import DayFigures, Week, WeekMoney

FIRST = date(2026, 3, 7)
PAGE = Path(__file__).parents[2] / "bot" / "page" / "page.css"


def a_week(*done: int, money: tuple[str, ...] = ()) -> Week:
    days = tuple(
        DayFigures(day=FIRST + timedelta(days=index), done=number, undone=0, asked=1, rings=0)
        for index, number in enumerate(done or (0, 0, 9, 14, 6, 11, 8))
    )
    weeks = tuple(
        WeekMoney(monday=FIRST + timedelta(weeks=index), into=Decimal(into), out=Decimal(0))
        for index, into in enumerate(money)
    )
    return Week(days=days, money=weeks, currency="EUR", text="")


def opened(week: Week) -> Image.Image:
    return Image.open(io.BytesIO(picture(week)))


def colours(image: Image.Image) -> set[str]:
    found = image.convert("RGB").getcolors(10_000_000)
    return {f"#{bytes(colour).hex()}" for _, colour in found or () if isinstance(colour, tuple)}


def test_it_is_a_small_picture_as_wide_as_a_phone_shows():
    image = opened(a_week(money=("1200", "2400")))

    assert (image.format, image.width) == ("PNG", 1080)
    assert len(picture(a_week())) < 100_000


def test_money_is_drawn_only_where_it_is_known():
    assert [one.title for one in panels(a_week())] == ["Your week"]
    assert opened(a_week(money=("1",))).height > opened(a_week()).height


def test_every_bar_is_there_and_the_highest_reaches_furthest():
    image = opened(a_week(0, 0, 5, 10, 0, 0, 0)).convert("RGB")
    green = (0x2F, 0x5D, 0x4C)
    tall = [
        sum(image.getpixel((x, y)) == green for y in range(260, image.height))
        for x in range(image.width)
    ]

    highs = sorted({value for value in tall if value > 60})
    assert highs[-1] == pytest.approx(2 * highs[0], rel=0.25)


def test_its_colours_are_the_pages():
    names = ("paper", "sheet", "ink", "green")
    css = PAGE.read_text()
    wanted = {css.split(f"--{name}: ")[1][:7] for name in names}

    assert wanted <= colours(opened(a_week()))


def test_a_week_of_zeros_can_be_drawn():
    assert opened(a_week(0, 0, 0, 0, 0, 0, 0)).width == 1080


@pytest.mark.parametrize(
    ("value", "text"),
    [(9, "9"), (999, "999"), (1000, "1k"), (2400, "2.4k"), (12400, "12k")],
)
def test_a_figure_above_its_bar_is_short(value: float, text: str):
    assert short(value) == text
