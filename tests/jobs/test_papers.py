from pathlib import Path

import pytest

from jobs import papers


def test_a_file_is_there_whole_and_replaces_what_was_there(tmp_path: Path):
    place = tmp_path / "a.eml"
    place.write_bytes(b"old and longer")

    papers.put(place, b"new")

    assert place.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a.eml"]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path):
    place = tmp_path / "a.eml"
    place.write_bytes(b"old")
    (tmp_path / "a.eml.draft").mkdir()

    with pytest.raises(OSError, match="directory"):
        papers.put(place, b"new")

    assert place.read_bytes() == b"old"
