"""Visibility: which text of an HTML mail nobody can see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

Color = tuple[int, int, int]

_NAMED: dict[str, Color] = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "yellow": (255, 255, 0),
}
_LINK_BLUE: Color = (0, 0, 238)
_NEAR = 24
"""Two colours whose three channels differ by less than this in sum look the same."""
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{0,9})?")
_BRACE = re.compile(r"([{}])")
_SIMPLE = re.compile(r"[a-z0-9]{0,20}(?:[.#][\w-]{1,80})?")
_LONGEST_SHEET = 200_000
_SIZES = ("height", "max-height", "width", "max-width")
_OFFSETS = ("left", "top", "text-indent", "margin-left")

Style = Mapping[str, str]
Sheet = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Look:
    """How text at one place of the page is drawn, as far as it decides whether it is seen."""

    removed: bool = False
    """The element or one around it takes no space: nothing inside can show itself again."""
    veiled: bool = False
    """`visibility: hidden`; an element inside may be visible again."""
    font_px: float = 16.0
    color: Color | None = (0, 0, 0)
    """None: transparent."""
    background: Color | None = (255, 255, 255)
    """None: a picture or something else that cannot be compared with a colour."""

    @property
    def is_seen(self) -> bool:
        """Whether a person would see text drawn like this."""
        if self.removed or self.veiled or self.font_px <= 1 or self.color is None:
            return False
        if self.background is None:
            return True
        return sum(abs(a - b) for a, b in zip(self.color, self.background, strict=True)) >= _NEAR


def within(around: Look, tag: str, attributes: Mapping[str, str], sheet: Sheet) -> Look:
    """How text inside an element is drawn."""
    if not attributes and not sheet:
        return around
    style = _style_of(tag, attributes, sheet)
    return replace(
        around,
        removed=around.removed or "hidden" in attributes or _takes_no_space(style),
        veiled=_is_veiled(style.get("visibility", ""), around=around.veiled),
        font_px=_font_px(style.get("font-size", ""), around=around.font_px),
        color=_text_color(tag, attributes, style, around=around.color),
        background=_background(attributes, style, around=around.background),
    )


def sheet_of(css: str) -> Sheet:
    """The rules of a style element whose selector is one tag, class or id.

    Rules inside `@media` count for some screens only and are left out.
    """
    rules: Sheet = {}
    selectors = ""
    depth = 0
    for piece in _BRACE.split(_without_comments(css[:_LONGEST_SHEET])):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            selectors = piece.rpartition(";")[2].strip().casefold()[:2_000]
        elif depth == 1 and not selectors.startswith("@"):
            declared = _declarations(piece)
            for selector in selectors.split(",")[:50]:
                name = selector.strip()
                if name and _SIMPLE.fullmatch(name):
                    rules.setdefault(name, {}).update(declared)
    return rules


def _without_comments(css: str) -> str:
    first, *others = css.replace("<!--", "").replace("-->", "").split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _style_of(tag: str, attributes: Mapping[str, str], sheet: Sheet) -> dict[str, str]:
    style: dict[str, str] = {}
    if sheet:
        names = [f".{name}" for name in attributes.get("class", "").casefold().split()[:20]]
        if "id" in attributes:
            names.append(f"#{attributes['id'].casefold()}")
        for name in [tag, *names, *(tag + name for name in names)]:
            style.update(sheet.get(name, {}))
    style.update(_declarations(attributes.get("style", "")))
    return style


def _declarations(body: str) -> dict[str, str]:
    declared: dict[str, str] = {}
    for line in body[:5_000].split(";")[:100]:
        name, colon, value = line.partition(":")
        if colon:
            value = value.replace("!important", "").strip().casefold()
            declared[name.strip().casefold()] = value
    return declared


def _takes_no_space(style: Style) -> bool:
    if style.get("display") == "none" or _number(style.get("opacity"), 1.0) < 0.05:
        return True
    if style.get("overflow") == "hidden" and any(_is_tiny(style.get(size, "")) for size in _SIZES):
        return True
    return any(_number(style.get(side), 0.0) <= -500 for side in _OFFSETS)


def _is_tiny(written: str) -> bool:
    return bool(written) and "%" not in written and _number(written, 100.0) <= 1


def _is_veiled(written: str, *, around: bool) -> bool:
    if written in {"hidden", "collapse"}:
        return True
    return around and written != "visible"


def _font_px(written: str, *, around: float) -> float:
    match = _NUMBER.search(written)
    if match is None:
        return around if not written or written == "inherit" else 16.0
    number = float(match.group())
    if "%" in written:
        return around * number / 100
    if "rem" in written:
        return 16 * number
    if "em" in written:
        return around * number
    return number


def _text_color(
    tag: str, attributes: Mapping[str, str], style: Style, *, around: Color | None
) -> Color | None:
    written = style.get("color") or attributes.get("color", "")
    if written:
        return around if written == "inherit" else _color(written, unknown=(0, 0, 0))
    return _LINK_BLUE if tag == "a" and "href" in attributes else around


def _background(
    attributes: Mapping[str, str], style: Style, *, around: Color | None
) -> Color | None:
    image = style.get("background-image", "none") + style.get("background", "")
    if "url(" in image or "gradient" in image or attributes.get("background"):
        return None
    written = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if not written or written in {"none", "transparent", "inherit", "initial"}:
        return around
    known = _color(written, unknown=None)
    return known if known is not None or "transparent" not in written else around


def _color(written: str, *, unknown: Color | None) -> Color | None:
    """A colour as CSS writes it; None if it is transparent."""
    written = written.strip().casefold()
    if written.startswith("rgb"):
        numbers = [float(number) for number in _NUMBER.findall(written)[:4]]
        if len(numbers) < 3:
            return unknown
        if len(numbers) == 4 and numbers[3] < 0.05:
            return None
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    word = written.split(" ", maxsplit=1)[0]
    if word == "transparent":
        return None
    digits = word.removeprefix("#")
    if word != digits or (len(digits) == 6 and digits.isalnum() and word not in _NAMED):
        digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) in {3, 4} else digits
        try:
            return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
        except ValueError:
            return unknown
    return _NAMED.get(word, unknown)


def _number(written: str | None, otherwise: float) -> float:
    match = _NUMBER.search(written) if written else None
    return float(match.group()) if match else otherwise
