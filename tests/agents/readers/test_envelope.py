"""Envelope: headers and parts, whatever the bytes are."""

import pytest

from agents.readers import envelope
from memory.records.letter import Person

TWO_PARTS = (
    b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    b"--b\nContent-Type: text/plain; charset=%s\nContent-Transfer-Encoding: %s\n\n%s\n--b--\n"
)


def text_of(charset: bytes, content: bytes, encoding: bytes = b"8bit") -> tuple[str, list[str]]:
    opened = envelope.open_mail(TWO_PARTS % (charset, encoding, content))
    ((part, _),) = envelope.leaves(opened.top)
    return envelope.text_of(part, opened.defects), opened.defects


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        (b"utf-8", "£5".encode(), "£5"),
        (b"iso-8859-1", b"\x80 5", "€ 5"),
        (b"us-ascii", "£5".encode(), "£5"),
        (b"no-such-set", "£5".encode(), "£5"),
        (b"idna", b"xn--a", "xn--a"),
    ],
)
def test_text_is_read_in_the_set_that_was_meant(charset: bytes, content: bytes, text: str):
    assert text_of(charset, content) == (text, [])


def test_a_wrong_set_is_named_and_the_text_is_kept():
    assert text_of(b"utf-8", b"caf\xe9") == ("café", ["wrong character set"])


def test_broken_base64_is_named():
    assert text_of(b"utf-8", b"SGVsbG8hX", b"base64")[1] == ["broken part"]


@pytest.mark.parametrize("charset", [b"w\xaandows", b"a\0b", b"=?x?q?y?=", b"*"])
def test_a_set_that_cannot_exist_costs_no_text(charset: bytes):
    assert text_of(charset, "£5 for café".encode())[0] == "£5 for café"


def test_an_encoded_word_in_a_set_that_cannot_exist_stays_as_it_came():
    opened = envelope.open_mail(b"Subject: =?w\xaandows?q?caf=E9?= Tom\n\nx")

    assert opened.top.said("subject").endswith("Tom")


def test_a_multipart_without_its_boundary_is_one_part():
    opened = envelope.open_mail(b"Content-Type: multipart/mixed\n\nHello")

    ((part, _),) = envelope.leaves(opened.top)

    assert envelope.text_of(part, opened.defects) == "Hello"


def test_an_attached_message_is_one_part():
    opened = envelope.open_mail(b"Content-Type: message/rfc822\n\nSubject: Inner\n\nHello")

    ((part, _),) = envelope.leaves(opened.top)
    inner = envelope.attached_message(part)

    assert inner is not None
    assert inner.said("subject") == "Inner"
    assert envelope.attachment_of(part, b"x").name == "Inner.eml"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"Tom <tom@x.example>", (Person(name="Tom", email="tom@x.example"),)),
        (b"=?utf-8?q?Zo=C3=AB?= <z@x.example>", (Person(name="Zoë", email="z@x.example"),)),
        (b"Tom <tom@x.example", (Person(name="Tom", email="tom@x.example"),)),
        (b"Dr. Tom, Chief <tom@x.example>", (Person(name="Chief", email="tom@x.example"),)),
        (b"(" * 1_500, (Person(name="(" * 1_000, email=None),)),
        (b"", ()),
    ],
)
def test_people_are_read_from_good_and_broken_headers(header: bytes, found: tuple[Person, ...]):
    opened = envelope.open_mail(b"From: " + header + b"\n\nx")

    named = envelope.people_in(opened.top, "from")

    assert [one.email for one in named] == [one.email for one in found]


def test_a_file_name_keeps_no_folders():
    opened = envelope.open_mail(b'Content-Type: a/b; name="..\\\\..//etc/passwd"\n\nx')

    assert envelope.attachment_of(opened.top, b"x").name == "passwd"


def test_message_ids_come_once_and_in_order():
    opened = envelope.open_mail(b"References: <a@x> <b@x>\nIn-Reply-To: <b@x>\n\nx")

    assert envelope.ids_in(opened.top, "references", "in-reply-to") == ("<a@x>", "<b@x>")


@pytest.mark.parametrize("date", [b"soon", b"Tue, 10 Mar 2026 14:03:27 +999999999999", b"9" * 99])
def test_a_date_that_names_no_day_is_none(date: bytes):
    assert envelope.moment_of(envelope.open_mail(b"Date: " + date + b"\n\nx").top) is None
