"""Children end with their parent: its end of the pipe closes, whatever killed it."""

import asyncio
import signal
import sys
from collections.abc import Coroutine


async def until_parent_ends(work: Coroutine[object, object, None]) -> None:
    """Run `work` until it ends, standard input closes, or somebody asks us to stop.

    Raises:
        Exception: Whatever ended `work` early.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, asked.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(work)
        watching = group.create_task(_until_closed(reader, asked))
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        watching.cancel()
        if not working.done():
            working.cancel()


async def _until_closed(reader: asyncio.StreamReader, asked: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        closed = group.create_task(_read_to_end(reader))
        signalled = group.create_task(asked.wait())
        await asyncio.wait((closed, signalled), return_when=asyncio.FIRST_COMPLETED)
        closed.cancel()
        signalled.cancel()


async def _read_to_end(reader: asyncio.StreamReader) -> None:
    while await reader.read(1024):
        continue
