"""Transitions: one definition, in the code and in the database alike."""

import itertools
import sqlite3
from pathlib import Path

import pytest

from memory.records.action import State
from memory.transitions import ALLOWED, FINAL, Mover, may_follow, mover_of
from memory.triggers import statements
from tests.memory.given import a_stranger_at

ROW = {
    "id": "act_1", "revision": 1, "source": "src_1", "run": "run_1", "agent": "replies@1",
    "kind": "mail.send", "heading": "Reply", "effect": "{}", "then": "[]", "rationale": "she asks",
    "path": "rules", "state": "proposed", "version": 1, "digest": "d", "key": "k",
    "created_at": "2026-03-10T09:00:00.000000Z",
}  # fmt: skip
ON_THE_WAY = {
    "approved_by": "local dana", "approved_digest": "d", "hold_until": "x", "owner": "wrk_1",
    "fence": 1, "receipt": "{}",
}  # fmt: skip
ALL_MOVES = [
    (before, after, mover)
    for before, after, mover in itertools.product(State, State, Mover)
    if (before, after) != (State.READY, State.CLAIMED)
]
"""A claim changes its number too, and has a test of its own."""


@pytest.fixture
def stranger(data: Path):
    with a_stranger_at(data) as connection:
        yield connection


def put(stranger: sqlite3.Connection, **changed: object) -> None:
    """An action as it may stand in the middle of its life."""
    made = {name: sql for name, sql in statements("sqlite").items() if "INSERT ON action" in sql}
    for name in made:
        stranger.execute(f"DROP TRIGGER {name}")
    row = {**ROW, **changed}
    stranger.execute("DELETE FROM action")
    columns = ", ".join(f'"{one}"' for one in row)
    stranger.execute(
        f"INSERT INTO action ({columns}) VALUES ({', '.join('?' * len(row))})",
        tuple(row.values()),
    )
    for sql in made.values():
        stranger.execute(sql)


def refused(stranger: sqlite3.Connection, statement: str, *values: object) -> str:
    """Why the database refuses it; empty when it does it."""
    stranger.execute("SAVEPOINT one")
    try:
        stranger.execute(statement, values)
    except sqlite3.IntegrityError as error:
        return str(error)
    finally:
        stranger.execute("ROLLBACK TO one")
        stranger.execute("RELEASE one")
    return ""


def test_the_table_is_what_the_code_says(stranger: sqlite3.Connection):
    rows = stranger.execute("SELECT * FROM allowed_transition").fetchall()

    assert {(State(before), State(after), Mover(who)) for before, after, who in rows} == ALLOWED
    assert len(rows) == len(ALLOWED)


def test_nobody_but_the_code_says_what_may_follow(stranger: sqlite3.Connection):
    for statement in (
        "INSERT INTO allowed_transition VALUES ('rejected', 'ready', 'owner')",
        "INSERT OR REPLACE INTO allowed_transition SELECT * FROM allowed_transition",
        "UPDATE allowed_transition SET actor_class = 'agent'",
        "UPDATE OR REPLACE allowed_transition SET actor_class = 'agent'",
        "DELETE FROM allowed_transition",
    ):
        assert "said in the code" in refused(stranger, statement)


def test_the_database_lets_exactly_those_moves_pass(stranger: sqlite3.Connection):
    move = "UPDATE action SET state = ?, version = version + 1, moved_by = ?"
    wrong: list[tuple[State, State, Mover]] = []
    for before, moves in itertools.groupby(ALL_MOVES, key=lambda one: one[0]):
        put(stranger, **ON_THE_WAY, state=before.value, version=5, part_of="act_whole")
        for _, after, mover in moves:
            passes = refused(stranger, move, after.value, mover.value) == ""
            if passes != ((before, after, mover) in ALLOWED):
                wrong.append((before, after, mover))

    assert wrong == []
    assert len(ALL_MOVES) == (len(State) ** 2 - 1) * len(Mover)


def test_only_what_is_part_of_something_moves_with_it(stranger: sqlite3.Connection):
    move = "UPDATE action SET state = 'cancelled', version = version + 1, moved_by = 'whole'"
    refusals: list[str] = []
    for facts in ({}, {"part_of": "act_whole"}, {"kind": "mail.many"}):
        put(stranger, **ON_THE_WAY, state="held", version=5, **facts)
        refusals.append(refused(stranger, move))

    assert refusals == ["it is no part of anything", "", ""]


