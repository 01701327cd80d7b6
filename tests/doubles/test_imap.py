"""The IMAP servers, seen through the client that the product uses."""

import threading

import pytest
from imap_tools import MailboxLoginError, MailBoxUnencrypted, MailMessageFlags

from tests.doubles.imap import DOVECOT, Dovecot, Imap

SERVERS = [Imap, Dovecot] if DOVECOT.exists() else [Imap]
MAIL = (
    b"From: Marta <marta@bluefincafe.example>\r\n"
    b"To: dana@reyesstudio.example\r\n"
    b"Subject: =?utf-8?q?Men=C3=BA?=\r\n"
    b"Message-ID: <bf-1001@bluefincafe.example>\r\n"
    b"\r\n"
    b"We open on 3 April.\r\n"
)


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.__name__)
def server(request):
    with request.param() as imap:
        yield imap


@pytest.fixture
def imap(server):
    """The server, its folders empty."""
    for folder in ("Steward", "Sent"):
        server.recreate(folder)
    return server


def test_the_three_folders_are_there(imap):
    with imap.mailbox() as box:
        names = {folder.name for folder in box.folder.list()}

    assert {"INBOX", "Steward", "Sent"} <= names


def test_a_delivered_mail_is_read_back_as_it_was(imap):
    imap.deliver("Steward", MAIL)

    with imap.mailbox() as box:
        box.folder.set("Steward")
        (mail,) = box.fetch(mark_seen=False)

    assert (mail.from_, mail.subject) == ("marta@bluefincafe.example", "Menú")
    assert imap.mails("Steward") == (MAIL,)


def test_flags_set_by_a_client_are_seen(imap):
    starred = imap.deliver("Steward", MAIL)
    read = imap.deliver("Steward", MAIL, seen=True)
    with imap.mailbox() as box:
        box.folder.set("Steward")
        box.flag([starred], MailMessageFlags.FLAGGED, value=True)

    assert imap.flags("Steward") == {
        starred: frozenset({"\\Flagged"}),
        read: frozenset({"\\Seen"}),
    }


def test_looking_does_not_mark_as_seen(imap):
    uid = imap.deliver("Steward", MAIL)
    imap.mails("Steward")

    assert imap.flags("Steward") == {uid: frozenset()}


def test_a_mail_can_be_found_by_its_message_id(imap):
    uid = imap.deliver("Sent", MAIL)

    with imap.mailbox() as box:
        box.folder.set("Sent")
        found = box.uids('HEADER Message-ID "<bf-1001@bluefincafe.example>"')
        missing = box.uids('HEADER Message-ID "<other@bluefincafe.example>"')

    assert (found, missing) == ([uid], [])


def test_a_moved_mail_leaves_its_folder(imap):
    uid = imap.deliver("Steward", MAIL)
    with imap.mailbox() as box:
        box.folder.set("Steward")
        box.move([uid], "Sent")

    assert (len(imap.mails("Steward")), len(imap.mails("Sent"))) == (0, 1)


def test_who_waits_hears_of_a_new_mail(imap):
    with imap.mailbox() as box:
        box.folder.set("Steward")
        box.idle.start()
        delivery = threading.Thread(target=imap.deliver, args=("Steward", MAIL))
        delivery.start()
        heard = box.idle.poll(timeout=5)
        box.idle.stop()
        delivery.join()

    assert b"* 1 EXISTS" in heard


def test_uid_validity_stays_and_changes_with_a_new_folder(imap):
    before = imap.uid_validity("Steward")
    imap.deliver("Steward", MAIL)
    same = imap.uid_validity("Steward")
    imap.recreate("Steward")

    assert same == before
    assert imap.uid_validity("Steward") != before
    assert imap.mails("Steward") == ()


def test_a_wrong_password_is_refused(imap):
    box = MailBoxUnencrypted(imap.host, imap.port)

    with pytest.raises(MailboxLoginError):
        box.login(imap.username, "wrong")
    box.client.shutdown()


async def test_the_server_runs_beside_a_loop():
    async with Imap() as imap:
        imap.deliver("INBOX", MAIL)

        assert len(imap.mails("INBOX")) == 1
