"""Slack's way of writing texts: what we send is escaped, what comes is made plain again."""

import re

_MARKED = re.compile(r"<([^<>]*)>")
_AT_HOME = ("!here", "!channel", "!everyone")


def escaped(text: str) -> str:
    """A text in which nothing is a mention or a link, however it is worded."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """What a person typed, from what Slack made of it: links, addresses, mentions, entities."""
    shown = _MARKED.sub(lambda found: _shown(found[1]), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def length(text: str) -> int:
    """Length as Slack may count it at most: a sign beyond the usual ones counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _shown(marked: str) -> str:
    target, _, label = marked.partition("|")
    if target.startswith("@"):
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith(_AT_HOME):
        return f"@{target[1:]}"
    if target.startswith("!"):
        return label or target[1:]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, target) or address.endswith(f"//{label}"):
        return address if not label or target.startswith("http") else label
    return f"{label} ({address})"
