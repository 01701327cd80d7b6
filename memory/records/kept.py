"""What the company keeps: the data of one record, whatever its kind."""

import re
import unicodedata
from typing import ClassVar, Self

from pydantic import JsonValue

from memory.ids import derived_id
from memory.records.shape import Frozen


class Kept(Frozen):
    """The data of one record. Each kind is one class in one file beside this one."""

    kind: ClassVar[str]
    """The kind's name in tables, cards and commands."""
    home: ClassVar[str] = "Steward"
    """Which system wins when two of them differ."""

    def key(self) -> str:
        """What makes it itself: the same key met twice is the same record."""
        raise NotImplementedError(type(self).__name__)

    def title(self) -> str:
        """A few words that name it to the owner."""
        raise NotImplementedError(type(self).__name__)

    def line(self) -> str:
        """The record in one line, with what matters about it."""
        return f"{self.kind.capitalize()}: {self.title()}"

    def words(self) -> str:
        """The text it can be found by."""
        return self.title()

    def record_id(self) -> str:
        """The record's id, derived from kind and key."""
        return record_id(self.kind, self.key())

    def data(self) -> dict[str, JsonValue]:
        """The plain data, as stored."""
        return self.model_dump(mode="json")

    def changed(self, **fields: object) -> Self:
        """The same record with some fields replaced, checked again."""
        return type(self).model_validate({**self.model_dump(), **fields})


def record_id(kind: str, key: str) -> str:
    """The id of the record of this kind with this key."""
    return derived_id(kind, key)


def normal(name: str) -> str:
    """A name as it is compared: no case, no accents, single spaces, no punctuation."""
    plain = name.casefold()
    if not plain.isascii():
        # what looks like a letter becomes one, and may be a capital: a mathematical A, say
        letters = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", plain).strip() or name.strip().casefold()
