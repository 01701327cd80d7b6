"""Files kept under the digest of their bytes: never changed, never twice."""

import hashlib
import os
import tempfile
from pathlib import Path

from memory.errors import NotFound, Unavailable
from memory.folders import settle


class Blobs:
    """A folder of byte strings, each named by its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, raw: bytes) -> str:
        """Keep the bytes durably; the same bytes twice are kept once.

        Returns:
            Their digest, hex.

        Raises:
            Unavailable: The disk would not take them; nothing was kept.
        """
        name = hashlib.sha256(raw).hexdigest()
        place = self._place(name)
        try:
            if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == name:
                return name
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(raw, place)
        except OSError as error:
            raise Unavailable(
                "The disk did not take it. Free some space, then send it again."
            ) from error
        return name

    def get(self, digest: str) -> bytes:
        """The bytes with this digest.

        Raises:
            NotFound: They are not here, or no longer what they were.
        """
        try:
            raw = self._place(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("The original file is no longer here.") from error
        if hashlib.sha256(raw).hexdigest() != digest:
            raise NotFound("The original file was changed on the disk.")
        return raw

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _write(raw: bytes, place: Path) -> None:
    """All of the bytes under their name, or nothing at all."""
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as draft:
        try:
            draft.write(raw)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(place)
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise
    settle(place.parent)
