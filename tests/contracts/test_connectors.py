"""What every connector promises: it asks once, just before, and without a yes nothing leaves."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.compose import connectors_for
from jobs.connector import Connector
from memory.errors import Stale
from memory.records.calendar_add import CalendarAdd
from memory.records.effect import Effect
from tests.doubles.builders import NOW, Desk, a_config, a_desk, a_mail_to, an_account
from tests.doubles.smtp import Smtp

CASES: dict[str, Effect] = {
    "a mail that is sent": a_mail_to(),
    "a mail that is written": a_mail_to(from_address=""),
    "a calendar file": CalendarAdd(
        what="Lunch", start=NOW, end=NOW + timedelta(hours=1), zone="UTC", entry="e@steward"
    ),
}
ALL = pytest.mark.parametrize("effect", CASES.values(), ids=CASES)
KEY = "key_abc"


@pytest.fixture
async def witness(tmp_path: Path):
    async with Smtp(tmp_path / "journal") as one:
        yield one


@pytest.fixture
async def desk(tmp_path: Path, witness: Smtp):
    async with a_desk(tmp_path / "data", a_config(smtp=an_account(witness.port))) as one:
        yield one


def outside(desk: Desk, witness: Smtp) -> list[str]:
    """Everything that has left or lies ready for the owner."""
    folders = [desk.company.data / name for name in ("mail", "calendar")]
    files = [one.name for folder in folders if folder.exists() for one in folder.iterdir()]
    dots = [one.what for one in witness.events if one.what == "dot seen"]
    return files + dots


def test_every_kind_they_carry_out_has_a_case_here(desk: Desk):
    assert set(desk.connectors) == {one.kind for one in CASES.values()}


def connector_of(connectors: Mapping[str, Connector], effect: Effect) -> Connector:
    return connectors[effect.kind]


@ALL
async def test_it_asks_exactly_once_and_before_anything_is_outside(
    desk: Desk, witness: Smtp, effect: Effect
):
    seen: list[list[str]] = []

    async def commit() -> None:
        seen.append(outside(desk, witness))

    receipt = await connector_of(desk.connectors, effect).apply(effect, KEY, commit)

    assert seen == [[]]
    assert outside(desk, witness) != []
    assert receipt.outcome in ("sent", "written", "created")


@ALL
async def test_without_a_yes_nothing_leaves_and_the_no_is_passed_on(
    desk: Desk, witness: Smtp, effect: Effect
):
    async def commit() -> None:
        raise Stale("It moved on in the meantime.")

    with pytest.raises(Stale, match="It moved on"):
        await connector_of(desk.connectors, effect).apply(effect, KEY, commit)

    assert outside(desk, witness) == []
    assert witness.sent == ()


@ALL
async def test_what_never_happened_has_no_evidence(desk: Desk, effect: Effect):
    assert await connector_of(desk.connectors, effect).find(effect, KEY) is None


@ALL
async def test_the_same_key_twice_is_the_same_thing(desk: Desk, witness: Smtp, effect: Effect):
    async def commit() -> None:
        """It may pass."""

    connector = connector_of(desk.connectors, effect)

    first = await connector.apply(effect, KEY, commit)
    again = await connector.apply(effect, KEY, commit)

    assert (first.message_id, first.path) == (again.message_id, again.path)


def test_each_kind_belongs_to_one_connector(desk: Desk):
    every = {id(one): one for one in connectors_for(desk.company).values()}
    kinds = [kind for one in every.values() for kind in one.kinds]

    assert len(kinds) == len(set(kinds))
