"""Envelope: the headers and parts of a raw mail, within limits, whatever the bytes are."""

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import errors, headerregistry
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32, default
from typing import cast

from agents.readers import characters, people
from memory.records.letter import Attachment, Person

LARGEST_BYTES = 25_000_000
DEEPEST_PART = 20
MOST_PARTS = 200
_MOST_LINES = 1_000_000
_HEADERS_OF_TOO_LARGE = 64_000
"""Bytes that are read of a mail beyond the limits, for its headers."""
_LONGEST_HEADER = 2_000
"""Characters that are kept of one header; parsing a longer one takes too long."""
_ODD_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape"})
"""Python's own notations, slow or unsafe to decode; no mail is written in them."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_CHUNK = 65_536
_BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(RecursionError, AssertionError),
)
"""What the standard parser raises on broken input, beside its own errors. It has no list of it:
"((((" ends in a RecursionError, an empty address in an IndexError."""
_BROKEN_BASE64 = errors.InvalidBase64CharactersDefect | errors.InvalidBase64LengthDefect


class _TooMuch(Exception):
    """The mail has more parts, or deeper ones, than anybody sends."""


class _Short(Compat32):
    """Keeps the beginning of each header only."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, _, first = sourcelines[0].partition(":")
        value = "".join([first.lstrip(" \t"), *sourcelines[1:]])[:_LONGEST_HEADER]
        return name, value.replace("\0", "").rstrip("\r\n")


class Part(Message):
    """One part of a mail; the mail itself is the outermost."""

    depth: int = 0

    def attach(self, payload: "Part") -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Add a part below this one, unless that is too deep."""
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST_PART:
            raise _TooMuch("parts nested too deeply")
        super().attach(payload)

    def said(self, name: str) -> str:
        """A header as a person would read it; empty if the part has none."""
        raw = next((value for key, value in self.raw_items() if key.lower() == name), "")
        return _decoded(str(raw))

    def all_said(self, name: str) -> tuple[str, ...]:
        """Every header of one name."""
        return tuple(_decoded(str(raw)) for key, raw in self.raw_items() if key.lower() == name)


@dataclass
class Opened:
    """A mail whose parts can be walked."""

    top: Part
    defects: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Body:
    """One readable part, in one or both forms."""

    plain: str | None
    html: str | None


def open_mail(raw: bytes) -> Opened:
    """The parts of a raw mail. Never fails: what is broken or too much becomes a defect."""
    if len(raw) > LARGEST_BYTES or raw.count(b"\n") > _MOST_LINES:
        opened = _parse(_headers_only(raw))
        opened.defects.append("too large to read")
        return opened
    return _parse(raw)


def _headers_only(raw: bytes) -> bytes:
    start = raw[:_HEADERS_OF_TOO_LARGE].replace(b"\r\n", b"\n")
    return start.partition(b"\n\n")[0] + b"\n\n"


def _parse(raw: bytes) -> Opened:
    made: list[Part] = []

    def make(policy: Compat32 | None = None) -> Part:
        if len(made) > MOST_PARTS:
            raise _TooMuch("too many parts")
        part = Part(policy=policy or _Short())
        made.append(part)
        return part

    parser = BytesFeedParser(make, policy=_Short())
    made.clear()  # The parser tries its factory once before it begins.
    defects: list[str] = []
    try:
        for start in range(0, len(raw), _CHUNK):
            parser.feed(raw[start : start + _CHUNK])
        parser.close()
    except _TooMuch as excess:
        defects.append(str(excess))
    except (*_BROKEN, errors.MessageError):
        defects.append("broken mail")
    top = made[0] if made else Part(policy=_Short())
    return Opened(top, defects)


def leaves(top: Part) -> Iterator[tuple[Part, Part | None]]:
    """The parts that hold content, in order, each with the alternative it belongs to.

    An attached message counts as one part; its own parts are not walked. A multipart whose
    boundary is missing counts as one part too.
    """
    waiting: list[tuple[Part, Part | None]] = [(top, None)]
    while waiting:
        part, group = waiting.pop()
        children = _parts(part)
        if part.get_content_maintype() == "multipart" and children:
            inner = group
            if part.get_content_subtype() == "alternative" and group is None:
                inner = part
            waiting.extend((child, inner) for child in reversed(children))
        else:
            yield part, group


def attached_message(part: Part) -> Part | None:
    """The message inside a message/rfc822 part."""
    if part.get_content_type() != "message/rfc822":
        return None
    return next(iter(_parts(part)), None)


def _parts(part: Part) -> list[Part]:
    """The parts right below one; none if it holds text."""
    # Without parts get_payload() would decode the text, and raises on charsets that do not exist.
    payload = cast("object", part.get_payload()) if part.is_multipart() else None
    if not isinstance(payload, list):
        return []
    return [child for child in cast("list[object]", payload) if isinstance(child, Part)]


def is_file(part: Part) -> bool:
    """Whether a part is an attachment and not something to read in place."""
    disposition = part.said("content-disposition").partition(";")[0].strip().lower()
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        return False
    return disposition == "attachment" or kind not in {"text/plain", "text/html"}


def text_of(part: Part, defects: list[str]) -> str:
    """A text part's characters, as well as its charset and encoding allow."""
    raw = bytes_of(part, defects)
    text = _characters(raw, _parameter(part, "charset"), defects)
    if _parameter(part, "format").lower() == "flowed":
        text = characters.unflow(text, delete_space=_parameter(part, "delsp").lower() == "yes")
    return text


