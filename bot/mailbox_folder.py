"""One folder on the owner's mail server, spoken to from a thread. Every call may block."""

import imaplib
import re
import socket
import ssl
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from typing import cast

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailboxFolderCreateError,
    MailMessageFlags,
)

from bot.mailbox_account import NotSignedIn, connected, enter
from memory import certificates
from memory.access_tokens import AccessTokens
from memory.config import Imap
from memory.errors import Refused, Unavailable

_ANSWER_S = 15.0
_QUIET_S = 60
"""After so long without a word the network is asked whether the other side still lives."""
_PROBES = 3
_MOST_FAILURES = 3
"""So often in a row a server may fail to tell of news before it is asked every few seconds."""
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


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
        Refused: The server will not have us, we will not have its certificate, or there can be no
            such folder.
        Unavailable: The server is gone.
    """

    def __init__(self, imap: Imap, tokens: AccessTokens | None = None) -> None:
        """Make it; nothing is connected before it is asked.

        Args:
            tokens: Where the password's stand-in comes from, for `auth = "xoauth2"`.
        """
        self._imap = imap
        self._tokens = tokens
        self._box: BaseMailBox | None = None
        self._coming: int | None = None
        """The number that the next mail will have, as of the last look."""
        self._failures = 0
        self._closed = False

    def beyond(self, place: Place) -> tuple[Place, ...]:
        """The mails after this place, oldest first; all of them if the numbers are others now."""
        with self._talking() as box:
            # Without this some servers answer from what they knew when the folder was opened.
            box.client.noop()
            present = box.folder.status(self._imap.folder, ["UIDVALIDITY", "UIDNEXT"])
            validity = present["UIDVALIDITY"]
            self._coming = present.get("UIDNEXT")
            last = place.uid if place.validity == validity else 0
            if present.get("UIDNEXT", last + 2) <= last + 1:
                return ()
            # imap-tools answers bare tuples here, as on every such line of this file
            box.folder.set(self._imap.folder)  # pyright: ignore[reportUnknownMemberType]
            # "n:*" names the last mail even when its number is below n.
            found = sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)
            return tuple(Place(validity, uid) for uid in found)

    def sizes(self, places: Sequence[Place]) -> dict[Place, int]:
        """How many bytes each of these mails has; those that were moved away are left out."""
        by_uid = {one.uid: one for one in places}
        found: dict[Place, int] = {}
        with self._talking() as box:
            for head, _ in _fetched(box, by_uid, "(UID RFC822.SIZE)"):
                uid, size = _UID.search(head), _SIZE.search(head)
                if uid and size and int(uid[1]) in by_uid:
                    found[by_uid[int(uid[1])]] = int(size[1])
        return found

    def contents(self, places: Sequence[Place]) -> dict[Place, bytes]:
        """Mails as they lie there, not marked as seen; those that were moved away are left out."""
        by_uid = {one.uid: one for one in places}
        found: dict[Place, bytes] = {}
        with self._talking() as box:
            for head, raw in _fetched(box, by_uid, "(UID BODY.PEEK[])"):
                uid = _UID.search(head)
                if uid and raw is not None and int(uid[1]) in by_uid:
                    found[by_uid[int(uid[1])]] = raw
        return found

    def mark_seen(self, places: Sequence[Place]) -> None:
        """Show in the owner's mail program that these were taken in."""
        with self._talking() as box:
            box.flag([str(one.uid) for one in places], MailMessageFlags.SEEN, value=True)  # pyright: ignore[reportUnknownMemberType]

    def wait(self, for_s: float) -> bool:
        """Let the server say when something changes in the folder, for so long at most.

        Returns:
            False at once for a server that can't (it has no IDLE).
        """
        with self._talking() as box:
            if self._failures >= _MOST_FAILURES or not _has_idle(box):
                return False
            box.folder.set(self._imap.folder)  # pyright: ignore[reportUnknownMemberType]
            # what came since the last look came before the server began to tell
            present = box.folder.status(self._imap.folder, ["UIDNEXT"])
            more = len(box.client.untagged_responses.get("EXISTS", [])) > 1
            if more or present.get("UIDNEXT") != self._coming:
                return True
            try:
                box.idle.start()
            except ImapToolsError:
                # it promised more than it can; the connection is in nobody knows which state
                self._failures += 1
                self.hang_up()
                return False
            self._failures = 0
            if not _said_already(box):
                box.idle.poll(for_s)
            box.idle.stop()
            return True

    def close(self) -> None:
        """Hang up, and do not connect any more."""
        self._closed = True
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection at once, from any thread; whoever waits on it is woken."""
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
        except NotSignedIn as error:
            self.hang_up()
            raise (self._gone() if error.passes else self._refused()) from error
        except ssl.SSLCertVerificationError as error:
            self.hang_up()
            sentence, hint = certificates.fault(error, f"Your mail server {self._imap.host}")
            raise Refused(sentence, hint=hint) from error
        except MailboxFolderCreateError as error:
            self.hang_up()
            raise Refused(
                f'Your mailbox has no folder "{self._imap.folder}", and I may not make one.',
                hint="Make it in your mail program, or name another in config.toml.",
            ) from error
        except (OSError, EOFError, ValueError, imaplib.IMAP4.error, ImapToolsError) as error:
            # a ValueError is imaplib's word for a connection that another thread has closed
            self.hang_up()
            raise self._gone() from error

    def _opened(self) -> BaseMailBox:
        box = connected(self._imap, answer_s=_ANSWER_S)
        self._box = box
        if self._closed:
            self.hang_up()
            raise ConnectionAbortedError
        try:
            _keep_asking(box.client.sock)
            enter(box, self._imap, self._tokens)
        except BaseException:
            self.hang_up()
            raise
        return box

    def _refused(self) -> Refused:
        user = self._imap.username
        if self._imap.auth == "xoauth2":
            return Refused(
                f"Your mail server refused the access token for {user}.",
                hint="Usually the permission was withdrawn. Allow it again with your provider and "
                "put the new token into config.toml under [mail.oauth], then start me again.",
            )
        return Refused(
            f"Your mail server refused the password for {user}.",
            hint="Usually the app password was changed. Put the new one in on my page, under "
            "Menu, Settings, Mail.",
        )

    def _gone(self) -> Unavailable:
        return Unavailable(
            f"I can't reach your mail server {self._imap.host}.",
            hint="I keep trying; what you put into the folder waits there and is not lost.",
        )


def _fetched(
    box: BaseMailBox, uids: Iterable[int], what: str
) -> Iterator[tuple[bytes, bytes | None]]:
    """What the server says of each mail: its line, and the bytes that came with it."""
    _, answer = box.client.uid("FETCH", ",".join(map(str, uids)), what)
    head, raw = b"", None
    for part in cast("list[tuple[bytes, bytes] | bytes | None]", answer):
        if isinstance(part, tuple):
            if raw is not None:
                yield head, raw
            head, raw = part
        elif part is not None and raw is not None:
            # what stands behind the bytes belongs to the same mail: some servers name it there
            yield head + b" " + part, raw
            head, raw = b"", None
        elif part is not None:
            yield part, None
    if raw is not None:
        yield head, raw


def _keep_asking(connection: socket.socket) -> None:
    """Let the network find out that the other side is gone: a laptop that slept hears nothing."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", _QUIET_S),
        ("TCP_KEEPINTVL", _QUIET_S // 6),
        ("TCP_KEEPCNT", _PROBES),
    ):
        # not every system has all of them
        if (option := getattr(socket, name, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _has_idle(box: BaseMailBox) -> bool:
    _, answer = box.client.capability()
    return b"IDLE" in b" ".join(one for one in answer if isinstance(one, bytes)).upper().split()


def _said_already(box: BaseMailBox) -> bool:
    """Whether news came in one piece with the server's "go ahead".

    Then it lies in a buffer, and asking the socket for it would wait in vain (imap-tools 1.16,
    idle.py).
    """
    connection = box.client.sock
    patience_s = connection.gettimeout()
    connection.settimeout(0)
    try:
        # the buffer's name changed with Python 3.14
        held = vars(box.client)
        buffer = cast("BufferedReader", held.get("_file") or held["file"])
        return bool(buffer.peek(1))
    except OSError:
        return False
    finally:
        connection.settimeout(patience_s)
