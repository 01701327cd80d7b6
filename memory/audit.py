"""Whether everything is still as it was written, and what was written: the ledger from outside."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.ledger import Findings
from memory.transitions import ALLOWED
from memory.triggers import statements

_TOLD = 5
"""So many faults are told in words; `faults` has all of them."""


class Audit(Findings):
    """What checking everything came to."""

    anchors: int
    """Heads of the ledger that were written down outside the database."""

    @property
    def text(self) -> str:
        """All of it in words."""
        if not self.faults:
            return (
                f"Everything is as I wrote it: {self.entries:,} lines in my ledger, the "
                f"{self.rows:,} records they speak of, and {self.anchors:,} seals outside."
            )
        more = len(self.faults) - _TOLD
        return "\n".join(
            [
                "Something was changed, and not by me:",
                *(f"- {one}" for one in self.faults[:_TOLD]),
                *([f"- and {more} more"] if more > 0 else []),
                "What to do: stop me, and begin again from a backup: steward restore.",
            ]
        )


async def audited(company: Company) -> Audit:
    """Check the ledger, every row it speaks of, the seals outside, and the database's own rules."""
    anchors, faults = company.anchors.every()
    async with company.store.read() as connection:
        found = await company.ledger.verify(connection, anchors=anchors, now=company.clock.now())
        rules = await _broken_rules(connection)
    return Audit(
        entries=found.entries,
        rows=found.rows,
        anchors=len(anchors),
        faults=(*found.faults, *faults, *rules),
    )


async def _broken_rules(connection: AsyncConnection) -> list[str]:
    """The database's own rules that are gone or others than the code's."""
    wanted = statements(connection.dialect.name)
    present: dict[str, str] = {}
    if wanted:
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        present = {str(row[0]): str(row[1]) for row in await connection.execute(query)}
    known = {tuple(row) for row in await connection.execute(select(tables.allowed_transition))}
    broken = [name for name in wanted if present.get(name) != wanted[name]]
    if known != {tuple(str(one) for one in move) for move in ALLOWED}:
        broken.append("allowed_transition")
    again = "the next start makes it again."
    return [f'The database\'s own rule "{name}" is gone or changed; {again}' for name in broken]
