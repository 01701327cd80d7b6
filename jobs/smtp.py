"""The account that mail is sent from: connects and signs in, to send or only to try whether."""

import contextlib
import smtplib
from collections.abc import Callable
from typing import TypeVar

from memory import certificates
from memory.config import Smtp
from memory.reach import Obstacle, obstacle

Client = TypeVar("Client", bound=smtplib.SMTP)

_FOR_GOOD = 500
_SIGN_IN_FIRST = 530


def connected(
    smtp: Smtp,
    *,
    answer_s: float,
    plain: Callable[..., Client],
    encrypted: Callable[..., Client],
) -> Client:
    """A connection, encrypted where it is so from the first byte. Blocks; raises smtplib's errors.

    Args:
        answer_s: Seconds to wait for each answer of the server.
        plain: `smtplib.SMTP`, or what stands in for it.
        encrypted: `smtplib.SMTP_SSL`, or what stands in for it.
    """
    if smtp.security == "tls":
        # without a context of ours smtplib takes any certificate (3.11, smtplib.py)
        context = certificates.context()
        return encrypted(smtp.host, smtp.port, timeout=answer_s, context=context)
    return plain(smtp.host, smtp.port, timeout=answer_s)


def sign_in(client: smtplib.SMTP, smtp: Smtp, token: str | None) -> None:
    """Sign in, after the encryption that was asked for. Blocks; raises smtplib's errors.

    Args:
        token: The password's stand-in, for `auth = "xoauth2"`.

    Raises:
        UnicodeError: The password has letters that no mail server takes.
    """
    if smtp.security == "starttls":
        client.starttls(context=certificates.context())
    client.ehlo_or_helo_if_needed()
    if token is not None:

        def answer(challenge: bytes | None = None) -> str:
            # what the server says against a token is answered with nothing; then it gives up
            said = f"user={smtp.username}\1auth=Bearer {token}\1\1"
            return said if challenge is None else ""

        client.auth("XOAUTH2", answer)
    elif smtp.username:
        client.login(smtp.username, smtp.password.get_secret_value())


def tried(smtp: Smtp, token: str | None, sender: str, *, answer_s: float) -> Obstacle | None:
    """Sign in and leave again: what stood in the way, and nothing is sent. Blocks.

    Args:
        token: The password's stand-in, for `auth = "xoauth2"`.
        sender: The address mail is to come from; empty asks for the sign-in alone.
        answer_s: Seconds to wait for each answer.
    """
    refused = Obstacle.PASSWORD if token is None else Obstacle.TOKEN
    try:
        client = connected(smtp, answer_s=answer_s, plain=smtplib.SMTP, encrypted=smtplib.SMTP_SSL)
    except (OSError, smtplib.SMTPException) as error:
        return _told(error, refused)
    try:
        sign_in(client, smtp, token)
        code = client.mail(sender)[0] if sender else 0
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return _told(error, refused)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()
    if code == _SIGN_IN_FIRST:
        return refused
    return Obstacle.SCOPE if code >= _FOR_GOOD else None


def _told(error: Exception, refused: Obstacle) -> Obstacle:
    match error:
        case UnicodeError():
            return refused
        case smtplib.SMTPAuthenticationError():
            # a server that is busy says so with a smaller number
            return refused if error.smtp_code >= _FOR_GOOD else Obstacle.GONE
        case smtplib.SMTPNotSupportedError():
            return Obstacle.PLAIN
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Obstacle.STRANGE
        case _:
            return obstacle(error)
