"""HTML by hand: escaping, elements, and the frame that every picture of a phone shares."""

import base64
import html
from pathlib import Path

STYLE = Path(__file__).parent / "phone.css"
_CUT = "[...document.querySelectorAll('.whole')].filter(one => one.scrollWidth > one.clientWidth)"
CUT_LABELS = f"{_CUT}.map(one => one.textContent)"
"""Script: the texts that do not fit where a platform shows them in one line."""


def escaped(text: str) -> str:
    """A text as it is, line breaks included."""
    return html.escape(text, quote=True)


def element(name: str, inside: str, kind: str = "", **attributes: str) -> str:
    """One element; `inside` is HTML already."""
    given = {"class": kind, **attributes}
    written = "".join(f' {key}="{escaped(value)}"' for key, value in given.items() if value)
    return f"<{name}{written}>{inside}</{name}>"


def box(kind: str, *inside: str) -> str:
    """A block with these blocks in it; nothing at all when they are empty."""
    joined = "".join(inside)
    return element("div", joined, kind) if joined else ""


def picture(raw: bytes, media_type: str, kind: str) -> str:
    """A picture that needs no address."""
    data = base64.b64encode(raw).decode()
    return f'<img class="{kind}" src="data:{media_type};base64,{data}">'


def sheet(look: str, *inside: str) -> str:
    """A whole page in one client's look."""
    return (
        '<!doctype html><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
        f"{element('body', ''.join(inside), look)}"
    )


def size_in_words(count_bytes: int) -> str:
    """As chat clients write it beside a file."""
    if count_bytes < 1000:
        return f"{count_bytes} B"
    return (
        f"{count_bytes / 1000:.1f} KB" if count_bytes < 1_000_000 else f"{count_bytes / 1e6:.1f} MB"
    )
