"""The account that mail comes from: connects, signs in, sees to the folder. Every call blocks."""

import imaplib

from imap_tools import (
    BaseMailBox,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from memory import certificates
from memory.access_tokens import AccessTokens
from memory.config import Imap

_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")
"""What a server adds to a refusal that will pass."""


class NotSignedIn(Exception):
    """The server would not let us in."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.passes = any(one in said for one in _PASSING)
        """Whether it is the server's own trouble, and over soon."""


def connected(imap: Imap, *, answer_s: float) -> BaseMailBox:
    """A connection; raises imaplib's errors.

    Args:
        answer_s: Seconds to wait for each answer of the server.
    """
    if imap.security == "none":
        return MailBoxUnencrypted(imap.host, imap.port, timeout=answer_s)
    made = MailBox if imap.security == "tls" else MailBoxStartTls
    # without a context of ours imaplib takes any certificate (3.11, imaplib.py)
    trusted = certificates.context()
    return made(imap.host, imap.port, timeout=answer_s, ssl_context=trusted)


def enter(box: BaseMailBox, imap: Imap, tokens: AccessTokens | None) -> None:
    """Sign in, and make the folder where it is missing; raises imaplib's other errors.

    Args:
        tokens: Where the password's stand-in comes from, for `auth = "xoauth2"`.

    Raises:
        NotSignedIn: The server refused the password or the token.
        Refused: The token server gives no token.
        Unavailable: The token server did not answer.
    """
    token = tokens.present() if tokens and imap.auth == "xoauth2" else None
    try:
        if token is None:
            box.login(imap.username, imap.password.get_secret_value(), initial_folder=None)
        else:
            box.xoauth2(imap.username, token, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error, UnicodeError) as error:
        # a UnicodeError is a password with letters that imaplib can't say, so it is a wrong one
        if tokens is not None:
            tokens.forget()
        raise NotSignedIn(str(error)) from error
    if not box.folder.exists(imap.folder):
        # imap-tools answers bare tuples here
        box.folder.create(imap.folder)  # pyright: ignore[reportUnknownMemberType]
