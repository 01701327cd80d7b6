"""Children end with their parent: its end of the pipe closes, whatever killed it."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine


async def until_parent_ends(work: Coroutine[object, object, None]) -> None:
    """Run `work` until it ends, standard input closes, or somebody asks us to stop."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(asked, ended.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(work)
        parent = group.create_task(_closed(reader, ended))
        waiting = group.create_task(ended.wait())
        await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
        for one in (working, parent, waiting):
            one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _closed(reader: asyncio.StreamReader, ended: asyncio.Event) -> None:
    while await reader.read(1024):
        continue
    ended.set()
