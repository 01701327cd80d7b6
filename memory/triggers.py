"""What the database itself refuses, whoever asks: history that changes, moves nobody may make."""

# ruff: noqa: S608 - the conditions are made of nothing but our own words

from collections.abc import Iterator

from memory.transitions import FINAL

_GENESIS = "0" * 64

_NEVER_MOVE = (
    *("id", "revision", "source", "run", "agent", "kind", "heading", "effect", "then"),
    *("rationale", "path", "cost_micro", "digest", "key", "compensates", "created_at"),
    *("expires_at", "part_of", "part_revision"),
)
"""What an action is stays as it was put in; an edit is another revision."""
_MOVE_WITH_THE_STATE = (
    *("approved_by", "approved_at", "approved_digest", "hold_until", "fence", "attempts"),
    *("trouble", "hint", "receipt", "moved_by"),
)
"""What happened to an action changes with its state, and then only one step at a time."""


def _differs(*columns: str) -> str:
    return " OR ".join(f'NEW."{one}" IS NOT OLD."{one}"' for one in columns)


_MOVES = f"({_differs('state', 'version')})"
_FINAL = ", ".join(f"'{one.value}'" for one in sorted(FINAL))

_TRIGGERS = (
    ("ledger_never_changes", "BEFORE UPDATE ON ledger", "", "the ledger only grows"),
    ("ledger_never_shrinks", "BEFORE DELETE ON ledger", "", "the ledger only grows"),
    (
        "ledger_in_order",
        "BEFORE INSERT ON ledger",
        "NEW.seq != (SELECT coalesce(max(seq), 0) + 1 FROM ledger) "
        "OR NEW.prev_hash != coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), "
        f"'{_GENESIS}')",
        "the ledger is a chain",
    ),
    ("revision_never_changes", "BEFORE UPDATE ON revision", "", "history only grows"),
    ("decision_never_changes", "BEFORE UPDATE ON decision", "", "history only grows"),
    ("verdict_never_changes", "BEFORE UPDATE ON verdict", "", "history only grows"),
    # INSERT OR REPLACE changes a row without an UPDATE
    (
        "revision_never_replaced",
        "BEFORE INSERT ON revision",
        "EXISTS (SELECT 1 FROM revision WHERE record = NEW.record AND version = NEW.version)",
        "history only grows",
    ),
    (
        "decision_never_replaced",
        "BEFORE INSERT ON decision",
        "EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)",
        "history only grows",
    ),
    (
        "verdict_never_replaced",
        "BEFORE INSERT ON verdict",
        "EXISTS (SELECT 1 FROM verdict WHERE id = NEW.id)",
        "history only grows",
    ),
    (
        "action_never_replaced",
        "BEFORE INSERT ON action",
        "EXISTS (SELECT 1 FROM action WHERE id = NEW.id AND revision = NEW.revision)",
        "an action is never replaced",
    ),
    (
        "action_begins",
        "BEFORE INSERT ON action",
        "NEW.version != 1 OR NEW.fence != 0 OR NEW.attempts != 0 "
        "OR NEW.approved_digest IS NOT NULL OR NEW.approved_by IS NOT NULL "
        "OR NOT (NEW.state = 'proposed' AND NEW.receipt IS NULL "
        "OR NEW.state = 'done' AND NEW.kind = 'file')",
        "an action begins as a suggestion",
    ),
    (
        "action_moves_as_allowed",
        "BEFORE UPDATE ON action",
        f"{_MOVES} AND NOT EXISTS (SELECT 1 FROM allowed_transition "
        "WHERE from_state = OLD.state AND to_state = NEW.state AND actor_class = NEW.moved_by)",
        "nobody may move it so",
    ),
    (
        "action_moves_with_its_whole",
        "BEFORE UPDATE ON action",
        f"{_MOVES} AND NEW.moved_by = 'whole' AND NEW.part_of IS NULL AND NEW.kind != 'mail.many'",
        "it is no part of anything",
    ),
    (
        "action_of_many_stays",
        "BEFORE UPDATE ON action",
        "NEW.kind = 'mail.many' AND NEW.state IN ('claimed', 'committing')",
        "its parts leave, it does not",
    ),
    (
        "action_moves_one_step",
        "BEFORE UPDATE ON action",
        f"{_MOVES} AND NEW.version IS NOT OLD.version + 1",
        "each move is one step",
    ),
    (
        "action_never_changes",
        "BEFORE UPDATE ON action",
        _differs(*_NEVER_MOVE),
        "what was shown is what runs",
    ),
    (
        "action_changes_when_it_moves",
        "BEFORE UPDATE ON action",
        f"NOT {_MOVES} AND (OLD.state IN ({_FINAL}) OR {_differs(*_MOVE_WITH_THE_STATE)})",
        "an action changes only when it moves",
    ),
    (
        "action_is_claimed",
        "BEFORE UPDATE ON action",
        "CASE WHEN OLD.state = 'ready' AND NEW.state = 'claimed' "
        "THEN NEW.fence IS NOT OLD.fence + 1 OR NEW.attempts IS NOT OLD.attempts + 1 "
        "OR NEW.owner IS NULL "
        f"ELSE {_differs('fence', 'attempts')} END",
        "each claim has a number of its own",
    ),
    (
        "action_is_approved",
        "BEFORE UPDATE ON action",
        "CASE NEW.state WHEN 'approved' "
        "THEN NEW.approved_digest IS NOT NEW.digest OR NEW.approved_by IS NULL "
        f"WHEN 'awaiting' THEN NEW.approved_digest IS NOT NULL AND {_differs('approved_digest')} "
        f"ELSE {_differs('approved_digest', 'approved_by')} END",
        "an approval binds what was shown",
    ),
    (
        "action_passes_the_marker",
        "BEFORE UPDATE ON action",
        "NEW.state = 'committing' AND OLD.state != 'committing' AND "
        "(NEW.approved_digest IS NOT NEW.digest OR NEW.approved_by IS NULL "
        "OR NEW.hold_until IS NULL OR NEW.owner IS NULL OR NEW.fence < 1)",
        "only what was approved may leave",
    ),
    (
        "action_has_its_receipt",
        "BEFORE UPDATE ON action",
        f"CASE NEW.state WHEN 'done' THEN NEW.receipt IS NULL ELSE {_differs('receipt')} END",
        "done needs a proof, and a proof stays",
    ),
    *(
        (f"allowed_transition_no_{what.lower()}", f"BEFORE {what} ON allowed_transition", "",
         "what may follow is said in the code")
        for what in ("INSERT", "UPDATE", "DELETE")
    ),
)  # fmt: skip
"""Name, moment, condition and reason of each. Deleting is left open where erasing a person needs
it; the ledger notices any other deletion."""


def statements(dialect: str) -> dict[str, str]:
    """What makes each trigger, by its name, in a database's own language.

    The conditions are plain SQL; only the frame around them differs from database to database.
    So far there is one for SQLite alone.
    """
    return dict(_for_sqlite()) if dialect == "sqlite" else {}


def _for_sqlite() -> Iterator[tuple[str, str]]:
    for name, moment, condition, reason in _TRIGGERS:
        when = f" WHEN {condition}" if condition else ""
        yield (
            name,
            f"CREATE TRIGGER {name} {moment}{when} BEGIN SELECT RAISE(ABORT, '{reason}'); END",
        )
