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


async def known(
    connection: AsyncConnection, door: str, chat: str, shown: Shown
) -> dict[Wanted, str]:
    """The tokens that buttons of this card have already, while it shows the same."""
    revision, digest = shown.bound
    bound = {
        "door": door,
        "chat": chat,
        "notice": shown.notice.id,
        "revision": revision,
        "digest": digest,
    }
    query = select(tables.button)
    for name, value in bound.items():
        column = tables.button.c[name]
        query = query.where(column.is_(None) if value is None else column == value)
    return {
        Wanted(verb=Verb(row.verb), choice=row.choice): row.token
        for row in await connection.execute(query)
    }


async def token(
    connection: AsyncConnection, door: str, chat: str, shown: Shown, one: Wanted, now: datetime
) -> str:
    """The token of a button, the same again while the card shows the same."""
    had = (await known(connection, door, chat, shown)).get(one)
    if had is not None:
        return had
    revision, digest = shown.bound
    fresh = new_token()
    await connection.execute(
        insert(tables.button).values(
            token=fresh,
            door=door,
            chat=chat,
            notice=shown.notice.id,
            revision=revision,
            digest=digest,
            verb=one.verb.value,
            choice=one.choice,
            made_at=now,
        )
    )
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
