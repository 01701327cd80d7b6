import pytest

from agents.specialists.lists import recognise
from memory.records.contact import Contact
from memory.records.group import Group
from tests.doubles.builders import Desk, a_letter, heard

ANNA = Contact(name="Anna Meyer", email="anna@harboryoga.example")
TOM = Contact(name="Tom Becker", email="tom@northwind.example")


@pytest.mark.parametrize(
    ("said", "kind", "slots"),
    [
        ("put Anna on the newsletter list", "group.join", {"list": "newsletter", "who": "Anna"}),
        ("Add Anna and Tom to my VIP list.", "group.join", {"list": "VIP", "who": "Anna and Tom"}),
        (
            "make a list called suppliers with Tom and Anna",
            "group.join",
            {"list": "suppliers", "who": "Tom and Anna", "new": "yes"},
        ),
        (
            "create a new list friends: Tom, Anna",
            "group.join",
            {"list": "friends", "who": "Tom, Anna", "new": "yes"},
        ),
        ("take Tom off the newsletter list", "group.leave", {"list": "newsletter", "who": "Tom"}),
        ("Who is on the newsletter list?", "group.show", {"list": "newsletter"}),
        ("show me the newsletter list", "group.show", {"list": "newsletter"}),
    ],
)
def test_it_hears_who_goes_where(said: str, kind: str, slots: dict[str, str]):
    (intent,) = recognise(heard(said))

    assert (intent.kind, intent.slots) == (kind, slots)


@pytest.mark.parametrize(
    "said",
    [
        "put the kettle on",
        "Anna is on my mind",
        "add 6 hours to the project",
        "the list is long",
        "make a list",
    ],
)
def test_it_leaves_other_things_alone(said: str):
    assert recognise(heard(said)) == ()


def test_a_strangers_letter_changes_no_list():
    assert recognise(heard("put Anna on the newsletter list", letter=a_letter())) == ()


async def test_somebody_known_is_put_on_a_list_and_the_list_is_made(desk: Desk):
    await desk.keep(ANNA)

    await desk.hear("put Anna on the newsletter list")

    assert await desk.records("group") == [Group(name="newsletter", members=(ANNA.record_id(),))]
    assert "Anna Meyer is on the newsletter list now, 1 person in all." in (await desk.texts())[-1]


async def test_the_same_twice_changes_nothing(desk: Desk):
    await desk.keep(ANNA, Group(name="newsletter", members=(ANNA.record_id(),)))

    await desk.hear("put Anna Meyer on the newsletter list")

    assert "on the newsletter list already" in (await desk.texts())[-1]


async def test_somebody_new_is_asked_for_an_address_and_then_kept(desk: Desk):
    await desk.hear("put Rosa on the newsletter list")
    question = (await desk.cards())[-1]
    assert question.notice.question is not None
    assert "I don't know Rosa yet" in question.notice.text

    await desk.press(question, "edit", text="rosa@x.example")
    await desk.think()

    rosa = Contact(name="Rosa", email="rosa@x.example")
    assert rosa in await desk.records("contact")
    assert await desk.records("group") == [Group(name="newsletter", members=(rosa.record_id(),))]


async def test_an_address_in_the_sentence_needs_no_question(desk: Desk):
    await desk.hear("put Rosa rosa@x.example on the newsletter list")

    assert [one.title() for one in await desk.records("group")] == ["newsletter (1)"]


async def test_of_two_with_one_name_it_asks_which(desk: Desk):
    await desk.keep(ANNA, Contact(name="Anna Silva", email="anna@silva.example"))

    await desk.hear("put Anna on the newsletter list")

    assert "Which Anna do you mean" in (await desk.texts())[-1]
    assert await desk.records("group") == []


async def test_who_is_taken_off_is_off(desk: Desk):
    await desk.keep(ANNA, TOM, Group(name="friends", members=(ANNA.record_id(), TOM.record_id())))

    await desk.hear("take Tom off the friends list")

    assert await desk.records("group") == [Group(name="friends", members=(ANNA.record_id(),))]


async def test_who_is_on_it_is_told_by_name(desk: Desk):
    await desk.keep(ANNA, TOM, Group(name="friends", members=(ANNA.record_id(), TOM.record_id())))

    await desk.hear("who is on the friends list?")

    assert (await desk.texts())[-1].splitlines() == [
        "On the friends list, 2 people:",
        "- Anna Meyer, anna@harboryoga.example",
        "- Tom Becker, tom@northwind.example",
    ]
