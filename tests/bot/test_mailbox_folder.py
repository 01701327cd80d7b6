"""The folder on a real IMAP server."""

import threading
import time

import pytest

from bot.mailbox_folder import MailboxFolder, Place
from memory.access_tokens import AccessTokens
from memory.config import Imap as ImapConfig
from memory.config import OAuth
from memory.errors import Refused, Unavailable
from tests.doubles.certificates import authority, certificate
from tests.doubles.imap import DOVECOT, Dovecot, Imap
from tests.doubles.oauth import TokenServer
from tests.doubles.tls_front import TlsFront

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

    assert folder.contents((first, second, third)) == {
        first: a_mail(1), second: a_mail(2), third: a_mail(3),
    }  # fmt: skip
    assert folder.beyond(third) == ()


def test_reading_leaves_a_mail_unseen_and_marking_shows_it(imap, folder):
    uid = imap.deliver("Steward", a_mail(1))
    (mail,) = folder.beyond(START)
    folder.contents((mail,))
    before = imap.flags("Steward")[uid]

    folder.mark_seen((mail,))

    assert (before, imap.flags("Steward")[uid]) == (frozenset(), frozenset({"\\Seen"}))


def test_a_folder_made_anew_is_read_from_the_start(imap, folder):
    imap.deliver("Steward", a_mail(1))
    (before,) = folder.beyond(START)
    imap.recreate("Steward")
    imap.deliver("Steward", a_mail(2))
    folder.hang_up()

    (after,) = folder.beyond(before)

    assert after.validity != before.validity
    assert folder.contents((after,)) == {after: a_mail(2)}


def test_a_mail_that_is_no_longer_there_is_left_out(imap, folder):
    imap.deliver("Steward", a_mail(1))
    (mail,) = folder.beyond(START)
    gone = Place(mail.validity, mail.uid + 1)

    assert folder.contents((mail, gone)) == {mail: a_mail(1)}
    assert folder.sizes((mail, gone)) == {mail: len(a_mail(1))}


def test_many_mails_are_marked_at_once(imap, folder):
    for number in range(5):
        imap.deliver("Steward", a_mail(number))
    mails = folder.beyond(START)

    folder.mark_seen(mails[:3])

    seen = [uid for uid, flags in imap.flags("Steward").items() if "\\Seen" in flags]
    assert seen == [str(one.uid) for one in mails[:3]]


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
    assert "Settings, Mail" in told.value.hint


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


def test_the_server_says_when_a_mail_comes(imap, folder):
    folder.beyond(START)
    later = threading.Timer(0.3, imap.deliver, ("Steward", a_mail(1)))
    later.start()
    began = time.monotonic()

    told = folder.wait(20)

    later.join()
    assert told
    assert 0.2 < time.monotonic() - began < 2
    assert len(folder.beyond(START)) == 1


def test_a_mail_that_came_just_before_the_wait_is_not_slept_over(imap, folder):
    folder.beyond(START)
    imap.deliver("Steward", a_mail(1))
    began = time.monotonic()

    assert folder.wait(20)
    assert time.monotonic() - began < 2
    assert len(folder.beyond(START)) == 1


def test_the_wait_ends_by_itself_and_the_connection_stays(imap, folder):
    folder.beyond(START)
    assert folder.wait(0.1)
    box = folder._box

    assert folder.wait(0.1)
    assert folder._box is box


def test_whoever_waits_is_woken_when_the_door_closes(folder):
    folder.beyond(START)
    closing = threading.Timer(0.2, folder.close)
    closing.start()
    began = time.monotonic()

    with pytest.raises(Unavailable):
        folder.wait(20)

    closing.join()
    assert time.monotonic() - began < 2


def test_a_closed_door_does_not_connect_again(folder):
    folder.close()

    with pytest.raises(Unavailable):
        folder.beyond(START)


if DOVECOT.exists():

    def test_a_server_that_cannot_tell_is_known_by_its_word():
        with Dovecot(idles=False) as imap:
            folder = MailboxFolder(settings(imap))

            assert not folder.wait(20)

            folder.close()

    def test_a_mail_server_that_takes_no_password_takes_a_token_until_it_is_withdrawn():
        with (
            TokenServer() as provider,
            Dovecot(introspection_url=provider.introspection_url) as imap,
        ):
            tokens = AccessTokens(OAuth.model_validate(provider.settings))
            folder = MailboxFolder(settings(imap, password="", auth="xoauth2"), tokens)
            assert folder.beyond(START) == ()
            folder.hang_up()

            stale = MailboxFolder(
                settings(imap, password="", auth="xoauth2"),
                AccessTokens(OAuth.model_validate({"access_token": "made-up"})),
            )
            with pytest.raises(Refused) as refused:
                stale.beyond(START)
            provider.withdrawn = True
            with pytest.raises(Refused) as told:
                folder.beyond(START)

        assert refused.value.sentence == "Your mail server refused the access token for dana."
        assert "[mail.oauth]" in refused.value.hint
        assert told.value.sentence == "Your mail server refused the access token for dana."


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    return folder, authority(folder)


@pytest.mark.parametrize(
    ("flaw", "security", "words"),
    [
        ("none", "tls", None),
        ("none", "starttls", None),
        ("another name", "tls", "shows a certificate for another name"),
        ("another name", "starttls", "shows a certificate for another name"),
        ("expired", "tls", "shows a certificate that has expired"),
        ("nobody's", "tls", "shows a certificate that nobody I know has signed"),
    ],
)
def test_a_server_is_told_nothing_before_its_certificate_is_good(
    imap, signed, monkeypatch, flaw, security, words
):
    made, trusted = signed
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with TlsFront(imap.port, certificate(made, flaw), starttls=security == "starttls") as front:
        given = settings(imap, host="localhost", port=front.port, security=security)
        folder = MailboxFolder(given)
        if words is None:
            assert folder.beyond(START) == ()
            later = threading.Timer(0.2, imap.deliver, ("Steward", a_mail(1)))
            later.start()
            assert folder.wait(20)
            assert len(folder.beyond(START)) == 1
        else:
            with pytest.raises(Refused) as told:
                folder.beyond(START)
            assert told.value.sentence == (
                f"Your mail server localhost {words}, so I told it nothing."
            )
            assert told.value.hint.endswith(".")
        folder.close()
