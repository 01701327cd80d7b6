"""The Sent folder: what is found in it is in test_evidence.py; here is what stands in the way."""

import pytest

from jobs.sent_folder import looked_for
from memory.config import Imap
from memory.errors import Unavailable
from tests.doubles.imap import Imap as Pymap

HEADERS = (("Message-ID", "<one@x.example>"), ("X-Steward-Key", "key_1"))


@pytest.fixture(scope="module")
def server():
    with Pymap() as one:
        yield one


def folders(server: Pymap, **settings: object) -> Imap:
    return Imap.model_validate(
        {
            "host": server.host, "port": server.port, "username": server.username,
            "password": server.password, "security": "none", **settings,
        }
    )  # fmt: skip


def test_a_mail_is_found_by_either_header_and_says_when_it_was_written(server: Pymap):
    imap = folders(server)
    assert looked_for(imap, None, HEADERS) is None

    server.deliver(
        "Sent",
        b"From: d@x.example\r\nDate: Tue, 10 Mar 2026 10:42:00 +0100\r\n"
        b"Message-ID: <one@x.example>\r\n\r\nhi\r\n",
    )

    found = looked_for(imap, None, HEADERS)
    assert found is not None
    assert found.folder == "Sent"
    assert found.at is not None
    assert found.at.isoformat() == "2026-03-10T10:42:00+01:00"


def test_a_date_that_cant_be_read_is_none(server: Pymap):
    server.deliver("Sent", b"Date: someday\r\nX-Steward-Key: key_7\r\n\r\nhi\r\n")

    found = looked_for(folders(server), None, (("X-Steward-Key", "key_7"),))

    assert found is not None
    assert found.at is None


@pytest.mark.parametrize(
    "settings",
    [{"port": 1}, {"password": "wrong"}, {"sent_folder": "Nowhere"}, {"security": "tls"}],
    ids=["nobody there", "not let in", "no such folder", "no certificate"],
)
def test_what_cant_be_looked_into_is_no_absence(server: Pymap, settings: dict[str, object]):
    with pytest.raises(Unavailable):
        looked_for(folders(server, **settings), None, HEADERS)
