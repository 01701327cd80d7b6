"""The words that pair a chat on Slack, and where Slack answers. Loads no client library."""

from jobs.outbox import Outbox
from memory.config import Slack
from memory.ids import new_token

_CODE = "slack:code"
_DOOR = "slack"


async def invitation(outbox: Outbox) -> str:
    """What the owner writes to the app, word for word. One code pairs once."""
    code = await outbox.recall(_CODE)
    if not code:
        code = new_token()
        await outbox.remember(_CODE, code)
    return f"pair {code}"


async def code(outbox: Outbox) -> str:
    """The code that pairs now; empty when none was made, or it was used."""
    return await outbox.recall(_CODE) or ""


async def spend(outbox: Outbox) -> None:
    """Forget the code."""
    await outbox.remember(_CODE, "")


async def is_paired(outbox: Outbox) -> bool:
    """Whether somebody is the owner on Slack."""
    return bool(await outbox.pairings(_DOOR))


def server_of(section: Slack) -> str:
    """Where Slack's methods are, with the closing slash; `api_url` may name them or the host."""
    server = (section.api_url or "https://slack.com").rstrip("/").removesuffix("/api")
    return f"{server}/api/"
