"""Folders: what is in them is on the disk, or whoever asked hears that it is not."""

from pathlib import Path

import pytest

from memory.folders import settle


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_stays_open(tmp_path: Path):
    before = open_files()
    for _ in range(20):
        settle(tmp_path)

    assert open_files() == before


def test_a_folder_that_is_gone_says_so(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        settle(tmp_path / "nowhere")
