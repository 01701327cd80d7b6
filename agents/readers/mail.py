"""Mail: raw bytes to a Letter."""

from agents.readers import alternatives, characters, envelope, html, peel, people
from agents.readers.envelope import Opened, Part
from agents.readers.people import NOBODY
from memory.records.letter import NO_MAIL, Attachment, Letter, Person

_MOST_ATTACHED = 5
"""Messages attached inside attached messages that are followed."""
_LONGEST_PART = 2_000_000
"""Characters of one part that are read: the largest newsletters have half of it."""
_LONGEST_TEXT = 500_000
"""Characters of a whole message that are read."""
_HEADERS = ("from", "to", "subject", "date", "message-id", "received")
"""A mail has at least one of these; text that somebody saved as a mail may have none."""
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


def read(raw: bytes) -> Letter:
    """What a mail says. Never fails: what is broken is named in `defects`."""
    opened = envelope.open_mail(raw)
    letter = _letter(opened.top, opened, _MOST_ATTACHED)
    if not any(opened.top.said(name) for name in _HEADERS) and characters.is_noise(raw):
        opened.defects.append(NO_MAIL)
    return letter.model_copy(update={"defects": tuple(dict.fromkeys(opened.defects))})


def unpack(raw: bytes) -> tuple[tuple[Attachment, bytes], ...]:
    """The files of a mail with their content, in the order of `Letter.attachments`."""
    opened = envelope.open_mail(raw)
    found: list[tuple[Attachment, bytes]] = []
    top: Part | None = opened.top
    for _ in range(_MOST_ATTACHED + 1):
        if top is None:
            break
        found.extend(_files(top, opened))
        top = _passed_on(top)
    return tuple(found)


def _letter(top: Part, opened: Opened, attached_left: int) -> Letter:
    full_text, hidden = _body(top, opened.defects)
    senders = envelope.people_in(top, "from") or envelope.people_in(top, "sender")
    if not senders:
        opened.defects.append("no sender")
    elif len(top.all_said("from")) > 1:
        opened.defects.append("more than one sender")
    if not top.said("date"):
        opened.defects.append("no date")
    elif envelope.moment_of(top) is None:
        opened.defects.append("unreadable date")
    sender = senders[0] if senders else NOBODY
    inner = _passed_on(top) if attached_left else None
    if inner is not None:
        letter = _letter(inner, opened, attached_left - 1)
        files = tuple(attachment for attachment, _ in _files(top, opened))
        return letter.model_copy(
            update={
                "sender": sender,
                "via": (letter.sender, *letter.via) if letter.forward else (),
                "owner_note": peel.note(full_text, sender),
                "forward": "attached",
                "forward_client": None,
                "attachments": (*files, *letter.attachments),
                "hidden_text": "\n".join(filter(None, [hidden, letter.hidden_text])),
                "full_text": full_text,
            }
        )
    replies = envelope.people_in(top, "reply-to")
    outer = Letter(
        author=sender,
        sender=sender,
        reply_to=replies[0] if replies else None,
        to=envelope.people_in(top, "to"),
        subject=top.said("subject"),
        message_id=next(iter(envelope.ids_in(top, "message-id")), None),
        references=envelope.ids_in(top, "references", "in-reply-to"),
        written_at=envelope.moment_of(top),
        text=full_text,
        attachments=tuple(attachment for attachment, _ in _files(top, opened)),
        hidden_text=hidden,
        automatic=_is_automatic(top, sender, has_reply_to=bool(replies)),
        full_text=full_text,
    )
    return peel.peel(outer, program=top.said("x-mailer") or top.said("user-agent"))


def _passed_on(top: Part) -> Part | None:
    """The message that a mail carries as a file, unless it is a machine's report."""
    if top.get_content_type() in {"multipart/report", "multipart/digest"} or _is_reported(top):
        return None
    found = (envelope.attached_message(part) for part, _ in envelope.leaves(top))
    return next((message for message in found if message is not None), None)


def _files(top: Part, opened: Opened) -> list[tuple[Attachment, bytes]]:
    read_in_place = _passed_on(top)
    found: list[tuple[Attachment, bytes]] = []
    for part, _ in envelope.leaves(top):
        message = envelope.attached_message(part)
        if not envelope.is_file(part) or (message is not None and message is read_in_place):
            continue
        content = envelope.bytes_of(part, opened.defects)
        found.append((envelope.attachment_of(part, content), content))
    return found


def _body(top: Part, defects: list[str]) -> tuple[str, str]:
    """All that a mail shows, and the text in it that nobody could see."""
    shown: list[str] = []
    hidden: list[str] = []
    groups: dict[int, list[Part]] = {}
    for number, (part, group) in enumerate(envelope.leaves(top)):
        if not envelope.is_file(part):
            groups.setdefault(id(group) if group is not None else -number - 1, []).append(part)
    for parts in groups.values():
        plain = [part for part in parts if part.get_content_type() != "text/html"]
        marked_up = [part for part in parts if part.get_content_type() == "text/html"]
        pages = [html.to_text(_limited(part, defects)) for part in marked_up]
        texts = [characters.tidy(_limited(part, defects)) for part in plain]
        for part, (text, _) in zip(plain, texts, strict=True):
            if text and part.get_content_maintype() == "multipart":
                defects.append("broken mail")
        hidden.extend(unseen for _, unseen in [*pages, *texts] if unseen)
        plain_text = "\n".join(text for text, _ in texts if text)
        page_text = "\n".join(text for text, _ in pages if text)
        text, unseen = alternatives.agree(plain_text, page_text)
        shown.append(text)
        hidden.append(unseen)
    whole = "\n\n".join(filter(None, shown))
    if len(whole) > _LONGEST_TEXT:
        defects.append("text cut short")
    return whole[:_LONGEST_TEXT], "\n".join(filter(None, hidden))[:_LONGEST_TEXT]


def _limited(part: Part, defects: list[str]) -> str:
    text = envelope.text_of(part, defects)
    if len(text) > _LONGEST_PART:
        defects.append("text cut short")
    return text[:_LONGEST_PART]


def _is_reported(top: Part) -> bool:
    """Whether a machine answered: an absence note or a report on a failed delivery."""
    return top.said("auto-submitted").lower() not in {"", "no"} or top.said("return-path") == "<>"


def _is_automatic(top: Part, sender: Person, *, has_reply_to: bool) -> bool:
    if _is_reported(top) or top.said("precedence").lower() in _BULK:
        return True
    if any(top.said(name) for name in ("list-id", "list-unsubscribe", "x-autoreply")):
        return True
    return people.is_robot(sender) and not has_reply_to
