"""Change: one record as it will be, and as it was."""

from memory.records.change import Change, Version
from memory.records.customer import Customer
from tests.memory.records.given import NINE

OLD = Customer(name="Harbor Yoga")
NEW = Customer(name="Harbor Yoga Ltd", domain="harboryoga.example")
WAS = Version(
    record=OLD.record_id(),
    kind="customer",
    key=OLD.key(),
    version=4,
    data=OLD.data(),
    valid_from=NINE,
    recorded_at=NINE,
    author="owner",
    action=None,
    sources=(),
    rationale="",
    provenance={},
)


def test_a_change_to_something_new_has_nothing_before_it():
    change = Change.to(NEW)

    assert (change.record, change.base, change.before) == (NEW.record_id(), 0, None)
    assert (change.title, change.data) == ("Harbor Yoga Ltd", NEW.data())


def test_a_changed_record_stays_the_same_record():
    change = Change.to(NEW, was=WAS)

    assert (change.record, change.key, change.base) == (OLD.record_id(), OLD.key(), 4)
    assert change.before == OLD.data()


def test_the_inverse_stands_on_the_version_that_the_change_made():
    back = Change.to(NEW, was=WAS).inverse()

    assert (back.base, back.data, back.before) == (5, OLD.data(), NEW.data())


def test_the_inverse_of_something_new_takes_it_back():
    back = Change.to(NEW).inverse()

    assert (back.base, back.data) == (1, None)
