"""Characters: line ends, spaces, and those that no eye can see."""

import re

_UNSEEN = dict.fromkeys(
    [0xAD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    + [point for point in range(0x20) if chr(point) not in "\t\n"]
    + [0x7F, *range(0x80, 0xA0), 0xFFFC]
)
_SPACES = {0xA0: " ", 0x202F: " ", 0x2007: " ", 0x2009: " ", 0x3000: " "}
# Flags of England, Scotland and Wales are written with these characters too.
_TAGS = re.compile("\U0001f3f4?[\U000e0001-\U000e007f]+")
_ASCII_OF_TAGS = {point: point - 0xE0000 for point in range(0xE0020, 0xE007F)} | {0xE0001: None}
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROL = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\x0c\x1b")
_NOISE = 0.02
"""Share of control characters above which bytes are no text in any of the usual encodings."""
_LOOKED_AT = 65536


def is_noise(raw: bytes) -> bool:
    """Whether bytes are something else than text: a picture, an archive, a broken download."""
    begin = raw[:_LOOKED_AT]
    control = len(begin) - len(begin.translate(None, _CONTROL))
    return control > _NOISE * len(begin)


def tidy(text: str) -> tuple[str, str]:
    r"""Text with plain line ends and spaces, and what was hidden in characters nobody sees.

    Lines end in "\n" and carry no trailing spaces; never more than one blank line in a row;
    no blank line at either end.
    """
    smuggled: list[str] = []

    def drop(match: re.Match[str]) -> str:
        run = match.group()
        if run.startswith("\U0001f3f4"):
            return run
        smuggled.append(run.translate(_ASCII_OF_TAGS))
        return ""

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = _TAGS.sub(drop, _SURROGATES.sub("\ufffd", text).translate(_UNSEEN).translate(_SPACES))
    return "\n".join(_single_blanks(text.split("\n"))), "\n".join(filter(None, smuggled))


def _single_blanks(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        stripped = line.rstrip()
        if stripped or (kept and kept[-1]):
            kept.append(stripped)
    if kept and not kept[-1]:
        kept.pop()
    return kept


def unflow(text: str, *, delete_space: bool) -> str:
    """Plain text of `format=flowed` with its soft line breaks joined (RFC 3676).

    Args:
        delete_space: The part says `delsp=yes`: the space before a soft break is not part of it.
    """
    joined: list[list[str]] = []
    soft_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        if soft_depth == depth and body != "-- ":
            joined[-1].append(body)
        else:
            joined.append([">" * depth + (" " if depth and body else "") + body])
        soft = body.endswith(" ") and body != "-- "
        if soft and delete_space:
            joined[-1][-1] = joined[-1][-1].removesuffix(" ")
        soft_depth = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in joined)
