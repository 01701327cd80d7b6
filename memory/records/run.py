"""One execution of one agent."""

from datetime import datetime
from enum import StrEnum

from memory.records.proposal import Proposal
from memory.records.shape import Frozen


class RunState(StrEnum):
    """Where a run stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


class Run(Frozen):
    """One execution of one agent, its own job."""

    id: str
    source: str
    agent: str
    version: str
    step: int
    """Order among the runs of one Source: 0 plans, the highest concludes."""
    state: RunState
    fence: int
    """Counts claims; a result with an older fence is ignored."""
    attempts: int
    due_at: datetime
    trigger: str
    """What caused it, as the owner would say it."""
    intents: str
    """JSON list of the intents it was given."""
    tier: str = ""
    output: Proposal | None = None
    cost_micro: int = 0
    """Millionths of the budget's currency."""
    latency_ms: int = 0
    outcome: str = ""