def test_what_leaves_in_parts_never_leaves_itself(stranger: sqlite3.Connection):
    put(stranger, **{**ON_THE_WAY, "kind": "mail.many"}, state="claimed", version=5)
    move = "UPDATE action SET state = 'committing', version = version + 1, moved_by = 'executor'"

    assert refused(stranger, move) == "its parts leave, it does not"


def test_a_claim_has_the_next_number_and_an_owner(stranger: sqlite3.Connection):
    claim = (
        "UPDATE action SET state = 'claimed', version = version + 1, moved_by = 'executor', "
        "fence = fence + ?, attempts = attempts + ?, owner = ?"
    )
    put(stranger, state="ready", version=4)

    assert refused(stranger, claim, 1, 1, "wrk_1") == ""
    for wrong in ((0, 1, "wrk_1"), (2, 1, "wrk_1"), (1, 0, "wrk_1"), (1, 1, None)):
        assert "number of its own" in refused(stranger, claim, *wrong)


@pytest.mark.parametrize("step", ["version + 2", "version", "version - 1", "1"])
def test_a_move_is_one_step(stranger: sqlite3.Connection, step: str):
    put(stranger, state="held", version=4)

    assert refused(
        stranger, f"UPDATE action SET state = 'ready', moved_by = 'clock', version = {step}"
    )


@pytest.mark.parametrize(
    "column",
    [
        *("id", "revision", "source", "run", "agent", "kind", "heading", "effect", "then"),
        *("rationale", "path", "cost_micro", "digest", "key", "compensates", "created_at"),
        "expires_at",
    ],
)
def test_what_was_put_in_stays_even_while_it_moves(stranger: sqlite3.Connection, column: str):
    put(stranger, state="held", version=4)

    for also in ("", ", state = 'ready', moved_by = 'clock', version = version + 1"):
        said = refused(stranger, f"UPDATE OR REPLACE action SET \"{column}\" = '4711'{also}")
        assert "what was shown is what runs" in said


@pytest.mark.parametrize(
    "column",
    [
        *("approved_by", "approved_digest", "approved_at", "hold_until", "fence", "attempts"),
        *("trouble", "hint", "receipt", "moved_by", "version"),
    ],
)
def test_what_happened_changes_only_with_the_state(stranger: sqlite3.Connection, column: str):
    put(stranger, **ON_THE_WAY, state="claimed", version=6)

    assert refused(stranger, f"UPDATE action SET {column} = '4711'")


@pytest.mark.parametrize("final", sorted(FINAL))
def test_what_has_ended_is_frozen_whole(stranger: sqlite3.Connection, final: State):
    put(stranger, state=final.value, version=6)
    columns = [row[1] for row in stranger.execute("PRAGMA table_info(action)")]

    for column in columns:
        assert refused(stranger, f"UPDATE action SET \"{column}\" = '4711'"), column


def test_a_lease_is_renewed_without_a_move(stranger: sqlite3.Connection):
    put(stranger, **ON_THE_WAY, state="committing", version=6)

    assert refused(stranger, "UPDATE action SET lease_until = 'later'") == ""


@pytest.mark.parametrize(
    "missing",
    [{"approved_digest": "other"}, {"approved_digest": None}, {"approved_by": None},
     {"hold_until": None}, {"owner": None}, {"fence": 0}],
    ids=["something else was approved", "nothing was", "by nobody", "never held", "no worker",
         "never claimed"],
)  # fmt: skip
def test_only_what_was_approved_passes_the_marker(
    stranger: sqlite3.Connection, missing: dict[str, object]
):
    mark = "UPDATE action SET state = 'committing', version = version + 1, moved_by = 'executor'"
    put(stranger, **{**ON_THE_WAY, "receipt": None}, state="claimed", version=6)
    assert refused(stranger, mark) == ""

    put(stranger, **{**ON_THE_WAY, "receipt": None, **missing}, state="claimed", version=6)

    assert "may leave" in refused(stranger, mark)


def test_an_approval_is_of_this_text_and_by_somebody(stranger: sqlite3.Connection):
    put(stranger, state="awaiting", version=2)
    approve = (
        "UPDATE action SET state = 'approved', version = 3, moved_by = 'owner', "
        "approved_digest = ?, approved_by = ?"
    )

    assert refused(stranger, approve, "d", "local dana") == ""
    assert refused(stranger, approve, "other", "local dana")
    assert refused(stranger, approve, "d", None)
    assert refused(stranger, "UPDATE action SET approved_digest = 'd', approved_by = 'x'")


