"""pymap as a program of its own: `python -m tests.doubles.imap_server USER PASSWORD`.

Takes a free port, prints it on the first line, and ends when standard input closes. Differs from
pymap's own command in one thing: a response leaves in one piece. pymap 0.36 writes some of them
in several, and a client that polls without waiting (imap-tools in IDLE) may meet half a line.
"""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from asyncio import StreamReader, StreamWriter
from typing import cast

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService
from pysasl.hashing import BuiltinHash

HOST = "127.0.0.1"


class WholeResponses:
    """A stream writer that keeps what it is given until it is told to drain."""

    def __init__(self, writer: StreamWriter) -> None:
        self._writer = writer
        self._kept = bytearray()

    def write(self, part: bytes) -> None:
        self._kept += part

    async def drain(self) -> None:
        self._writer.write(bytes(self._kept))
        self._kept.clear()
        await self._writer.drain()

    def close(self) -> None:
        self._writer.close()


class Server(IMAPServer):
    """pymap's server, its responses whole."""

    async def __call__(
        self, reader: StreamReader, writer: StreamWriter, sock_info: SocketInfo
    ) -> None:
        await super().__call__(reader, cast("StreamWriter", WholeResponses(writer)), sock_info)


async def serve(username: str, password: str) -> None:
    """Serve one account until standard input closes."""
    quick = BuiltinHash(rounds=1)
    backend, config = await DictBackend.init(_settings(username, password), hash_context=quick)
    config.apply_context()
    proxy = ProxyProtocolReader(config.proxy_protocol)
    callback = proxy.get_callback(Server(backend.login, config))
    async with await asyncio.start_server(callback, HOST, 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


def _settings(username: str, password: str) -> Namespace:
    parser = ArgumentParser()
    parser.set_defaults(debug=False, passlib_cfg=None)
    IMAPService.add_arguments(parser)
    DictBackend.add_subparser("dict", parser.add_subparsers())
    account = ["--demo-user", username, "--demo-password", password]
    return parser.parse_args(["--no-tls", "dict", *account])


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:3]))
