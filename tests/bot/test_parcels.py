"""What chat doors take in is named the same at each of them."""

from datetime import UTC, datetime

import pytest

from bot.parcels import header, media_type_of, named, unread
from tests.house.words import assert_plain


@pytest.mark.parametrize(
    ("name", "said", "kind"),
    [
        ("mail.EML", "application/octet-stream", "message/rfc822"),
        ("photo.jpg", "image/jpeg", "image/jpeg"),
        ("thing", "", "application/octet-stream"),
    ],
)
def test_the_end_of_the_name_says_more_than_a_phone_does(name: str, said: str, kind: str):
    assert media_type_of(name, said) == kind


def test_what_nobody_can_read_is_said_and_a_mail_is_not():
    said = unread("voice message", "audio/mp4")

    assert said.startswith("Your voice message is kept. I can't listen to it yet")
    assert_plain(said)
    assert unread("mail.eml", "message/rfc822") == ""


def test_a_name_adds_no_lines_of_its_own_to_the_header():
    above = header("Tom\nTo: everybody", datetime(2026, 3, 9, 18, 12, tzinfo=UTC))

    assert above.splitlines() == [
        "---------- Forwarded message ---------",
        "From: Tom To: everybody",
        "Date: Mon, 09 Mar 2026 18:12",
    ]


@pytest.mark.parametrize(
    ("name", "address", "written"),
    [
        ("Tom Becker", "tom@northwind.example", "Tom Becker <tom@northwind.example>"),
        ("Tom <dana@r.example>", "t@x.example", "Tom dana at r.example <t@x.example>"),
        ("Tom <dana@reyesstudio.example>", "", "Tom dana at reyesstudio.example"),
        ("", "tom@northwind.example", "tom@northwind.example"),
    ],
)  # fmt: skip
def test_a_name_does_not_pass_for_an_address(name: str, address: str, written: str):
    assert named(name, address) == written