def bytes_of(part: Part, defects: list[str]) -> bytes:
    """A part's content, transfer encoding removed. An attached message comes as its source."""
    inner = attached_message(part)
    try:
        if inner is not None:
            return inner.as_bytes()
        content = part.get_payload(decode=True)
    except (*_BROKEN, errors.MessageError):
        defects.append("broken part")
        return b""
    if any(isinstance(fault, _BROKEN_BASE64) for fault in part.defects):
        defects.append("broken part")
    return content if isinstance(content, bytes) else b""


def attachment_of(part: Part, content: bytes) -> Attachment:
    """The description of an attached file."""
    kind = part.get_content_type()
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name")
    inner = attached_message(part)
    if not name and inner is not None:
        name = f"{inner.said('subject') or 'message'}.eml"
    name, _ = characters.tidy(name)
    return Attachment(
        name=" ".join(name.replace("\\", "/").rpartition("/")[2].split())[:200] or "unnamed",
        media_type=kind,
        size_bytes=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )


def people_in(part: Part, name: str) -> tuple[Person, ...]:
    """Everyone named in an address header."""
    parsed = _parsed(part, name)
    if isinstance(parsed, headerregistry.AddressHeader):
        found = [
            Person(
                name=characters.tidy(_decoded(address.display_name))[0] or None,
                email=address.addr_spec if address.username and address.domain else None,
            )
            for address in parsed.addresses
        ]
        if any(one.email for one in found):
            return tuple(one for one in found if one != people.NOBODY)
    return people.people(" ".join(part.said(name).split()))


def moment_of(part: Part) -> datetime | None:
    """The Date header; "-0000" counts as UTC."""
    parsed = _parsed(part, "date")
    if not isinstance(parsed, headerregistry.DateHeader) or parsed.datetime is None:
        return None
    stamp = parsed.datetime
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp


def ids_in(part: Part, *names: str) -> tuple[str, ...]:
    """The message ids in some headers, each once, in order."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(part.said(name) for name in names))))


def _parsed(part: Part, name: str) -> headerregistry.BaseHeader | None:
    raw = next((str(value) for key, value in part.raw_items() if key.lower() == name), "")
    value = _real(" ".join(raw.split()))
    try:
        return default.header_factory(name, value) if value else None
    except (*_BROKEN, errors.MessageError):
        return None


def _decoded(raw: str) -> str:
    """A header's text: encoded words decoded, bytes without a charset read as UTF-8."""
    value = _real(" ".join(raw.split()))
    if "=?" in value:
        try:
            value = str(make_header(decode_header(value)))
        except (ValueError, LookupError, errors.MessageError):
            return " ".join(value.split())
    text, _ = characters.tidy(value)
    return " ".join(text.split())


def _real(value: str) -> str:
    """Text whose undecoded bytes are read as UTF-8, or else as Western European."""
    return _characters(value.encode("utf-8", "surrogateescape"), "", [])


def _characters(raw: bytes, charset: str, defects: list[str]) -> str:
    for name in dict.fromkeys((charset, "utf-8")):
        decode = _decoder(name)
        if decode is None:
            continue
        try:
            return decode(raw)
        except ValueError:
            if name == charset:
                defects.append("wrong character set")
    return raw.decode("windows-1252", "replace")


def _decoder(charset: str) -> Callable[[bytes], str] | None:
    name = charset.strip("\"' ").lower()
    if name in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        # Mails say so and mean the Windows set, as browsers know too.
        name = "utf-8" if "ascii" in name else "windows-1252"
    try:
        known = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return None
    if not known or known.replace("-", "_") in _ODD_CHARSETS:
        return None

    def decode(raw: bytes) -> str:
        try:
            return raw.decode(known)
        except LookupError as error:
            raise ValueError("not a text encoding") from error

    return decode


def _parameter(part: Part, name: str, header: str = "content-type") -> str:
    try:
        found = part.get_param(name, "", header)
    except (*_BROKEN, errors.MessageError):
        return ""
    if isinstance(found, tuple):
        charset, _, value = found  # RFC 2231: one character for each byte.
        return _characters(value.encode("latin-1", "replace"), charset or "", [])
    return _decoded(str(found))
