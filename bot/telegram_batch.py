"""What one look brings from Telegram, taken in together: neighbours share a commit, in their order.

What has to be answered here (a press, a word of command, a reply to a card) is taken by itself,
once all that came before it is committed. Files are fetched ahead and side by side: nothing waits
for more than the slowest of them.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from telegram import Message, Update
from telegram.constants import ReactionEmoji

from bot.adapter import Inbound
from bot.intake import Intake, needs_no_answer
from bot.telegram_client import RECEIVED, Courtesy
from bot.telegram_inbox import Words, read
from bot.telegram_updates import TelegramUpdates, heard, is_begin
from jobs.outbox import Outbox, Pairing
from memory.company import Company
from memory.errors import Unavailable

logger = logging.getLogger(__name__)

_DOOR = "telegram"
_AHEAD = 4
"""So many files are held or fetched ahead; each may have 20 MB."""
_TOGETHER_BYTES = 20_000_000
"""With more than this in its files a commit does not wait for another message."""

Files = Mapping[int, "asyncio.Task[Words | Exception]"]


@dataclass(frozen=True)
class _Plain:
    """A message that is only to be kept."""

    update: Update
    inbound: Inbound
    courtesy: Courtesy

    @property
    def size_bytes(self) -> int:
        return sum(len(one.raw) for one in self.inbound.files)


class TelegramBatch:
    """Takes what one look has brought, each update at most once."""

    def __init__(
        self, company: Company, outbox: Outbox, intake: Intake, updates: TelegramUpdates
    ) -> None:
        """Take nothing yet.

        Args:
            updates: Takes one update by itself, whatever it is and whatever it breaks.
        """
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._updates = updates

    async def take(self, updates: Sequence[Update]) -> list[Courtesy]:
        """Commit all of them; returns what may follow.

        Raises:
            Unavailable: Some were not kept; confirm none, so that all of them come again.
            TelegramError: The same.
        """
        owners = await self._owners()
        places = asyncio.Semaphore(_AHEAD)
        trouble: Exception | None = None
        courtesies: list[Courtesy] = []
        async with asyncio.TaskGroup() as group:
            files = {
                one.update_id: group.create_task(self._file(one, message, places))
                for one in updates
                if (message := _said(one, owners)) is not None
            }
            try:
                courtesies = await self._walk(updates, files, places)
            except Exception as error:  # noqa: BLE001 - the group would wrap it; raised below
                trouble = error
            finally:
                for task in files.values():
                    task.cancel()
        if trouble is not None:
            raise trouble
        return courtesies

    async def _walk(
        self, updates: Sequence[Update], files: Files, places: asyncio.Semaphore
    ) -> list[Courtesy]:
        courtesies: list[Courtesy] = []
        plain: list[_Plain] = []
        owners = await self._owners()
        for update in updates:
            words = await self._words(update, files, places)
            one = self._plain(update, words, owners)
            if one is not None:
                plain.append(one)
                if sum(each.size_bytes for each in plain) < _TOGETHER_BYTES:
                    continue
            courtesies += await self._commit(plain)
            plain = []
            if isinstance(words, Unavailable):
                raise words
            if one is None:
                known = words if isinstance(words, Words) else None
                courtesies += await self._updates.take(update, known)
                owners = await self._owners()
        return courtesies + await self._commit(plain)

    async def _commit(self, plain: Sequence[_Plain]) -> list[Courtesy]:
        """Commit them together; when one of them breaks that, each by itself."""
        if not plain:
            return []
        try:
            await self._intake.receive_all([one.inbound for one in plain])
        except Unavailable:
            raise
        except Exception:
            logger.exception("batch broke", extra={"action": "telegram_batch_broke"})
            return [courtesy for one in plain for courtesy in await self._updates.take(one.update)]
        for one in plain:
            facts = {"action": "telegram_update", "update": one.update.update_id}
            logger.info("update", extra=facts)
        return [one.courtesy for one in plain]

    def _plain(
        self, update: Update, words: Words | Exception | None, owners: Mapping[str, Pairing]
    ) -> _Plain | None:
        """The message as it is kept; None for what has to be taken by itself."""
        message = _said(update, owners)
        if message is None or message.from_user is None or not isinstance(words, Words):
            return None
        if words.is_empty or words.sorry:
            return None
        inbound = Inbound(
            door=_DOOR,
            native_id=f"telegram:{update.update_id}",
            chat=str(message.chat.id),
            person=str(message.from_user.id),
            text=words.text,
            files=words.files,
            forwarded=words.forwarded,
            intents=words.intents,
            written_at=message.date,
            mark=heard(message),
        )
        react = partial(message.set_reaction, ReactionEmoji.OK_HAND_SIGN)
        return (
            _Plain(update, inbound, Courtesy(RECEIVED, react)) if needs_no_answer(inbound) else None
        )

    async def _words(
        self, update: Update, files: Files, places: asyncio.Semaphore
    ) -> Words | Exception | None:
        """What a message says, with its file; what kept us from it; None for no such message."""
        task = files.get(update.update_id)
        if task is None:
            return None
        words = await task
        places.release()
        return words

    async def _file(
        self, update: Update, message: Message, places: asyncio.Semaphore
    ) -> Words | Exception:
        await places.acquire()
        try:
            words = read(message, self._company.zone)
            return await self._updates.fetched(update.update_id, words)
        except Exception as error:  # noqa: BLE001 - whoever takes it by itself meets it again
            return error

    async def _owners(self) -> dict[str, Pairing]:
        """The owner's open chats, by person."""
        every = await self._outbox.pairings(_DOOR)
        return {one.person: one for one in every if one.blocked_at is None}


def _said(update: Update, owners: Mapping[str, Pairing]) -> Message | None:
    """A fresh message of the owner's that answers nothing; None for anything else."""
    message = update.message
    if message is None or message.from_user is None or message.chat.type != message.chat.PRIVATE:
        return None
    if message.reply_to_message is not None or is_begin(message):
        return None
    return message if str(message.from_user.id) in owners else None
