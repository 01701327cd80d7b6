"""The scripting door's objects: cards, lines, records and actions as JSON. A stable interface."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from starlette.exceptions import HTTPException

from bot.adapter import Button, Card
from memory import recall, revisions
from memory.audit import Audit
from memory.errors import NotFound
from memory.history import Counts, Spent
from memory.records.action import Action, State
from memory.records.change import Version
from memory.records.kept import normal
from memory.records.kinds import kept_kinds, kept_of
from memory.records.money import Money
from memory.records.notice import Shown
from memory.store import Store

_OPEN = (
    State.AWAITING,
    State.APPROVED,
    State.HELD,
    State.READY,
    State.CLAIMED,
    State.COMMITTING,
    State.RETRY_WAIT,
    State.UNKNOWN,
)
"""States in which a card waits for the owner or can still be stopped."""
_MOST = 1000
"""Records that a search finds at most."""
_ALIVE = timedelta(minutes=2)


def is_card(one: Shown) -> bool:
    """Whether there is something to press; all else is a chat line."""
    return one.action is not None or one.notice.question is not None or one.standstill is not None


def is_open(one: Shown) -> bool:
    """Whether a card belongs in the inbox."""
    if one.standstill is not None:
        return not one.notice.answered
    if one.action is None:
        return one.notice.question is not None and not one.notice.answered
    return one.action.state in _OPEN and one.action.revision == one.latest


def line(
    one: Shown, card: Card, spent: Spent, *, currency: str, zone: ZoneInfo
) -> dict[str, object]:
    """A notice as a card, or as a chat line when there is nothing to press.

    Args:
        spent: What the message that led to it took.
        currency: The budget's.
    """
    if not is_card(one):
        return {
            "notice": one.notice.id,
            "text": card.text,
            "about": one.notice.source,
            "cost": cost(spent.cost_micro, currency),
            "path": spent.path,
        }
    action = one.action
    expires_at = action.expires_at if action else None
    return {
        "card": one.notice.id,
        "action": action.id if action else None,
        "kind": action.kind if action else "stop" if one.standstill else "question",
        "state": action.state.value if action else _question_state(one),
        "title": card.title or (action.heading if action else ""),
        "facts": [[fact.label, fact.value] for fact in action.effect.facts()] if action else [],
        "says": card.says,
        "cost": cost(action.cost_micro if action else spent.cost_micro, currency),
        "path": action.path if action else spent.path,
        "reversal": action.effect.reversal.value if action else None,
        "hold_s": action.effect.hold_s if action else None,
        "expires_at": expires_at.astimezone(zone).isoformat() if expires_at else None,
        "buttons": [_button(button) for button in card.buttons],
        "text": card.text,
    }


def action(one: Action) -> dict[str, object]:
    """One revision of an action."""
    return {
        "action": one.id,
        "kind": one.kind,
        "state": one.state.value,
        "revision": one.revision,
        "effect": plain(one.effect.model_dump(mode="json")),
        "reversal": one.effect.reversal.value,
        "approved_by": one.approved_by,
        "receipt": plain(one.receipt.model_dump(mode="json")) if one.receipt else None,
        "source": one.source,
        "agent": one.agent,
    }


def record(one: Version, zone: ZoneInfo) -> dict[str, object]:
    """One version of a record."""
    return {
        "record": one.record,
        "kind": one.kind,
        "revision": one.version,
        "data": plain(one.data),
        "valid_from": one.valid_from.astimezone(zone).isoformat(),
        "recorded_at": one.recorded_at.astimezone(zone).isoformat(),
        "author": one.author,
        "provenance": {
            field: {
                "source": origin.source,
                "label": origin.label.value,
                "span": list(origin.span) if origin.span else None,
            }
            for field, origin in one.provenance.items()
        },
    }


def health(counts: Counts, now: datetime) -> dict[str, object]:
    """Whether the house is at work."""
    seen = counts.worker_seen_at
    return {
        "ok": True,
        "worker": seen is not None and now - seen <= _ALIVE,
        "worker_seen_at": seen.isoformat() if seen else None,
        "waiting": counts.actions.get(State.AWAITING.value, 0),
    }


def plain(value: JsonValue) -> JsonValue:
    """Data with every sum of money as "1200.00 EUR"."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"minor", "currency"}:
        return str(Money.model_validate(value))
    return {name: plain(one) for name, one in value.items()}


def cost(micro: int, currency: str) -> str:
    """Millionths of a currency as "0.122 USD": two decimals, more where there are more."""
    amount = Decimal(micro).scaleb(-6)
    two = amount.quantize(Decimal("0.01"))
    return f"{two if two == amount else amount.normalize():f} {currency}"


def moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """An ISO time, in the owner's zone unless it names one; a day means its last moment."""
    if not text:
        return None
    try:
        if len(text) <= len("2026-03-10"):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max, tzinfo=zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise HTTPException(400, f"{text} is not a time; write it like 2026-03-10.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


async def find_records(
    store: Store,
    *,
    kind: str | None,
    words: str | None,
    at: datetime | None,
    known: datetime | None,
) -> tuple[Version, ...]:
    """Records that stand; the best match first when words are given.

    Args:
        at: The moment they should be true at; None takes the newest version of each.
        known: What was recorded by then; None means everything.

    Raises:
        NotFound: There is no such kind.
    """
    if kind and kind not in kept_kinds():
        raise NotFound(f"I keep no {kind}.", hint=f"One of: {', '.join(sorted(kept_kinds()))}.")
    async with store.read() as connection:
        if words and at is None and known is None:
            best = await recall.search(connection, words, limit=_MOST)
            return tuple(one for one in best if kind in (None, "", one.kind))
        found = [
            one
            for name in ([kind] if kind else sorted(kept_kinds()))
            for one in await revisions.every(connection, name, at=at, known=known)
        ]
    return tuple(one for one in found if not words or _has(one, words))


def _has(one: Version, words: str) -> bool:
    spoken = set(normal(kept_of(one.kind, one.data).words()).split())
    return bool(spoken & set(normal(words).split()))


def _question_state(one: Shown) -> str:
    return "answered" if one.notice.answered else State.AWAITING.value


def _button(button: Button) -> str:
    """A button's verb; with the number of the choice, from 0, where there are several."""
    choice = "" if button.choice is None else f":{button.choice}"
    return f"{button.verb.value}{choice}"


def audit(found: Audit) -> dict[str, object]:
    """What checking everything came to."""
    return {
        "ok": not found.faults,
        "entries": found.entries,
        "rows": found.rows,
        "anchors": found.anchors,
        "faults": list(found.faults),
        "text": found.text,
    }


def entry(line: Mapping[str, str | int]) -> dict[str, object]:
    """One line of the ledger, with all that proves it."""
    return {**line, "detail": json.loads(str(line["detail"]))}
