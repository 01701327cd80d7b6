"""What a person does on the phone, as the real client hears it."""

import pytest
from telegram import MessageEntity
from telegram.constants import MessageOriginType
from telegram.error import BadRequest

from tests.doubles.telegram_client import a_keyboard, next_message, next_press

DANA = 111


async def test_a_text_arrives_with_its_commands_marked(telegram, bot):
    await telegram.phone(DANA, "Dana Reyes").send("/start abc123")

    message = await next_message(bot)

    assert message.from_user.id == message.chat.id == DANA
    assert message.from_user.full_name == "Dana Reyes"
    assert message.parse_entities([MessageEntity.BOT_COMMAND]) == {message.entities[0]: "/start"}


async def test_a_reply_carries_what_it_answers(telegram, bot):
    phone = telegram.phone(DANA)
    card = await bot.send_message(DANA, "Which day?")
    await phone.reply(phone.latest(), "Friday week")

    message = await next_message(bot)

    assert message.text == "Friday week"
    assert message.reply_to_message.message_id == card.message_id


async def test_a_forward_names_a_user_or_only_a_name(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.forward("from Marta", from_user="Marta Silva")
    await phone.forward("from somebody", hidden_user="Hidden H")

    shown = [(await next_message(bot)).forward_origin for _ in range(2)]

    assert [origin.type for origin in shown] == [
        MessageOriginType.USER,
        MessageOriginType.HIDDEN_USER,
    ]
    assert shown[0].sender_user.full_name == "Marta Silva"
    assert shown[1].sender_user_name == "Hidden H"


async def test_a_document_can_be_downloaded_as_it_was_sent(telegram, bot):
    mail = b"From: marta@bluefincafe.example\r\n\r\nHello\r\n" + bytes(range(256))
    await telegram.phone(DANA).document("note.eml", mail, caption="see", mime="message/rfc822")

    message = await next_message(bot)
    file = await message.document.get_file()

    assert (message.document.file_name, message.document.mime_type) == (
        "note.eml",
        "message/rfc822",
    )
    assert message.caption == "see"
    assert bytes(await file.download_as_bytearray()) == mail


async def test_photos_voices_contacts_and_stickers_are_read_by_the_client(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.photo(b"jpeg", caption="receipt")
    await phone.voice(b"ogg")
    await phone.contact("Anna Meyer", "+351210000020", vcard="BEGIN:VCARD")
    await phone.sticker()

    photo, voice, contact, sticker = [await next_message(bot) for _ in range(4)]

    assert len(photo.photo) == 2
    assert photo.caption == "receipt"
    assert voice.voice.mime_type == "audio/ogg"
    assert (contact.contact.first_name, contact.contact.last_name) == ("Anna", "Meyer")
    assert sticker.sticker is not None


async def test_an_album_shares_one_group_id(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.photo(b"one", album="lunch")
    await phone.photo(b"two", album="lunch")

    groups = {(await next_message(bot)).media_group_id for _ in range(2)}

    assert groups == {"lunch"}


async def test_an_edited_text_arrives_as_an_edit(telegram, bot):
    phone = telegram.phone(DANA)
    sent = await phone.send("Friday")
    await phone.edit(sent, "Thursday")

    updates = await bot.get_updates()

    assert [u.effective_message.text for u in updates] == ["Friday", "Thursday"]
    assert updates[1].edited_message.message_id == updates[0].message.message_id


async def test_a_member_of_a_group_speaks_in_the_group(telegram, bot):
    await telegram.phone(222, "Tom Becker", group=-100).send("hello all")

    message = await next_message(bot)

    assert (message.chat.id, message.chat.type, message.from_user.id) == (-100, "group", 222)


async def test_a_press_brings_the_buttons_data_and_shows_the_answer(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_message(DANA, "Reply to Marta", reply_markup=a_keyboard("Approve", "No"))
    press = await phone.press(phone.latest(containing="Marta"), "Approve")

    query = await next_press(bot)
    await query.answer("Approved")

    assert (query.data, query.from_user.id) == ("t:Approve", DANA)
    assert query.message.text == "Reply to Marta"
    assert (press.is_answered, press.answer) == (True, "Approved")


async def test_a_button_that_is_not_there_cannot_be_pressed(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_message(DANA, "A card", reply_markup=a_keyboard("Approve"))

    with pytest.raises(LookupError, match="no button 'Undo'"):
        await phone.press(phone.latest(), "Undo")


async def test_a_screen_that_missed_an_edit_still_has_the_old_buttons(telegram, bot):
    phone = telegram.phone(DANA)
    card = await bot.send_message(DANA, "A card", reply_markup=a_keyboard("Approve"))
    await card.edit_text("Sent 10:42.", reply_markup=a_keyboard("Undo"))
    await phone.press(phone.latest(), "Approve", as_it_was=True)

    assert (await next_press(bot)).data == "t:Approve"


async def test_a_stranger_can_forge_a_press_on_somebody_elses_card(telegram, bot):
    await bot.send_message(telegram.phone(DANA).chat.id, "A card", reply_markup=a_keyboard("No"))
    stranger = telegram.phone(999, "Mallory")
    card = telegram.phone(DANA).latest()
    with pytest.raises(LookupError, match="this chat shows no message"):
        await stranger.press(card, "No")
    await stranger.forge_press(card, "anything at all")

    query = await next_press(bot)

    assert (query.from_user.id, query.message.chat.id) == (999, DANA)
    assert query.data == "anything at all"


async def test_a_late_answer_to_a_press_is_refused(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.send_message(DANA, "A card", reply_markup=a_keyboard("No"))
    press = await phone.press(phone.latest(), "No")
    telegram.account.queries_are_too_old = True

    with pytest.raises(BadRequest, match="uery is too old"):
        await bot.answer_callback_query(press.id)


async def test_a_press_on_a_deleted_card_tells_only_where_it_was(telegram, bot):
    phone = telegram.phone(DANA)
    sent = await bot.send_message(DANA, "A card", reply_markup=a_keyboard("No"))
    card = phone.latest()
    await sent.delete()
    await phone.forge_press(card, "t:No")

    query = await next_press(bot)

    assert not query.message.is_accessible
    assert query.message.message_id == sent.message_id
