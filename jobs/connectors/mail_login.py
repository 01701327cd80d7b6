"""Signs in at the mail server and leaves again: whether mail could be sent, and nothing is."""

import contextlib
import smtplib
import ssl

from memory.config import Smtp
from memory.reach import Obstacle, obstacle

_FOR_GOOD = 500
_SIGN_IN_FIRST = 530


def signed_in(smtp: Smtp, sender: str, *, answer_s: float) -> Obstacle | None:
    """What stood in the way; None when the server would take a mail from `sender`. Blocks.

    Args:
        smtp: The server and the account.
        sender: The address mail is to come from; empty asks for the sign-in alone.
        answer_s: Seconds to wait for each answer.
    """
    try:
        client = _connected(smtp, answer_s)
    except (OSError, smtplib.SMTPException) as error:
        return _told(error)
    try:
        if smtp.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if smtp.username:
            client.login(smtp.username, smtp.password.get_secret_value())
        client.ehlo_or_helo_if_needed()
        code = client.mail(sender)[0] if sender else 0
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return _told(error)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()
    if code == _SIGN_IN_FIRST:
        return Obstacle.PASSWORD
    return Obstacle.SCOPE if code >= _FOR_GOOD else None


def _connected(smtp: Smtp, answer_s: float) -> smtplib.SMTP:
    if smtp.security == "tls":
        # without a context of ours smtplib takes any certificate (3.11, smtplib.py)
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=answer_s, context=context)
    return smtplib.SMTP(smtp.host, smtp.port, timeout=answer_s)


def _told(error: Exception) -> Obstacle:
    match error:
        case UnicodeError():
            return Obstacle.PASSWORD
        case smtplib.SMTPAuthenticationError():
            # a server that is busy says so with a smaller number
            return Obstacle.PASSWORD if error.smtp_code >= _FOR_GOOD else Obstacle.GONE
        case smtplib.SMTPNotSupportedError():
            return Obstacle.PLAIN
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Obstacle.STRANGE
        case _:
            return obstacle(error)
