"""Sends one mail over SMTP, asking the marker after the body and before the final dot."""

import asyncio
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, formataddr
from pathlib import Path

from jobs.connector import Commit
from memory.clock import Clock
from memory.config import Mail, Smtp
from memory.errors import Refused, Trouble, Uncertain, Unavailable
from memory.records.effect import Effect
from memory.records.mail_send import MailSend
from memory.records.receipt import Receipt

_ANSWER_S = 60.0


class MailConnector:
    """Sends mail from the owner's account; without an account, writes it into a folder."""

    kinds = ("mail.send",)

    def __init__(self, mail: Mail, clock: Clock, folder: Path, *, answer_s: float = _ANSWER_S) -> None:
        self._mail = mail
        self._clock = clock
        self._folder = folder
        self._answer_s = answer_s

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        """Send it, or write it where there is no account."""
        assert isinstance(effect, MailSend)
        if not effect.from_address:
            return await self._write(effect, key, commit)
        if self._mail.smtp is None:
            raise Refused(
                "The mail account it was to leave from is no longer set up.",
                hint="Connect the account again, or send the text yourself.",
            )
        message_id = _message_id(effect, key)
        wire = _wire(effect, message_id, self._clock.now(), self._mail.signature)
        loop = asyncio.get_running_loop()

        def ask() -> None:
            asked: Future[None] = asyncio.run_coroutine_threadsafe(_asked(commit), loop)
            asked.result()

        answer = await asyncio.to_thread(
            _send, self._mail.smtp, effect, wire, ask, self._answer_s
        )
        return Receipt(outcome="sent", at=self._clock.now(), message_id=message_id, answer=answer)

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        """A written file is its own evidence; plain SMTP keeps no memory to look into."""
        assert isinstance(effect, MailSend)
        place = self._folder / f"{key}.eml"
        if effect.from_address or not place.exists():
            return None
        return self._written(effect, key, place)

    async def _write(self, effect: MailSend, key: str, commit: Commit) -> Receipt:
        wire = _wire(
            effect, _message_id(effect, key), self._clock.now(), self._mail.signature
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{key}.eml"
        await commit()
        place.write_bytes(wire)
        return self._written(effect, key, place)

    def _written(self, effect: MailSend, key: str, place: Path) -> Receipt:
        return Receipt(
            outcome="written",
            at=self._clock.now(),
            message_id=_message_id(effect, key),
            path=f"{self._folder.name}/{place.name}",
        )


async def _asked(commit: Commit) -> None:
    await commit()


class _MarkedSMTP(smtplib.SMTP):
    """Sends the body, asks, and only then the final dot that makes the server take it."""

    ask: Callable[[], None]

    def data(self, msg: bytes | str) -> tuple[int, bytes]:
        """As the parent does, with the question in between.

        A refused question closes the socket as it is: without the final dot the server has to
        throw the body away, and a QUIT or RSET would be one more thing it could misread.
        """
        self.putcmd("data")
        code, said = self.getreply()
        if code != _GO_AHEAD:
            raise smtplib.SMTPDataError(code, said)
        assert isinstance(msg, bytes)
        body = re.sub(rb"(?m)^\.", b"..", msg)
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        try:
            self.ask()
        except BaseException:
            self.close()
            raise
        try:
            self.send(b".\r\n")
            return self.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close()
            raise _NoAnswer from error


class _MarkedTLS(_MarkedSMTP, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class _NoAnswer(Exception):
    """The final dot was sent, or may have been, and no answer came."""


_GO_AHEAD = 354
_LATER = 400
_NEVER = 500


def _send(smtp: Smtp, effect: MailSend, wire: bytes, ask: Callable[[], None], answer_s: float) -> str:
    """Runs in a thread. Returns what the server said to the final dot."""
    server = _MarkedTLS if smtp.security == "tls" else _MarkedSMTP
    who = f"your mail server {smtp.host}"
    try:
        client = server(smtp.host, smtp.port, timeout=answer_s)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(
            f"I can't reach {who}.", hint="I try again by myself; nothing was sent."
        ) from error
    client.ask = ask
    try:
        if smtp.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if smtp.username:
            client.login(smtp.username, smtp.password.get_secret_value())
        return _converse(client, effect, wire)
    except _NoAnswer as error:
        raise Uncertain("The connection broke while it was leaving.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise Unavailable(
            f"Your mail server refused the password for {smtp.username}.",
            hint="Usually the app password was changed. Put the new one into config.toml under "
            "[mail.smtp], then press Try again.",
            retry_after=timedelta(minutes=15),
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refusal(code, said) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(
            f"The connection to {who} broke.", hint="I try again by myself; nothing was sent."
        ) from error
    finally:
        client.close()


def _converse(client: _MarkedSMTP, effect: MailSend, wire: bytes) -> str:
    client.ehlo_or_helo_if_needed()
    code, said = client.mail(effect.from_address)
    if code >= _LATER:
        raise smtplib.SMTPResponseException(code, said)
    for one in effect.to:
        # all recipients or none: a mail that reached half of them could not be repeated
        code, said = client.rcpt(one.email)
        if code >= _LATER:
            raise smtplib.SMTPRecipientsRefused({one.email: (code, said)})
    code, said = client.data(wire)
    if code >= _LATER:
        raise smtplib.SMTPDataError(code, said)
    answer = f"{code} {said.decode('utf-8', 'replace')}"
    _part(client)
    return answer


def _part(client: smtplib.SMTP) -> None:
    """Say goodbye; the mail is accepted whether the server listens or not."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException, socket.timeout):
        client.close()


def _refusal(code: int, said: bytes | str) -> Trouble:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = " ".join(words.split())[:160]
    if code >= _NEVER:
        return Refused(
            f'Your mail server would not take it: "{words}".',
            hint="Check the address, then edit the mail or send it yourself.",
        )
    return Unavailable(
        f'Your mail server said "not now": "{words}".',
        hint="I try again by myself; nothing was sent.",
    )


def _message_id(effect: MailSend, key: str) -> str:
    """Deterministic, so that every attempt at this revision is the same mail."""
    domain = effect.from_address.rpartition("@")[2] or "steward.local"
    return f"<{key}@{domain}>"


def _wire(effect: MailSend, message_id: str, now: datetime, signature: str) -> bytes:
    """The mail's bytes, from nothing but what was approved."""
    mail = EmailMessage(policy=WIRE)
    sender = effect.from_address or "you@steward.local"
    mail["From"] = formataddr((effect.signed or signature, sender))
    mail["To"] = ", ".join(formataddr((one.name or "", one.email)) for one in effect.to)
    mail["Subject"] = " ".join(effect.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    if effect.in_reply_to:
        mail["In-Reply-To"] = effect.in_reply_to
        mail["References"] = " ".join((*effect.references, effect.in_reply_to))
    mail.set_content(effect.body.rstrip("\n") + "\n")
    return mail.as_bytes()
