"""Sends one mail over SMTP, asking the marker after the body and before the final dot."""

import asyncio
import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from email import headerregistry
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import papers, sent_folder, smtp
from jobs.connector import Commit
from memory import certificates
from memory.access_tokens import AccessTokens
from memory.clock import Clock
from memory.config import Mail, Smtp
from memory.errors import Refused, Trouble, Unavailable, Uncertain
from memory.records.effect import Effect
from memory.records.mail_send import MailSend
from memory.records.receipt import Receipt

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ANSWER_S = 60.0
_KEY = "X-Steward-Key"
"""Names a mail where a relay writes a Message-ID of its own."""
_WIRE = SMTP.clone(cte_type="7bit")
"""Plain letters on the wire whatever the text holds: some servers still take nothing else."""
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
_GO_AHEAD = 354
_TAKEN = range(200, 300)
_LATER = 400
_NEVER = 500
_WAIT_FOR_PASSWORD = timedelta(minutes=15)
_NOTHING_SENT = "I try again by myself; nothing was sent."


class MailConnector:
    """Sends mail from the owner's account; without an account, writes it into a folder."""

    kinds = ("mail.send",)

    def __init__(
        self, mail: Mail, clock: Clock, folder: Path, *, answer_s: float = _ANSWER_S
    ) -> None:
        """Make it.

        Args:
            folder: Where mails are written while there is no account.
            answer_s: Seconds to wait for each answer of the server.
        """
        self._mail = mail
        self._clock = clock
        self._folder = folder
        self._answer_s = answer_s
        self._tokens = AccessTokens(mail.oauth) if mail.oauth else None

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        """Send it, or write it where there is no account."""
        if not isinstance(effect, MailSend):
            raise Refused("This is not a mail.")
        wire = self._wire(effect, key)
        if not effect.from_address:
            return await self._write(effect, key, wire, commit)
        account = self._mail.smtp
        if account is None:
            raise Refused(
                "The mail account it was to leave from is no longer set up.",
                hint="Connect the account again, or send the text yourself.",
            )
        loop = asyncio.get_running_loop()

        async def asked() -> None:
            await commit()

        def ask() -> None:
            future: Future[None] = asyncio.run_coroutine_threadsafe(asked(), loop)
            future.result()

        tokens = self._tokens if account.auth == "xoauth2" else None
        answer = await asyncio.to_thread(_send, account, tokens, effect, wire, ask, self._answer_s)
        message_id = _message_id(effect, key)
        return Receipt(outcome="sent", at=self._clock.now(), message_id=message_id, answer=answer)

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        """A written file is its own evidence; of what was sent, the Sent folder is.

        Raises:
            Unavailable: The Sent folder could not be read.
        """
        if not isinstance(effect, MailSend):
            return None
        if not effect.from_address:
            return self._written(effect, key) if self._place(key).exists() else None
        imap = self._mail.imap
        if imap is None:
            return None
        tokens = self._tokens if imap.auth == "xoauth2" else None
        message_id = _message_id(effect, key)
        headers = (("Message-ID", message_id), (_KEY, key))
        found = await asyncio.to_thread(sent_folder.looked_for, imap, tokens, headers)
        if found is None:
            return None
        return Receipt(
            outcome="sent",
            at=found.at or self._clock.now(),
            message_id=message_id,
            answer=f"found in {found.folder}",
        )

    def proves_absence(self, effect: Effect) -> bool:
        """Only where the mail server itself files what it sends, it is all there."""
        if not isinstance(effect, MailSend) or not effect.from_address:
            return False
        imap = self._mail.imap
        return imap is not None and imap.sent_filed_by == "server"

    async def _write(self, effect: MailSend, key: str, wire: bytes, commit: Commit) -> Receipt:
        self._folder.mkdir(parents=True, exist_ok=True)
        await commit()
        try:
            papers.put(self._place(key), wire)
        except OSError as error:
            raise Unavailable("The disk did not take the file. Free some space first.") from error
        return self._written(effect, key)

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.eml"

    def _written(self, effect: MailSend, key: str) -> Receipt:
        return Receipt(
            outcome="written",
            at=self._clock.now(),
            message_id=_message_id(effect, key),
            path=f"{self._folder.name}/{self._place(key).name}",
        )

    def _wire(self, effect: MailSend, key: str) -> bytes:
        for address in (effect.from_address, *(one.email for one in effect.to)):
            if not address.isascii():
                raise Refused(
                    f"I can't send to or from {address}: its letters are not in the plain alphabet "
                    "that every mail server takes.",
                    hint="Ask for an address in plain letters, or send the text yourself.",
                )
        try:
            message_id = _message_id(effect, key)
            return _wire(effect, message_id, key, self._clock.now(), self._mail.signature)
        except (ValueError, MessageError, UnicodeError) as error:
            raise Refused(
                "I can't make a mail out of this: an address in it is not a mail address.",
                hint="Check the addresses, or send the text yourself.",
            ) from error


class _MarkedSMTP(smtplib.SMTP):
    """Sends the body, asks, and only then the final dot that makes the server take it."""

    ask: Callable[[], None]

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """As the parent does, with the question in between.

        A refused question closes the socket as it is: without the final dot the server has to
        throw the body away, and a QUIT or RSET would be one more thing it could misread.
        """
        self.putcmd("data")
        code, said = self.getreply()
        if code != _GO_AHEAD:
            raise smtplib.SMTPDataError(code, said)
        raw = msg.encode("ascii") if isinstance(msg, str) else bytes(msg)
        body = re.sub(rb"(?m)^\.", b"..", raw)
        self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        try:
            self.ask()
        except BaseException:
            self.close()
            raise
        try:
            self.send(b".\r\n")
            code, said = self.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise _NoAnswer from error
        if code < _LATER and code not in _TAKEN:
            self.close()
            raise _NoAnswer
        return code, said


