"""The folder on a real IMAP server."""

import pytest

from bot.mailbox_folder import MailboxFolder, Place
from memory.config import Imap as ImapConfig
from memory.errors import Refused, Unavailable
from tests.doubles.imap import DOVECOT, Dovecot, Imap

SERVERS = [Imap, Dovecot] if DOVECOT.exists() else [Imap]
START = Place(0, 0)


def a_mail(number: int) -> bytes:
    return f"Subject: {number}\r\n\r\nHello\r\n".encode()


@pytest.fixture(scope="module", params=SERVERS, ids=lambda one: one.__name__)
def server(request):
    with request.param() as imap:
        yield imap


@pytest.fixture
def imap(server):
    server.recreate("Steward")
    return server


@pytest.fixture
def folder(imap):
    made = MailboxFolder(settings(imap))
    yield made
    made.hang_up()


def settings(imap, **changes) -> ImapConfig:
    given = {
        "host": imap.host,
        "port": imap.port,
        "username": imap.username,
        "password": imap.password,
        "security": "none",
    }
    return ImapConfig.model_validate(given | changes)


def test_new_mails_come_oldest_first_and_once(imap, folder):
    imap.deliver("Steward", a_mail(1))
    imap.deliver("Steward", a_mail(2))
    first, second = folder.beyond(START)
    imap.deliver("Steward", a_mail(3))

    (third,) = folder.beyond(second)

    assert [folder.content(one) for one in (first, second, third)] == [
        a_mail(1), a_mail(2), a_mail(3),
    ]  # fmt: skip
    assert folder.beyond(third) == ()


def test_reading_leaves_a_mail_unseen_and_marking_shows_it(imap, folder):
    uid = imap.deliver("Steward", a_mail(1))
    (mail,) = folder.beyond(START)
    folder.content(mail)
    before = imap.flags("Steward")[uid]

    folder.mark_seen(mail)

    assert (before, imap.flags("Steward")[uid]) == (frozenset(), frozenset({"\\Seen"}))


def test_a_folder_made_anew_is_read_from_the_start(imap, folder):
    imap.deliver("Steward", a_mail(1))
    (before,) = folder.beyond(START)
    imap.recreate("Steward")
    imap.deliver("Steward", a_mail(2))
    folder.hang_up()

    (after,) = folder.beyond(before)

    assert after.validity != before.validity
    assert folder.content(after) == a_mail(2)


def test_a_mail_that_is_no_longer_there_is_none(imap, folder):
    imap.deliver("Steward", a_mail(1))
    (mail,) = folder.beyond(START)

    assert folder.content(Place(mail.validity, mail.uid + 1)) is None


def test_a_folder_that_is_missing_is_made(imap):
    folder = MailboxFolder(settings(imap, folder="Fresh"))

    assert folder.beyond(START) == ()

    folder.hang_up()
    with imap.mailbox() as box:
        assert box.folder.exists("Fresh")
        box.folder.delete("Fresh")


def test_a_refused_password_says_whose_and_what_to_do(imap):
    with pytest.raises(Refused) as told:
        MailboxFolder(settings(imap, password="wrong")).beyond(START)

    assert told.value.sentence == "Your mail server refused the password for dana."
    assert "config.toml" in told.value.hint


def test_a_server_that_is_gone_is_told_as_such():
    nobody = {"host": "127.0.0.1", "port": 1, "username": "dana", "security": "none"}

    with pytest.raises(Unavailable) as told:
        MailboxFolder(ImapConfig.model_validate(nobody)).beyond(START)

    assert told.value.sentence == "I can't reach your mail server 127.0.0.1."


def test_a_dropped_connection_is_made_again(imap, folder):
    folder.beyond(START)
    box = folder._box
    assert box is not None
    box.client.shutdown()
    with pytest.raises(Unavailable):
        folder.beyond(START)

    imap.deliver("Steward", a_mail(1))

    assert len(folder.beyond(START)) == 1


def test_a_place_is_read_as_it_was_written():
    assert Place.read(str(Place(1700000000, 12))) == Place(1700000000, 12)
    assert Place.read(None) == Place(0, 0)
