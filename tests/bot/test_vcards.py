"""Address book entries as phones really share them."""

import pytest

from bot.adapter import InboundFile
from bot.vcards import contacts_in

IPHONE = b"""BEGIN:VCARD\r
VERSION:3.0\r
N:Silva;Marta;;;\r
FN:Marta Silva\r
ORG:Bluefin Cafe\\, Lda;Front\r
TEL;TYPE=CELL,VOICE:+351 210 000 010\r
item1.EMAIL;type=INTERNET:Marta@bluefincafe.example\r
item1.X-ABLabel:_$!<Work>!$_\r
END:VCARD\r
"""
ANDROID = b"""BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85str=C3=B6m;J=
an;;;
TEL;CELL:070 123 45 67
END:VCARD
"""


def vcf(raw: bytes, name: str = "a.vcf", media_type: str = "text/vcard") -> tuple[InboundFile, ...]:
    return (InboundFile(name=name, media_type=media_type, raw=raw),)


@pytest.mark.parametrize(
    ("raw", "slots"),
    [
        (
            IPHONE,
            {
                "name": "Marta Silva",
                "email": "Marta@bluefincafe.example",
                "phone": "+351 210 000 010",
                "company": "Bluefin Cafe, Lda",
            },
        ),
        (ANDROID, {"name": "Jan Åström", "phone": "070 123 45 67"}),
        (
            b'BEGIN:VCARD\nFN:B\nTEL;VALUE=uri;TYPE="voice,home":tel:+1-202\nEND:VCARD',
            {"name": "B", "phone": "+1-202"},
        ),
        (
            b"BEGIN:VCARD\nORG:Harbor Yoga\nEND:VCARD",
            {"name": "Harbor Yoga", "company": "Harbor Yoga"},
        ),
    ],
    ids=["iphone", "android", "4.0", "a company"],
)
def test_an_entry_is_a_wish_to_keep_it(raw: bytes, slots: dict[str, str]):
    (found,) = contacts_in(vcf(raw))

    assert (found.kind, found.slots) == ("contact.save", slots)


def test_every_entry_of_a_file_is_taken():
    found = contacts_in(vcf(IPHONE + ANDROID, name="All.VCF", media_type="text/plain"))

    assert [one.slots["name"] for one in found] == ["Marta Silva", "Jan Åström"]


@pytest.mark.parametrize("raw", [b"", b"BEGIN:VCARD\nTEL:1\nEND:VCARD", b"\xff\xfe" * 50])
def test_what_names_nobody_is_no_contact(raw: bytes):
    assert contacts_in(vcf(raw)) == ()


def test_other_files_are_no_address_book():
    assert contacts_in(vcf(IPHONE, name="a.txt", media_type="text/plain")) == ()


def test_a_name_cannot_add_lines():
    (found,) = contacts_in(vcf(b"BEGIN:VCARD\nFN:Marta\\nApproved\nEND:VCARD"))

    assert found.slots["name"] == "Marta Approved"
