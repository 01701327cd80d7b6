"""Judges a history from outside: what the mail server took against what the ledger says."""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.doubles.smtp_journal import Sent

Kind = Literal["lost", "doubled", "unasked", "unexplained", "doubt"]


@dataclass(frozen=True)
class Entry:
    """One line of the ledger about one revision of an action."""

    seq: int
    at: datetime
    """By the company's clock."""
    event: str
    action: str
    revision: int


@dataclass(frozen=True)
class Deed:
    """One revision of an action that sends a mail."""

    action: str
    revision: int
    key: str
    state: str
    approved_by: str | None
    outcome: str | None
    """What its receipt says; None without one."""


@dataclass(frozen=True)
class History:
    """What a company believes it has sent."""

    entries: tuple[Entry, ...]
    deeds: tuple[Deed, ...]
    offset: timedelta
    """How far the company's clock is ahead of the machine's."""


@dataclass(frozen=True)
class Fault:
    """One way in which the two accounts differ."""

    kind: Kind
    says: str


def read(data: Path) -> History:
    """The history in a data folder; Steward may be running, or dead."""
    with closing(sqlite3.connect(data / "steward.db", timeout=10)) as connection:
        clock = connection.execute("select value from meta where key = 'clock'").fetchone()
        entries = connection.execute(
            "select seq, at, event, subject, detail from ledger where event like 'action_%' "
            "order by seq"
        ).fetchall()
        deeds = connection.execute(
            "select id, revision, key, state, approved_by, receipt from action "
            "where kind = 'mail.send' and json_extract(effect, '$.from_address') <> ''"
        ).fetchall()
    return History(
        entries=tuple(
            Entry(seq, datetime.fromisoformat(at), event, action, json.loads(detail)["revision"])
            for seq, at, event, action, detail in entries
        ),
        deeds=tuple(
            Deed(
                action,
                revision,
                key,
                state,
                approved_by,
                json.loads(receipt)["outcome"] if receipt else None,
            )
            for action, revision, key, state, approved_by, receipt in deeds
        ),
        offset=timedelta(seconds=float(clock[0])) if clock else timedelta(0),
    )


def faults(history: History, mails: tuple[Sent, ...]) -> tuple[Fault, ...]:
    """Every difference between the ledger and the mails that really arrived.

    Args:
        mails: All mails of this history, and none of another.
    """
    told: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in history.entries:
        told[entry.action, entry.revision].append(entry)
    by_key = {deed.key: deed for deed in history.deeds}
    arrived = Counter(_key(mail) for mail in mails)
    found: list[Fault] = []
    for mail in mails:
        deed = by_key.get(_key(mail))
        if deed is None:
            found.append(Fault("unexplained", f"no action knows the mail {mail.message_id}"))
            continue
        found += _unjustified(deed, told[deed.action, deed.revision], mail.at + history.offset)
    for deed in history.deeds:
        found += _wrong_count(deed, arrived[deed.key])
        found += _wrong_course(deed, told[deed.action, deed.revision])
    return tuple(found)


def _key(mail: Sent) -> str:
    return mail.message_id.strip("<>").partition("@")[0]


def _unjustified(deed: Deed, entries: list[Entry], arrived_at: datetime) -> list[Fault]:
    """A mail needs an approval, and after it a marker, both older than itself."""
    found: list[Fault] = []
    markers = [one for one in entries if one.event == "action_committing"]
    approvals = [one for one in entries if one.event == "action_approved"]
    if not any(one.at <= arrived_at for one in markers):
        found.append(Fault("unexplained", f"{deed.action} left before its marker"))
    elif not any(one.seq < markers[0].seq for one in approvals) or deed.approved_by is None:
        found.append(Fault("unasked", f"{deed.action} left without an approval"))
    return found


def _wrong_count(deed: Deed, arrived: int) -> list[Fault]:
    if arrived > 1:
        return [Fault("doubled", f"{deed.action} arrived {arrived} times")]
    if arrived == 0 and deed.outcome == "sent":
        return [Fault("lost", f"{deed.action} has a receipt and never arrived")]
    return []


def _wrong_course(deed: Deed, entries: list[Entry]) -> list[Fault]:
    """Doubt only right after a marker; a second marker only after a known failure."""
    found: list[Fault] = []
    before = ""
    is_under_way = False
    for entry in entries:
        if entry.event == "action_unknown" and before != "action_committing":
            found.append(Fault("doubt", f"{deed.action} is in doubt, and nothing was under way"))
        if entry.event == "action_committing":
            if is_under_way:
                found.append(Fault("doubt", f"{deed.action} was tried again while in doubt"))
            is_under_way = True
        elif entry.event == "action_retry_wait":
            is_under_way = False
        before = entry.event
    return found
