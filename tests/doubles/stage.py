"""Setting the stage: rows as only the house could have made them."""

import contextlib
from collections.abc import AsyncGenerator

from sqlalchemy.ext.asyncio import AsyncConnection

from memory.triggers import statements


@contextlib.asynccontextmanager
async def unguarded(connection: AsyncConnection) -> AsyncGenerator[None]:
    """The database lets anything be done to actions, until the end of the block."""
    made = {name: sql for name, sql in statements("sqlite").items() if "ON action" in sql}
    for name in made:
        await connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for sql in made.values():
        await connection.exec_driver_sql(sql)
