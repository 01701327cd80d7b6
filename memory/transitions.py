"""Which state of an action may follow which, and who may bring it there: the one definition.

The code asks it before each move, and the database is given the same rows (schema.py) and refuses
whatever is not among them.
"""

from enum import StrEnum

from memory.records.action import State


class Mover(StrEnum):
    """Who moves an action."""

    AGENT = "agent"
    """May suggest, and put away what it has suggested."""
    GUARDS = "guards"
    OWNER = "owner"
    CLOCK = "clock"
    """What time and the death of workers bring about, without anybody's judgement."""
    EXECUTOR = "executor"
    """The worker that holds the current claim."""
    EVIDENCE = "evidence"
    """Proof found at the other side."""
    WHOLE = "whole"
    """What holds for many under one yes holds for each of them, and the many end as they do."""
    RESTORE = "restore"
    """Beginning from a copy: nobody knows what has left since it was made."""


_S = State
_RULES: dict[Mover, dict[State, tuple[State, ...]]] = {
    Mover.GUARDS: {
        _S.PROPOSED: (_S.REFUSED, _S.AWAITING, _S.APPROVED),
        _S.APPROVED: (_S.HELD,),
        # enough has left for now
        _S.READY: (_S.HELD,),
    },
    Mover.AGENT: {_S.AWAITING: (_S.SUPERSEDED,)},
    Mover.OWNER: {
        _S.AWAITING: (_S.APPROVED, _S.REJECTED, _S.TAKEN, _S.SUPERSEDED),
        _S.APPROVED: (_S.HELD,),
        _S.HELD: (_S.CANCELLED,),
        _S.READY: (_S.CANCELLED,),
        _S.CLAIMED: (_S.CANCELLED,),
        _S.RETRY_WAIT: (_S.CANCELLED, _S.READY),
        _S.UNKNOWN: (_S.DONE, _S.FAILED, _S.SUPERSEDED),
        # one line of a filing is taken back, or a text that was only written was sent by hand
        _S.DONE: (_S.COMPENSATING, _S.COMPENSATED, _S.DONE),
        _S.COMPENSATING: (_S.DONE, _S.COMPENSATED),
        _S.CANCELLED: (_S.SUPERSEDED,),
        _S.FAILED: (_S.READY, _S.SUPERSEDED),
        _S.EXPIRED: (_S.SUPERSEDED,),
    },
    Mover.CLOCK: {
        _S.AWAITING: (_S.EXPIRED,),
        _S.HELD: (_S.READY, _S.AWAITING),
        _S.READY: (_S.AWAITING,),
        _S.CLAIMED: (_S.READY,),
        _S.COMMITTING: (_S.READY, _S.UNKNOWN),
        _S.RETRY_WAIT: (_S.READY, _S.AWAITING),
        _S.COMPENSATING: (_S.DONE,),
    },
    Mover.EXECUTOR: {
        _S.READY: (_S.CLAIMED,),
        _S.CLAIMED: (_S.COMMITTING, _S.READY, _S.RETRY_WAIT, _S.FAILED),
        _S.COMMITTING: (_S.DONE, _S.FAILED, _S.RETRY_WAIT, _S.UNKNOWN),
        _S.COMPENSATING: (_S.COMPENSATED,),
    },
    Mover.EVIDENCE: {
        _S.COMMITTING: (_S.DONE,),
        _S.UNKNOWN: (_S.DONE, _S.FAILED),
        _S.COMPENSATING: (_S.COMPENSATED,),
    },
    Mover.WHOLE: {
        _S.PROPOSED: (_S.APPROVED,),
        _S.APPROVED: (_S.HELD,),
        _S.AWAITING: (_S.APPROVED, _S.DONE, _S.REJECTED),
        _S.HELD: (_S.CANCELLED, _S.DONE, _S.FAILED),
        _S.READY: (_S.CANCELLED, _S.DONE, _S.FAILED),
    },
    # an approved one is held in the same transaction, so no copy has one
    Mover.RESTORE: {
        _S.AWAITING: (_S.UNKNOWN,),
        _S.HELD: (_S.UNKNOWN,),
        _S.READY: (_S.UNKNOWN,),
        _S.CLAIMED: (_S.UNKNOWN,),
        _S.COMMITTING: (_S.UNKNOWN,),
        _S.RETRY_WAIT: (_S.UNKNOWN,),
    },
}

ALLOWED: frozenset[tuple[State, State, Mover]] = frozenset(
    (before, after, mover)
    for mover, moves in _RULES.items()
    for before, following in moves.items()
    for after in following
)
"""Every move that may be: from, to, by whom."""

FINAL: frozenset[State] = frozenset(State) - {before for before, _, _ in ALLOWED}
"""Nothing follows these: their rows never change again."""

_PAIRS = frozenset((before, after) for before, after, _ in ALLOWED)

_HOUSE = {
    "guards": Mover.GUARDS,
    "limits": Mover.GUARDS,
    "clock": Mover.CLOCK,
    "sweep": Mover.CLOCK,
    "executor": Mover.EXECUTOR,
    "marker": Mover.EXECUTOR,
    "evidence": Mover.EVIDENCE,
    "restore": Mover.RESTORE,
    "whole": Mover.WHOLE,
}


def may_follow(state: State, after: State) -> bool:
    """Whether an action may go from `after` to `state`, by anybody."""
    return (after, state) in _PAIRS


def mover_of(actor: str) -> Mover | None:
    """Who an actor of the ledger is; None for nobody who may move anything.

    Args:
        actor: A part of the house ("clock"), a worker ("worker wrk_..."), agent@version, or the
            owner at a door ("telegram 111").
    """
    known = _HOUSE.get(actor)
    if known is not None:
        return known
    name, _, rest = actor.partition(" ")
    if name == "worker":
        return Mover.EXECUTOR
    if rest and name != "guard":
        return Mover.OWNER
    return Mover.AGENT if "@" in actor else None
