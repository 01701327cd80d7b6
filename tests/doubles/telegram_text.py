"""Text as Telegram counts it: UTF-16 units, the entities of HTML, commands."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

JsonDict = dict[str, object]

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?")
STRAY_BRACKET = re.compile(r"<(?!/?[A-Za-z])")


class UnreadableMarkup(ValueError):
    """The text is not the markup that its sender said it was."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: what offsets count, and the strictest reading of the limits."""
    return len(text.encode("utf-16-le")) // 2


def commands_in(text: str) -> tuple[JsonDict, ...]:
    """The bot_command entities that Telegram adds to what a person types."""
    return tuple(
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in COMMAND.finditer(text)
    )


def read_html(markup: str) -> tuple[str, tuple[JsonDict, ...]]:
    """Plain text and entities of a text sent with parse_mode HTML.

    Raises:
        UnreadableMarkup: A tag is unknown, unbalanced, or a bracket stands alone.
    """
    if STRAY_BRACKET.search(markup):
        raise UnreadableMarkup("a '<' that opens no tag")
    reader = _HtmlReader()
    reader.feed(markup)
    reader.close()
    if reader.open_tags:
        raise UnreadableMarkup(f"no end tag for '{reader.open_tags[-1].tag}'")
    return reader.text, tuple(reader.entities)


@dataclass(frozen=True)
class _OpenTag:
    tag: str
    offset: int
    url: str | None
    expandable: bool


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[JsonDict] = []
        self.open_tags: list[_OpenTag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ENTITY_OF_TAG:
            raise UnreadableMarkup(f"unsupported start tag '{tag}'")
        given = dict(attrs)
        opened = _OpenTag(tag, utf16_length(self.text), given.get("href"), "expandable" in given)
        self.open_tags.append(opened)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags[-1].tag != tag:
            raise UnreadableMarkup(f"unexpected end tag '{tag}'")
        opened = self.open_tags.pop()
        length = utf16_length(self.text) - opened.offset
        if length == 0:
            return
        kind = "expandable_blockquote" if opened.expandable else ENTITY_OF_TAG[tag]
        entity: JsonDict = {"type": kind, "offset": opened.offset, "length": length}
        if tag == "a":
            entity["url"] = opened.url or ""
        self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data
