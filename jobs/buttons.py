"""What a button's token stands for: random, bound to its chat and to what the card shows."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.ids import new_token
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.shape import Frozen


class Wanted(Frozen):
    """A button that a door wants to show."""

    verb: Verb
    choice: int | None = None


class Pressed(Frozen):
    """What a button's token stands for."""

    door: str
    chat: str
    notice: str
    revision: int | None
    digest: str | None
    verb: Verb
    choice: int | None


async def token(
    connection: AsyncConnection, door: str, chat: str, shown: Shown, one: Wanted, now: datetime
) -> str:
    """The token of a button, the same again while the card shows the same."""
    action = shown.action
    values = {
        "door": door,
        "chat": chat,
        "notice": shown.notice.id,
        "revision": action.revision if action else None,
        "digest": action.digest if action else None,
        "verb": one.verb.value,
        "choice": one.choice,
    }
    query = select(tables.button.c.token)
    for name, value in values.items():
        column = tables.button.c[name]
        query = query.where(column.is_(None) if value is None else column == value)
    known = await connection.scalar(query.limit(1))
    if known is not None:
        return known
    fresh = new_token()
    await connection.execute(insert(tables.button).values(token=fresh, made_at=now, **values))
    return fresh


async def pressed(connection: AsyncConnection, token: str) -> Pressed | None:
    """What a token stands for; None when it was never ours."""
    query = select(tables.button).where(tables.button.c.token == token)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Pressed(
        door=row.door,
        chat=row.chat,
        notice=row.notice,
        revision=row.revision,
        digest=row.digest,
        verb=Verb(row.verb),
        choice=row.choice,
    )
