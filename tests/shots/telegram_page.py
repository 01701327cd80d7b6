"""A Telegram chat as its owner's phone shows it: what the server holds, and nothing else.

What a message brings that is not known here raises, so that no picture leaves anything out.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.doubles.telegram_account import Account, Button, File, Message, Press
from tests.doubles.telegram_text import JsonDict
from tests.shots.paper import box, element, escaped, picture, sheet, size_in_words

_STYLES = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "bot_command": "span",
    "text_link": "span",
}
_KINDS = {"bot_command": "link", "text_link": "link", "expandable_blockquote": "folds"}
_LINKS = re.compile(r"(?<!\S)/[a-z0-9_]{1,64}\b|https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""What the clients themselves make a link of, in any text."""
_FIELDS = frozenset({"contact", "forward_origin", "media_group_id", "text", "entities"})
_BARS = (5, 9, 14, 8, 17, 22, 12, 6, 15, 20, 11, 7, 13, 18, 9, 5, 10, 16, 8, 6, 12, 7, 4)


def telegram_page(
    account: Account,
    messages: Sequence[Message],
    zone: ZoneInfo,
    *,
    begins: bool = False,
    popup: Press | None = None,
) -> str:
    """A page with these messages of a chat.

    Args:
        zone: Where the phone is.
        begins: Whether the first message is the chat's first: above it stands who the bot is.
        popup: A press whose answer is on the screen.
    """
    parts = [_about(account)] if begins else []
    day = ""
    for one in messages:
        at = one.at.astimezone(zone)
        if (written := f"{at.day} {at:%B}") != day:
            parts.append(box("day", element("span", written)))
            day = written
        parts.append(_message(one, at))
    head = box("head", box("avatar", "S"), box("names", box("name", "Steward"), box("sub", "bot")))
    return sheet("telegram", head, box("chat", *parts), _popup(popup), _field(account))


def styled(text: str, entities: Sequence[JsonDict]) -> str:
    """A text with its entities as HTML; offsets count UTF-16 units.

    Raises:
        LookupError: An entity that is not known here.
    """
    raw = text.encode("utf-16-le")
    spans = [(_int(one["offset"]), _int(one["offset"]) + _int(one["length"])) for one in entities]
    whole = "".join(
        _styled(one, _cut(raw, begin, end)) if one is not None else _linked(_cut(raw, begin, end))
        for begin, end, one in _pieces(len(raw) // 2, entities, spans)
    )
    # what stands apart as a block brings its own line breaks
    return re.sub(
        r"\n?(<(?:blockquote|pre)\b.*?</(?:blockquote|pre)>)\n?", r"\1", whole, flags=re.S
    )


def _about(account: Account) -> str:
    said = account.profile["SetMyDescription"]["description"]
    return box("about", element("b", "What can this bot do?"), box("", escaped(str(said))))


def _pieces(
    length: int, entities: Sequence[JsonDict], spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int, JsonDict | None]]:
    """The text in order, each piece with its entity."""
    found: list[tuple[int, int, JsonDict | None]] = []
    at = 0
    for (begin, end), one in sorted(zip(spans, entities, strict=True), key=lambda pair: pair[0]):
        if begin < at:
            raise LookupError(f"entities in each other: {entities}")
        found += [(at, begin, None), (begin, end, one)]
        at = end
    return [*found, (at, length, None)]


def _cut(raw: bytes, begin: int, end: int) -> str:
    return raw[2 * begin : 2 * end].decode("utf-16-le")


def _styled(entity: JsonDict, text: str) -> str:
    kind = str(entity["type"])
    if kind not in _STYLES:
        raise LookupError(f"an entity that no picture shows: {kind}")
    return element(_STYLES[kind], escaped(text), _KINDS.get(kind, ""))


def _linked(text: str) -> str:
    return _LINKS.sub(
        lambda found: element("span", found[0], "link"), escaped(text).replace("&#x27;", "'")
    )


def _message(message: Message, at: datetime) -> str:
    unknown = message.fields.keys() - _FIELDS
    if unknown:
        raise LookupError(f"a message brings what no picture shows: {sorted(unknown)}")
    side = "theirs" if message.is_from_bot else "mine"
    shows_edit = message.edited_at is not None and not message.face.keyboard
    clock = f"{'edited ' if shows_edit else ''}{at:%H:%M}"
    stamp = element("span", clock + _ticks(side), "stamp")
    text = styled(message.text, message.entities)
    # the time stands beside the reaction, else at the end of the last line
    ends = element("span", message.reaction, "reaction") if message.reaction else text
    parts = (
        _origin(message),
        _quoted(message.reply_to),
        _file(message.file),
        _contact(message),
        box("text", text) if message.reaction else "",
        box("seen" if message.reaction else "text", ends, stamp),
    )
    return box(f"row {side}", box("bubble", *parts), _keyboard(message.face.keyboard))


def _ticks(side: str) -> str:
    return element("span", "✓✓", "ticks") if side == "mine" else ""


def _origin(message: Message) -> str:
    origin = message.fields.get("forward_origin")
    if origin is None:
        return ""
    assert isinstance(origin, dict)
    sender = origin.get("sender_user")
    name = origin.get("sender_user_name")
    if isinstance(sender, dict):
        name = f"{sender['first_name']} {sender.get('last_name', '')}".strip()
    return box("origin", "Forwarded from ", element("b", escaped(str(name))))


def _quoted(message: Message | None) -> str:
    if message is None:
        return ""
    first = message.text.partition("\n")[0] or (message.file.name if message.file else "Contact")
    sender = box("who", escaped(message.sender.name))
    return box("quoted", sender, box("line", escaped(first)))


def _file(file: File | None) -> str:
    if file is None:
        return ""
    if file.kind == "photo":
        return picture(file.content, "image/jpeg", "photo")
    if file.kind == "voice":
        bars = "".join(f'<i style="height:{height}px"></i>' for height in _BARS)
        return box("file", box("icon", "▶"), box("", box("bars", bars), box("sub", "0:03")))
    if file.kind == "document":
        name = box("name", escaped(file.name))
        size = box("sub", size_in_words(len(file.content)))
        return box("file", box("icon", "↓"), box("", name, size))
    raise LookupError(f"a file that no picture shows: {file.kind}")


def _contact(message: Message) -> str:
    contact = message.fields.get("contact")
    if contact is None:
        return ""
    assert isinstance(contact, dict)
    name = f"{contact['first_name']} {contact.get('last_name', '')}".strip()
    words = box("", box("name", escaped(name)), box("sub", escaped(str(contact["phone_number"]))))
    return box("file", box("icon", escaped(name[:1])), words)


def _keyboard(rows: Sequence[Sequence[Button]]) -> str:
    return box(
        "keyboard",
        *(
            box("keys", *(element("span", escaped(one.label), "key whole") for one in row))
            for row in rows
        ),
    )


def _popup(press: Press | None) -> str:
    if press is None or not press.answer:
        return ""
    return box("popup" if press.is_alert else "toast", escaped(press.answer))


def _field(account: Account) -> str:
    menu = account.profile.get("SetChatMenuButton")
    button = box("menu", "☰ Menu") if menu else ""
    return box("field", button, box("hint", "Message"))


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
