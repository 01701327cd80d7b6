"""The SMTP conversation of the witness, and the ways in which it may go wrong."""

import base64
import itertools
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from tests.doubles.smtp_journal import Journal

EVERYBODY = "*"
LONGEST_LINE_BYTES = 1_000_000


class Mode(StrEnum):
    """How the witness behaves. It may change between two mails."""

    ACCEPT = "accept"
    REFUSE_PASSWORD = "refuse-password"
    """535 to every sign-in."""
    REFUSE_MESSAGE = "refuse-message"
    """554 after the final dot."""
    ACCEPT_THEN_DROP = "accept-then-drop"
    """Journalled, then the connection is cut in place of the 250."""
    DROP_BEFORE_DOT = "drop-before-dot"
    """Cut when the mail's header has come, so the final dot cannot arrive."""
    DROP_AT_DOT = "drop-at-dot"
    """Cut when the final dot has come; nothing was accepted."""
    DELAY = "delay"
    """Journalled, and answered `delay_s` later."""
    DEAD = "dead"
    """The port is closed. Only for the whole life of a witness."""


@dataclass
class Rules:
    """What the witness does; shared by all its connections."""

    mode: Mode = Mode.ACCEPT
    refuse: Mapping[str, int] | None = None
    """Answer per recipient, such as 550 or 451; "*" is everybody."""
    username: str | None = None
    """None: nobody has to sign in, and every password is fine."""
    password: str | None = None
    delay_s: float = 5
    token: str | None = None
    """The access token that signs in too."""
    file_sent: Callable[[bytes], None] | None = None
    """Gets each accepted mail before the answer, as a provider that files sent mail itself."""


