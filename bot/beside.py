"""Work beside the loop, for calls that may block on a network: nobody waits for them at the end."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def beside(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a call returns or raises, made in a thread of its own.

    Unlike `asyncio.to_thread` it never holds up the end of the process: a connection attempt to a
    server that does not answer may go on for many seconds after the door was closed.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # pyright: ignore[reportArgumentType] - a T unless it failed

    def work() -> None:
        result, failed = None, None
        try:
            result = call(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to who waits
            failed = error
        # a loop that is closed has nobody who waits
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=work, name=getattr(call, "__name__", "beside"), daemon=True).start()
    return await future