def test_done_needs_a_proof(stranger: sqlite3.Connection):
    put(stranger, **{**ON_THE_WAY, "receipt": None}, state="committing", version=7)
    done = "UPDATE action SET state = 'done', version = 8, moved_by = 'executor'"

    assert refused(stranger, f"{done}, receipt = '{{}}'") == ""
    assert "needs a proof" in refused(stranger, done)
    assert "needs a proof" in refused(
        stranger,
        "UPDATE action SET state = 'failed', version = 8, moved_by = 'executor', receipt = '{}'",
    )


@pytest.mark.parametrize(
    "changed",
    [{"state": "ready"}, {"state": "approved"}, {"state": "done"}, {"version": 2}, {"fence": 1},
     {"attempts": 1}, {"approved_by": "local dana"}, {"approved_digest": "d"}, {"receipt": "{}"}],
    ids=str,
)  # fmt: skip
def test_an_action_begins_as_a_suggestion_and_nothing_more(
    stranger: sqlite3.Connection, changed: dict[str, object]
):
    def insert(row: dict[str, object]) -> str:
        columns = ", ".join(f'"{one}"' for one in row)
        marks = ", ".join("?" * len(row))
        return refused(stranger, f"INSERT INTO action ({columns}) VALUES ({marks})", *row.values())

    assert insert({**ROW}) == ""
    assert insert({**ROW, "kind": "file", "state": "done", "receipt": "{}"}) == ""
    assert "begins as a suggestion" in insert({**ROW, **changed})


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_an_action_is_never_replaced(stranger: sqlite3.Connection, verb: str):
    put(stranger)

    assert "never replaced" in refused(stranger, f"{verb} INTO action SELECT * FROM action")


def test_doubt_arises_only_after_the_marker_or_in_a_copy():
    doubts = {(before, mover) for before, after, mover in ALLOWED if after is State.UNKNOWN}

    assert {one for one in doubts if one[1] is not Mover.RESTORE} == {
        (State.COMMITTING, Mover.CLOCK),
        (State.COMMITTING, Mover.EXECUTOR),
    }


def test_only_a_claim_can_pass_the_marker():
    assert [one for one in ALLOWED if one[1] is State.COMMITTING] == [
        (State.CLAIMED, State.COMMITTING, Mover.EXECUTOR)
    ]


def test_agents_move_nothing_towards_the_world():
    assert {after for _, after, mover in ALLOWED if mover is Mover.AGENT} == {State.SUPERSEDED}


def test_only_the_owner_and_a_rule_of_theirs_approve():
    # WHOLE carries the owner's one yes to each of many
    assert {mover for _, after, mover in ALLOWED if after is State.APPROVED} == {
        *(Mover.OWNER, Mover.GUARDS, Mover.WHOLE)
    }


def test_nothing_follows_the_end():
    assert {
        *(State.REFUSED, State.REJECTED, State.TAKEN, State.SUPERSEDED, State.COMPENSATED)
    } == FINAL
    assert not any(may_follow(one, final) for one in State for final in FINAL)


def test_nothing_can_be_taken_back_silently_once_it_is_leaving():
    assert not may_follow(State.CANCELLED, State.COMMITTING)


@pytest.mark.parametrize(
    ("actor", "mover"),
    [
        ("guards", Mover.GUARDS),
        ("clock", Mover.CLOCK),
        ("sweep", Mover.CLOCK),
        ("executor", Mover.EXECUTOR),
        ("marker", Mover.EXECUTOR),
        ("worker wrk_abc", Mover.EXECUTOR),
        ("evidence", Mover.EVIDENCE),
        ("restore", Mover.RESTORE),
        ("replies@3", Mover.AGENT),
        ("telegram 111", Mover.OWNER),
        ("script owner", Mover.OWNER),
        ("slack U1@x", Mover.OWNER),
        ("guard recipients", None),
        ("somebody", None),
        ("", None),
    ],
)
def test_an_actor_of_the_ledger_is_one_of_the_movers(actor: str, mover: Mover | None):
    assert mover_of(actor) is mover
