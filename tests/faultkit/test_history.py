"""The judge finds every way in which ledger and mail server can differ."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.smtp_journal import Sent
from tests.faultkit.history import Deed, Entry, History, faults

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
COURSE = ("awaiting", "approved", "held", "ready", "claimed", "committing", "done")


def entries(*states: str) -> tuple[Entry, ...]:
    """One line a second, the last one at noon."""
    first = NOON - timedelta(seconds=len(states) - 1)
    return tuple(
        Entry(number, first + timedelta(seconds=number), f"action_{state}", "act_1", 1)
        for number, state in enumerate(states)
    )


def a_history(
    *states: str, outcome: str | None = None, approved_by: str | None = "dana"
) -> History:
    deed = Deed("act_1", 1, "key1", states[-1], approved_by, outcome)
    return History(entries(*states), (deed,), timedelta(0))


def a_mail(key: str = "key1", *, at: datetime = NOON) -> Sent:
    return Sent(f"<{key}@reyesstudio.example>", "", (), "", "", (), b"", at)


def kinds(history: History, *mails: Sent) -> list[str]:
    return [fault.kind for fault in faults(history, mails)]


def test_a_mail_that_was_approved_marked_and_received_is_in_order():
    assert kinds(a_history(*COURSE, outcome="sent"), a_mail()) == []


def test_a_mail_that_nobody_knows_is_unexplained():
    assert kinds(a_history("awaiting"), a_mail("key2")) == ["unexplained"]


def test_a_mail_that_left_before_its_marker_is_unexplained():
    early = a_mail(at=NOON - timedelta(seconds=2))

    assert kinds(a_history(*COURSE, outcome="sent"), early) == ["unexplained"]


def test_a_mail_without_an_approval_was_not_asked_for():
    history = a_history("awaiting", "ready", "claimed", "committing", "done", outcome="sent")

    assert kinds(history, a_mail()) == ["unasked"]


def test_an_approval_by_nobody_is_none():
    assert kinds(a_history(*COURSE, outcome="sent", approved_by=None), a_mail()) == ["unasked"]


def test_the_same_mail_twice_is_doubled():
    assert kinds(a_history(*COURSE, outcome="sent"), a_mail(), a_mail()) == ["doubled"]


def test_a_receipt_without_a_mail_is_a_loss():
    assert kinds(a_history(*COURSE, outcome="sent")) == ["lost"]


def test_what_the_owner_settled_by_hand_needs_no_mail():
    history = a_history(*COURSE[:-1], "unknown", "done", outcome="owner_sent")

    assert kinds(history) == []


def test_doubt_belongs_between_marker_and_receipt():
    assert kinds(a_history("approved", "claimed", "unknown")) == ["doubt"]


def test_what_is_in_doubt_is_not_tried_again():
    history = a_history("approved", "claimed", "committing", "ready", "claimed", "committing")

    assert kinds(history) == ["doubt"]


def test_what_the_server_put_off_may_be_tried_again():
    course = ("approved", "claimed", "committing", "retry_wait", "ready", "claimed", "committing")

    assert kinds(a_history(*course)) == []


@pytest.mark.parametrize("hours", [-24, 24], ids=["a day behind", "a day ahead"])
def test_a_company_whose_clock_was_moved_is_judged_by_its_own_time(hours: int):
    moved = timedelta(hours=hours)
    history = a_history(*COURSE, outcome="sent")
    ahead = History(
        tuple(
            Entry(one.seq, one.at + moved, one.event, one.action, one.revision)
            for one in history.entries
        ),
        history.deeds,
        moved,
    )

    assert kinds(ahead, a_mail()) == []
