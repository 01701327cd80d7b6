"""The Telegram client: how it is made, what its refusals mean to us, and what may go wrong."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.adapter import Blocked
from memory.config import Telegram
from memory.errors import Refused, Trouble, Unavailable

logger = logging.getLogger(__name__)

Client = ExtBot[int]

RECEIVED = "received"
"""The courtesy that says "I have it" about one message."""
_COURTESY_S = 3.0
"""After so long a reaction or an answer to a press is left."""
_REACTIONS = 30
"""As many as Telegram takes in a second; cards have to pass there too."""


@dataclass(frozen=True)
class Courtesy:
    """Something friendly to do after a commit. Nothing depends on whether it works."""

    what: str
    do: Callable[[], Awaitable[object]]


def client(config: Telegram) -> Client:
    """The client for a bot. It logs nothing of what it sends: its addresses carry the token."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It writes a whole traceback for each "not so fast", which the pump answers by waiting.
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)
    server = (config.api_url or "https://api.telegram.org").rstrip("/")
    return ExtBot(
        config.token.get_secret_value(),
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        rate_limiter=AIORateLimiter(),
    )


@contextlib.contextmanager
def translated() -> Generator[None]:
    """Telegram's refusals as ours."""
    try:
        yield
    except RetryAfter as error:
        wait = wait_of(error)
        raise Unavailable("Telegram asks me to slow down.", retry_after=wait) from error
    except InvalidToken:
        raise bad_token() from None
    except Forbidden as error:
        raise stopped_there() from error
    except BadRequest as error:
        raise Refused("Telegram did not take what I wanted to show you.") from error
    except TelegramError as error:
        raise Unavailable("I can't reach Telegram right now.") from error


def wait_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def stopped_there() -> Blocked:
    """The owner has stopped the bot in its profile."""
    return Blocked(
        "Telegram no longer lets me write to you: you stopped the bot there.",
        hint="Start it again in Telegram, or use the page.",
    )


def bad_token() -> Refused:
    """The one refusal that only the owner can mend.

    To be raised "from None": the client's own error has the token in its text.
    """
    return Refused(
        "Telegram does not accept the token of your bot.",
        hint="Ask @BotFather for the token, and put it in on my page: Menu, then Settings. "
        "steward link opens the page.",
    )


async def courteously(courtesies: Sequence[Courtesy]) -> None:
    """Do them side by side; what fails or takes long is left."""
    await asyncio.gather(*(_attempt(one) for one in courtesies))


class Courtesies:
    """What follows a commit: answers to presses are waited for, reactions done beside the door."""

    def __init__(self) -> None:
        self._reactions: deque[Courtesy] = deque(maxlen=_REACTIONS)
        self._more = asyncio.Event()

    @contextlib.asynccontextmanager
    async def beside(self) -> AsyncGenerator[None]:
        """Do reactions while the body runs; what the body raises comes out as it is."""
        trouble: Exception | None = None
        async with asyncio.TaskGroup() as group:
            reacting = group.create_task(self._react())
            try:
                yield
            except Exception as error:  # noqa: BLE001 - the group would wrap it; raised below
                trouble = error
            finally:
                reacting.cancel()
        if trouble is not None:
            raise trouble

    async def follow(self, courtesies: Iterable[Courtesy]) -> None:
        """Do them: a reply to a prompt finds it known; of many reactions the newest are done."""
        awaited: list[Courtesy] = []
        for one in courtesies:
            (self._reactions if one.what == RECEIVED else awaited).append(one)
        self._more.set()
        await courteously(awaited)

    async def _react(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._reactions:
                await _attempt(self._reactions.popleft())


async def _attempt(one: Courtesy) -> None:
    try:
        async with asyncio.timeout(_COURTESY_S):
            await one.do()
    except (TelegramError, Trouble, TimeoutError) as error:
        facts = {"courtesy": one.what, "error": type(error).__name__}
        logger.info("courtesy left", extra={"action": "telegram_courtesy_left", **facts})
