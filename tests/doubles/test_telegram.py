"""Updates, web hook, faults and journal of the local Bot API server, seen by the real client."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from tests.doubles.telegram import DOWNLOAD
from tests.doubles.telegram_client import next_message, next_update
from tests.doubles.telegram_fault import (
    bad_gateway,
    cut_after_processing,
    cut_before_processing,
    slow,
    too_many_requests,
)

DANA = 111


async def test_an_update_stays_until_a_higher_offset_confirms_it(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.send("one")
    await phone.send("two")

    first = await bot.get_updates()
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[0].update_id + 1)

    assert [update.message.text for update in first] == ["one", "two"]
    assert [update.update_id for update in again] == [update.update_id for update in first]
    assert [update.message.text for update in rest] == ["two"]


async def test_a_long_poll_is_answered_by_the_next_message(telegram, bot):
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(bot.get_updates(timeout=5))
        await telegram.until(lambda: telegram.calls("getUpdates"))
        await telegram.phone(DANA).send("hello")

    assert poll.result()[0].message.text == "hello"


async def test_a_long_poll_ends_empty_after_its_timeout(telegram, bot):
    assert await bot.get_updates(timeout=1) == ()


async def test_limit_bounds_a_batch(telegram, bot):
    phone = telegram.phone(DANA)
    for number in range(5):
        await phone.send(str(number))

    assert [update.message.text for update in await bot.get_updates(limit=2)] == ["0", "1"]


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram, bot):
    async with (
        ExtBot(telegram.token, base_url=telegram.base_url) as other,
        asyncio.TaskGroup() as group,
    ):
        first = group.create_task(_error_of(bot.get_updates(timeout=5)))
        await telegram.until(lambda: telegram.calls("getUpdates"))
        await other.get_updates(timeout=0)

    assert isinstance(first.result(), Conflict)


async def test_kinds_that_were_not_asked_for_are_not_sent(telegram, bot):
    phone = telegram.phone(DANA)
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await phone.send("not wanted")

    assert await bot.get_updates(timeout=0) == ()


async def test_a_reaction_is_sent_only_to_a_bot_that_named_it(telegram, bot):
    phone = telegram.phone(DANA)
    card = await bot.send_message(DANA, "a card")
    shown = phone.latest()
    await phone.react(shown, "👍")
    await bot.get_updates(timeout=0, allowed_updates=["message", "message_reaction"])
    await phone.react(shown, "🔥")

    updates = await bot.get_updates(timeout=0)

    assert [update.message_reaction.message_id for update in updates] == [card.message_id]
    assert updates[0].message_reaction.new_reaction[0].emoji == "🔥"


async def test_a_cut_connection_may_hide_a_message_that_was_sent(telegram, bot):
    phone = telegram.phone(DANA)
    telegram.fail("sendMessage", cut_after_processing())

    with pytest.raises(NetworkError):
        await bot.send_message(DANA, "hello")

    assert phone.latest().text == "hello"
    assert telegram.calls("sendMessage")[0].status == 0


async def test_a_connection_cut_early_sends_nothing(telegram, bot):
    phone = telegram.phone(DANA)
    telegram.fail("sendMessage", cut_before_processing())

    with pytest.raises(NetworkError):
        await bot.send_message(DANA, "hello")

    assert phone.received == ()


# The client announces with each RetryAfter that a later version will hold a timedelta (22.8).
@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
async def test_too_many_requests_names_the_wait_and_passes(telegram, bot):
    phone = telegram.phone(DANA)
    telegram.fail("*", too_many_requests(retry_after_s=7), times=2)

    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(DANA, "hello")
        assert refused.value.retry_after in {7, timedelta(seconds=7)}
    await bot.send_message(DANA, "hello")

    assert len(phone.received) == 1


@pytest.mark.parametrize("is_processed", [False, True], ids=["not sent", "sent all the same"])
async def test_a_bad_gateway_says_nothing_about_the_message(telegram, bot, is_processed):
    phone = telegram.phone(DANA)
    telegram.fail("sendMessage", bad_gateway(is_processed=is_processed))

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(DANA, "hello")

    assert len(phone.received) == int(is_processed)


async def test_a_slow_answer_times_out_after_the_message_was_sent(telegram):
    phone = telegram.phone(DANA)
    telegram.fail("sendMessage", slow(2))
    hasty = HTTPXRequest(read_timeout=0.1)

    async with ExtBot(telegram.token, base_url=telegram.base_url, request=hasty) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(DANA, "hello")

    assert phone.latest().text == "hello"


async def test_a_download_can_be_cut(telegram, bot):
    await telegram.phone(DANA).document("note.eml", b"hello")
    file = await (await next_message(bot)).document.get_file()
    telegram.fail(DOWNLOAD, cut_before_processing())

    with pytest.raises(NetworkError):
        await file.download_as_bytearray()

    assert bytes(await file.download_as_bytearray()) == b"hello"
    assert [call.status for call in telegram.calls(DOWNLOAD)] == [0, 200]


async def test_delayed_updates_arrive_together_in_order(telegram, bot):
    phone = telegram.phone(DANA)
    telegram.delay_updates()
    await phone.send("one")
    await phone.send("two")
    before = await bot.get_updates(timeout=0)
    telegram.release_updates()

    after = await bot.get_updates(timeout=0)

    assert before == ()
    assert [update.message.text for update in after] == ["one", "two"]


async def test_a_confirmed_update_can_come_again_with_its_id(telegram, bot):
    await telegram.phone(DANA).send("once")
    first = await next_update(bot)
    telegram.repeat_updates()

    again = await bot.get_updates(offset=first.update_id + 1, timeout=0)

    assert [update.update_id for update in again] == [first.update_id]


@pytest.mark.parametrize("next_id", [5, 2_000_000_000], ids=["far below", "far above"])
async def test_a_jump_of_the_update_id_loses_nothing(telegram, bot, next_id):
    phone = telegram.phone(DANA)
    await phone.send("before")
    last = await next_update(bot)
    telegram.jump_update_id(next_id)
    await phone.send("after")

    updates = await bot.get_updates(offset=last.update_id + 1, timeout=0)

    assert [(update.update_id, update.message.text) for update in updates] == [(next_id, "after")]


async def test_a_web_hook_gets_each_update_until_it_takes_it(telegram, bot):
    seen: list[tuple[str | None, str]] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        seen.append((secret, update["message"]["text"]))
        return web.Response(status=500 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3")
    await telegram.phone(DANA).send("one")
    await telegram.phone(DANA).send("two")

    await telegram.until(lambda: len(telegram.account.updates.confirmed) == 2)
    info = await bot.get_webhook_info()
    await runner.cleanup()

    assert seen == [("s3", "one"), ("s3", "one"), ("s3", "two")]
    assert (info.pending_update_count, info.last_error_message) == (0, "Wrong response: 500")


async def test_polling_is_refused_while_a_web_hook_is_set(telegram, bot):
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()

    assert await bot.get_updates(timeout=0) == ()


async def test_every_request_is_in_the_journal(telegram, bot):
    telegram.phone(DANA)
    await bot.send_message(DANA, "hello")

    call = telegram.journal[-1]

    assert [call.method for call in telegram.journal] == ["getMe", "sendMessage"]
    assert (call.params["text"], call.status) == ("hello", 200)
    assert telegram.journal[0].at <= call.at


async def test_an_unknown_method_is_remembered(telegram, bot):
    telegram.assert_only_known_methods()
    with pytest.raises(InvalidToken):
        await bot.send_dice(DANA)

    with pytest.raises(AssertionError, match="sendDice"):
        telegram.assert_only_known_methods()


async def test_waiting_in_vain_shows_the_chat(telegram, bot):
    phone = telegram.phone(DANA)
    await phone.send("is anybody there")

    with pytest.raises(TimeoutError, match="is anybody there"):
        await phone.sees("hello", within_s=0.05)


async def test_a_phone_sees_what_comes_later(telegram, bot):
    phone = telegram.phone(DANA)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(phone.sees("Marta"))
        await bot.send_message(DANA, "Reply to Marta")

    assert waiting.result().text == "Reply to Marta"


async def _error_of(call) -> TelegramError | None:
    try:
        await call
    except TelegramError as error:
        return error
    return None
