"""An SMTP server that writes each mail down before it says it has it.

Runs in threads of the test (`async with Smtp(journal) as smtp`), or as a process of its own that
a kill of the product does not touch: `python -m tests.doubles.smtp --port 0 --journal FILE`.
"""

import argparse
import asyncio
import signal
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.doubles.imap import Imap
from tests.doubles.smtp_journal import Event, Journal, Sent, events, sent
from tests.doubles.smtp_server import Mode, Rules, Server

ROOT = Path(__file__).parents[2]


class Smtp:
    """The witness in threads. All `rules` but DEAD may be changed while it runs."""

    def __init__(
        self,
        journal: Path,
        *,
        mode: Mode = Mode.ACCEPT,
        port: int = 0,
        refuse: Mapping[str, int] | None = None,
        username: str | None = None,
        password: str | None = None,
        delay_s: float = 5,
        file_sent: Callable[[bytes], None] | None = None,
    ) -> None:
        """Port 0 takes a free one."""
        self.rules = Rules(mode, refuse, username, password, delay_s, file_sent=file_sent)
        self.journal = journal
        self.host = "127.0.0.1"
        self.port = port
        self._server: Server | None = None

    @property
    def sent(self) -> tuple[Sent, ...]:
        return sent(self.journal)

    @property
    def events(self) -> tuple[Event, ...]:
        return events(self.journal)

    def __enter__(self) -> Self:
        self._closed_port = socket.socket()
        if self.rules.mode is Mode.DEAD:
            # Bound but not listening: refuses, and nobody else can take the port meanwhile.
            self._closed_port.bind((self.host, self.port))
            self.port = int(self._closed_port.getsockname()[1])
            return self
        self._server = Server((self.host, self.port), Journal(self.journal), self.rules)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._closed_port.close()
        if self._server is not None:
            self._server.stop()
            self._thread.join()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, at)


@dataclass(frozen=True)
class Witness:
    """A witness that runs as a process of its own."""

    journal: Path
    port: int
    pid: int
    host: str = "127.0.0.1"

    @property
    def sent(self) -> tuple[Sent, ...]:
        return sent(self.journal)

    @property
    def events(self) -> tuple[Event, ...]:
        return events(self.journal)


@asynccontextmanager
async def smtp_process(journal: Path, *options: str) -> AsyncGenerator[Witness]:
    """Start the witness as a process; `options` are those of its command line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.doubles.smtp", "--journal", str(journal), "--with-parent", *options),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield Witness(journal, int(await process.stdout.readline()), process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


def _refusal(text: str) -> tuple[str, int]:
    address, _, code = text.rpartition("=")
    return address, int(code)


def _sent_folder(port: str) -> Callable[[bytes], None]:
    imap = Imap(port=int(port))

    def file(raw: bytes) -> None:
        imap.deliver("Sent", raw)

    return file


def _leave(number: int, frame: object) -> None:
    sys.exit(0)


def main() -> None:
    """Serve until a signal comes, or until the parent's pipe closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.ACCEPT)
    parser.add_argument(
        "--refuse", type=_refusal, action="append", default=[], metavar="ADDRESS=CODE"
    )
    parser.add_argument("--username")
    parser.add_argument("--password")
    parser.add_argument("--delay", type=float, default=5, metavar="SECONDS")
    parser.add_argument(
        "--file-sent",
        type=_sent_folder,
        metavar="PORT",
        help="file each accepted mail in the Sent folder of the IMAP server at this port",
    )
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    asked = parser.parse_args()
    witness = Smtp(
        asked.journal,
        mode=asked.mode,
        port=asked.port,
        refuse=dict(asked.refuse),
        username=asked.username,
        password=asked.password,
        delay_s=asked.delay,
        file_sent=asked.file_sent,
    )
    signal.signal(signal.SIGTERM, _leave)
    with witness:
        print(witness.port, flush=True)
        if asked.with_parent:
            sys.stdin.read()
        else:
            signal.pause()


if __name__ == "__main__":
    main()
