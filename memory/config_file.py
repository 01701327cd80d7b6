"""Puts single settings into config.toml; the owner's comments, order and layout stay."""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from memory.config import Config, load
from memory.errors import Misconfigured, Refused, Unavailable

Where = tuple[str, ...]
"""Section, deeper sections and key: ("mail", "smtp", "host")."""
Value = str | int | float | None
"""None takes the setting out; its line stays as a comment without the value."""

_HEADER = re.compile(r"\s*\[([\w.-]+)\]\s*(?:#.*)?")
_SLEEPING_HEADER = re.compile(r"\s*#\s*\[([\w.-]+)\]\s*(?:#.*)?")
_KEY = re.compile(
    r"""(?P<before>\s*(?P<key>[\w-]+)\s*=\s*)
    (?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#\[{][^#\n]*?)
    (?P<after>\s*(?:\#.*)?)""",
    re.VERBOSE,
)
_SLEEPING_KEY = re.compile(r"\s*#\s*(?P<key>[\w-]+)\s*=[^#]*(?P<after>#.*)?")
_HIDDEN = "(taken out)"


def keep(file: Path, settings: Mapping[Where, Value]) -> Config:
    """Write settings into the file, which is made when it is not there; mode 0600, in one piece.

    Returns:
        The whole configuration as it is read from now on, environment included.

    Raises:
        Refused: The file is laid out in a way we can't change safely; it stays as it was.
        Misconfigured: The settings, or the file around them, are wrong; it stays as it was.
        Unavailable: The file can't be written.
    """
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
    except OSError as error:
        raise _unwritten(file, error) from error
    return write(file, changed(before, settings))


def write(file: Path, text: str) -> Config:
    """Put the text in the file's place once our own settings have read it; as `keep`."""
    try:
        return _replaced(file, text)
    except OSError as error:
        raise _unwritten(file, error) from error


def changed(text: str, settings: Mapping[Where, Value]) -> str:
    """The text with these settings in it.

    Raises:
        Refused: They could not be put in without touching anything else.
    """
    lines = text.splitlines()
    for where, value in settings.items():
        lines = _put(lines, where[:-1], where[-1], value)
    after = "\n".join(lines) + "\n"
    try:
        right = tomllib.loads(after) == _expected(tomllib.loads(text), settings)
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        names = ", ".join(f"[{'.'.join(where[:-1])}] {where[-1]}" for where in settings)
        raise Refused(
            "I can't change config.toml safely: it is laid out in a way of its own.",
            hint=f"Put it in by hand ({names}), and start me again.",
        )
    return after


def _replaced(file: Path, text: str) -> Config:
    """Put the text in the file's place once our own settings have read it."""
    # a link stays a link: what it points at is replaced
    file.parent.mkdir(parents=True, exist_ok=True)
    target = file.resolve()
    # such a file is made with mode 0600
    with tempfile.NamedTemporaryFile(
        "w", dir=target.parent, prefix=".config-", suffix=".toml", delete=False, encoding="utf-8"
    ) as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    place = Path(draft.name)
    try:
        config = load(place)
    except Misconfigured as wrong:
        place.unlink()
        faults = tuple(one.replace(str(place), str(file)) for one in wrong.faults)
        raise Misconfigured(faults) from None
    place.replace(target)
    return config


def _put(lines: list[str], section: Where, key: str, value: Value) -> list[str]:
    begin = _begin(lines, section)
    if begin is None:
        if value is None:
            return lines
        lines, begin = _opened(lines, section)
    end = next((at for at in range(begin, len(lines)) if _is_border(lines[at])), len(lines))
    spot = next((at for at in range(begin, end) if _key_of(lines[at]) == key), None)
    if spot is not None:
        return [*lines[:spot], _rewritten(lines[spot], key, value), *lines[spot + 1 :]]
    if value is None:
        return lines
    return _inserted(lines, begin, end, f"{key} = {_written(value)}", key)


def _inserted(lines: list[str], begin: int, end: int, line: str, key: str) -> list[str]:
    """A new line in the place of its sleeping twin, else after the section's last setting."""
    for at in range(begin, end):
        sleeping = _SLEEPING_KEY.fullmatch(lines[at])
        if sleeping and sleeping["key"] == key:
            note = f"  {sleeping['after']}" if sleeping["after"] else ""
            return [*lines[:at], line + note, *lines[at + 1 :]]
    filled = [at for at in range(begin, end) if _key_of(lines[at])]
    spot = filled[-1] + 1 if filled else begin
    return [*lines[:spot], line, *lines[spot:]]


def _begin(lines: list[str], section: Where) -> int | None:
    """The first line inside a section."""
    for at, line in enumerate(lines):
        header = _HEADER.fullmatch(line)
        if header and tuple(header[1].split(".")) == section:
            return at + 1
    return None


def _opened(lines: list[str], section: Where) -> tuple[list[str], int]:
    """The lines with a header for the section, where it sleeps or at the end; the next line."""
    for at, line in enumerate(lines):
        header = _SLEEPING_HEADER.fullmatch(line)
        if header and tuple(header[1].split(".")) == section:
            awake = line.replace("#", "", 1).strip()
            return [*lines[:at], awake, *lines[at + 1 :]], at + 1
    gap = [""] if lines and lines[-1].strip() else []
    made = [*lines, *gap, f"[{'.'.join(section)}]"]
    return made, len(made)


def _is_border(line: str) -> bool:
    return bool(re.match(r"\s*\[", line) or _SLEEPING_HEADER.fullmatch(line))


def _key_of(line: str) -> str | None:
    found = _KEY.fullmatch(line)
    return found["key"] if found else None


def _rewritten(line: str, key: str, value: Value) -> str:
    found = _KEY.fullmatch(line)
    if found is None:  # the caller has found the key in it
        return line
    if value is None:
        return f"# {key} = {_HIDDEN}{found['after']}"
    put = f"{found['before']}{_written(value)}"
    note = found["after"].strip()
    # the notes of a file stand in a column
    column = len(line) - len(found["after"].lstrip())
    return f"{put.ljust(column - 2)}  {note}" if note else put


def _written(value: str | float) -> str:
    if not isinstance(value, str):
        return str(value)
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    plain = "".join(
        escapes.get(one, one if one.isprintable() else f"\\U{ord(one):08x}") for one in value
    )
    return f'"{plain}"'


def _expected(values: dict[str, object], settings: Mapping[Where, Value]) -> dict[str, object]:
    """What the file must say afterwards."""
    for where, value in settings.items():
        section = values
        for step in where[:-1]:
            deeper = section.get(step)
            if deeper is None:
                if value is None:
                    break
                deeper = section[step] = {}
            if not isinstance(deeper, dict):
                return {}
            section = cast("dict[str, object]", deeper)
        else:
            if value is None:
                section.pop(where[-1], None)
            else:
                section[where[-1]] = value
    return values


def _unwritten(file: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"I can't write {file} ({error.strerror}).",
        hint="Make it writable for me, or put the setting in by hand and start me again.",
    )
