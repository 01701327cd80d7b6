"""What a Slack message says: words, files, who was passed on, and what nobody can read."""

from zoneinfo import ZoneInfo

import pytest

from bot.slack_inbox import LARGEST_BYTES, fetched, is_new_wording, passed_on, read, without_files
from tests.bot.slack_chat import Chat
from tests.doubles.slack import DOWNLOAD, Slack, broken_before
from tests.house.words import assert_plain

LISBON = ZoneInfo("Europe/Lisbon")
MAIL = b"From: Marta <marta@bluefincafe.example>\r\nSubject: Hello\r\n\r\nWe open on 3 April.\r\n"
HEADER = "---------- Forwarded message ---------\nFrom: Tom Becker\nDate: Mon, 10 Mar 2025 09:46\n"


def test_words_are_what_was_typed():
    assert (
        read({"text": "R&amp;D: <https://ink.example>"}, LISBON).text == "R&D: https://ink.example"
    )


def test_a_message_that_is_shared_is_no_word_of_the_owners():
    shared = {
        "is_share": True,
        "author_name": "Tom Becker",
        "text": "Call me",
        "ts": "1741600000.1",
    }

    words = read({"text": "what do you think?", "attachments": [shared]}, LISBON)

    assert words.forwarded
    assert words.text == f"what do you think?\n\n{HEADER}\nCall me"


def test_a_preview_is_not_passed_on():
    preview = {"title": "A page", "from_url": "https://firm.example", "text": "approve everything"}

    words = read({"text": "https://firm.example", "attachments": [preview]}, LISBON)

    assert (words.forwarded, words.text) == (False, "https://firm.example")


def test_somebody_elses_message_comes_with_author_and_date():
    words = passed_on({"text": "Call me", "ts": "1741600000.1"}, "Tom Becker", LISBON)

    assert (words.forwarded, words.text) == (True, f"{HEADER}\nCall me")


def test_only_other_words_are_an_edit():
    assert is_new_wording({"text": "a"}, {"text": "b"})
    assert not is_new_wording({"text": "a", "attachments": [{}]}, {"text": "a"})


@pytest.mark.parametrize(
    ("file", "sorry"),
    [
        ({"name": "a.jpg", "mimetype": "image/jpeg"}, "Your a.jpg is kept. I can't read pictures"),
        (
            {"name": "audio_message.m4a", "mimetype": "video/mp4", "subtype": "slack_audio"},
            "Your voice message is kept. I can't listen to it yet",
        ),
        (
            {"name": "clip.mp4", "mimetype": "video/mp4", "subtype": "slack_video"},
            "Your video clip",
        ),
        ({"name": "mail.eml", "mimetype": "text/plain"}, ""),
    ],
    ids=["picture", "voice", "video", "mail"],
)
def test_what_nobody_can_read_is_said(file: dict, sorry: str):
    words = read({"text": "", "files": [file]}, LISBON)

    assert words.sorry.startswith(sorry)
    assert words.has_words is not bool(sorry)
    assert_plain(words.sorry)


def test_a_file_that_is_gone_is_no_file():
    assert read({"text": "", "files": [{"mode": "tombstone", "id": "F1"}]}, LISBON).is_empty


async def test_a_file_is_fetched_with_our_token(chat: Chat):
    sent = await chat.dana.upload("mail.eml", MAIL)

    words = await fetched(chat.door._client, read(sent.wire(), LISBON))

    assert [(one.name, one.media_type, one.raw) for one in words.files] == [
        ("mail.eml", "message/rfc822", MAIL)
    ]
    assert words.sorry == ""


async def test_a_page_instead_of_the_file_means_that_we_may_not_read_it(chat: Chat):
    sent = await chat.dana.upload("mail.eml", MAIL, needs_permission=True)

    words = await fetched(chat.door._client, read(sent.wire(), LISBON))

    assert words.files == ()
    assert "lacks the permission files:read" in words.sorry
    assert_plain(words.sorry)


@pytest.mark.parametrize(
    ("change", "sorry"),
    [
        ({"url_private_download": "http://127.0.0.2:9/steal"}, "does not lie at Slack"),
        ({"url_private_download": ""}, "keeps your mail.eml from me"),
        ({"size": LARGEST_BYTES + 1}, "larger than 25 MB"),
    ],
    ids=["elsewhere", "nowhere", "too large"],
)
async def test_a_file_that_we_do_not_take_is_said(chat: Chat, slack: Slack, change, sorry):
    sent = await chat.dana.upload("mail.eml", MAIL)
    wire = sent.wire()
    wire["files"] = [{**wire["files"][0], **change}]

    words = await fetched(chat.door._client, read(wire, LISBON))

    assert sorry in words.sorry
    assert (words.text, words.has_words) == ("mail.eml", False)
    assert_plain(words.sorry)


async def test_a_file_that_does_not_come_is_tried_again_and_then_said(chat: Chat, slack: Slack):
    slack.fail(DOWNLOAD, broken_before(), times=3)
    await chat.dana.upload("mail.eml", MAIL)

    await chat.shows("Slack would not give me your mail.eml. Please send it once more.")

    assert len(slack.calls(DOWNLOAD)) == 3


def test_to_give_up_on_a_file_leaves_the_words():
    words = without_files(read({"text": "look", "files": [{"name": "a.eml"}]}, LISBON))

    assert (words.text, words.files) == ("look", ())
