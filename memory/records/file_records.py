"""The effect that changes the company's own memory."""

from datetime import tzinfo
from typing import ClassVar, Literal

from memory.records.change import Change
from memory.records.effect import Effect, Line, Reversal
from memory.records.receipt import Receipt


class FileRecords(Effect):
    """Write records of the company's own. Applied at once, silently, with Undo."""

    kind: Literal["file"] = "file"
    repeatable: ClassVar = "A"
    reversal: ClassVar = Reversal.EXACT
    external: ClassVar = False

    changes: tuple[Change, ...]

    def facts(self) -> tuple[Line, ...]:
        """One line per record."""
        return tuple(Line(label=one.kind.capitalize(), value=one.title) for one in self.changes)

    def preview(self) -> str:
        """The titles."""
        return ", ".join(one.title for one in self.changes)

    def undo(self, receipt: Receipt, zone: tzinfo) -> "FileRecords":  # noqa: ARG002
        """The same records as they were, last change first, since the moment they changed."""
        return FileRecords(
            changes=tuple(
                one.model_copy(update={"valid_from": one.valid_from or receipt.at}).inverse()
                for one in reversed(self.changes)
            )
        )
