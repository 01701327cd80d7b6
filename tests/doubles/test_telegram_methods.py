"""What the real client can do to a chat, and what the Bot API refuses."""

import pytest
from telegram import (
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken
from telegram.ext import ExtBot

from tests.doubles.telegram_client import a_keyboard, next_message, next_update

DANA = 111


async def test_an_edit_changes_the_same_message(telegram, bot):
    phone = telegram.phone(DANA)
    card = await bot.send_message(DANA, "A card", reply_markup=a_keyboard("Approve"))
    await card.edit_text("Leaves at 10:42:30.", reply_markup=a_keyboard("Undo"))
    await card.edit_reply_markup(None)

    shown = phone.latest()

    assert len(phone.received) == 1
    assert (shown.text, shown.buttons, shown.edits) == ("Leaves at 10:42:30.", (), 2)


async def test_the_caption_of_a_document_can_be_edited(telegram, bot):
    phone = telegram.phone(DANA)
    sent = await bot.send_document(DANA, b"pdf", filename="quote.pdf", caption="A draft")
    await sent.edit_caption("Sent 10:42.")

    assert phone.latest().text == "Sent 10:42."


async def test_an_edit_that_changes_nothing_is_refused(telegram, bot):
    telegram.phone(DANA)
    card = await bot.send_message(DANA, "A card", reply_markup=a_keyboard("Approve"))

    with pytest.raises(BadRequest, match="not modified"):
        await card.edit_text("A card", reply_markup=a_keyboard("Approve"))


async def test_only_the_bots_own_messages_can_be_edited(telegram, bot):
    sent = await telegram.phone(DANA).send("mine")

    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("yours", DANA, sent.id)


async def test_html_becomes_text_and_entities(telegram, bot):
    phone = telegram.phone(DANA)

    sent = await bot.send_message(DANA, "🙂 <b>Sent</b> &amp; done", parse_mode=ParseMode.HTML)

    assert phone.latest().text == "🙂 Sent & done"
    assert sent.parse_entities() == {sent.entities[0]: "Sent"}


async def test_broken_html_is_refused(telegram, bot):
    telegram.phone(DANA)

    with pytest.raises(BadRequest, match="an't parse entities"):
        await bot.send_message(DANA, "1 < 2 <b>", parse_mode=ParseMode.HTML)


async def test_a_silent_message_rings_nobody(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_message(DANA, "Filed.", disable_notification=True)
    await bot.send_message(DANA, "A card")

    assert [message.silent for message in phone.received] == [True, False]


async def test_a_reaction_of_the_bot_shows_on_the_message(telegram, bot):
    sent = await telegram.phone(DANA).send("file this")
    await bot.set_message_reaction(DANA, sent.id, "👌")

    assert sent.reaction == "👌"


async def test_an_emoji_that_is_no_reaction_is_refused(telegram, bot):
    sent = await telegram.phone(DANA).send("file this")

    with pytest.raises(BadRequest, match="eaction_invalid"):
        await bot.set_message_reaction(DANA, sent.id, "✅")


async def test_documents_and_photos_reach_the_phone_whole(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_document(DANA, b"a,b\n1,2\n", filename="hours.csv", caption="Your hours")
    await bot.send_photo(DANA, b"png", caption="A code")

    hours, code = phone.received

    assert (hours.file.name, phone.downloaded(hours), hours.text) == (
        "hours.csv",
        b"a,b\n1,2\n",
        "Your hours",
    )
    assert phone.downloaded(code) == b"png"


async def test_a_deleted_message_is_gone_from_the_phone(telegram, bot):
    phone = telegram.phone(DANA)
    card = await bot.send_message(DANA, "A card")
    await card.delete()

    assert phone.messages == ()


async def test_the_profile_is_kept_as_it_was_set(telegram, bot):
    await bot.set_my_commands([BotCommand("today", "What today brings")])
    await bot.set_my_description("I keep your books.")
    await bot.set_my_short_description("Your chief of staff")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    assert telegram.account.profile["SetMyCommands"]["commands"] == [
        {"command": "today", "description": "What today brings"}
    ]
    assert set(telegram.account.profile) == {
        "SetMyCommands",
        "SetMyDescription",
        "SetMyShortDescription",
        "SetChatMenuButton",
    }


async def test_typing_is_seen(telegram, bot):
    telegram.phone(DANA)
    await bot.send_chat_action(DANA, ChatAction.TYPING)

    assert telegram.account.actions == [(DANA, "typing")]


@pytest.mark.parametrize(
    "text", ["x" * 4097, "🙂" * 2049], ids=["4097 letters", "2049 emoji, two units each"]
)
async def test_a_text_over_4096_units_is_refused(telegram, bot, text):
    telegram.phone(DANA)

    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(DANA, text)


async def test_a_text_of_4096_units_is_sent(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_message(DANA, "x" * 4096)

    assert len(phone.latest().text) == 4096


async def test_callback_data_over_64_bytes_is_refused(telegram, bot):
    telegram.phone(DANA)
    too_long = InlineKeyboardButton("Approve", callback_data="é" * 33)

    with pytest.raises(BadRequest, match="utton_data_invalid"):
        await bot.send_message(DANA, "A card", reply_markup=InlineKeyboardMarkup([[too_long]]))


async def test_a_copy_button_shows_but_does_not_call_back(telegram, bot):
    phone = telegram.phone(DANA)
    copy = InlineKeyboardButton("Copy text", copy_text=CopyTextButton("Hi Marta"))
    await bot.send_message(DANA, "Tap to copy", reply_markup=InlineKeyboardMarkup([[copy]]))

    assert phone.latest().button("Copy text").copies == "Hi Marta"
    with pytest.raises(LookupError, match="does not call back"):
        await phone.press(phone.latest(), "Copy text")


async def test_a_file_over_20_mb_cannot_be_fetched(telegram, bot):
    await telegram.phone(DANA).document("film.mp4", bytes(20_000_001))

    with pytest.raises(BadRequest, match="too big"):
        await (await next_message(bot)).document.get_file()


async def test_a_person_who_blocked_the_bot_gets_nothing(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.block()

    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(DANA, "hello")
    assert (await next_update(bot)).my_chat_member.new_chat_member.status == "kicked"


async def test_a_bot_cannot_write_first(telegram, bot):
    phone = telegram.phone(DANA, started=False)
    with pytest.raises(Forbidden, match="initiate"):
        await bot.send_message(DANA, "hello")
    await phone.send("/start")

    await bot.send_message(DANA, "hello")

    assert phone.latest().text == "hello"


async def test_an_unknown_chat_is_refused(telegram, bot):
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.send_message(12345, "hello")


async def test_a_wrong_token_is_refused(telegram):
    bot = ExtBot("1:wrong", base_url=telegram.base_url)

    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()
