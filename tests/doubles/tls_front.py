"""TLS in front of a server that has none, with any certificate: at once, or after STARTTLS."""

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

LARGEST = 65536


class TlsFront:
    """Usable with `with`. Serves one client after the other on `port`."""

    def __init__(self, behind: int, made: tuple[Path, Path], *, starttls: bool = False) -> None:
        """Stands before a port of this computer; with `starttls` it greets as IMAP does first."""
        self._behind = behind
        self._starttls = starttls
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*made)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        # closing alone does not wake who waits in accept
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            # a client that does not like the certificate leaves in the middle
            with plain, suppress(OSError):
                self._talk(plain)

    def _talk(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        if self._starttls:
            self._until_starttls(plain)
        with (
            self._context.wrap_socket(plain, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self._behind)) as server,
        ):
            if self._starttls:
                server.recv(LARGEST)  # the greeting was given already
            back = threading.Thread(target=_carry, args=(server, client))
            back.start()
            _carry(client, server)
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            back.join()

    def _until_starttls(self, plain: socket.socket) -> None:
        plain.sendall(b"* OK hello\r\n")
        with plain.makefile("rb") as lines:
            while line := lines.readline():
                tag, _, command = line.strip().partition(b" ")
                if command.upper() == b"CAPABILITY":
                    plain.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
                plain.sendall(tag + b" OK done\r\n")
                if command.upper() == b"STARTTLS":
                    return


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while some := one.recv(LARGEST):
            other.sendall(some)
