"""The Telegram door: takes messages and presses in, shows cards."""

import asyncio
import json
import logging
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from telegram import BotCommand, MenuButtonCommands, Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapter import Card
from bot.commands import MENU
from bot.intake import Intake
from bot.lease import Lease
from bot.telegram_batch import TelegramBatch
from bot.telegram_client import (
    Client,
    Courtesies,
    Courtesy,
    bad_token,
    client,
    courteously,
    wait_of,
)
from bot.telegram_hook import PATH, TelegramHook, Then
from bot.telegram_pairing import TelegramPairing
from bot.telegram_screen import TelegramScreen
from bot.telegram_updates import WANTED, TelegramUpdates
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.company import Company
from memory.errors import Refused, Unavailable

logger = logging.getLogger(__name__)

_OFFSET = "telegram:offset"
_LONGEST_PAUSE_S = 60.0
_RIVAL_TRIES = 3
_LEASE_S = 15.0
"""How long another machine waits before it takes the polling over."""
_WATCH_S = 60.0
"""How often we ask whether Telegram still brings its messages to us."""
_ABOUT = (
    "The chief of staff of your company of one: keeps the books, drafts, and asks before acting."
)


class TelegramDoor:
    """The owner's private chat with a bot of their own."""

    name = "telegram"

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        wake: asyncio.Event,
        *,
        welcome: Welcome | None = None,
        hook: TelegramHook | None = None,
        poll_s: int = 30,
        pause_s: float = 1.0,
        lease_s: float = _LEASE_S,
        watch_s: float = _WATCH_S,
    ) -> None:
        """A door that is closed until `run`.

        Args:
            wake: Set whenever a card may have changed.
            welcome: Greets an owner who was just paired.
            hook: Where Telegram brings messages; without one we ask for them.
            poll_s: How long Telegram may wait for a message before it answers.
            pause_s: First wait after a failure; doubles up to a minute.
            lease_s: How long another machine waits before it takes the polling over.
            watch_s: How often to see that Telegram still brings messages to the hook.
        """
        self._outbox = outbox
        self._wake = wake
        self._hook = hook
        self._address = _address(company.config.telegram.webhook_url) if hook else ""
        self._secret = company.config.telegram.webhook_secret.get_secret_value()
        self._poll_s = poll_s
        self._pause_s = pause_s
        self._watch_s = watch_s
        self._lease = Lease(outbox, company.data, "telegram", length_s=lease_s)
        self._client = client(company.config.telegram)
        self._screen = TelegramScreen(self._client, outbox)
        self._pairing = TelegramPairing(
            self._client, outbox, intake, welcome, company.config.owner.telegram_id
        )
        self._updates = TelegramUpdates(
            company, outbox, intake, self._client, self._screen, self._pairing
        )
        self._batch = TelegramBatch(company, outbox, intake, self._updates)
        self._courtesies = Courtesies()
        self._one_by_one = asyncio.Lock()

    async def run(self) -> None:
        """Take in until cancelled.

        Raises:
            Refused: Telegram does not accept the token; the hint says what to do.
        """
        try:
            if self._hook is not None:
                self._hook.open(self._take_raw)
            await self._begin()
            async with self._courtesies.beside():
                if self._hook is not None:
                    await self._stay_reachable()
                else:
                    await self._lease.hold(self._listen)
        except InvalidToken:
            raise bad_token() from None
        finally:
            if self._hook is not None:
                self._hook.close()
            await self._client.shutdown()

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Raises:
            Unavailable: Telegram did not take it now; carries how long to wait if it said so.
            Blocked: The owner has stopped the bot.
            Refused: Telegram will never take it.
        """
        return await self._screen.show(chat, card, message)

    async def pairing_link(self) -> str:
        """A link that makes the chat of whoever opens it first the owner's.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        return await self._pairing.link()

    async def pairing_qr(self) -> str:
        """The same link as a picture, an SVG data URI.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        return await self._pairing.qr()

    async def _begin(self) -> None:
        """Reach Telegram, however long it takes, and present ourselves."""
        pause = self._pause_s
        while True:
            try:
                await self._client.initialize()
                await self._settle_on_hook()
                await self._pairing.begin()
                break
            except InvalidToken:
                raise
            except (TelegramError, Unavailable) as error:
                pause = await self._paused(error, pause)
        menu = [BotCommand(name, what) for name, what in MENU]
        await courteously(
            [
                Courtesy("menu", partial(self._client.set_my_commands, menu)),
                Courtesy("about", partial(self._client.set_my_description, _ABOUT)),
                Courtesy("short", partial(self._client.set_my_short_description, _ABOUT)),
                Courtesy("button", partial(_set_menu_button, self._client)),
            ]
        )

    async def _settle_on_hook(self) -> None:
        """Tell Telegram where to bring messages, or that we ask for them."""
        if self._hook is None:
            await self._client.delete_webhook()
            return
        try:
            await self._client.set_webhook(
                self._address,
                secret_token=self._secret,
                allowed_updates=WANTED,
                # one after another: what was said first is committed first
                max_connections=1,
            )
        except BadRequest as error:
            raise Refused(
                "Telegram does not accept the address that I gave it for its messages.",
                hint="Look at webhook_url in config.toml under [telegram]: it must begin with "
                "https:// and be reachable from outside. Without it I ask for messages myself.",
            ) from error

    async def _stay_reachable(self) -> None:
        """See, until cancelled, that Telegram still brings its messages to us."""
        while True:
            await asyncio.sleep(self._watch_s)
            try:
                await self._watch()
            except InvalidToken:
                raise
            except (TelegramError, Unavailable) as error:
                facts = {"action": "telegram_waits", "error": type(error).__name__}
                logger.warning("telegram waits", extra=facts)

    async def _watch(self) -> None:
        info = await self._client.get_webhook_info()
        if info.url != self._address:
            await self._settle_on_hook()
        elif info.pending_update_count and info.last_error_message:
            # by its moment, so that each new trouble is told once
            at = int(info.last_error_date.timestamp()) if info.last_error_date else 0
            name = await self._outbox.recall("telegram:unreachable") or f"telegram:lost:{at}"
            await self._outbox.remember("telegram:unreachable", name)
            await self._outbox.tell_once(
                name,
                f"Telegram can't bring me your messages: {info.last_error_message}. They wait "
                "there for a day. See that webhook_url leads to this computer.",
                rings=True,
            )
        else:
            await self._outbox.remember("telegram:unreachable", "")

    async def _take_raw(self, raw: bytes) -> Then:
        """Commit one update that Telegram has brought.

        Raises:
            ValueError: It is none.
            Unavailable: Nothing was kept.
        """
        update = _update(raw, self._client)
        async with self._one_by_one:
            try:
                courtesies = await self._batch.take([update])
            except TelegramError as error:
                raise Unavailable("I can't reach Telegram right now.") from error
        self._wake.set()
        return partial(self._courtesies.follow, courtesies)

    async def _listen(self) -> None:
        """Take batch after batch; only what is committed is confirmed by the next offset."""
        offset = int(await self._outbox.recall(_OFFSET) or 0)
        pause = self._pause_s
        rivals = 0
        while True:
            courtesies: list[Courtesy] = []
            try:
                updates = await self._client.get_updates(
                    offset=offset, timeout=self._poll_s, allowed_updates=WANTED
                )
                courtesies += await self._batch.take(updates)
                if updates:
                    # Not the greatest so far: after a quiet week Telegram counts from anywhere.
                    following = updates[-1].update_id + 1
                    await self._outbox.remember(_OFFSET, str(following))
                    offset = following
            except InvalidToken:
                raise
            except (TelegramError, Unavailable) as error:
                rivals += isinstance(error, Conflict)
                if rivals == _RIVAL_TRIES:
                    await self._tell_of_rival()
                pause = await self._paused(error, pause)
                continue
            pause, rivals = self._pause_s, 0
            if updates:
                self._wake.set()
                await self._courtesies.follow(courtesies)

    async def _paused(self, error: Exception, pause_s: float) -> float:
        """Wait after a failure; returns how long to wait after the next."""
        wait = wait_of(error) if isinstance(error, RetryAfter) else timedelta(seconds=pause_s)
        facts = {"action": "telegram_waits", "error": type(error).__name__}
        logger.warning("telegram waits", extra=facts)
        await asyncio.sleep(wait.total_seconds())
        return min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _tell_of_rival(self) -> None:
        await self._outbox.tell(
            "Another program reads the messages of your Telegram bot, so some may pass me by. "
            "Stop it, or give me a bot of my own.",
            rings=True,
        )


def _address(url: str) -> str:
    """Where Telegram shall bring messages: the address as it is, or with our own path."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + PATH


def _update(raw: bytes, bot: Client) -> Update:
    try:
        update = Update.de_json(json.loads(raw), bot)
    except (TypeError, KeyError, AttributeError) as error:
        message = "that is no update"
        raise ValueError(message) from error
    return update


async def _set_menu_button(bot: Client) -> None:
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
