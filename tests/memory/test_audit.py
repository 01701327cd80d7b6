"""Audit: everything that is checked, and what is said of it."""

from pathlib import Path

import pytest

from memory.anchors import Head
from memory.audit import audited
from memory.company import Company
from memory.ledger import head
from tests.house.words import assert_plain
from tests.memory.given import NOW, a_company, a_stranger_at, an_hourly_rate, file


@pytest.fixture
async def company(data: Path):
    async with a_company(data) as one:
        await file(one, an_hourly_rate("85"))
        yield one


async def seal(company: Company) -> None:
    async with company.store.read() as connection:
        seq, hashed = await head(connection)
    company.anchors.drop(seq, hashed, NOW)


async def test_what_is_as_it_was_is_said_to_be(company: Company):
    await seal(company)

    found = await audited(company)

    assert (found.faults, found.entries, found.anchors) == ((), 2, 1)
    assert found.text == (
        "Everything is as I wrote it: 2 lines in my ledger, the 2 records they speak of, and "
        "1 seals outside."
    )


async def test_a_cut_tail_is_found_by_the_seals_outside(company: Company, data: Path):
    await seal(company)
    async with company.store.read() as connection:
        seq, hashed = await head(connection)
    company.anchors.note(Head(install="ins_1", seq=seq, hash=hashed, at=NOW))
    with a_stranger_at(data) as stranger:
        stranger.execute("DROP TRIGGER ledger_never_shrinks")
        stranger.execute("DELETE FROM ledger WHERE seq = 2")

    found = await audited(company)

    assert any(one.startswith("Entry 2 is gone") for one in found.faults)
    assert 'rule "ledger_never_shrinks" is gone' in found.faults[-1]


async def test_a_seal_that_was_changed_is_found(company: Company):
    await seal(company)
    company.anchors.file.write_text(
        company.anchors.file.read_text().replace('"seq": 2', '"seq": 1')
    )

    assert (await audited(company)).faults == (
        "Line 1 of anchors.jsonl was not written by this Steward.",
    )


async def test_rules_that_are_gone_or_weaker_are_found(company: Company, data: Path):
    with a_stranger_at(data) as stranger:
        for name in ("action_moves_as_allowed", "allowed_transition_no_insert"):
            stranger.execute(f"DROP TRIGGER {name}")
        stranger.execute("INSERT INTO allowed_transition VALUES ('rejected', 'ready', 'agent')")

    faults = (await audited(company)).faults

    assert [one.split('"')[1] for one in faults] == [
        *("action_moves_as_allowed", "allowed_transition_no_insert", "allowed_transition"),
    ]


async def test_what_was_changed_is_said_in_plain_words_and_shortly(company: Company, data: Path):
    with a_stranger_at(data) as stranger:
        stranger.execute("DROP TRIGGER ledger_never_changes")
        stranger.execute("UPDATE ledger SET actor = 'mallory'")
        for number in range(9):
            stranger.execute(
                "INSERT INTO decision (notice, verb, door, actor, native_id, text, accepted, "
                "answer, at) VALUES ('n', 'v', 'd', 'a', ?, '', 1, '', 'x')",
                (str(number),),
            )

    text = (await audited(company)).text

    assert text.startswith("Something was changed, and not by me:\n- Entry 1 was changed")
    assert len(text.splitlines()) == 8
    assert text.endswith("steward restore.")
    assert_plain(text, quoted=["{}"])
