"""Why: the story of an action, from what is written down."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.errors import NotFound
from memory.explain import why
from tests.doubles.stage import unguarded
from tests.memory.given import NOW, a_company
from tests.memory.records.given import SENT

LISBON = ZoneInfo("Europe/Lisbon")


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


async def write_the_story(
    company: Company,
    *,
    receipt: str | None = None,
    events: tuple[str, ...] = (),
    source: str = "src_1",
) -> None:
    """A mail that was proposed at 9, approved on Telegram and left half a minute later."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(
            insert(tables.source).values(
                id="src_1", channel="telegram", native_id="7", chat="111", sender="111",
                label="owner", text="", files="[]", forwarded=True, received_at=NOW,
            )
        )  # fmt: skip
        async with unguarded(connection):
            await connection.execute(
                insert(tables.action).values(
                    id="act_1", revision=1, source=source, run="run_1", agent="replies@3",
                    kind="mail.send", heading="Reply", effect="{}", then="[]",
                    rationale="she asks for a quote by Friday.", path="rules->small",
                    cost_micro=4000, state="done", version=1, digest="", key="", created_at=NOW,
                    receipt=receipt,
                )
            )  # fmt: skip
        await connection.execute(
            insert(tables.verdict).values(
                action="act_1", revision=1, phase="propose", guard="trust_labels", level="ask",
                reason="first mail to this address", at=NOW,
            )
        )  # fmt: skip
        await connection.execute(
            insert(tables.notice).values(
                id="not_1", kind="card", text="", action="act_1", rings=True,
                created_at=NOW + seconds(1), stamp=1,
            )
        )  # fmt: skip
        await connection.execute(
            insert(tables.delivery).values(notice="not_1", door="telegram", chat="111")
        )
        for verb, accepted in (("approve", True), ("undo", False)):
            await connection.execute(
                insert(tables.decision).values(
                    notice="not_1", action="act_1", revision=1, verb=verb, door="telegram",
                    actor="111", native_id="", text="", accepted=accepted, answer="",
                    at=NOW + seconds(10),
                )
            )  # fmt: skip
        for number, event in enumerate(events):
            await company.ledger.add(
                connection, event, at=NOW + seconds(40 + number), actor="x", subject="act_1"
            )

    await company.store.write(work)


async def story(company: Company) -> tuple[str, ...]:
    async with company.store.read() as connection:
        return await why(connection, "act_1", LISBON)


async def test_the_story_goes_from_the_message_to_the_servers_answer(data: Path):
    async with a_company(data) as company:
        await write_the_story(
            company,
            receipt=SENT.model_dump_json(),
            events=("action_committing", "action_done"),
        )

        assert await story(company) == (
            "It began with what you passed on (Tue 10 Mar, 09:00, through Telegram).",
            "Thought of by replies, version 3, with rules, then the small model; "
            "it cost 0.40 cents.",
            "Reason: she asks for a quote by Friday.",
            "The check for trust labels asked for your word: first mail to this address.",
            "The card was made at 09:00:01, shown on Telegram.",
            'You said "approve" at 09:00:10 on Telegram.',
            "The last check passed at 09:00:40; from there it could leave.",
            'Your mail server took it as <1@reyesstudio.example>: "250 OK".',
        )


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ("action_cancelled", "It was taken back at 09:00:40; nothing left."),
        ("action_unknown", "At 09:00:40 nobody could tell whether it had left."),
        ("action_retry_wait", "At 09:00:40 the other side did not answer; it waited."),
        ("action_failed", "It failed at 09:00:40."),
        ("action_expired", "It waited too long and was put away at 09:00:40."),
    ],
)
async def test_what_became_of_it_is_told_in_words(data: Path, event: str, line: str):
    async with a_company(data) as company:
        await write_the_story(company, events=(event,))

        assert (await story(company))[-1] == line


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        ("written", "It was written into a file."),
        ("owner_sent", "You sent it."),
        ("created", "The file was made."),
        ("filed", "It was filed."),
    ],
)
async def test_every_outcome_has_its_words(data: Path, outcome: str, line: str):
    receipt = {"outcome": outcome, "answer": "", "message_id": None}
    async with a_company(data) as company:
        await write_the_story(company, receipt=json.dumps(receipt))

        assert (await story(company))[-1] == line


async def test_the_same_word_said_twice_is_told_twice_and_in_its_place(data: Path):
    async def taken_back_again(connection: AsyncConnection) -> None:
        for verb, after_s in (("undo", 60), ("send", 50), ("undo", 30)):
            await connection.execute(
                insert(tables.decision).values(
                    notice="not_1", action="act_1", revision=1, verb=verb, door="local",
                    actor="me", native_id="", text="", accepted=True, answer="",
                    at=NOW + seconds(after_s),
                )
            )  # fmt: skip

    async with a_company(data) as company:
        await write_the_story(company, events=("action_cancelled",))
        await company.store.write(taken_back_again)

        assert (await story(company))[-5:] == (
            'You said "approve" at 09:00:10 on Telegram.',
            'You said "undo" at 09:00:30 on the page.',
            "It was taken back at 09:00:40; nothing left.",
            'You said "send it" at 09:00:50 on the page.',
            'You said "undo" at 09:01:00 on the page.',
        )


async def test_a_press_that_was_refused_is_no_part_of_the_story(data: Path):
    async with a_company(data) as company:
        await write_the_story(company)

        assert not any('"undo"' in line for line in await story(company))


async def test_a_message_that_is_no_longer_kept_is_said_to_be_gone(data: Path):
    async with a_company(data) as company:
        await write_the_story(company, source="src_gone")

        assert (await story(company))[0] == "What it began with is no longer kept."


async def test_the_records_it_changed_are_named(data: Path):
    async def filed(connection: AsyncConnection) -> None:
        for number, kind in enumerate(("task", "task", "contact")):
            await connection.execute(
                insert(tables.revision).values(
                    record=f"r{number}", version=1, kind=kind, key="", valid_from=NOW,
                    recorded_at=NOW, author="x", action="act_1", sources="[]", rationale="",
                    provenance="{}",
                )
            )  # fmt: skip

    async with a_company(data) as company:
        await write_the_story(company)
        await company.store.write(filed)

        assert "It changed your own records (task, contact) at 09:00." in await story(company)


async def test_there_is_no_story_of_what_never_was(data: Path):
    async with a_company(data) as company, company.store.read() as connection:
        with pytest.raises(NotFound):
            await why(connection, "act_none", LISBON)
