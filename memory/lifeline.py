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
    pipe, _ = await loop.connect_read_pipe(lambda: _Pipe(asked), sys.stdin)
    try:
        async with asyncio.TaskGroup() as group:
            working = group.create_task(work)
            watching = group.create_task(asked.wait())
            await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
            watching.cancel()
            working.cancel()
    except ExceptionGroup as troubles:
        raise troubles.exceptions[0] from None
    finally:
        pipe.close()


class _Pipe(asyncio.Protocol):
    """Standard input: nothing is ever read from it, but its end is the parent's end."""

    def __init__(self, closed: asyncio.Event) -> None:
        self._closed = closed

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._closed.set()
