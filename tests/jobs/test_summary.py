"""The summary: what still waits of what was kept from ringing."""

from datetime import timedelta

from jobs import notices
from jobs.summary import Summary, summary
from memory import tables
from memory.records.action import State
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.proposal import Question
from tests.doubles.builders import Desk
from tests.house.words import assert_plain


async def made(desk: Desk) -> Summary:
    async with desk.company.store.read() as connection:
        return await summary(connection)


async def at_night(desk: Desk) -> None:
    await desk.pass_time(timedelta(hours=12))


async def a_card(desk: Desk, heading: str) -> Shown:
    """A card that would have liked to ring."""
    card = await desk.propose(heading=heading)
    action = card.action
    assert action is not None

    async def work(connection) -> str:
        return await notices.tell(
            connection, desk.company, now=desk.now, kind="card", action=action.id, revision=1,
            rings=True,
        )  # fmt: skip

    return await desk.shown(await desk.company.store.write(work))


async def a_line(desk: Desk, text: str, question: Question | None = None) -> None:
    async def work(connection) -> None:
        await notices.tell(
            connection, desk.company, now=desk.now, text=text, question=question, rings=True
        )

    await desk.company.store.write(work)


async def test_it_counts_by_kind_and_shows_the_first_lines(desk: Desk):
    await at_night(desk)
    await a_card(desk, "Reply to Marta Silva")
    await a_card(desk, "Reply to Rui Costa")
    await a_line(desk, "Reminder: Call Anna.")
    await a_line(desk, "Which price?", Question(text="Which price?\nFor the menu"))

    found = await made(desk)

    assert found.counts == "2 drafts wait, 1 question, 1 reminder"
    assert found.lines == (
        "- Reply to Marta Silva",
        "- Reply to Rui Costa",
        "- Call Anna.",
        "- Which price?",
    )
    assert_plain("\n".join([found.counts, *found.lines]))


async def test_what_was_dealt_with_before_is_not_told(desk: Desk):
    await at_night(desk)
    card = await a_card(desk, "Reply to Marta Silva")
    await desk.press(card, Verb.REJECT)

    found = await made(desk)

    assert (found.counts, found.lines) == ("", ())
    assert found.notices == (card.notice.id,)


async def test_a_doubt_of_the_night_is_told(desk: Desk):
    await at_night(desk)
    card = await a_card(desk, "Reply to Marta Silva")
    assert card.action is not None
    await desk.change(tables.action, card.action.id, state=State.UNKNOWN.value)

    found = await made(desk)

    assert found.counts == "1 mail to look for in Sent"
    assert found.lines == ("- Did it leave? Reply to Marta Silva",)


async def test_a_long_list_is_counted(desk: Desk):
    await at_night(desk)
    for index in range(7):
        await a_line(desk, f"number {index}")

    found = await made(desk)

    assert found.counts == "7 messages"
    assert found.lines[-1] == "- and 2 more"
    assert len(found.lines) == 6
