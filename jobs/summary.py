"""What was kept from ringing, told at once: how much of what still waits, and its first lines."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices, rings
from memory.brief import many
from memory.errors import NotFound
from memory.records.action import State
from memory.records.notice import Shown

_SHOWN = 5
_TROUBLED = (State.RETRY_WAIT, State.FAILED)


@dataclass(frozen=True)
class Summary:
    """What was kept from ringing."""

    notices: tuple[str, ...]
    """All of it, also what was dealt with since."""
    counts: str
    """"2 drafts wait, 1 question"; empty when nothing waits any more."""
    lines: tuple[str, ...]


async def summary(connection: AsyncConnection) -> Summary:
    """What waits for the next ring."""
    kept = tuple(dict.fromkeys(one.notice for one in await rings.kept(connection)))
    named: list[tuple[str, str]] = []
    for one in kept:
        try:
            shown = await notices.find(connection, one)
        except NotFound:
            continue
        found = _named(shown)
        if found is not None and found not in named:
            named.append(found)
    lines = [f"- {title}" for _, title in named[:_SHOWN]]
    left = len(named) - len(lines)
    more = [f"- and {left} more"] if left else []
    return Summary(kept, _counts([kind for kind, _ in named]), (*lines, *more))


def _named(shown: Shown) -> tuple[str, str] | None:
    """What kind of thing still waits, and its title; None when it was dealt with."""
    notice, action = shown.notice, shown.action
    if notice.question is not None:
        first = notice.question.text.partition("\n")[0]
        return None if notice.answered else ("question", first)
    if action is None or action.kind == "file":
        first = notice.text.partition("\n")[0]
        _, is_reminder, what = first.partition(": ") if first.startswith("Reminder") else ("",) * 3
        return ("reminder", what) if is_reminder else ("message", first)
    if action.revision != shown.latest or shown.outdone:
        return None
    if action.state is State.AWAITING:
        return ("draft", action.heading)
    if action.state is State.UNKNOWN:
        return ("doubt", f"Did it leave? {action.heading}")
    return ("trouble", f"Not sent: {action.heading}") if action.state in _TROUBLED else None


def _counts(kinds: list[str]) -> str:
    """How many of each, in the order of what matters most."""
    doubts, drafts, trouble = (kinds.count(one) for one in ("doubt", "draft", "trouble"))
    parts = [f"{many(drafts, 'draft')} {'waits' if drafts == 1 else 'wait'}"] if drafts else []
    parts += [f"{many(doubts, 'mail')} to look for in Sent"] if doubts else []
    parts += [f"{many(trouble, 'mail')} not sent"] if trouble else []
    for kind in ("question", "reminder", "message"):
        if number := kinds.count(kind):
            parts.append(many(number, kind))
    return ", ".join(parts)
