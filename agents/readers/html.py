"""HTML to text: what a person sees of an HTML mail, line by line.

One pass over the parser's events, without a tree: time and memory grow with the input only,
however deep it nests. Quoted blocks come out with "> " before each line, as in plain mails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

# lxml ships no types; `_Parser` says what is used of it.
from lxml import (
    etree,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
)

from agents.readers import characters, visibility
from agents.readers.visibility import Look

_BLOCKS = frozenset(
    {"address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "header", "html", "li", "main", "nav", "section", "tr", "caption"}
)
_SPACED = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"}
)
_CELLS = frozenset({"td", "th"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_QUOTES = ("gmail_quote", "protonmail_quote", "yahoo_quoted", "moz-cite")
_SIGNATURES = ("gmail_signature", "moz-signature", "ms-outlook-mobile-signature")
RULE = "_" * 32
"""How a horizontal line comes out: as Outlook writes it in plain text."""
DEEPEST_QUOTE = 20


def to_text(markup: str) -> tuple[str, str]:
    """What a person sees of a page, and the text in it that nobody could see.

    Scripts, comments and the page's title count as neither. Never fails: what cannot be parsed
    gives what was read up to there.
    """
    page = _Page()
    parser = _parser(page)
    try:
        parser.feed(markup.encode("utf-8", "replace").decode("utf-8").replace("\0", ""))
        parser.close()
    except SyntaxError:  # lxml's own error is one.
        page.close()
    text, smuggled = characters.tidy("\n".join(page.lines))
    hidden, _ = characters.tidy("\n".join([*page.hidden, smuggled]))
    return text, hidden


class _Parser(Protocol):
    def feed(self, data: str) -> None: ...
    def close(self) -> None: ...


def _parser(page: "_Page") -> _Parser:
    # Without huge_tree libxml2 stops reading at 256 nested elements.
    made = etree.HTMLParser(target=page, huge_tree=True)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("_Parser", made)


@dataclass
class _Element:
    tag: str
    look: Look
    quotes: bool = False
    is_silent: bool = False
    is_verbatim: bool = False
    is_spaced: bool = False
    """A blank line belongs before and after it."""
    counter: int | None = None
    """Number of the last item, in a numbered list."""


@dataclass
class _Page:
    """Receives the parser's events and writes lines."""

    lines: list[str] = field(default_factory=list[str])
    hidden: list[str] = field(default_factory=list[str])
    _open: list[_Element] = field(default_factory=lambda: [_Element("", Look())])
    _sheet: visibility.Sheet = field(default_factory=dict[str, dict[str, str]])
    _line: list[str] = field(default_factory=list[str])
    _css: list[str] = field(default_factory=list[str])
    _depth: int = 0
    _depth_above: int = 0
    """Of the line before."""
    _wants_blank: bool = False
    _wants_gap: bool = False

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        tag = tag.casefold()
        if tag == "br":
            self._break(keep_empty=True)
        elif tag == "hr":
            self._break()
            self._add(RULE)
            self._break()
        if tag in _VOID:
            return
        around = self._open[-1]
        element = _Element(
            tag,
            visibility.within(around.look, tag, attrib, self._sheet),
            quotes=_is_quote(tag, attrib),
            is_silent=around.is_silent or tag in _SILENT,
            is_verbatim=around.is_verbatim or tag == "pre" or "pre" in _white_space(attrib),
            is_spaced=tag in _SPACED and not (tag == "p" and _is_tight(attrib)),
            counter=0 if tag == "ol" else None,
        )
        if tag in _SPACED or tag in _BLOCKS:
            self._break()
            self._wants_blank = self._wants_blank or element.is_spaced
        self._depth += element.quotes
        self._open.append(element)
        if tag == "li":
            self._add_bullet()
        if element.look.is_seen and _is_signature(attrib):
            self._mark_signature()

    def end(self, tag: str) -> None:
        tag = tag.casefold()
        if tag in _VOID or len(self._open) < 2:
            return
        element = self._open.pop()
        if element.tag == "style":
            self._sheet.update(visibility.sheet_of("".join(self._css)))
            self._css.clear()
        if tag in _CELLS:
            self._wants_gap = True
        elif tag in _SPACED or tag in _BLOCKS:
            self._break()
            self._wants_blank = self._wants_blank or element.is_spaced
        self._depth -= element.quotes

    def data(self, data: str) -> None:
        element = self._open[-1]
        if element.tag == "style":
            self._css.append(data)
        elif element.is_silent:
            return
        elif not element.look.is_seen:
            self._hide(data)
        elif element.is_verbatim:
            first, *others = data.split("\n")
            self._add(first)
            for line in others:
                self._break(keep_empty=True)
                self._add(line)
        else:
            text = _BLANKS.sub(" ", data)
            self._add(text if self._line else text.lstrip(" "))

    def comment(self, text: str) -> None:
        """Say nothing about comments: every mail program leaves some."""

    def close(self) -> None:
        self._break()

    def _add(self, text: str) -> None:
        if not text:
            return
        if self._wants_gap and self._line and text.strip():
            self._line.append("  ")
        self._wants_gap = self._wants_gap and not text.strip()
        self._line.append(text)

    def _add_bullet(self) -> None:
        numbered = next((one for one in reversed(self._open) if one.tag in {"ol", "ul"}), None)
        if numbered is None or numbered.counter is None:
            self._add("- ")
            return
        numbered.counter += 1
        self._add(f"{numbered.counter}. ")

    def _mark_signature(self) -> None:
        """Write the line that separates a signature in plain mails, unless the page has one."""
        self._break()
        last = next((line for line in reversed(self.lines[-3:]) if line.strip("> ")), "")
        if last.strip("> ") != "--":
            self._add("-- ")
            self._break()

    def _break(self, *, keep_empty: bool = False) -> None:
        text = "".join(self._line).strip(" ") if self._line else ""
        self._line.clear()
        self._wants_gap = False
        prefix = "> " * min(self._depth, DEEPEST_QUOTE)
        if text or keep_empty:
            if self._wants_blank and self.lines and text:
                self.lines.append("> " * min(self._depth, self._depth_above, DEEPEST_QUOTE))
            self._wants_blank = False
            self.lines.append(prefix + text)
            self._depth_above = self._depth

    def _hide(self, data: str) -> None:
        text = _BLANKS.sub(" ", data).strip("\u00a0\u200b\u200c\u200d\u034f\u00ad\ufeff ")
        if text:
            self.hidden.append(text)


def _is_quote(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag != "blockquote":
        return False
    named = attributes.get("class", "").casefold()
    return attributes.get("type", "").casefold() == "cite" or any(one in named for one in _QUOTES)


def _is_signature(attributes: Mapping[str, str]) -> bool:
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}".casefold().split()
    return any(one in named for one in _SIGNATURES)


def _is_tight(attributes: Mapping[str, str]) -> bool:
    """Whether a paragraph is drawn without space around it, as Outlook draws every line."""
    style = attributes.get("style", "").replace(" ", "").casefold()
    return "msonormal" in attributes.get("class", "").casefold() or "margin:0" in style


def _white_space(attributes: Mapping[str, str]) -> str:
    style = attributes.get("style", "").replace(" ", "").casefold()
    _, found, rest = style.partition("white-space:")
    return rest[:12] if found else ""
