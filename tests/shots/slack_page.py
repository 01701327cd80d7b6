"""A chat with an app as Slack shows it on a phone: what the server holds, and nothing else.

A block that is not known here raises, so that no picture leaves anything out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.doubles.slack_blocks import Json, plain
from tests.doubles.slack_workspace import BOT_USER, File, Message, Workspace
from tests.shots.paper import box, element, escaped, sheet, size_in_words

_EMOJI = {"ok_hand": "👌", "eyes": "👀", "white_check_mark": "✅"}
_STYLES = {"primary": "key primary", "danger": "key danger", None: "key"}
_RICH = {
    "rich_text_section": "div",
    "rich_text_quote": "blockquote",
    "rich_text_preformatted": "pre",
}


def slack_page(workspace: Workspace, messages: Sequence[Message], zone: ZoneInfo) -> str:
    """A page with these messages of a chat.

    Args:
        zone: Where the phone is.
    """
    parts: list[str] = []
    day = ""
    for one in messages:
        at = datetime.fromtimestamp(float(one.ts), UTC).astimezone(zone)
        if (written := f"{at:%A}, {at.day} {at:%B}") != day:
            parts.append(box("day", element("span", written)))
            day = written
        answers = [other for other in messages if other.thread_ts == one.ts]
        if not one.thread_ts:
            parts.append(_message(workspace, one, at, answers))
    head = box("head", box("avatar", "S"), box("names", box("name", "Steward"), box("sub", "App")))
    return sheet("slack", head, box("chat", *parts), box("field", box("hint", "Message Steward")))


def blocks(given: Sequence[Json]) -> str:
    """Blocks as HTML.

    Raises:
        LookupError: A block, or a part of one, that is not known here.
    """
    return "".join(_block(one) for one in given)


def _block(block: Json) -> str:
    kind = block["type"]
    if kind == "header":
        return box("header", _text(block["text"]))
    if kind == "section":
        _only(block, "type", "text", "block_id")
        return box("text", _text(block["text"]))
    if kind == "context":
        return box("context", *(box("", _text(one)) for one in block["elements"]))
    if kind == "divider":
        return box("divider", " ")
    if kind == "actions":
        return box("keys", *(_button(one) for one in block["elements"]))
    if kind == "rich_text":
        return "".join(_rich(one) for one in block["elements"])
    raise LookupError(f"a block that no picture shows: {kind}")


def _text(text: Json) -> str:
    if text["type"] != "plain_text":
        raise LookupError(f"a text that no picture shows: {text['type']}")
    return escaped(text["text"])


def _button(one: Json) -> str:
    if one["type"] != "button":
        raise LookupError(f"a control that no picture shows: {one['type']}")
    return element("span", _text(one["text"]), _STYLES[one.get("style")] + " whole")


def _rich(part: Json) -> str:
    words = part["elements"]
    if part["type"] not in _RICH or any(one["type"] != "text" for one in words):
        raise LookupError(f"rich text that no picture shows: {part}")
    return element(_RICH[part["type"]], "".join(escaped(one["text"]) for one in words))


def _message(
    workspace: Workspace, message: Message, at: datetime, answers: Sequence[Message]
) -> str:
    is_ours = message.user == BOT_USER
    name = "Steward" if is_ours else str(workspace.people[message.user]["profile"]["real_name"])
    top = box(
        "top",
        element("b", escaped(name)),
        element("span", "APP", "app") if is_ours else "",
        element("span", f"{at:%H:%M}", "sub"),
    )
    only = box("only", "Only visible to you") if message.only_for else ""
    body = blocks(message.blocks) if message.blocks else box("text", escaped(plain(message.source)))
    edited = box("sub", "(edited)") if message.edits else ""
    if message.attachments:
        raise LookupError("an attachment that no picture shows")
    seen = box("reactions", *(element("span", f"{_EMOJI[one]} 1") for one in message.reactions))
    files = "".join(_file(one) for one in message.files)
    more = f"{len(answers)} {'reply' if len(answers) == 1 else 'replies'}" if answers else ""
    face = box("face ours" if is_ours else "face", escaped(name[:1]))
    parts = (only, top, body, edited, files, seen, box("thread", more))
    return box("message", face, box("body", *parts))


def _file(file: File) -> str:
    words = box("", box("name", escaped(file.name)), box("sub", size_in_words(len(file.raw))))
    return box("file", box("icon", "▤"), words)


def _only(block: Json, *known: str) -> None:
    if unknown := block.keys() - set(known):
        raise LookupError(f"a part of a block that no picture shows: {sorted(unknown)}")
