"""Blocks as Slack takes and shows them: what it refuses, and what a person reads."""

import re
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

LIMITS = {"message": 50, "modal": 100, "home": 100}
LONGEST_MESSAGE = 13_200
_LINK = re.compile(r"<(https?://[^>|]+|mailto:[^>|]+)(?:\|[^>]*)?>|(https?://\S+)")
_MENTION = re.compile(r"<([@!#][^>]+)>")


def fault_in(blocks: Any, place: str) -> str:
    """Why Slack refuses these blocks; empty when it takes them."""
    if not isinstance(blocks, list) or len(blocks) > LIMITS[place]:
        return f"more than {LIMITS[place]} blocks"
    for one in blocks:
        fault = _fault(one, place)
        if fault:
            return f"{one.get('type')}: {fault}"
    if place == "message" and sum(len(one) for one in texts(blocks)) > LONGEST_MESSAGE:
        return "msg_blocks_too_long"
    return ""


def texts(blocks: Iterable[Json]) -> tuple[str, ...]:
    """What a person reads, part by part; buttons are not among it."""
    found: list[str] = []
    for one in blocks:
        kind = one["type"]
        if kind in ("section", "header"):
            found.append(_seen(one["text"]))
        elif kind == "context":
            found += [_seen(element) for element in one["elements"]]
        elif kind == "rich_text":
            found += [
                "".join(word.get("text", "") for word in part["elements"])
                for part in one["elements"]
            ]
        elif kind == "input":
            found.append(_seen(one["label"]))
    return tuple(found)


def buttons(blocks: Iterable[Json]) -> tuple[Json, ...]:
    """Every button, in order, with the block it is in."""
    return tuple(
        {**element, "block_id": one.get("block_id", "")}
        for one in blocks
        if one["type"] == "actions"
        for element in one["elements"]
        if element["type"] == "button"
    )


def live(text: str, blocks: Iterable[Json]) -> tuple[str, ...]:
    """Every mention and link that would work in a message."""
    marked = [text] if not blocks else []
    for one in blocks:
        pieces = [one.get("text"), *(one.get("elements") or ())]
        marked += [str(piece["text"]) for piece in pieces if piece and _is_marked(piece)]
        if one["type"] == "rich_text":
            marked += [
                f"<{word['type']}>"
                for part in one["elements"]
                for word in part["elements"]
                if word["type"] != "text"
            ]
    joined = "\n".join(marked)
    return tuple(
        [found[1] or found[2] for found in _LINK.finditer(joined)]
        + [found[1] for found in _MENTION.finditer(joined + "\n" + text)]
    )


def plain(text: str) -> str:
    """A text in Slack's writing as a person sees it."""
    shown = re.sub(r"<([^<>|]*)\|?([^<>]*)>", lambda found: found[2] or found[1], text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_marked(piece: Any) -> bool:
    return isinstance(piece, dict) and piece.get("type") == "mrkdwn"


def _seen(text: Json) -> str:
    return plain(text["text"]) if text["type"] == "mrkdwn" else text["text"]


def _fault(block: Json, place: str) -> str:
    kind = block.get("type")
    if kind == "divider":
        return ""
    if kind == "header":
        return _text_fault(block.get("text"), 150, plain_only=True)
    if kind == "section":
        return _text_fault(block.get("text"), 3000)
    if kind == "context":
        if not 0 < len(block["elements"]) <= 10:
            return "elements"
        return next(filter(None, (_text_fault(one, 3000) for one in block["elements"])), "")
    if kind == "rich_text":
        kinds = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}
        return "" if all(one["type"] in kinds for one in block["elements"]) else "elements"
    if kind == "actions":
        return _actions_fault(block)
    if kind == "input" and place == "modal":
        return _input_fault(block)
    return f"no such block in a {place}"


def _text_fault(text: Any, longest: int, *, plain_only: bool = False) -> str:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        return "text"
    if plain_only and text["type"] != "plain_text":
        return "only plain_text"
    length = len(text.get("text", "").encode("utf-16-le")) // 2
    return "" if 0 < length <= longest else f"{length} characters, {longest} at most"


def _actions_fault(block: Json) -> str:
    elements = block.get("elements") or []
    if not 0 < len(elements) <= 25:
        return f"{len(elements)} elements"
    ids = [one.get("action_id") for one in elements]
    if len(set(ids)) != len(ids) or any(not 0 < len(str(one)) <= 255 for one in ids):
        return "action_id"
    for one in elements:
        fault = _text_fault(one.get("text"), 75, plain_only=True)
        if fault or len(one.get("value", "")) > 2000:
            return f"button: {fault or 'value'}"
        if one.get("style") not in (None, "primary", "danger"):
            return "style"
    return ""


def _input_fault(block: Json) -> str:
    element = block.get("element") or {}
    if element.get("type") != "plain_text_input":
        return "element"
    longest = element.get("max_length", 3000)
    if longest > 3000 or len(element.get("initial_value", "")) > longest:
        return "too long"
    return _text_fault(block.get("label"), 2000, plain_only=True)
