"""Slack message to what the house takes in: words, files, and who was passed on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from bot.adapter import InboundFile
from bot.parcels import header, media_type_of, named, unread
from bot.slack_client import Declined, SlackClient
from bot.slack_json import Json, parts, words
from bot.slack_text import plain

LARGEST_BYTES = 25 * 1024 * 1024
_PIECE_BYTES = 256 * 1024
_FINE = 200
_CALLED = {"slack_audio": "voice message", "slack_video": "video clip"}


@dataclass(frozen=True)
class Attached:
    """A file that Slack holds for us."""

    address: str
    """Where it is; empty when Slack does not say."""
    name: str
    media_type: str
    size_bytes: int
    called: str
    """What the owner calls it: "voice message", or the file's name."""


@dataclass(frozen=True)
class Words:
    """What a message says, before its files are fetched."""

    text: str
    forwarded: bool = False
    attached: tuple[Attached, ...] = ()
    files: tuple[InboundFile, ...] = ()
    has_words: bool = True
    """Whether there is something to read in it."""
    sorry: str = ""
    """What to tell the owner about parts that nobody can read; empty when all of it can be."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it at all."""
        return not self.text.strip() and not self.attached and not self.files


def read(message: Json, zone: ZoneInfo) -> Words:
    """What a message in the owner's chat says.

    Args:
        zone: The owner's, for the date of what was passed on.
    """
    text = plain(words(message, "text"))
    shared = [one for one in parts(message, "attachments") if one.get("is_share")]
    said = [text] if text else []
    attached = list(_attached(message))
    for one in shared:
        above = header(named(words(one, "author_name")), moment(words(one, "ts"), zone))
        said.append(f"{above}\n{plain(words(one, 'text') or words(one, 'fallback'))}")
        attached += _attached(one)
    return _words("\n\n".join(said), attached, forwarded=bool(shared))


def passed_on(message: Json, author: str, zone: ZoneInfo) -> Words:
    """What somebody else's message says, handed to us by the owner.

    Args:
        author: Who wrote it, by name.
        zone: The owner's, for the date.
    """
    above = header(author, moment(words(message, "ts"), zone))
    text = f"{above}\n{plain(words(message, 'text'))}".rstrip()
    return _words(text, list(_attached(message)), forwarded=True)


def is_new_wording(changed: Json, before: Json) -> bool:
    """Whether somebody typed something else; Slack also tells of previews that it has added."""
    return changed.get("text") != before.get("text")


def moment(stamp: str, zone: ZoneInfo) -> datetime:
    """When a message was written, from Slack's name for it."""
    try:
        seconds = float(stamp)
    except ValueError:
        seconds = 0.0
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)


async def fetched(client: SlackClient, heard: Words) -> Words:
    """The same with the bytes of its files; what can't be had is said.

    Raises:
        Unavailable: Slack did not hand one over now.
    """
    files: list[InboundFile] = []
    sorry = [heard.sorry] if heard.sorry else []
    for one in heard.attached:
        raw, trouble = await _bytes_of(client, one)
        if raw is not None:
            files.append(InboundFile(name=one.name, media_type=one.media_type, raw=raw))
        else:
            sorry.append(trouble)
    text = heard.text
    if heard.attached and not files and not text:
        text = ", ".join(one.called for one in heard.attached)
    return replace(
        heard,
        text=text,
        files=tuple(files),
        has_words=heard.has_words and bool(files or heard.text),
        sorry="\n".join(sorry),
    )


def without_files(heard: Words) -> Words:
    """The same, given up on its files."""
    called = ", ".join(one.called for one in heard.attached)
    return replace(
        heard,
        text=heard.text or called,
        has_words=bool(heard.text),
        sorry=f"Slack would not give me your {called}. Please send it once more.",
    )


async def _bytes_of(client: SlackClient, file: Attached) -> tuple[bytes | None, str]:
    """The file's bytes, or why there are none."""
    too_large = (
        f"Your {file.called} is larger than 25 MB, more than I can take in one piece. "
        "Send it smaller, or by mail."
    )
    forbidden = (
        f"Slack does not let me read your {file.called}: the app lacks the permission files:read. "
        "Install it again with that permission, and send the file once more."
    )
    if file.size_bytes > LARGEST_BYTES:
        return None, too_large
    if not file.address:
        return None, f"Slack keeps your {file.called} from me. Please send it by mail."
    raw = bytearray()
    try:
        async with client.file(file.address) as answer:
            # Without permission Slack answers with its sign-in page, and says that all is well.
            if answer.content_type == "text/html" and file.media_type != "text/html":
                return None, forbidden
            if answer.status in (401, 403, 404):
                return None, forbidden
            if answer.status != _FINE:
                answer.raise_for_status()
            async for piece in answer.content.iter_chunked(_PIECE_BYTES):
                raw += piece
                if len(raw) > LARGEST_BYTES:
                    return None, too_large
    except Declined:
        return None, f"Your {file.called} does not lie at Slack, so I leave it alone."
    return bytes(raw), ""


def _words(text: str, attached: list[Attached], *, forwarded: bool) -> Words:
    unreadable = [unread(one.called, one.media_type) for one in attached]
    return Words(
        text,
        forwarded=forwarded,
        attached=tuple(attached),
        has_words=bool(text) or not all(unreadable),
        sorry="\n".join(one for one in unreadable if one),
    )


def _attached(message: Json) -> tuple[Attached, ...]:
    return tuple(
        _file(one)
        for one in parts(message, "files")
        if one.get("mode") not in ("tombstone", "hidden_by_limit")
    )


def _file(file: Json) -> Attached:
    name = PurePath(words(file, "name") or words(file, "title") or "file").name or "file"
    said, subtype = words(file, "mimetype"), words(file, "subtype")
    # A voice clip comes as a film without pictures.
    media_type = "audio/mp4" if subtype == "slack_audio" else media_type_of(name, said)
    return Attached(
        address=words(file, "url_private_download") or words(file, "url_private"),
        name=name,
        media_type=media_type,
        size_bytes=int(words(file, "size") or 0),
        called=_CALLED.get(subtype, name),
    )
