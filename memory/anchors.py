"""What is kept of the ledger outside the database: its head by the hour, and the newest one.

`anchors.jsonl` only grows: a line an hour, on the disk before anybody goes on. `head.json` is the
newest head that is known to have been there, and of which installation. Whoever puts an older
database in its place, or cuts the ledger's end off, meets them.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from memory.canonical import digest
from memory.chain import Anchored
from memory.folders import settle
from memory.records.shape import Frozen
from memory.tables import instant_text

HOUR = timedelta(hours=1)


class Anchor(Frozen):
    """The ledger's head at one moment."""

    at: datetime
    seq: int
    hash: str
    mac: str
    """The mark of all the rest, made with the ledger's key."""


class Head(Frozen):
    """The newest head that is known to have been there."""

    install: str
    """Of which installation: it changes when a copy goes on in its place."""
    seq: int
    hash: str
    at: datetime


class Anchors:
    """The two files in a data folder."""

    def __init__(self, folder: Path, mark: Callable[[str], str]) -> None:
        """Make it.

        Args:
            mark: What only the holder of the ledger's key can make of a hash.
        """
        self._folder = folder
        self._mark = mark
        self.file = folder / "anchors.jsonl"
        self.head_file = folder / "head.json"

    def drop(self, seq: int, hashed: str, at: datetime) -> None:
        """Write a head down for good; it is on the disk when this returns.

        Raises:
            OSError: The disk did not take it.
        """
        said = {"at": instant_text(at), "seq": seq, "hash": hashed}
        line = json.dumps({**said, "mac": self._mark(digest(said))}) + "\n"
        with self._alone():
            fresh = not self.file.exists()
            handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                # a line that the power cut off stays, and the next one begins below it
                size = os.fstat(handle).st_size
                torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
                os.write(handle, (("\n" if torn else "") + line).encode())
                os.fsync(handle)
            finally:
                os.close(handle)
            if fresh:
                settle(self._folder)

    def every(self) -> tuple[tuple[Anchored, ...], tuple[str, ...]]:
        """What was written down, and what of it is not as we wrote it, one sentence each."""
        found: list[Anchored] = []
        faults: list[str] = []
        for number, line in enumerate(self._lines(), start=1):
            try:
                one = Anchor.model_validate_json(line)
            except ValidationError:
                if line.startswith("{") and not line.endswith("}"):
                    # the power went while it was written
                    continue
                faults.append(f"Line {number} of {self.file.name} can't be read.")
                continue
            said = {"at": instant_text(one.at), "seq": one.seq, "hash": one.hash}
            if one.mac == self._mark(digest(said)):
                found.append(Anchored(one.seq, one.hash, instant_text(one.at)))
            else:
                faults.append(f"Line {number} of {self.file.name} was not written by this Steward.")
        head = self.head()
        if head is not None:
            found.append(Anchored(head.seq, head.hash, instant_text(head.at)))
        return tuple(found), tuple(faults)

    def last(self) -> Anchor | None:
        """The newest line that can be read; None when there is none."""
        for line in reversed(self._lines()):
            with contextlib.suppress(ValidationError):
                return Anchor.model_validate_json(line)
        return None

    def is_due(self, seq: int, now: datetime) -> bool:
        """Whether an hour has passed since the last one, and something has happened."""
        last = self.last()
        return seq > 0 and (last is None or (last.seq != seq and abs(now - last.at) >= HOUR))

    def head(self) -> Head | None:
        """The newest head that was noted; None when none ever was.

        Raises:
            ValidationError: The file holds something else.
        """
        try:
            return Head.model_validate_json(self.head_file.read_bytes())
        except FileNotFoundError:
            return None

    def note(self, head: Head, *, anew: bool = False) -> bool:
        """Note a head, if it is newer than the one that is there; on the disk when this returns.

        Args:
            anew: Whether another installation takes the place of the one that is there.

        Returns:
            False when another installation's head is there: then nothing was noted.

        Raises:
            OSError: The disk did not take it.
        """
        with self._alone():
            known = None if anew else self.head()
            if known is not None:
                if known.install != head.install:
                    return False
                if known.seq >= head.seq:
                    return True
            draft = self.head_file.with_suffix(".part")
            with draft.open("w") as file:
                file.write(head.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.head_file)
            settle(self._folder)
        return True

    def _lines(self) -> list[str]:
        try:
            raw = self.file.read_bytes()
        except FileNotFoundError:
            return []
        return [one for one in raw.decode("utf-8", "replace").split("\n") if one]

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        with (self._folder / "anchors.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
