"""The link that pairs a phone, and what is remembered about it. Loads no client library."""

from jobs.outbox import Outbox
from memory.ids import new_token

_CODE = "telegram:code"
_ACCOUNT = "telegram:account"
_PAIRED = "telegram:paired"
_DOOR = "telegram"


async def link(outbox: Outbox, account: str) -> str:
    """A link that makes the chat of whoever opens it first the owner's."""
    code = await outbox.recall(_CODE)
    if not code:
        code = new_token()
        await outbox.remember(_CODE, code)
    return f"https://t.me/{account}?start={code}"


def picture(address: str) -> str:
    """An address as a picture for a phone's camera, an SVG data URI."""
    # the page draws it only while a phone is being paired
    import segno

    return segno.make(address, error="m").svg_data_uri(scale=6)


async def code(outbox: Outbox) -> str:
    """The code that pairs now; empty when none was made, or it was used."""
    return await outbox.recall(_CODE) or ""


async def spend(outbox: Outbox) -> None:
    """Forget the code: one code pairs once."""
    await outbox.remember(_CODE, "")


async def account(outbox: Outbox) -> str:
    """The bot's name, as Telegram last told it; empty before it was reached."""
    return await outbox.recall(_ACCOUNT) or ""


async def met(outbox: Outbox, name: str) -> None:
    """Remember the bot's name."""
    if await account(outbox) != name:
        await outbox.remember(_ACCOUNT, name)


async def paired(outbox: Outbox, name: str) -> None:
    """Remember that the owner opened the chat with this bot."""
    if await outbox.recall(_PAIRED) != name:
        await outbox.remember(_PAIRED, name)


async def is_paired(outbox: Outbox) -> bool:
    """Whether the owner has opened the chat with the present bot: another one is another chat."""
    known = await outbox.recall(_PAIRED)
    return bool(await outbox.pairings(_DOOR)) and known in (None, await account(outbox))
