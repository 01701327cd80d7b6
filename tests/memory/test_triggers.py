"""Triggers: what each of them refuses is in test_transitions.py and test_ledger.py."""

import sqlite3
from pathlib import Path

import pytest

from memory.triggers import statements
from tests.memory.given import a_stranger_at


def test_every_trigger_is_in_the_database_as_it_is_written(data: Path):
    with a_stranger_at(data) as stranger:
        rows = stranger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")

        assert dict(rows.fetchall()) == statements("sqlite")


def test_a_database_without_triggers_of_ours_gets_none():
    assert statements("another") == {}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_they_hold_for_whoever_opens_the_file_and_however(data: Path, recursive: str):
    with a_stranger_at(data) as stranger:
        stranger.execute(f"PRAGMA recursive_triggers = {recursive}")
        first = ("x", "a", "b", "c", "{}", "", "", "", "0" * 64, "h", "m")
        stranger.execute(f"INSERT INTO ledger VALUES (1{', ?' * 11})", first)

        for statement in (
            "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
            "REPLACE INTO ledger SELECT * FROM ledger",
            "UPDATE OR REPLACE ledger SET mac = 'other'",
            "UPDATE OR IGNORE ledger SET mac = 'other'",
            "DELETE FROM ledger",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                stranger.execute(statement)
