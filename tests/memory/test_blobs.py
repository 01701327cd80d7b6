"""Blobs: bytes under their digest, whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from memory.blobs import Blobs
from memory.errors import NotFound, Unavailable
from tests.memory.given import a_disk_that_is_full_after

RAW = b"From: Tom\r\n\r\nHello"


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def test_bytes_are_kept_under_their_digest(tmp_path: Path):
    blobs = Blobs(tmp_path)

    name = blobs.put(RAW)

    assert name == hashlib.sha256(RAW).hexdigest()
    assert blobs.get(name) == RAW


def test_the_same_bytes_are_kept_once(tmp_path: Path):
    blobs = Blobs(tmp_path)

    assert blobs.put(RAW) == blobs.put(RAW)
    assert len(files_in(tmp_path)) == 1


def test_a_full_disk_keeps_nothing_and_says_so(tmp_path: Path):
    blobs = Blobs(tmp_path)

    with a_disk_that_is_full_after(1000), pytest.raises(Unavailable, match="disk"):
        blobs.put(b"x" * 5000)

    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path):
    (tmp_path / "blobs").write_text("a file where the folder should be")

    with pytest.raises(Unavailable):
        Blobs(tmp_path / "blobs").put(RAW)


def test_a_changed_file_is_not_handed_out(tmp_path: Path):
    blobs = Blobs(tmp_path)
    name = blobs.put(RAW)
    files_in(tmp_path)[0].write_bytes(RAW + b"!")

    with pytest.raises(NotFound, match="changed"):
        blobs.get(name)


def test_a_changed_file_is_put_right_when_its_bytes_come_again(tmp_path: Path):
    blobs = Blobs(tmp_path)
    name = blobs.put(RAW)
    files_in(tmp_path)[0].write_bytes(b"")

    blobs.put(RAW)

    assert blobs.get(name) == RAW


def test_a_file_that_is_gone_is_not_found(tmp_path: Path):
    with pytest.raises(NotFound, match="no longer here"):
        Blobs(tmp_path).get("ab" * 32)
