"""Something worth keeping as it was said."""

from typing import ClassVar

from memory.records.kept import Kept


class Note(Kept):
    """Something worth keeping as it was said."""

    kind: ClassVar[str] = "note"

    text: str
    origin: str
    """Id of the Source it came from."""

    def key(self) -> str:
        """One note per Source."""
        return self.origin

    def title(self) -> str:
        """The first words."""
        return self.text if len(self.text) <= 60 else self.text[:57].rsplit(" ", 1)[0] + " ..."

    def words(self) -> str:
        """All of it."""
        return self.text
