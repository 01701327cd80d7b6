"""One message of each sort, laid out as it was sent; what is not known raises."""

from datetime import UTC, datetime

import pytest

from tests.doubles.telegram_account import Account, Button, Face, Message, Person, Press
from tests.doubles.telegram_phone import Phone
from tests.doubles.telegram_text import JsonDict
from tests.shots.story import ZONE
from tests.shots.telegram_page import styled, telegram_page

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


@pytest.fixture
def account() -> Account:
    return Account(now=lambda: NOON)


@pytest.fixture
def phone(account: Account) -> Phone:
    chat = account.chat(111, "Dana Reyes")
    return Phone(account, Person(111, "Dana Reyes"), chat)


def told(account: Account, phone: Phone, text: str, **face: object) -> Message:
    """Something that the bot says."""
    return account.post(phone.chat, account.bot, Face(text, **face))  # pyright: ignore[reportArgumentType]


def page(account: Account, phone: Phone) -> str:
    return telegram_page(account, phone.messages, ZONE).partition("<body")[2]


def entity(kind: str, offset: int, length: int) -> JsonDict:
    return {"type": kind, "offset": offset, "length": length}


def test_entities_are_counted_as_telegram_does_and_strangers_markup_stays_text():
    text = "🎉 Title\n<b>quoted</b>\nend"

    assert styled(text, (entity("bold", 3, 5), entity("blockquote", 9, 13))) == (
        "🎉 <b>Title</b><blockquote>&lt;b&gt;quoted&lt;/b&gt;</blockquote>end"
    )


def test_what_the_clients_make_links_of_is_a_link():
    linked = styled("see /waiting or dana@reyesstudio.example", ())

    assert '<span class="link">/waiting</span>' in linked
    assert '<span class="link">dana@reyesstudio.example</span>' in linked


@pytest.mark.parametrize(
    "entities", [(entity("custom_emoji", 0, 2),), (entity("bold", 0, 4), entity("italic", 2, 4))]
)
def test_an_entity_that_is_not_known_raises(entities: tuple[JsonDict, ...]):
    with pytest.raises(LookupError):
        styled("some words", entities)


def test_buttons_stand_in_the_rows_they_were_sent_in(account: Account, phone: Phone):
    rows = (
        (Button("Approve", "a", None, None), Button("Edit", "b", None, None)),
        (Button("Why?", "c", None, None),),
    )
    told(account, phone, "A card", keyboard=rows)

    keyboard = page(account, phone).partition('<div class="keyboard">')[2]
    assert keyboard.startswith(
        '<div class="keys"><span class="key whole">Approve</span>'
        '<span class="key whole">Edit</span></div><div class="keys"><span class="key whole">Why?'
    )


async def test_what_the_owner_sends_is_shown_with_its_reaction(account: Account, phone: Phone):
    card = told(account, phone, "Task: Send the plan.")
    said = await phone.reply(card, "that's for Harbor")
    said.reaction = "👌"
    await phone.document("mail.eml", b"x" * 480)
    await phone.voice(b"x")
    await phone.photo(b"jpeg", caption="a slip")
    await phone.contact("Paulo Nunes", "+351 210 000 099")
    await phone.forward("Hello", hidden_user="Marta")
    await phone.opens_link("secret")

    shown = page(account, phone)
    for words in (
        '<div class="who">Steward</div><div class="line">Task: Send the plan.</div>',
        '<span class="reaction">👌</span>',
        '<div class="name">mail.eml</div><div class="sub">480 B</div>',
        "0:03",
        'src="data:image/jpeg;base64,anBlZw=="',
        '<div class="name">Paulo Nunes</div><div class="sub">+351 210 000 099</div>',
        "Forwarded from <b>Marta</b>",
        "12:30",
    ):
        assert words in shown
    assert "secret" not in shown


async def test_a_place_or_a_sticker_is_not_left_out_silently(account: Account, phone: Phone):
    await phone.location(38.7, -9.1)

    with pytest.raises(LookupError):
        page(account, phone)


async def test_a_change_shows_where_the_phone_would_show_it(account: Account, phone: Phone):
    told(account, phone, "one").show(Face("two"), NOON)

    shown = page(account, phone)
    assert "edited 12:30" in shown
    assert "one" not in shown


def test_an_answer_to_a_press_lies_over_the_chat(account: Account):
    press = Press("q1", "a", is_answered=True, answer="Leaves at 12:31.")

    shown = telegram_page(account, (), ZONE, popup=press)

    assert '<div class="toast">Leaves at 12:31.</div>' in shown


def test_a_chat_begins_with_what_the_bot_says_of_itself(account: Account):
    account.profile["SetMyDescription"] = {"description": "Keeps the books."}

    assert "Keeps the books." in telegram_page(account, (), ZONE, begins=True)
