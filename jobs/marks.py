"""Small state that is kept under a name: how far a door has read, who is at work, what was told."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables


async def recall(connection: AsyncConnection, key: str) -> str | None:
    """What is kept under a name; None when nothing is."""
    return await connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == key))


async def keep(connection: AsyncConnection, key: str, value: str) -> None:
    """Keep something under a name, whatever was there."""
    where = tables.meta.c.key == key
    changed = await connection.execute(update(tables.meta).where(where).values(value=value))
    if changed.rowcount == 0:
        await connection.execute(insert(tables.meta).values(key=key, value=value))


async def exchange(connection: AsyncConnection, key: str, was: str | None, value: str) -> bool:
    """Keep something under a name if what is there is still what the caller saw.

    Args:
        was: What the caller saw; None when there was nothing.

    Returns:
        False when somebody else was quicker.
    """
    if was is None:
        if await recall(connection, key) is not None:
            return False
        await connection.execute(insert(tables.meta).values(key=key, value=value))
        return True
    where = (tables.meta.c.key == key) & (tables.meta.c.value == was)
    changed = await connection.execute(update(tables.meta).where(where).values(value=value))
    return changed.rowcount == 1
