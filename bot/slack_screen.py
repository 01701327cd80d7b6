"""The owner's screen on Slack: cards, and the files that go along in their threads."""

import asyncio
import contextlib
from datetime import datetime

from bot.adapter import Card
from bot.slack_client import Declined, SlackClient, Unanswered
from bot.slack_json import part, parts, words
from bot.slack_layout import Face, Handed, lay_out, sections
from bot.slack_text import escaped
from jobs.outbox import Outbox
from memory.errors import Unavailable

_DOOR = "slack"
_COMMIT_S = 2.0
"""Between the sending of a card and the row that says which message shows it."""
_LOOK_S = 0.02
_CARD = "steward_card"
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_AT_ONCE = 4
"""Paragraphs of full length in one message."""
_LOOK_BACK = 50
"""Messages among which a card is looked for that may have been sent."""


class SlackScreen:
    """Shows cards, and knows which of its messages stands for which notice."""

    def __init__(self, client: SlackClient, outbox: Outbox, opened_at: datetime) -> None:
        """A screen that has shown nothing yet.

        Args:
            opened_at: Cards from before may have been sent by a process that died over it.
        """
        self._client = client
        self._outbox = outbox
        self._opened_at = opened_at
        self._unsure: set[tuple[str, str]] = set()
        """Chat and notice of cards that Slack may have taken without saying so."""
        self._newest: tuple[str, str] | None = None
        """Chat and message of the last card sent: the only one whose row may not be there yet."""

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Raises:
            Unavailable: Slack did not take it now; carries how long to wait if it said so.
            Refused: Slack will never take it.
        """
        face = lay_out(card)
        known = message or await self._sent_before(chat, card)
        if known is not None and await self._changed(chat, known, face):
            shown = known
        else:
            shown = await self._sent(chat, card.notice, face)
        for file in face.files:
            await self._hand_over(chat, card.notice, shown, file)
        return shown

    async def until_known(self, chat: str, message: str) -> None:
        """Wait for the row of a card that was sent a moment ago: a quick thumb may be first.

        Raises:
            Unavailable: It is still not there, so what was pressed can't be told yet.
        """
        if (chat, message) != self._newest:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_COMMIT_S):
                while not await self._outbox.notice_of_message(_DOOR, chat, message):  # noqa: ASYNC110 - the pump writes the row
                    await asyncio.sleep(_LOOK_S)
                self._newest = None
        if self._newest is not None:
            raise Unavailable("That card is not ready yet.")

    async def say_aside(self, chat: str, person: str, text: str, thread: str = "") -> None:
        """A line that only the owner sees and that is not kept: the answer to a press."""
        await self._client.call(
            "chat_postEphemeral",
            channel=chat,
            user=person,
            text=escaped(text),
            blocks=sections(text),
            **({"thread_ts": thread} if thread else {}),
        )

    async def _sent(self, chat: str, notice: str, face: Face) -> str:
        try:
            sent = await self._client.call(
                "chat_postMessage",
                channel=chat,
                text=face.text,
                blocks=list(face.blocks),
                metadata={"event_type": _CARD, "event_payload": {"notice": notice}},
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                link_names=False,
                mrkdwn=False,
            )
        except Unanswered:
            self._unsure.add((chat, notice))
            raise
        self._unsure.discard((chat, notice))
        stamp = words(sent, "ts")
        self._newest = (chat, stamp)
        if face.files:
            # The files may fail, and then the card must not be sent a second time.
            await self._outbox.remember(_sent_as(chat, notice), stamp)
        return stamp

    async def _sent_before(self, chat: str, card: Card) -> str | None:
        """The message that shows a card of which nobody wrote down that it was sent."""
        known = await self._outbox.recall(_sent_as(chat, card.notice))
        if known is not None:
            return known
        if (chat, card.notice) not in self._unsure and card.at >= self._opened_at:
            return None
        found = await self._client.call(
            "conversations_history",
            channel=chat,
            limit=_LOOK_BACK,
            include_all_metadata=True,
        )
        for one in parts(found, "messages"):
            is_card = words(part(one, "metadata"), "event_type") == _CARD and one.get("bot_id")
            payload = part(one, "metadata", "event_payload")
            if is_card and words(payload, "notice") == card.notice:
                self._newest = (chat, words(one, "ts"))
                return words(one, "ts")
        return None

    async def _changed(self, chat: str, message: str, face: Face) -> bool:
        """Edit a message; False when it is gone and has to be sent anew."""
        try:
            await self._client.call(
                "chat_update",
                channel=chat,
                ts=message,
                text=face.text,
                blocks=list(face.blocks),
                parse="none",
                link_names=False,
            )
        except Declined as refusal:
            if refusal.code in _GONE:
                return False
            raise
        return True

    async def _hand_over(self, chat: str, notice: str, message: str, file: Handed) -> None:
        """Put a file that belongs to a card into its thread, once."""
        key = f"slack:file:{chat}:{notice}:{file.mark}"
        if await self._outbox.recall(key) is not None:
            return
        try:
            await self._client.call(
                "files_upload_v2",
                channel=chat,
                thread_ts=message,
                filename=file.name,
                title=file.name,
                content=file.raw,
            )
        except Declined:
            await self._spell_out(chat, message, file)
        await self._outbox.remember(key, message)

    async def _spell_out(self, chat: str, message: str, file: Handed) -> None:
        """Where a workspace takes no files: what would be in it, as messages in the thread."""
        text = f"Slack does not take the file {file.name} here, so this is what is in it."
        paragraphs = sections(f"{text}\n{file.raw.decode('utf-8', 'replace')}")
        for at in range(0, len(paragraphs), _AT_ONCE):
            await self._client.call(
                "chat_postMessage",
                channel=chat,
                thread_ts=message,
                text=escaped(text),
                blocks=paragraphs[at : at + _AT_ONCE],
                unfurl_links=False,
                unfurl_media=False,
            )


def _sent_as(chat: str, notice: str) -> str:
    return f"slack:sent_as:{chat}:{notice}"
