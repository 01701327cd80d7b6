"""Reads an app manifest: the part of YAML that manifests are written in."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"


@dataclass(frozen=True)
class Manifest:
    """What an app may do, and what it is told of."""

    scopes: frozenset[str]
    events: frozenset[str]
    commands: frozenset[str]
    shortcuts: frozenset[str]
    features: dict[str, Any]
    settings: dict[str, Any]

    @classmethod
    def read(cls, file: Path = MANIFEST) -> "Manifest":
        made = parsed(file.read_text())
        features = made["features"]
        return cls(
            scopes=frozenset(made["oauth_config"]["scopes"]["bot"]),
            events=frozenset(made["settings"]["event_subscriptions"]["bot_events"]),
            commands=frozenset(one["command"] for one in features["slash_commands"]),
            shortcuts=frozenset(one["callback_id"] for one in features["shortcuts"]),
            features=features,
            settings=made["settings"],
        )


def parsed(text: str) -> Any:
    """Maps, lists and plain words, by their indentation."""
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found, rest = _block(lines, lines[0][0])
    assert rest == [], f"not read: {rest[:3]}"
    return found


def _block(lines: list[tuple[int, str]], depth: int) -> tuple[Any, list[tuple[int, str]]]:
    items: list[Any] = []
    pairs: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        if lines[0][1].startswith("- "):
            # an item is a block of its own, two columns further in
            lines = [(depth + 2, lines[0][1][2:]), *lines[1:]]
            item, lines = _item(lines, depth + 2)
            items.append(item)
            continue
        name, _, value = lines[0][1].partition(":")
        lines = lines[1:]
        if value.strip():
            pairs[name] = _word(value.strip())
        else:
            pairs[name], lines = _block(lines, lines[0][0])
    return items or pairs, lines


def _item(lines: list[tuple[int, str]], depth: int) -> tuple[Any, list[tuple[int, str]]]:
    if ": " in lines[0][1]:
        return _block(lines, depth)
    return _word(lines[0][1]), lines[1:]


def _word(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return value.strip('"')
