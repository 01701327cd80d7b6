"""Servers that are not what was asked for: silent ones, strangers, and one nobody vouches for."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "nobody_vouches.pem"
"""Self-signed, for 127.0.0.1, with its key."""


@asynccontextmanager
async def a_mailbox_without_folders() -> AsyncGenerator[int]:
    """A mailbox that lets everybody in, has no folder, and lets nobody make one."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, verb, *_ = line.split()
            if verb == b"CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1\r\n")
            answer = b" NO not here\r\n" if verb == b"CREATE" else b" OK done\r\n"
            writer.write(tag + answer)
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def saying(greeting: bytes, *, tls: bool = False) -> AsyncGenerator[int]:
    """A port where somebody says this to whoever comes, and then nothing more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    over = asyncio.Event()

    async def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await over.wait()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=context if tls else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
        await server.wait_closed()
