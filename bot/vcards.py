"""Address book entries as phones share them (vCard 2.1 to 4.0): what each wants to be kept."""

import quopri
import re
from collections.abc import Iterator

from bot.adapter import InboundFile
from memory.records.intent import Intent

_LARGEST_BYTES = 1_000_000
_MOST = 50
"""Entries of one file that are taken; a whole address book is another matter."""
_LONGEST = 200
_LINE = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[A-Za-z-]+)(?P<options>(?:;[^:\"]*(?:\"[^\"]*\")?)*):(?P<value>.*)"
)
_BREAK = re.compile(r"(?<!\\);")


def contacts_in(files: tuple[InboundFile, ...]) -> tuple[Intent, ...]:
    """One wish for each entry with a name; empty where no file is an address book entry."""
    found: list[Intent] = []
    for file in files:
        if _is_vcard(file):
            found += [one for entry in _entries(file.raw) if (one := _intent(entry))]
    return tuple(found[:_MOST])


def contact_intent(name: str, *, email: str = "", phone: str = "", company: str = "") -> Intent:
    """The wish to keep one person."""
    slots = {"name": name, "email": email, "phone": phone, "company": company}
    return Intent(kind="contact.save", slots={key: one for key, one in slots.items() if one})


def _is_vcard(file: InboundFile) -> bool:
    named = file.media_type in ("text/vcard", "text/x-vcard") or file.name.lower().endswith(".vcf")
    return named and len(file.raw) <= _LARGEST_BYTES


def _entries(raw: bytes) -> Iterator[dict[str, str]]:
    """The first value of each field, entry by entry."""
    text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    # a long line goes on after a break and a blank; in 2.1 after a "=" at its end
    text = re.sub(r"\n[ \t]", "", text)
    text = re.sub(r"=\n", "", text)
    entry: dict[str, str] = {}
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.strip())
        if found is None:
            continue
        name, value = found["name"].upper(), found["value"]
        if name == "END":
            yield entry
        if name in ("BEGIN", "END"):
            entry = {}
        elif name not in entry:
            entry[name] = _decoded(value, found["options"].upper())


def _intent(entry: dict[str, str]) -> Intent | None:
    last, first, *_ = [*map(_plain, _BREAK.split(entry.get("N", ""))), "", ""]
    name = _plain(entry.get("FN", "")) or f"{first} {last}".strip()
    company = _plain(_BREAK.split(entry.get("ORG", ""))[0])
    if not name and not company:
        return None
    return contact_intent(
        name or company,
        email=_plain(entry.get("EMAIL", "")).removeprefix("mailto:"),
        phone=_plain(entry.get("TEL", "")).removeprefix("tel:"),
        company=company,
    )


def _decoded(value: str, options: str) -> str:
    if "QUOTED-PRINTABLE" not in options:
        return value
    return quopri.decodestring(value.encode()).decode("utf-8", errors="replace")


def _plain(value: str) -> str:
    """A value without the marks of the format, in one line."""
    value = re.sub(r"\\n", " ", value, flags=re.IGNORECASE)
    return " ".join(re.sub(r"\\(.)", r"\1", value).split())[:_LONGEST]
