"""People as header lines write them: "Marta Silva <marta@bluefin.example>"."""

import re

from memory.records.letter import Person

NOBODY = Person(name=None, email=None)

_ROBOTS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply")

_LONGEST = 1_000
"""Characters of a header line that are looked at."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ENDS = re.compile(r"[<\[(]")


def person(written: str) -> Person:
    """The first person of a header line, typed by a mail program or by hand.

    Outlook writes "Tom [mailto:tom@x.example]" or the bare name, web mail copied as text
    "Tom <tom@x.example<mailto:tom@x.example>>".
    """
    written = written[:_LONGEST].strip().strip("*").strip()
    match = _ADDRESS.search(written.replace("mailto:", "       "))
    email = match.group().strip("*'.") if match else None
    before = _ENDS.split(written, maxsplit=1)[0] if match else written
    if match and match.start() < len(before):
        before = before[: match.start()]
    name = before.strip().strip("\"'*;,").strip()
    if match is None:
        name = name.partition(";")[0].strip()
    return Person(name=name if name and name != email else None, email=email)


def is_robot(someone: Person) -> bool:
    """Whether an address belongs to a machine that reads no answers."""
    return (someone.email or "").casefold().startswith(_ROBOTS)


def people(written: str) -> tuple[Person, ...]:
    """Everyone on a To or Cc line; at most a hundred."""
    written = written[:_LONGEST].strip()
    separator = ";" if ";" in written else ","
    pieces = [piece.strip() for piece in _outside_quotes(written, separator)][:100]
    found = (person(piece) for piece in pieces if piece)
    return tuple(one for one in found if one != NOBODY)


def _outside_quotes(written: str, separator: str) -> list[str]:
    pieces = [""]
    quoted = False
    for character in written:
        quoted ^= character == '"'
        if character == separator and not quoted:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces
