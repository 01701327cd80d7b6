"""What was filed in a stretch of time: how much of each kind, and the first lines."""

import json
import textwrap
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.brief import many
from memory.records.action import State
from memory.records.file_records import FileRecords
from memory.records.kinds import kept_of
from memory.records.shape import Frozen

_NAMES = {"message": "mail"}
"""Kinds that an owner calls by another name."""
_SHOWN = 5
_LONGEST = 80
"""Characters of a line that only reminds of something."""


class Filed(Frozen):
    """What was filed."""

    counts: dict[str, int]
    """By kind, the most first; what works behind the scenes is left out."""
    lines: tuple[str, ...]
    """Each in one line, oldest first; without the letters themselves."""

    @property
    def total(self) -> int:
        """How much it is in all."""
        return sum(self.counts.values())

    def text(self, since: str) -> str:
        """How much of what, and the first lines.

        Args:
            since: "today", or since when.
        """
        kinds = ", ".join(
            many(number, _NAMES.get(kind, kind.replace("_", " ")))
            for kind, number in self.counts.items()
        )
        lines = [
            f"- {textwrap.shorten(one, _LONGEST, placeholder=' ...')}"
            for one in self.lines[:_SHOWN]
        ]
        left = len(self.lines) - len(lines)
        more = [f"- and {left} more"] if left > 0 else []
        return "\n".join([f"Filed {since} ({self.total}): {kinds}.", *lines, *more])


async def filed(connection: AsyncConnection, begin: datetime, end: datetime) -> Filed:
    """What was filed from `begin` to before `end` and has not been taken back."""
    revision, action = tables.revision, tables.action
    query = (
        select(revision.c.record, revision.c.kind, revision.c.version)
        .join(action, (action.c.id == revision.c.action) & (action.c.kind == _FILING))
        .where(
            revision.c.recorded_at >= begin,
            revision.c.recorded_at < end,
            revision.c.data.is_not(None),
            action.c.state == State.DONE.value,
            action.c.compensates.is_(None),
        )
        .order_by(revision.c.recorded_at, revision.c.record)
    )
    counts: dict[str, int] = {}
    lines: list[str] = []
    seen: set[str] = set()
    for row in (await connection.execute(query)).all():
        if row.record in seen or row.kind == "process":
            continue
        standing = select(tables.record.c.data).where(tables.record.c.id == row.record)
        data = await connection.scalar(standing)
        if data is None:
            continue
        seen.add(row.record)
        counts[row.kind] = counts.get(row.kind, 0) + 1
        if row.kind != "message":
            lines.append(kept_of(row.kind, json.loads(data)).line())
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return Filed(counts=dict(most), lines=tuple(lines))


_FILING = FileRecords.model_fields["kind"].default
