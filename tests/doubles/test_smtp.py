"""The SMTP witness, seen through smtplib."""

import asyncio
import os
import signal
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.doubles.imap import Imap
from tests.doubles.smtp import Smtp, smtp_process
from tests.doubles.smtp_journal import Journal, sent
from tests.doubles.smtp_server import Mode

FROM = "dana@reyesstudio.example"
MARTA = "marta@bluefincafe.example"
TOM = "tom@northwind.example"


def a_mail(body: str = "Hi Marta,\n\n.hidden dot\n") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Dana <{FROM}>"
    mail["To"] = MARTA
    mail["Subject"] = "Re: Menú de primavera"
    mail["Message-ID"] = "<a-1@steward.example>"
    mail["X-Intent-ID"] = "a-1"
    mail.set_content(body)
    return mail


def send(port: int, *to: str, login: tuple[str, str] | None = None) -> dict[str, tuple[int, bytes]]:
    """Send one mail the usual way; returns the refused recipients."""
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        if login:
            client.login(*login)
        return client.send_message(a_mail(), FROM, list(to or (MARTA,)))


@pytest.fixture
async def smtp(tmp_path: Path) -> AsyncIterator[Smtp]:
    async with Smtp(tmp_path / "mails") as server:
        yield server


def test_an_accepted_mail_is_in_the_journal_whole(smtp):
    send(smtp.port)

    (mail,) = smtp.sent

    assert (mail.message_id, mail.sender, mail.to) == ("<a-1@steward.example>", FROM, (MARTA,))
    assert (mail.subject, mail.body) == ("Re: Menú de primavera", "Hi Marta,\n\n.hidden dot\n")
    assert mail.header("x-intent-id") == "a-1"
    assert mail.raw.endswith(b".hidden dot\r\n")


def test_two_mails_of_one_connection_are_two_lines(smtp):
    with smtplib.SMTP("127.0.0.1", smtp.port) as client:
        client.send_message(a_mail(), FROM, [MARTA])
        client.send_message(a_mail(), FROM, [TOM])

    assert [mail.to for mail in smtp.sent] == [(MARTA,), (TOM,)]


def test_a_mail_without_its_final_dot_is_not_a_mail(smtp):
    client = smtplib.SMTP("127.0.0.1", smtp.port)
    client.mail(FROM)
    client.rcpt(MARTA)
    client.docmd("DATA")
    client.send(a_mail().as_bytes(policy=a_mail().policy.clone(linesep="\r\n")))
    client.close()
    send(smtp.port, TOM)

    assert [mail.to for mail in smtp.sent] == [(TOM,)]
    assert [event.what for event in smtp.events if event.connection == 1][:2] == [
        "connected",
        "data started",
    ]


def test_when_the_client_hears_of_it_the_mail_is_in_the_journal(smtp):
    class Looking(smtplib.SMTP):
        def data(self, msg):
            code = super().data(msg)
            assert len(smtp.sent) == 1
            return code

    with Looking("127.0.0.1", smtp.port) as client:
        client.send_message(a_mail(), FROM, [MARTA])


def test_a_recipient_can_be_refused_while_others_get_the_mail(smtp):
    smtp.rules.refuse = {TOM: 550}

    refused = send(smtp.port, MARTA, TOM)

    assert refused[TOM][0] == 550
    assert smtp.sent[0].to == (MARTA,)


@pytest.mark.parametrize("code", [550, 451], ids=["for good", "for now"])
def test_every_recipient_can_be_refused(smtp, code):
    smtp.rules.refuse = {"*": code}

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp.port)

    assert refused.value.recipients[MARTA][0] == code
    assert smtp.sent == ()


def test_a_password_can_be_refused(smtp):
    smtp.rules.mode = Mode.REFUSE_PASSWORD

    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        send(smtp.port, login=("dana", "secret"))

    assert refused.value.smtp_code == 535


def test_who_must_sign_in_and_does_not_sends_nothing(tmp_path):
    with Smtp(tmp_path / "mails", username="dana", password="secret") as smtp:
        with pytest.raises(smtplib.SMTPSenderRefused):
            send(smtp.port)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(smtp.port, login=("dana", "wrong"))
        send(smtp.port, login=("dana", "secret"))

        assert len(smtp.sent) == 1


def test_both_ways_to_sign_in_are_understood(tmp_path):
    with Smtp(tmp_path / "mails", username="dana", password="secret") as smtp:
        for method in ("auth_plain", "auth_login"):
            with smtplib.SMTP("127.0.0.1", smtp.port) as client:
                client.ehlo()
                client.user, client.password = "dana", "secret"
                code, _ = client.auth(method.removeprefix("auth_").upper(), getattr(client, method))

                assert code == 235


def test_a_mail_can_be_taken_and_the_answer_lost(smtp):
    smtp.rules.mode = Mode.ACCEPT_THEN_DROP

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp.port)

    assert len(smtp.sent) == 1


def test_a_mail_can_be_refused_after_its_dot(smtp):
    smtp.rules.mode = Mode.REFUSE_MESSAGE

    with pytest.raises(smtplib.SMTPDataError):
        send(smtp.port)

    assert smtp.sent == ()


@pytest.mark.parametrize("mode", [Mode.DROP_BEFORE_DOT, Mode.DROP_AT_DOT])
def test_a_connection_cut_around_the_dot_leaves_no_mail(smtp, mode):
    smtp.rules.mode = mode

    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        send(smtp.port)

    assert smtp.sent == ()
    saw_dot = "dot seen" in [event.what for event in smtp.events]
    assert saw_dot is (mode is Mode.DROP_AT_DOT)


def test_a_slow_answer_comes_after_the_mail_was_taken(smtp):
    smtp.rules.mode = Mode.DELAY

    with (
        pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)),
        smtplib.SMTP("127.0.0.1", smtp.port, timeout=0.2) as client,
    ):
        client.send_message(a_mail(), FROM, [MARTA])

    assert len(smtp.sent) == 1


def test_a_dead_server_refuses_the_connection(tmp_path):
    with Smtp(tmp_path / "mails", mode=Mode.DEAD) as smtp, pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", smtp.port)


def test_a_torn_last_line_is_not_a_mail(tmp_path):
    journal = tmp_path / "mails"
    Journal(journal).accept(FROM, (MARTA,), a_mail().as_bytes())
    with journal.open("a") as file:
        file.write('{"at": "2026-03-1')

    assert len(sent(journal)) == 1


async def test_the_witness_runs_as_a_process_and_leaves_its_journal(tmp_path):
    journal = tmp_path / "mails"
    async with smtp_process(journal, "--refuse", f"{TOM}=550") as witness:
        refused = await asyncio.to_thread(send, witness.port, MARTA, TOM)
        os.kill(witness.pid, signal.SIGKILL)

    assert list(refused) == [TOM]
    assert [mail.to for mail in sent(journal)] == [(MARTA,)]


async def test_the_witness_ends_with_its_test(tmp_path):
    async with smtp_process(tmp_path / "mails") as witness:
        pid = witness.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_provider_may_file_sent_mail_itself(tmp_path):
    journal = tmp_path / "mails"
    async with Imap() as imap, smtp_process(journal, "--file-sent", str(imap.port)) as witness:
        await asyncio.to_thread(send, witness.port)

        assert imap.mails("Sent") == (sent(journal)[0].raw,)
