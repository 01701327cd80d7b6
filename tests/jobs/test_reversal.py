from datetime import timedelta

from memory.records.action import State
from memory.records.calendar_add import CalendarAdd
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.task import Task
from tests.doubles.builders import NOW, Desk, a_letter, a_rate
from tests.doubles.smtp import Smtp

LANDING = a_rate("landing page", "1200")


async def filing(desk: Desk) -> Shown:
    """The line that tells what was filed."""
    found = [one for one in await desk.cards() if one.action and one.action.kind == "file"]
    return found[-1]


async def sent_reply(desk: Desk) -> Shown:
    """An enquiry came in, and its answer has left."""
    await desk.keep(LANDING)
    await desk.forward(a_letter())
    card = await desk.card()
    await desk.press(card, Verb.APPROVE)
    await desk.look()
    await desk.act()
    assert await desk.state(card) is State.DONE
    return card


async def only_task(desk: Desk) -> Task:
    (task,) = await desk.records("task")
    assert isinstance(task, Task)
    return task


async def test_undo_inside_the_hold_sends_nothing(mailing: Desk, witness: Smtp):
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)

    outcome = await mailing.press(card, Verb.UNDO)
    await mailing.look()
    await mailing.act()

    assert outcome.text == "Taken back. Nothing left."
    assert witness.events == ()


async def test_undo_of_a_sent_mail_proposes_a_correction_and_opens_its_task_again(
    mailing: Desk, witness: Smtp
):
    card = await sent_reply(mailing)
    closed = (await only_task(mailing)).state

    outcome = await mailing.press(card, Verb.UNDO)

    correction = await mailing.card()
    assert correction.action is not None
    assert closed == "done"
    assert (await only_task(mailing)).state == "open"
    assert outcome.text.endswith('I can\'t call it back. "Send quote" is open again.')
    assert correction.action.compensates == card.action.id  # pyright: ignore[reportOptionalMemberAccess]
    assert "please disregard my mail of 09:0" in str(correction.action.effect.facts())
    assert len(witness.sent) == 1


async def test_a_second_undo_adds_nothing(mailing: Desk, witness: Smtp):
    card = await sent_reply(mailing)
    await mailing.press(card, Verb.UNDO)
    before = len(await mailing.cards())

    outcome = await mailing.press(card, Verb.UNDO)

    assert (outcome.accepted, len(await mailing.cards())) == (False, before)


async def test_leaving_a_correction_unsent_lets_the_mail_stand(mailing: Desk, witness: Smtp):
    card = await sent_reply(mailing)
    await mailing.press(card, Verb.UNDO)

    await mailing.press(await mailing.card(), Verb.REJECT)

    assert await mailing.state(card) is State.DONE
    again = await mailing.press(card, Verb.UNDO)
    assert again.accepted


async def test_a_correction_that_is_sent_closes_what_it_corrects(mailing: Desk, witness: Smtp):
    card = await sent_reply(mailing)
    await mailing.press(card, Verb.UNDO)

    await mailing.press(await mailing.card(), Verb.APPROVE)
    await mailing.look()
    await mailing.act()

    assert await mailing.state(card) is State.COMPENSATED
    first, second = witness.sent
    assert second.header("in-reply-to") == first.message_id


async def test_what_the_owner_changed_meanwhile_survives_the_sending(mailing: Desk, witness: Smtp):
    await mailing.keep(LANDING)
    await mailing.forward(a_letter())
    moved = (await only_task(mailing)).changed(due=NOW.date() + timedelta(days=9))
    await mailing.keep(moved)
    card = await mailing.card()

    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()

    assert await only_task(mailing) == moved.changed(state="done")


async def test_a_written_mail_is_simply_put_away(desk: Desk):
    card = await sent_reply(desk)

    outcome = await desk.press(card, Verb.UNDO)

    assert outcome.text == "Put away. Nothing had left."
    assert await desk.state(card) is State.COMPENSATED


async def test_undo_all_takes_every_record_back_and_history_grows(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")
    line = await filing(desk)

    outcome = await desk.press(line, Verb.UNDO)

    assert outcome.text == "Taken back: landing page, hourly."
    assert await desk.records("rate") == []
    assert [one.data is None for one in await desk.versions(LANDING)] == [False, True]


async def test_undo_one_leaves_the_others(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")
    line = await filing(desk)

    await desk.press(line, Verb.UNDO_ONE, choice=1)

    assert [one.title() for one in await desk.records("rate")] == ["landing page"]
    assert await desk.state(line) is State.DONE


async def test_undoing_the_last_one_is_undoing_all(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")
    line = await filing(desk)
    await desk.press(line, Verb.UNDO_ONE, choice=1)
    again = await desk.press(line, Verb.UNDO_ONE, choice=1)

    await desk.press(line, Verb.UNDO_ONE, choice=0)

    assert not again.accepted
    assert await desk.state(line) is State.COMPENSATED


async def test_undo_all_after_undo_one_takes_back_the_rest(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")
    line = await filing(desk)
    await desk.press(line, Verb.UNDO_ONE, choice=1)

    outcome = await desk.press(line, Verb.UNDO)

    assert outcome.text == "Taken back: landing page."
    assert await desk.records("rate") == []


async def test_a_record_that_was_changed_since_is_never_overwritten_silently(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")
    line = await filing(desk)
    await desk.keep(a_rate("hourly", "95", unit="hour"))

    everything = await desk.press(line, Verb.UNDO)
    one = await desk.press(line, Verb.UNDO_ONE, choice=1)

    said = "hourly was changed since, so I left everything as it is."
    assert [everything.text, one.text] == [said, said]
    assert len(await desk.records("rate")) == 2


async def test_a_record_that_is_not_on_the_card_cannot_be_taken_back(desk: Desk):
    await desk.hear("landing page 1,200 EUR, hourly 85 EUR")

    outcome = await desk.press(await filing(desk), Verb.UNDO_ONE, choice=5)

    assert (outcome.accepted, outcome.text) == (False, "There is no such record on this card.")


async def test_a_changed_price_goes_back_to_what_it_was(desk: Desk):
    await desk.keep(LANDING)
    await desk.hear("my landing page costs 1,500 EUR")

    await desk.press(await filing(desk), Verb.UNDO)

    assert await desk.records("rate") == [LANDING]


async def test_taking_a_calendar_entry_back_makes_the_file_that_removes_it(desk: Desk):
    lunch = CalendarAdd(
        what="Lunch", start=NOW, end=NOW + timedelta(hours=1), zone="UTC", entry="event_1@steward"
    )
    action = await desk.approved(lunch)
    await desk.act()

    outcome = await desk.press(await desk.card(), Verb.UNDO)
    await desk.look()
    await desk.act()

    files = sorted(one.read_text() for one in (desk.company.data / "calendar").iterdir())
    assert outcome.text == "Taken back. Tap the new file, and it is out of your calendar too."
    assert await desk.state(action) is State.COMPENSATED
    assert ["METHOD:CANCEL" in one for one in files].count(True) == 1