class Server(socketserver.ThreadingTCPServer):
    """One thread for each connection, ended by `stop`."""

    allow_reuse_address = True
    daemon_threads = True
    # Leaving must not wait for a client that never hangs up.
    block_on_close = False

    def __init__(self, address: tuple[str, int], journal: Journal, rules: Rules) -> None:
        self.journal = journal
        self.rules = rules
        self.numbers = itertools.count(1)
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()
        super().__init__(address, _Connection)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        for connection in tuple(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Cut(Exception):
    """The connection ends here, without a word."""


class _Connection(socketserver.StreamRequestHandler):
    """One client: greeting, commands, mails."""

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, Server)
        self.house = self.server
        self.number = next(self.house.numbers)
        self.rules = self.house.rules
        self.sender = ""
        self.recipients: list[str] = []
        self.is_signed_in = self.rules.username is None
        self.house.open.add(self.request)

    def finish(self) -> None:
        self.house.open.discard(self.request)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        self._note("connected")
        try:
            self._say("220 witness ESMTP")
            while line := self.rfile.readline(LONGEST_LINE_BYTES):
                if self._obey(line.decode("utf-8", "replace").strip()):
                    return
            self._note("gone")
        except _Cut:
            self._note("cut")
        except OSError:
            self._note("gone")

    def _obey(self, line: str) -> bool:
        """Carry out one command; True when the client said goodbye."""
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO":
                self._say("250-witness", "250-8BITMIME", "250-SMTPUTF8", "250-SIZE 50000000")
                self._say("250 AUTH PLAIN LOGIN XOAUTH2")
            case "HELO" | "NOOP":
                self._say("250 witness")
            case "AUTH":
                self._sign_in(rest)
            case "MAIL":
                self._begin(rest)
            case "RCPT":
                self._add_recipient(_address(rest))
            case "DATA":
                self._take_mail()
            case "RSET":
                self._forget()
                self._say("250 forgotten")
            case "QUIT":
                self._note("quit")
                self._say("221 goodbye")
                return True
            case _:
                self._say("502 not here")
        return False

    def _sign_in(self, rest: str) -> None:
        how, _, initial = rest.partition(" ")
        if how.upper() == "XOAUTH2":
            self._sign_in_by_token(_plain(initial))
            return
        if how.upper() == "PLAIN":
            _, name, password = (_plain(initial or self._ask("")) + "\0\0").split("\0")[:3]
        else:
            name = _plain(initial or self._ask("Username:"))
            password = _plain(self._ask("Password:"))
        known = (self.rules.username, self.rules.password)
        is_right = self.rules.username is None or (name, password) == known
        if self.rules.mode is Mode.REFUSE_PASSWORD or not is_right:
            self._note("refused password", name)
            self._say("535 5.7.8 Username and Password not accepted")
            return
        self.is_signed_in = True
        self._note("signed in", name)
        self._say("235 2.7.0 welcome")

    def _sign_in_by_token(self, said: str) -> None:
        if said != f"user={self.rules.username}\x01auth=Bearer {self.rules.token}\x01\x01":
            self._note("refused token")
            # the client has to take note of the reason before it hears the refusal
            if self._ask('{"status":"401"}') == "":
                self._say("535 5.7.8 Username and token not accepted")
            return
        self.is_signed_in = True
        self._note("signed in", "by token")
        self._say("235 2.7.0 welcome")

    def _begin(self, rest: str) -> None:
        if not self.is_signed_in:
            self._say("530 5.7.0 Authentication required")
            return
        self._forget()
        self.sender = _address(rest)
        self._say("250 2.1.0 fine")

    def _add_recipient(self, address: str) -> None:
        refuse = self.rules.refuse or {}
        code = refuse.get(address) or refuse.get(EVERYBODY)
        if code is None:
            self.recipients.append(address)
            self._say("250 2.1.5 fine")
            return
        self._note("refused recipient", f"{code} {address}")
        why = "5.1.1 no such mailbox" if code >= 500 else "4.2.0 try again later"
        self._say(f"{code} {why}")

    def _take_mail(self) -> None:
        if not self.recipients:
            self._say("503 5.5.1 nobody to send it to")
            return
        self._note("data started")
        self._say("354 end with a dot")
        raw = self._read_to_dot()
        self._note("dot seen")
        match self.rules.mode:
            case Mode.DROP_AT_DOT:
                raise _Cut
            case Mode.REFUSE_MESSAGE:
                self._note("refused message")
                self._say("554 5.6.0 refused")
            case mode:
                self.house.journal.accept(self.sender, tuple(self.recipients), raw)
                if self.rules.file_sent is not None:
                    self.rules.file_sent(raw)
                self._note("accepted")
                self._confirm(mode)
        self._forget()

    def _confirm(self, mode: Mode) -> None:
        """Answer for a mail that is on the disk, in the way of the mode."""
        if mode is Mode.ACCEPT_THEN_DROP:
            raise _Cut
        if mode is Mode.DELAY:
            self.house.stopping.wait(self.rules.delay_s)
        self._say("250 2.0.0 accepted")

    def _read_to_dot(self) -> bytes:
        """The mail up to the line that is only a dot, which ends it.

        Raises:
            _Cut: The client left before the dot, or the mode says so.
        """
        lines: list[bytes] = []
        while (line := self.rfile.readline(LONGEST_LINE_BYTES)) != b".\r\n":
            if not line:
                raise _Cut
            if line == b"\r\n" and self.rules.mode is Mode.DROP_BEFORE_DOT:
                raise _Cut
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _ask(self, prompt: str) -> str:
        self._say(f"334 {base64.b64encode(prompt.encode()).decode()}")
        return self.rfile.readline(LONGEST_LINE_BYTES).decode().strip()

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _forget(self) -> None:
        self.sender = ""
        self.recipients = []

    def _note(self, what: str, detail: str = "") -> None:
        self.house.journal.note(what, self.number, detail)


def _address(text: str) -> str:
    """The address of FROM:<a@b> SIZE=1 or TO:<a@b>."""
    return text.partition("<")[2].partition(">")[0]


def _plain(encoded: str) -> str:
    return base64.b64decode(encoded).decode("utf-8", "replace")
