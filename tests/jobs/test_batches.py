"""What is passed on in one gesture rings once, whatever dies in between."""

from datetime import timedelta

import pytest

from jobs import sources
from jobs.batches import GAP, Batch, Member, line
from memory import tables
from memory.records.source import Source
from tests.doubles.builders import Desk, a_letter, a_rate, a_source
from tests.house.words import assert_plain

MARTA = a_letter()
RUI = a_letter(name="Rui Costa", email="rui@costa.example", message_id="<r@costa.example>")
YOGA = a_letter(
    "The new timetable is attached. See you on Monday.",
    subject="Timetable",
    name="Harbor Yoga",
    email="anna@harboryoga.example",
    message_id="<y@harboryoga.example>",
)
NEXT = GAP / 2


async def pass_on(desk: Desk, *letters, chat: str = "111", after: timedelta = NEXT) -> list[Source]:
    """Letters forwarded in one gesture in a chat; nobody has worked on them yet."""
    began = desk.now
    made: list[Source] = []
    for number, letter in enumerate(letters):
        envelope = desk.envelope(letter).model_copy(
            # by the gesture's own clock: how long a machine takes to write must not matter
            update={"channel": "telegram", "chat": chat, "received_at": began + number * after}
        )

        async def work(connection, envelope: Source = envelope) -> None:
            await sources.accept(connection, desk.company, envelope, ())

        await desk.company.store.write(work)
        made.append(envelope)
    await desk.pass_time(after * (len(letters) - 1))
    return made


async def rings(desk: Desk) -> list[str]:
    """What rang, in order: a card by its title."""
    return [
        one.notice.text or (one.action.heading if one.action else "")
        for one in await desk.cards()
        if one.notice.rings
    ]


@pytest.fixture
async def priced(desk: Desk) -> Desk:
    await desk.keep(a_rate("landing page", "1200"))
    return desk


async def finish(desk: Desk) -> None:
    await desk.think()
    await desk.pass_time(GAP)
    await desk.think()


async def test_three_mails_in_one_gesture_ring_once_with_a_line_about_all(priced: Desk):
    await pass_on(priced, MARTA, RUI, YOGA)
    await finish(priced)

    (rang,) = await rings(priced)
    assert rang == (
        "3 mails filed:\n- Marta Silva: 1 draft\n- Rui Costa: 1 draft\n- Harbor Yoga: Timetable\n"
        "2 drafts wait for you above."
    )
    assert_plain(rang)
    drafts = [one for one in await priced.cards() if one.action and one.action.kind == "mail.send"]
    assert len(drafts) == 2
    assert await priced.is_ledger_true()


async def test_one_mail_alone_rings_as_ever(priced: Desk):
    await pass_on(priced, MARTA)
    await finish(priced)

    assert await rings(priced) == ["Reply to Marta Silva, Bluefin Cafe"]


async def test_a_mail_alone_waits_only_until_it_is_known_to_be_alone(priced: Desk):
    await pass_on(priced, MARTA)
    await priced.think()
    before = await priced.cards()
    await priced.pass_time(GAP)
    await priced.think()

    assert before == ()
    assert await priced.cards()


async def test_two_gestures_ring_twice(priced: Desk):
    await pass_on(priced, MARTA, RUI, after=GAP + timedelta(seconds=1))
    await finish(priced)

    assert len(await rings(priced)) == 2


async def test_two_chats_are_two_gestures(priced: Desk):
    await pass_on(priced, MARTA, chat="1")
    await pass_on(priced, RUI, chat="2")
    await finish(priced)

    assert len(await rings(priced)) == 2


async def test_what_is_passed_on_elsewhere_does_not_wait(priced: Desk):
    await priced.forward(MARTA)

    assert await rings(priced) == ["Reply to Marta Silva, Bluefin Cafe"]


async def test_the_line_comes_with_the_last_of_them_and_never_again(priced: Desk):
    made = await pass_on(priced, MARTA, RUI)
    await priced.pass_time(GAP)
    counts: list[int] = []
    while due := [one for one in await priced.due() if one.task == "consider"]:
        # one run at a time, each one twice: as after a death between any two of them
        await priced.tasks.consider(due[0].id)
        await priced.tasks.consider(due[0].id)
        counts.append(len(await rings(priced)))

    assert counts[-1] == 1
    assert counts == sorted(counts)
    assert len(made) == 2


async def test_a_late_one_of_a_gesture_that_has_rung_comes_silently(priced: Desk):
    await pass_on(priced, MARTA)
    await finish(priced)
    late = priced.envelope(RUI)
    (first,) = await priced.rows(tables.source)
    stamped = late.model_copy(
        update={"channel": "telegram", "chat": "111", "received_at": first.received_at + NEXT}
    )
    await priced.outbox.accept(stamped, ())
    await finish(priced)

    assert await rings(priced) == ["Reply to Marta Silva, Bluefin Cafe"]


async def test_what_breaks_is_told_silently_and_the_line_still_comes(priced: Desk):
    first, second = await pass_on(priced, MARTA, RUI)
    for file in second.files:
        (priced.company.data / "blobs" / file.digest[:2] / file.digest).unlink(missing_ok=True)
    for _ in range(6):
        await finish(priced)
        await priced.pass_time(timedelta(seconds=10))

    assert len(await rings(priced)) == 1
    assert first.id != second.id


def batch(*members: Member, mails: bool = True) -> Batch:
    names = tuple(str(number) for number in range(len(members)))
    return Batch(id="b", sources=names, settled=dict(zip(names, members, strict=True)), mails=mails)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (
            [Member(who="Marta", filed=True, questions=1), Member(who="Rui", filed=True)],
            "2 mails filed:\n- Marta: 1 question\n- Rui\n1 question waits for you above.",
        ),
        (
            [Member(who="Marta", filed=True, drafts=1), Member()],
            "1 mail filed:\n- Marta: 1 draft\nNothing new in 1 other.\n"
            "1 draft waits for you above.",
        ),
        ([Member(), Member()], "Nothing new to file in 2 mails."),
        (
            [Member(who=f"P{number}", filed=True) for number in range(8)],
            "8 mails filed:\n" + "\n".join(f"- P{number}" for number in range(8)),
        ),
        (
            [Member(who=f"P{number}", filed=True) for number in range(9)],
            "9 mails filed:\n"
            + "\n".join(f"- P{number}" for number in range(7))
            + "\n- and 2 more",
        ),
    ],
)
def test_the_line_says_how_it_went(members: list[Member], words: str):
    assert line(batch(*members)) == words


def test_what_are_no_mails_are_messages():
    assert line(batch(Member(filed=True), Member(filed=True), mails=False)) == "2 messages filed."


async def test_typed_words_in_between_are_no_part_of_it(priced: Desk):
    await pass_on(priced, MARTA)
    await priced.tell(a_source("note: thicker paper", channel="telegram"))
    await finish(priced)

    assert await rings(priced) == ["Reply to Marta Silva, Bluefin Cafe"]
