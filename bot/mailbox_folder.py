"""One folder on the owner's mail server, spoken to from a thread. Every call may block."""

import imaplib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderCreateError,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)

from memory.config import Imap
from memory.errors import Refused, Unavailable

_ANSWER_S = 15.0
_DOORS = {"tls": MailBox, "starttls": MailBoxStartTls, "none": MailBoxUnencrypted}
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")
"""What a server adds to a refusal that will pass."""


@dataclass(frozen=True)
class Place:
    """How far a folder was read."""

    validity: int
    """The folder's UIDVALIDITY: another value means other numbers for the same mails."""
    uid: int
    """The last mail read; 0 before the first."""

    @classmethod
    def read(cls, text: str | None) -> "Place":
        """A place as it was written down; the very beginning for None."""
        validity, _, uid = (text or "0:0").partition(":")
        return cls(int(validity), int(uid))

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


class MailboxFolder:
    """The folder. It connects when first asked, and again after every failure.

    Every method raises:
        Refused: The server will not have the password, or there can be no such folder.
        Unavailable: The server is gone.
    """

    def __init__(self, imap: Imap) -> None:
        self._imap = imap
        self._box: BaseMailBox | None = None

    def beyond(self, place: Place) -> tuple[Place, ...]:
        """The mails after this place, oldest first; all of them if the numbers are others now."""
        with self._talking() as box:
            # Without this some servers answer from what they knew when the folder was opened.
            box.client.noop()
            present = box.folder.status(self._imap.folder, ["UIDVALIDITY", "UIDNEXT"])
            validity = present["UIDVALIDITY"]
            last = place.uid if place.validity == validity else 0
            if present.get("UIDNEXT", last + 2) <= last + 1:
                return ()
            # imap-tools answers bare tuples here, as on every such line of this file
            box.folder.set(self._imap.folder)  # pyright: ignore[reportUnknownMemberType]
            # "n:*" names the last mail even when its number is below n.
            found = sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)
            return tuple(Place(validity, uid) for uid in found)

    def content(self, place: Place) -> bytes | None:
        """A mail as it lies there, not marked as seen; None when it was moved away."""
        with self._talking() as box:
            _, answer = box.client.uid("FETCH", str(place.uid), "(BODY.PEEK[])")
            for part in cast("list[tuple[bytes, bytes] | bytes | None]", answer):
                if isinstance(part, tuple):
                    return part[1]
            return None

    def mark_seen(self, place: Place) -> None:
        """Show in the owner's mail program that this one was taken in."""
        with self._talking() as box:
            box.flag(str(place.uid), MailMessageFlags.SEEN, value=True)  # pyright: ignore[reportUnknownMemberType]

    def hang_up(self) -> None:
        """Close the connection at once, from any thread."""
        box, self._box = self._box, None
        if box is not None:
            with suppress(OSError):
                box.client.shutdown()

    @contextmanager
    def _talking(self) -> Generator[BaseMailBox]:
        try:
            if self._box is None:
                self._box = self._opened()
            yield self._box
        except MailboxLoginError as error:
            self.hang_up()
            if any(one in str(error) for one in _PASSING):
                raise self._gone() from error
            raise Refused(
                f"Your mail server refused the password for {self._imap.username}.",
                hint="Usually the app password was changed. Put the new one into config.toml "
                "under [mail.imap] and start me again.",
            ) from error
        except MailboxFolderCreateError as error:
            self.hang_up()
            raise Refused(
                f'Your mailbox has no folder "{self._imap.folder}", and I may not make one.',
                hint="Make it in your mail program, or name another in config.toml.",
            ) from error
        except (OSError, EOFError, imaplib.IMAP4.error, ImapToolsError) as error:
            self.hang_up()
            raise self._gone() from error

    def _opened(self) -> BaseMailBox:
        imap = self._imap
        box = _DOORS[imap.security](imap.host, imap.port, timeout=_ANSWER_S)
        try:
            box.login(imap.username, imap.password.get_secret_value(), initial_folder=None)
            if not box.folder.exists(imap.folder):
                box.folder.create(imap.folder)  # pyright: ignore[reportUnknownMemberType]
        except BaseException:
            with suppress(OSError):
                box.client.shutdown()
            raise
        return box

    def _gone(self) -> Unavailable:
        return Unavailable(
            f"I can't reach your mail server {self._imap.host}.",
            hint="I keep trying; what you put into the folder waits there and is not lost.",
        )
