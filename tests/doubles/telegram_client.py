"""Shorthand for tests that drive the real Telegram client by hand.

The client's types are left open on purpose: almost everything it parses may be None, and a test
that meets a None where it looked for a value fails anyway.
"""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup


def a_keyboard(*labels: str) -> InlineKeyboardMarkup:
    """One row of buttons; each calls back with "t:" and its label."""
    row = [InlineKeyboardButton(label, callback_data=f"t:{label}") for label in labels]
    return InlineKeyboardMarkup([row])


async def next_update(bot):
    """The oldest update, confirmed."""
    update = (await bot.get_updates(limit=1, timeout=2))[0]
    await bot.get_updates(offset=update.update_id + 1, timeout=0)
    return update


async def next_message(bot):
    return (await next_update(bot)).message


async def next_press(bot):
    return (await next_update(bot)).callback_query
