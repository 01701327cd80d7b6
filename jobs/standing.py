"""Where an action stands, for somebody who decides too late."""

from zoneinfo import ZoneInfo

from memory.records.action import Action, State


def already(action: Action, zone: ZoneInfo) -> str:
    """What has become of an action, in one sentence.

    Args:
        zone: The owner's zone, for times in words.
    """
    when = action.approved_at.astimezone(zone) if action.approved_at else None
    door = (action.approved_by or "").split(" ")[0]
    approved = f"Already approved {when:%H:%M} on {door.capitalize()}." if when else ""
    done = action.receipt.at.astimezone(zone) if action.receipt else None
    return {
        State.HELD: approved,
        State.READY: approved,
        State.CLAIMED: approved,
        State.RETRY_WAIT: approved,
        State.AWAITING: "It still waits for your word.",
        State.COMMITTING: "It is leaving right now. In a moment I can tell you how it ended.",
        State.DONE: f"Already done at {done:%H:%M}." if done else "Already done.",
        State.CANCELLED: "Already taken back. Nothing left.",
        State.REJECTED: "You already said no to this one. Nothing was sent.",
        State.TAKEN: "You took this one yourself.",
        State.EXPIRED: "That card is too old to act on; nothing was sent.",
        State.SUPERSEDED: "That text was superseded by a newer one; please use the newer card.",
        State.UNKNOWN: "I can't tell yet whether it left.",
        State.FAILED: "It was not sent, so there is nothing to take back.",
        State.COMPENSATING: "The correction already waits for you; nothing was added.",
        State.COMPENSATED: "It was taken back already; nothing was added.",
    }.get(action.state, "That can't be decided any more.")
