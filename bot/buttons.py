"""A press becomes a decision: the token is looked up, never trusted."""

from bot.adapter import Card
from jobs.outbox import Outbox, Pressed, Wanted
from memory.errors import Refused
from memory.records.decision import Decision
from memory.records.notice import Shown


class Buttons:
    """Tokens for one door."""

    def __init__(self, outbox: Outbox, door: str) -> None:
        self._outbox = outbox
        self._door = door

    async def fitted(self, card: Card, shown: Shown, chat: str) -> Card:
        """The card with a token on every button, bound to this chat and what is shown."""
        wanted = tuple(Wanted(verb=one.verb, choice=one.choice) for one in card.buttons)
        tokens = await self._outbox.tokens(self._door, chat, shown, wanted)
        buttons = tuple(
            one.model_copy(update={"token": token})
            for one, token in zip(card.buttons, tokens, strict=True)
        )
        return card.model_copy(update={"buttons": buttons})

    async def redeem(
        self,
        token: str,
        *,
        chat: str,
        person: str,
        message: str | None,
        native_id: str = "",
        text: str = "",
    ) -> Decision:
        """The decision that a press stands for.

        Args:
            message: The door's own name of the message the button was on; None where a door
                has no messages of its own.
            native_id: The door's own name of the press.
            text: What was typed with it, if anything.

        Raises:
            Refused: The token is not ours, or was made for another chat or message.
        """
        pressed = await self._outbox.pressed(token)
        if pressed is None or pressed.door != self._door or pressed.chat != chat:
            raise Refused("That button is not mine.")
        if message is not None and not await self._belongs(pressed, message):
            raise Refused("That button was copied from another message.")
        return Decision(
            notice=pressed.notice,
            verb=pressed.verb,
            door=self._door,
            actor=person,
            revision=pressed.revision,
            digest=pressed.digest,
            text=text,
            choice=pressed.choice,
            native_id=native_id,
        )

    async def _belongs(self, pressed: Pressed, message: str) -> bool:
        return (
            await self._outbox.notice_of_message(self._door, pressed.chat, message)
            == pressed.notice
        )
