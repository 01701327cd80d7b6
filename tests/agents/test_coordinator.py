from agents import coordinator
from agents.ladder import Ladder
from memory.records.intent import Intent
from memory.records.source import File
from tests.doubles.builders import Desk, Purse, a_config, a_letter, a_rate, a_source, heard

LADDER = Ladder(a_config())


async def planned(*typed: Intent, text: str = "", settled: str | None = None) -> coordinator.Plan:
    return await coordinator.plan(
        typed, heard=heard(text), ladder=LADDER, purse=Purse(), settled=settled
    )


async def test_free_text_is_read_and_given_to_whoever_takes_it():
    plan = await planned(text="note: thicker paper")

    assert [one.specialist.name for one in plan.assignments] == ["notes"]


async def test_what_is_typed_needs_no_reading():
    plan = await planned(Intent(kind="agenda.show"), text="note: paper")

    assert [one.specialist.name for one in plan.assignments] == ["answers"]
    assert plan.reading.tier == "typed"


async def test_several_may_work_on_one_letter_each_after_those_it_waits_for():
    plan = await planned(Intent(kind="mail.enquiry"))

    assert [(one.specialist.name, one.step) for one in plan.assignments] == [
        ("customers", 1),
        ("tasks", 2),
        ("replies", 3),
    ]


async def test_a_letter_that_is_filed_already_gives_nobody_work():
    plan = await planned(text="note: paper", settled="Already filed.")

    assert plan.assignments == ()
    assert plan.proposal.says == "Already filed."


async def test_an_answer_goes_to_the_one_who_asked_and_keeps_what_it_is_about():
    asked = (Intent(kind="mail.enquiry", slots={"x": "y"}),)

    answered = coordinator.answered(
        asked, slot="price", words=" 900 ", source="src_1", agent="replies"
    )
    again = coordinator.answered(
        answered, slot="address", words="a@b.c", source="src_2", agent="replies"
    )
    plan = await planned(*again)

    assert coordinator.about(again) == "src_1"
    assert again[0].slots["price"] == "900"
    assert [one.specialist.name for one in plan.assignments] == ["replies"]


async def test_words_that_look_like_an_id_are_about_nothing():
    plan = await planned(text="what is src_abc?")

    assert coordinator.about(plan.intents) is None


async def test_once_the_answer_is_sent_it_is_the_customers_turn(desk: Desk):
    await desk.keep(a_rate("landing page", "1200"))

    await desk.forward(a_letter())

    card = await desk.card()
    assert card.action is not None
    then = {one.kind: one.data for one in card.action.then}
    assert then["task"] is not None
    assert then["process"] is not None
    assert then["task"]["state"] == "done"
    assert then["process"]["waiting_for"] == "Marta Silva"


async def test_an_enquiry_opens_a_process(desk: Desk):
    await desk.forward(a_letter())

    (process,) = await desk.records("process")
    assert process.title() == "Spring menu landing page: enquiry"
    assert process.data()["next_step"] == "Answer Marta Silva"


async def test_what_is_no_mail_is_kept_and_said_and_nothing_is_taken_from_it(desk: Desk):
    noise = File(
        name="mail.eml", media_type="message/rfc822", size_bytes=512,
        digest=desk.company.blobs.put(bytes(range(256)) * 2),
    )  # fmt: skip

    await desk.hear(a_source(files=(noise,), forwarded=True))

    assert (await desk.texts())[0].startswith("I kept this just as it came")
    assert await desk.records("message") == []
