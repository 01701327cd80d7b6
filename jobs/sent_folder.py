"""Looks into the owner's Sent folder for one mail: whether it left, and when. Every call blocks."""

import imaplib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from imap_tools import (
    AND,
    OR,
    BaseMailBox,
    Header,
    ImapToolsError,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from memory import certificates
from memory.access_tokens import AccessTokens
from memory.config import Imap
from memory.errors import Trouble, Unavailable

_ANSWER_S = 15.0


@dataclass(frozen=True)
class Found:
    """A mail that lies in the Sent folder."""

    at: datetime | None
    """When it was written, as it says itself."""
    folder: str


def looked_for(
    imap: Imap, tokens: AccessTokens | None, headers: tuple[tuple[str, str], ...]
) -> Found | None:
    """The mail with one of these headers; None when the folder was read and has none.

    Raises:
        Unavailable: The folder could not be read, so nobody knows.
    """
    try:
        box = _opened(imap, tokens)
        try:
            if not box.folder.exists(imap.sent_folder):
                raise Unavailable(f'Your mailbox has no folder "{imap.sent_folder}".')
            box.folder.set(imap.sent_folder, readonly=True)  # pyright: ignore[reportUnknownMemberType]
            wanted = [AND(header=Header(name, value)) for name, value in headers]
            query = OR(*wanted) if len(wanted) > 1 else wanted[0]
            for mail in box.fetch(query, mark_seen=False, headers_only=True):
                # a search may also find what only contains the words
                told = cast("Mapping[str, tuple[str, ...]]", mail.headers)
                if any(_says(told, name, value) for name, value in headers):
                    return Found(_moment(mail.date), imap.sent_folder)
            return None
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.logout()  # pyright: ignore[reportUnknownMemberType] - a bare tuple of its library
    except (OSError, EOFError, ValueError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise Unavailable(f"I can't look into your mailbox on {imap.host}.") from error


def _says(told: Mapping[str, tuple[str, ...]], name: str, value: str) -> bool:
    return value in " ".join(told.get(name.lower(), ())).split()


def _opened(imap: Imap, tokens: AccessTokens | None) -> BaseMailBox:
    """A connection that is signed in.

    Raises:
        Unavailable: There is no token to show.
    """
    token = None
    if tokens is not None and imap.auth == "xoauth2":
        try:
            token = tokens.present()
        except Trouble as trouble:
            raise Unavailable(trouble.sentence, hint=trouble.hint) from trouble
    box = _connected(imap)
    try:
        if token is None:
            box.login(imap.username, imap.password.get_secret_value(), initial_folder=None)
        else:
            box.xoauth2(imap.username, token, initial_folder=None)
    except BaseException as error:
        if tokens is not None and isinstance(error, MailboxLoginError):
            tokens.forget()
        with suppress(OSError):
            box.client.shutdown()
        raise
    return box


def _connected(imap: Imap) -> BaseMailBox:
    if imap.security == "none":
        return MailBoxUnencrypted(imap.host, imap.port, timeout=_ANSWER_S)
    made = MailBox if imap.security == "tls" else MailBoxStartTls
    # without a context of ours imaplib takes any certificate (3.11, imaplib.py)
    return made(imap.host, imap.port, timeout=_ANSWER_S, ssl_context=certificates.context())


def _moment(written: datetime) -> datetime | None:
    """A mail's date; imap-tools gives the year 1900 for one that it can't read (1.16)."""
    if written.year < 1970:
        return None
    return written if written.tzinfo else written.replace(tzinfo=UTC)