class _MarkedTLS(_MarkedSMTP, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class _NoAnswer(Exception):
    """The final dot was sent, or may have been, and no answer came that says what became of it."""


def _send(
    account: Smtp,
    tokens: AccessTokens | None,
    effect: MailSend,
    wire: bytes,
    ask: Callable[[], None],
    answer_s: float,
) -> str:
    """Runs in a thread. Returns what the server said to the final dot."""
    token = None if tokens is None else _present(tokens)
    try:
        client = smtp.connected(account, answer_s=answer_s, plain=_MarkedSMTP, encrypted=_MarkedTLS)
    except ssl.SSLCertVerificationError as error:
        raise _distrust(error, account) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(
            f"I can't reach your mail server {account.host}.", hint=_NOTHING_SENT
        ) from error
    client.ask = ask
    try:
        smtp.sign_in(client, account, token)
        return _converse(client, effect, wire)
    except _NoAnswer as error:
        raise Uncertain("The connection broke while it was leaving.") from error
    except ssl.SSLCertVerificationError as error:
        raise _distrust(error, account) from error
    except (smtplib.SMTPAuthenticationError, UnicodeError) as error:
        if tokens is not None:
            tokens.forget()
        raise _not_signed_in(account) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(
            f"The connection to your mail server {account.host} broke.", hint=_NOTHING_SENT
        ) from error
    finally:
        client.close()


def _present(tokens: AccessTokens) -> str:
    try:
        return tokens.present()
    except Refused as error:
        raise Unavailable(
            error.sentence, hint=error.hint, retry_after=_WAIT_FOR_PASSWORD
        ) from error


def _not_signed_in(account: Smtp) -> Unavailable:
    if account.auth == "xoauth2":
        return Unavailable(
            f"Your mail server refused the access token for {account.username}.",
            hint="Usually the permission was withdrawn. Allow it again with your provider, put the "
            "new token into config.toml under [mail.oauth], then press Try again.",
            retry_after=_WAIT_FOR_PASSWORD,
        )
    return Unavailable(
        f"Your mail server refused the password for {account.username}.",
        hint="Usually the app password was changed. Put the new one in on my page, under Menu, "
        "Settings, Mail; then press Try again.",
        retry_after=_WAIT_FOR_PASSWORD,
    )


def _distrust(error: ssl.SSLCertVerificationError, account: Smtp) -> Unavailable:
    sentence, hint = certificates.fault(error, f"Your mail server {account.host}")
    return Unavailable(sentence, hint=f"{hint} {_NOTHING_SENT}", retry_after=_WAIT_FOR_PASSWORD)


def _converse(client: _MarkedSMTP, effect: MailSend, wire: bytes) -> str:
    client.ehlo_or_helo_if_needed()
    _check(*client.mail(effect.from_address))
    for one in effect.to:
        # all recipients or none: a mail that reached half of them could not be repeated
        _check(*client.rcpt(one.email))
    code, said = client.data(wire)
    _check(code, said)
    answer = f"{code} {said.decode('utf-8', 'replace')}"
    # the mail is accepted whether the server hears our goodbye or not
    with contextlib.suppress(OSError, smtplib.SMTPException):
        client.quit()
    return answer


def _check(code: int, said: bytes) -> None:
    if code not in _TAKEN:
        raise smtplib.SMTPResponseException(code, said)


def _refusal(code: int, said: bytes | str) -> Trouble:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = " ".join(words.split())[:160]
    if code >= _NEVER:
        return Refused(
            f'Your mail server would not take it: "{words}".',
            hint="Check the address, then edit the mail or send it yourself.",
        )
    return Unavailable(f'Your mail server said "not now": "{words}".', hint=_NOTHING_SENT)


def _message_id(effect: MailSend, key: str) -> str:
    """Deterministic, so that every attempt at this revision is the same mail."""
    domain = effect.from_address.rpartition("@")[2] or "steward.local"
    return f"<{key}@{domain}>"


def _wire(effect: MailSend, message_id: str, key: str, now: datetime, signature: str) -> bytes:
    """The mail's bytes, from nothing but what was approved.

    Raises:
        ValueError: An address can't be one, whatever it is.
    """
    mail = EmailMessage(policy=_WIRE)
    sender = effect.from_address or "you@steward.local"
    mail["From"] = _named(effect.signed or signature, sender)
    mail["To"] = [_named(one.name or "", one.email) for one in effect.to]
    mail["Subject"] = _line(effect.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail[_KEY] = key
    if effect.in_reply_to and _MESSAGE_ID.fullmatch(effect.in_reply_to):
        thread = (*effect.references, effect.in_reply_to)
        known = dict.fromkeys(one for one in thread if _MESSAGE_ID.fullmatch(one))
        mail["In-Reply-To"] = effect.in_reply_to
        mail["References"] = " ".join(known)
    mail.set_content(effect.body.rstrip("\n") + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _named(name: str, email: str) -> headerregistry.Address:
    return headerregistry.Address(display_name=_line(name), addr_spec=email)


def _line(text: str) -> str:
    """Text that stays inside its header: one line, no control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
