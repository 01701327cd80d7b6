"""Telegram message to what the house takes in: words, files, and who was passed on."""

from dataclasses import dataclass, replace
from pathlib import PurePath
from zoneinfo import ZoneInfo

from telegram import (
    Bot,
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)
from telegram.error import BadRequest, TelegramError

from bot.adapter import InboundFile
from bot.parcels import album_words, header, media_type_of, unread
from bot.vcards import contact_intent, contacts_in
from jobs.outbox import Album
from memory.errors import Unavailable
from memory.records.intent import Intent

LARGEST_BYTES = 20_000_000
"""More than this Telegram does not hand to a bot."""


@dataclass(frozen=True)
class Attached:
    """A file that Telegram holds for us."""

    id: str
    name: str
    media_type: str
    size_bytes: int | None
    called: str
    """What the owner calls it: "photo", or the file's name."""


@dataclass(frozen=True)
class Words:
    """What a message says, before its file is fetched."""

    text: str
    forwarded: bool = False
    attached: Attached | None = None
    files: tuple[InboundFile, ...] = ()
    has_words: bool = True
    """Whether there is something to read in it, a caption say."""
    sorry: str = ""
    """What to tell the owner about a part that nobody can read; empty when all of it can be."""
    album: Album | None = None
    """What was sent together with it, and is told of in the same line."""
    intents: tuple[Intent, ...] = ()
    """What it wants, where Telegram says so itself."""
    is_empty: bool = False
    """Nothing but a mark in the chat: somebody pinned a message, say."""


def read(message: Message, zone: ZoneInfo) -> Words:
    """What a message says.

    Args:
        zone: The owner's, for the date of what was passed on.
    """
    text = message.text or message.caption or ""
    words = _content(message, text)
    if message.forward_origin is None:
        return words
    origin = message.forward_origin
    above = header(_author(origin), origin.date.astimezone(zone))
    return replace(words, text=f"{above}\n{words.text}".rstrip(), forwarded=True)


async def fetched(bot: Bot, words: Words) -> Words:
    """The same with the bytes of its file.

    Raises:
        Unavailable: Telegram did not hand it over now.
    """
    file = words.attached
    if file is None:
        return words
    if file.size_bytes is not None and file.size_bytes > LARGEST_BYTES:
        return _too_large(words, file)
    try:
        raw = bytes(await (await bot.get_file(file.id)).download_as_bytearray())
    except BadRequest as error:
        if "too big" in error.message.lower():
            return _too_large(words, file)
        raise Unavailable("Telegram did not hand me the file.") from error
    except TelegramError as error:
        raise Unavailable("Telegram did not hand me the file.") from error
    return replace(words, files=(InboundFile(name=file.name, media_type=file.media_type, raw=raw),))


def without_file(words: Words) -> Words:
    """The same, given up on the file."""
    file = words.attached
    if file is None:
        return words
    return replace(
        words,
        text=words.text or file.called,
        sorry=f"Telegram would not give me your {file.called}. Please send it once more.",
    )


def _content(message: Message, text: str) -> Words:
    attached = _attached(message)
    if attached is not None:
        return Words(
            text,
            attached=attached,
            has_words=bool(text),
            sorry=unread(attached.called, attached.media_type, has_words=bool(text)),
            album=_album(message, attached),
        )
    if message.contact is not None:
        contact = message.contact
        name = f"{contact.first_name} {contact.last_name or ''}".strip()
        card = InboundFile(
            name=f"{name}.vcf", media_type="text/vcard", raw=(contact.vcard or "").encode()
        )
        said = f"Save contact {name}, {contact.phone_number}"
        files = (card,) if contact.vcard else ()
        found = contacts_in(files) or (contact_intent(name, phone=contact.phone_number),)
        if len(found) == 1:
            slots = {"phone": contact.phone_number, **found[0].slots}
            found = (found[0].model_copy(update={"slots": slots}),)
        return Words(said, files=files, intents=found)
    if message.venue is not None:
        return _place(f"{message.venue.title}, {message.venue.address}")
    if message.location is not None:
        return _place(f"{message.location.latitude}, {message.location.longitude}")
    if message.sticker is not None:
        sorry = "A sticker has no words that I could act on, so I leave it at that."
        return Words(message.sticker.emoji or "sticker", has_words=False, sorry=sorry)
    if text:
        return Words(text)
    if (
        message.poll
        or message.dice
        or message.game
        or message.story
        or message.effective_attachment
    ):
        sorry = "I can't read that kind of message yet. Please type it for me."
        return Words("a kind of message nobody here can read", has_words=False, sorry=sorry)
    return Words("", is_empty=True)


def _place(where: str) -> Words:
    kept = Intent(kind="note.capture", slots={"text": f"Place {where}"})
    return Words(f"Place {where}", intents=(kept,))


def _attached(message: Message) -> Attached | None:
    if message.photo:
        photo = message.photo[-1]
        return Attached(photo.file_id, "photo.jpg", "image/jpeg", photo.file_size, "photo")
    for media, name, media_type, called in (
        (message.voice, "voice.oga", "audio/ogg", "voice message"),
        (message.audio, "audio.mp3", "audio/mpeg", "recording"),
        (message.video, "video.mp4", "video/mp4", "video"),
        (message.video_note, "video.mp4", "video/mp4", "video"),
        (message.animation, "animation.mp4", "video/mp4", "video"),
    ):
        if media is not None:
            return Attached(media.file_id, name, media_type, media.file_size, called)
    document = message.document
    if document is None:
        return None
    name = PurePath(document.file_name or "file").name or "file"
    media_type = media_type_of(name, document.mime_type or "")
    return Attached(document.file_id, name, media_type, document.file_size, name)


def _album(message: Message, file: Attached) -> Album | None:
    """The album that a picture or film came in; other files are read one by one."""
    words = album_words(file.media_type)
    if not words or message.media_group_id is None:
        return None
    return Album(name=f"telegram:{message.media_group_id}", words=words)


def _too_large(words: Words, file: Attached) -> Words:
    return replace(
        words,
        text=words.text or file.called,
        sorry=f"Your {file.called} is larger than 20 MB, more than Telegram gives me. "
        "Send it smaller, or by mail.",
    )


def _author(origin: MessageOrigin) -> str:
    name = ""
    if isinstance(origin, MessageOriginUser):
        name = origin.sender_user.full_name
    elif isinstance(origin, MessageOriginHiddenUser):
        name = origin.sender_user_name
    elif isinstance(origin, MessageOriginChat):
        name = origin.author_signature or origin.sender_chat.title or ""
    elif isinstance(origin, MessageOriginChannel):
        name = origin.author_signature or origin.chat.title or ""
    return name
