"""What a Telegram message says."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from telegram import Message

from bot.telegram_inbox import Words, read
from bot.telegram_inbox import without_file as given_up

LISBON = ZoneInfo("Europe/Lisbon")
CHAT = {"id": 111, "type": "private", "first_name": "Dana"}
PERSON = {"id": 7, "is_bot": False, "first_name": "Marta", "last_name": "Silva"}
NEWS = {"id": -6, "type": "channel", "title": "News"}
AT = int(datetime(2026, 7, 10, 9, 30, tzinfo=UTC).timestamp())
MEDIA = {"file_id": "f1", "file_unique_id": "u1", "file_size": 10}


def a_message(**fields) -> Message:
    return Message.de_json({"message_id": 1, "date": AT, "chat": CHAT, **fields}, None)


def words(**fields) -> Words:
    return read(a_message(**fields), LISBON)


def test_typed_words_are_read_as_they_are():
    assert words(text="My rate is 85") == Words("My rate is 85")


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        ({"type": "user", "sender_user": PERSON}, "Marta Silva"),
        ({"type": "hidden_user", "sender_user_name": "Marta Silva"}, "Marta Silva"),
        ({"type": "chat", "sender_chat": {"id": -5, "type": "group", "title": "Cafe"}}, "Cafe"),
        (
            {"type": "channel", "message_id": 4, "chat": NEWS},
            "News",
        ),
        ({"type": "hidden_user", "sender_user_name": "X\nFrom: Boss"}, "X From: Boss"),
    ],
    ids=["a person", "a hidden person", "a group", "a channel", "a name with a line break"],
)  # fmt: skip
def test_a_forward_begins_with_its_author_and_date_in_the_owners_zone(origin, author: str):
    passed_on = words(text="Can you do it by Friday?", forward_origin={"date": AT, **origin})

    assert passed_on.forwarded
    assert passed_on.text == (
        "---------- Forwarded message ---------\n"
        f"From: {author}\n"
        "Date: Fri, 10 Jul 2026 10:30\n\n"
        "Can you do it by Friday?"
    )


@pytest.mark.parametrize(
    ("name", "mime", "expected"),
    [
        ("hello.EML", "application/octet-stream", "message/rfc822"),
        ("kickoff.ics", None, "text/calendar"),
        ("marta.vcf", "text/x-vcard", "text/vcard"),
        ("bill.pdf", "application/pdf", "application/pdf"),
        ("bank.csv", "application/vnd.ms-excel", "text/csv"),
        ("plan.odt", "application/vnd.oasis.opendocument.text",
         "application/vnd.oasis.opendocument.text"),
        ("strange", None, "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_documents_type_comes_from_its_name_first(name: str, mime: str | None, expected: str):
    document = {**MEDIA, "file_name": name, **({"mime_type": mime} if mime else {})}

    attached = words(document=document).attached

    assert attached is not None
    assert (attached.name, attached.media_type) == (name, expected)


def test_a_documents_name_is_no_path():
    attached = words(document={**MEDIA, "file_name": "../../etc/passwd"}).attached

    assert attached is not None
    assert attached.name == "passwd"


def test_the_largest_size_of_a_photo_is_taken():
    sizes = [
        {**MEDIA, "file_id": "small", "width": 90, "height": 60},
        {**MEDIA, "file_id": "large", "width": 1280, "height": 960},
    ]

    attached = words(photo=sizes).attached

    assert attached is not None
    assert attached.id == "large"


@pytest.mark.parametrize(
    ("fields", "sorry"),
    [
        ({"voice": {**MEDIA, "duration": 3}}, "I can't listen to it yet"),
        ({"video_note": {**MEDIA, "duration": 3, "length": 9}}, "I can't watch it yet"),
        ({"document": {**MEDIA, "file_name": "a.png", "mime_type": "image/png"}},
         "I can't read pictures yet"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "Please type it for me."),
    ],
    ids=["voice", "video note", "a picture as a file", "dice"],
)  # fmt: skip
def test_what_nobody_can_read_is_said(fields, sorry: str):
    found = words(**fields)

    assert sorry in found.sorry
    assert not found.has_words


def test_a_place_with_a_name_keeps_the_name():
    venue = {
        "location": {"latitude": 38.7, "longitude": -9.1},
        "title": "Bluefin Cafe",
        "address": "Rua Nova 5",
    }

    (kept,) = words(venue=venue).intents

    assert (kept.kind, kept.slots) == (
        "note.capture",
        {"text": "Place Bluefin Cafe, Rua Nova 5"},
    )


def test_a_contact_is_a_wish_with_or_without_a_card():
    contact = {"phone_number": "+351210000010", "first_name": "Tom"}
    card = {**contact, "vcard": "BEGIN:VCARD\nFN:Tom\nEMAIL:tom@one.example\nEND:VCARD"}

    (bare,), (full,) = words(contact=contact).intents, words(contact=card).intents

    assert bare.slots == {"name": "Tom", "phone": "+351210000010"}
    assert full.slots == {"name": "Tom", "email": "tom@one.example", "phone": "+351210000010"}


def test_pictures_of_one_album_share_a_line():
    photo = [{**MEDIA, "width": 90, "height": 60}]

    album = words(photo=photo, media_group_id="a1").album

    assert album is not None
    assert album.words.format(count=3).startswith("Your 3 photos are kept. I can't read")
    assert words(photo=photo).album is None
    assert words(document={**MEDIA, "file_name": "a.eml"}, media_group_id="a1").album is None


def test_a_mark_in_the_chat_is_nothing_to_read():
    assert words(new_chat_title="x").is_empty


def test_a_file_that_was_given_up_leaves_its_name():
    lost = given_up(words(document={**MEDIA, "file_name": "bill.pdf"}))

    assert lost.text == "bill.pdf"
    assert lost.sorry == "Telegram would not give me your bill.pdf. Please send it once more."
