"""What chat doors tell of what they take in: kinds of files, and who wrote what was passed on."""

from datetime import datetime
from pathlib import PurePath

_TYPES = {
    ".eml": "message/rfc822",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
"""By the end of the name, because phones send many of these as nothing in particular."""
_UNREAD = {
    "image": "I can't read pictures yet; tell me in a line what {it} {shows}.",
    "audio": "I can't listen to {them} yet; please type for me what {it} {says}.",
    "video": "I can't watch {them} yet; tell me in a line what {it} {shows}.",
}
_MANY_OF = {"image": "photos", "audio": "recordings", "video": "videos"}
_ONE = {"them": "it", "it": "it", "shows": "shows", "says": "says"}
_MANY = {"them": "them", "it": "they", "shows": "show", "says": "say"}


def media_type_of(name: str, said: str) -> str:
    """What kind of file it is.

    Args:
        said: What the platform says it is; empty when it does not say.
    """
    known = _TYPES.get(PurePath(name).suffix.lower())
    return known or said or "application/octet-stream"


def unread(called: str, media_type: str, *, has_words: bool = False) -> str:
    """What to tell the owner about a file that nobody here can read; empty when somebody can.

    Args:
        has_words: Whether the owner wrote something beside it.
    """
    why = _UNREAD.get(media_type.partition("/")[0])
    if why and has_words:
        cannot = why.partition(";")[0].format(**_ONE)
        return f"Your {called} is kept. {cannot}; I go by your words."
    return f"Your {called} is kept. {why.format(**_ONE)}" if why else ""


def album_words(media_type: str) -> str:
    """The line about several such files, with {count} for how many; empty for what can be read."""
    kind = media_type.partition("/")[0]
    why = _UNREAD.get(kind)
    return f"Your {{count}} {_MANY_OF[kind]} are kept. {why.format(**_MANY)}" if why else ""


def named(name: str, address: str = "") -> str:
    """Somebody as a header writes them. A name can't pass for an address: people choose theirs."""
    name = name.replace("<", "").replace(">", "").replace("@", " at ").strip()
    return f"{name} <{address}>" if name and address else name or address


def header(author: str, written: datetime) -> str:
    """Author and date as mail programs write them above what is passed on; our reader knows it.

    Args:
        author: The name as the platform has it; a stranger's choice.
        written: When it was written, in the owner's zone.
    """
    # A name must not add lines of its own to the header.
    return (
        "---------- Forwarded message ---------\n"
        f"From: {' '.join(author.split()) or 'unknown'}\n"
        f"Date: {written:%a, %d %b %Y %H:%M}\n"
    )
