"""What is wrong with a configuration: one sentence a fault, with the line to fix."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic_core import ErrorDetails

Where = tuple[str, ...]
"""Section, deeper sections and key: ("mail", "smtp", "host")."""

_SAYS: dict[str, Callable[[Mapping[str, object]], str]] = {
    "missing": lambda _: "is missing",
    "string_type": lambda _: 'write a text in quotes, such as "this"',
    "int_type": lambda _: "write a whole number",
    "int_parsing": lambda _: "write a whole number",
    "int_from_float": lambda _: "write a whole number",
    "float_type": lambda _: "write a number, such as 30.0",
    "float_parsing": lambda _: "write a number, such as 30.0",
    "finite_number": lambda _: "write a number, such as 30.0",
    "decimal_type": lambda _: 'write an amount, such as "5.00"',
    "decimal_parsing": lambda _: 'write an amount, such as "5.00"',
    "greater_than": lambda limits: f"must be more than {limits['gt']}",
    "greater_than_equal": lambda limits: f"must be at least {limits['ge']}",
    "less_than_equal": lambda limits: f"must be at most {limits['le']}",
    "literal_error": lambda limits: f"write {str(limits['expected']).replace(chr(39), chr(34))}",
    "model_type": lambda _: "is a section; write its name in square brackets on its own line",
    "dict_type": lambda _: "is a section; write its name in square brackets on its own line",
}
"""The sentence for each of pydantic's kinds of error; what is missing here speaks for itself."""


def sentence(error: ErrorDetails, known: tuple[str, ...]) -> str:
    """What is wrong with one setting.

    Args:
        error: As pydantic found it.
        known: The names that would be right in its place.
    """
    if error["type"] == "extra_forbidden":
        meant = get_close_matches(str(error["loc"][-1]), known, n=1)
        guess = f'; did you mean "{meant[0]}"?' if meant else "."
        return f"there is no such {'setting' if len(error['loc']) > 1 else 'section'}{guess}"
    says = _SAYS.get(error["type"])
    said = says(error.get("ctx", {})) if says else error["msg"].removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:]}."


def place(file: Path | None, text: str, where: Where) -> str:
    """Where to fix a setting that the file holds, or lacks."""
    line = line_of(text, where)
    spot = f"{file}, line {line}: " if file and line else f"{file}: " if file else ""
    *sections, key = where
    return f"{spot}[{'.'.join(sections)}] {key}" if sections else f"{spot}{key}"


def line_of(text: str, where: Where) -> int | None:
    """The line of a key in its section, else of the section, counting from 1."""
    section: Where = ()
    best = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            section = _names(header[1])
            if section and section in (where, where[:-1]):
                best = best or number
            continue
        key = re.match(r"""\s*([\w."'-]+)\s*=""", line)
        if key is None:
            continue
        named = (*section, *_names(key[1]))
        if named == where or named == (*where[:-1], f"{where[-1]}_file"):
            return number
        if named == where[: len(named)] or named[:-1] == where[:-1] != section:
            best = best or number
    return best


def _names(dotted: str) -> Where:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
