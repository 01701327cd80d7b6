"""The week's picture: bars that can be read on a phone, in the page's own colours."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from memory.week import Week

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_WIDTH = 1080
_MARGIN = 64
_PANEL = 560
_PAPER, _SHEET, _INK, _SOFT = "#f4efe6", "#fffdf8", "#2a2622", "#756d63"
_LINE, _GREEN, _WARM, _SAND = "#e4dccf", "#2f5d4c", "#a4552c", "#d9b98a"
_TITLE, _TEXT, _SMALL = 46, 34, 30
_GAP, _WIDE_GAP = 6, 26
"""Between the bars of a group; figures of money are wide."""
_WIDEST = 44


class Bars:
    """One panel: groups of bars with their labels."""

    def __init__(
        self,
        title: str,
        series: Sequence[tuple[str, str]],
        groups: Sequence[tuple[str, Sequence[float]]],
    ) -> None:
        """Bars side by side.

        Args:
            series: Name and colour of each bar of a group.
            groups: A group's label and the height of each of its bars.
        """
        self.title = title
        self.series = series
        self.groups = groups


def picture(week: Week) -> bytes:
    """The week as a PNG."""
    return draw(panels(week))


def panels(week: Week) -> tuple[Bars, ...]:
    """What is drawn: the days, and money where payments are known."""
    days = Bars(
        "Your week",
        (("Done", _GREEN), ("Asked you", _SAND), ("Undone", _WARM)),
        [(f"{one.day:%a}", (one.done, one.asked, one.undone)) for one in week.days],
    )
    if not week.money:
        return (days,)
    money = Bars(
        f"Money by week, {week.currency}",
        (("In", _GREEN), ("Out", _WARM)),
        [
            (f"{one.monday.day} {one.monday:%b}", (float(one.into), float(one.out)))
            for one in week.money
        ],
    )
    return (days, money)


def draw(bars: Sequence[Bars]) -> bytes:
    """Panels below each other, as a PNG."""
    # the library costs a tenth of a second, and is needed once a week
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (_WIDTH, _MARGIN + len(bars) * (_PANEL + _MARGIN)), _PAPER)
    pen = ImageDraw.Draw(image)
    for index, one in enumerate(bars):
        _panel(pen, one, _MARGIN + index * (_PANEL + _MARGIN))
    raw = io.BytesIO()
    image.save(raw, "PNG", optimize=True)
    return raw.getvalue()


def _panel(pen: "ImageDraw", bars: Bars, top: int) -> None:
    left, right, bottom = _MARGIN // 2, _WIDTH - _MARGIN // 2, top + _PANEL
    pen.rounded_rectangle((left, top, right, bottom), 28, fill=_SHEET, outline=_LINE, width=2)
    _write(pen, (_MARGIN, top + 30), bars.title, _TITLE, _INK, "la")
    _legend(pen, bars, top + 104)
    floor, ceiling = bottom - 84, top + 204
    pen.line((_MARGIN, floor, _WIDTH - _MARGIN, floor), fill=_LINE, width=3)
    highest = max((value for _, values in bars.groups for value in values), default=0) or 1
    width = (_WIDTH - 2 * _MARGIN) / max(len(bars.groups), 1)
    for index, (label, values) in enumerate(bars.groups):
        middle = _MARGIN + width * (index + 0.5)
        _write(pen, (middle, floor + 18), label, _SMALL, _SOFT, "ma")
        gap = _GAP if len(values) > 2 else _WIDE_GAP
        bar = min(_WIDEST, (width - 20) / len(values) - gap)
        first = middle - (bar + gap) * len(values) / 2 + gap / 2
        for place, value in enumerate(values):
            if not value:
                continue
            x = first + place * (bar + gap)
            y = floor - max((floor - ceiling) * value / highest, 6)
            colour = bars.series[place][1]
            pen.rounded_rectangle((x, y, x + bar, floor), 6, fill=colour, corners=_ROUND)
            _write(pen, (x + bar / 2, y - 8), short(value), _SMALL, _INK, "mb")


_ROUND = (True, True, False, False)


def _legend(pen: "ImageDraw", bars: Bars, y: int) -> None:
    x = float(_MARGIN)
    for name, colour in bars.series:
        pen.rounded_rectangle((x, y + 4, x + 30, y + 34), 8, fill=colour)
        _write(pen, (x + 44, y), name, _TEXT, _SOFT, "la")
        x += 44 + _width(name, _TEXT) + 48


def short(value: float) -> str:
    """A figure above its bar: "9", "850", "2.4k"."""
    if value < 1000:
        return f"{value:.0f}"
    thousands = Decimal(str(value)) / 1000
    return f"{thousands:.0f}k" if thousands >= 10 else f"{thousands:.1f}k".replace(".0k", "k")


def _write(
    pen: "ImageDraw", at: tuple[float, float], text: str, size: int, colour: str, anchor: str
) -> None:
    from PIL import ImageFont

    pen.text(at, text, font=ImageFont.load_default(size), fill=colour, anchor=anchor)


def _width(text: str, size: int) -> float:
    from PIL import ImageFont

    return ImageFont.load_default(size).getlength(text)
