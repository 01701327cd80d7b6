"""A typed code in the place of a button, where a chat could not show all of what would happen.

The code stands at the end of the file that has everything: whoever types it has had the end of it
before their eyes. It means exactly what the button would have meant, the same words and no others.
"""

import hashlib
import re

from bot.adapter import Inbound
from jobs.outbox import Outbox
from memory.records.action import State
from memory.records.decision import Decision, Verb

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = "23456789"
"""Nothing that looks like another sign, and always mixed, so that no word is ever a code."""
_CODE = re.compile(rf"\s*[\"'“]?(?P<code>(?:[{_LETTERS}][{_DIGITS}]){{2}})[\"'”]?\s*\.?\s*", re.I)

ASKED = "Type the 4-character code at the end of its file"
"""What to do in the place of a press."""
TOO_LONG = f"This one is too long to be shown here whole. {ASKED}, or decide on the page."
WRONG = "That code fits nothing that waits for you here. It stands at the end of the newest file."


def code_of(token: str, attempt: int = 0) -> str:
    """The code that stands for a button's token.

    Args:
        attempt: Counts up while the code is taken by another button.
    """
    raw = hashlib.sha256(f"{token} {attempt}".encode()).digest()
    signs = (_LETTERS, _DIGITS, _LETTERS, _DIGITS)
    return "".join(of[raw[place] % len(of)] for place, of in enumerate(signs))


def code_in(text: str) -> str | None:
    """The code that a message is; None when it is none."""
    found = _CODE.fullmatch(text)
    return found["code"].upper() if found else None


def place_of(door: str, chat: str, code: str) -> str:
    """Where the token is kept that a code stands for in a chat."""
    return f"code:{door}:{chat}:{code}"


def part_of(door: str, notice: str) -> str:
    """Where a door keeps that it shows a card only in part; empty once it shows all of it."""
    return f"partly:{door}:{notice}"


class Codes:
    """What typed codes stand for, and where they are needed."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def enter(self, inbound: Inbound, code: str) -> str | None:
        """Do what the code's button would have done; what came of it.

        Returns:
            None when nothing here waits for a code: then it is a message like any other.
        """
        token = await self._outbox.recall(place_of(inbound.door, inbound.chat, code))
        pressed = await self._outbox.pressed(token) if token else None
        if pressed is not None:
            decision = Decision(
                notice=pressed.notice,
                verb=pressed.verb,
                door=inbound.door,
                actor=inbound.person,
                revision=pressed.revision,
                digest=pressed.digest,
                native_id=inbound.native_id,
            )
            return (await self._outbox.decide(decision)).text
        for action in await self._outbox.actions(State.AWAITING):
            about = await self._outbox.shown_for_action(action.id)
            if about and await self._outbox.recall(part_of(inbound.door, about.notice.id)):
                return WRONG
        return None

    async def are_asked(self, decision: Decision) -> bool:
        """Whether the owner's own door could not show all of what a yes would let go."""
        if decision.verb not in (Verb.APPROVE, Verb.SEND):
            return False
        return bool(await self._outbox.recall(part_of(decision.door, decision.notice)))
