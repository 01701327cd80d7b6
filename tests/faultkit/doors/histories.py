"""The same messages and presses, heard in another order and more than once, change nothing else.

A history is some 200 deliveries of an owner's day: notes, reminders, letters that are passed on,
presses on cards. It is played in order and once; then each delivery comes one to five times, in a
drawn order, and what the company knows, what was decided and what is due to leave has to be equal.
"""

import asyncio
import hashlib
import json
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.adapter import Inbound, InboundFile
from bot.intake import Intake
from memory import tables
from memory.records.decision import Decision, Verb
from memory.records.notice import Shown
from tests.doubles.builders import Desk, a_desk, a_mail_to

CARDS = 10
AT_ONCE = 8
"""Deliveries that are heard at the same time, as when a phone is back after a night."""
TIMES = (1, 1, 1, 2, 2, 3, 4, 5)
"""How often a delivery may come."""
OWNER = "111"
DOOR = "script"
"""A door where every message stands alone; a chat's gestures depend on what comes together."""
VERBS = (Verb.APPROVE, Verb.REJECT, Verb.TAKE)


@dataclass(frozen=True)
class Delivery:
    """One thing that the platform hands over, perhaps more than once."""

    native_id: str
    text: str = ""
    mail: bytes = b""
    card: int | None = None
    verb: Verb | None = None


def history(length: int, chance: random.Random) -> tuple[Delivery, ...]:
    """An owner's day. Ids jump, as Telegram's do after a quiet week."""
    number = chance.randrange(10**8)
    found: list[Delivery] = []
    pressed = list(range(CARDS))
    chance.shuffle(pressed)
    for index in range(length):
        number = chance.randrange(10**8) if chance.random() < 0.02 else number + 1
        name = f"{number:x}{index}"
        kind = chance.random()
        if kind < 0.1 and pressed:
            found.append(Delivery(name, card=pressed.pop(), verb=chance.choice(VERBS)))
        elif kind < 0.3:
            found.append(Delivery(name, mail=_letter(name)))
        elif kind < 0.7:
            found.append(Delivery(name, text=f"note: {name} is worth keeping"))
        else:
            found.append(Delivery(name, text=f"remind me Friday to call {name}"))
    return tuple(found)


def _letter(name: str) -> bytes:
    """A mail from somebody who never wrote before, so that no order of letters matters."""
    return (
        f"From: Rui {name} <rui@{name}.example>\r\nSubject: About {name}\r\n"
        f"Message-ID: <1@{name}.example>\r\nDate: Mon, 9 Mar 2026 18:12:00 +0000\r\n\r\n"
        f"Hello Dana, this is about {name}.\r\n"
    ).encode()


def disturbed(day: tuple[Delivery, ...], chance: random.Random) -> tuple[Delivery, ...]:
    """Every delivery one to five times, in any order."""
    found = [one for one in day for _ in range(chance.choice(TIMES))]
    chance.shuffle(found)
    return tuple(found)


async def outcome(day: Iterable[Delivery], folder: Path, *, think: bool) -> str:
    """The digest of everything that a day led to.

    Args:
        think: Whether the runs that follow are played too, and not only what was taken in.
    """
    async with a_desk(folder / "data") as desk:
        await desk.outbox.pair(DOOR, OWNER, OWNER)
        cards = [await desk.propose(a_mail_to(f"c{one}@firm.example")) for one in range(CARDS)]
        intake = Intake(desk.company, desk.outbox)
        for together in _parts(tuple(day), AT_ONCE):
            await asyncio.gather(*(_hear(intake, one, cards) for one in together))
        if think:
            await desk.think()
        return await _digest(desk, think=think)


async def _hear(intake: Intake, one: Delivery, cards: list[Shown]) -> None:
    if one.verb is not None and one.card is not None:
        shown = cards[one.card]
        assert shown.action is not None
        decision = Decision(
            notice=shown.notice.id, verb=one.verb, door=DOOR, actor=OWNER,
            revision=shown.action.revision, digest=shown.action.digest, native_id=one.native_id,
        )  # fmt: skip
        await intake.press(decision)
        return
    mail = InboundFile(name="mail.eml", media_type="message/rfc822", raw=one.mail)
    await intake.receive(
        Inbound(
            door=DOOR, native_id=one.native_id, chat=OWNER, person=OWNER, text=one.text,
            files=(mail,) if one.mail else (), forwarded=bool(one.mail),
        )
    )  # fmt: skip


def _parts(day: tuple[Delivery, ...], size: int) -> Iterable[tuple[Delivery, ...]]:
    return (day[start : start + size] for start in range(0, len(day), size))


async def _digest(desk: Desk, *, think: bool) -> str:
    """What is known, decided and due, without the ids and moments that may differ."""
    sources = await desk.rows(tables.source)
    facts: list[tuple[object, ...]] = [
        ("source", one.native_id, one.text, one.files) for one in sources
    ]
    facts += [
        ("decision", one.verb, one.native_id)
        for one in await desk.rows(tables.decision)
        if one.accepted
    ]
    facts += [
        ("action", one.kind, one.state, "" if one.kind == "file" else one.effect)
        for one in await desk.rows(tables.action)
    ]
    facts += [("run", one.agent, one.step, one.state) for one in await desk.rows(tables.run)]
    if think:
        facts += [(one.kind, one.title, one.version) for one in await desk.rows(tables.record)]
        facts += [("notice", one.text) for one in await desk.rows(tables.notice)]
    assert await desk.is_ledger_true()
    text = "\n".join(sorted(json.dumps(fact) for fact in facts))
    return hashlib.sha256(text.encode()).hexdigest()


def compare(number: int, length: int, times: int, *, think: bool) -> int:
    """How often one day does not end as it does undisturbed.

    Args:
        times: How often it is heard in another order.
    """
    chance = random.Random(f"history {number}")
    day = history(length, chance)
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        calm = asyncio.run(outcome(day, Path(folder, "calm"), think=think))
        return sum(
            asyncio.run(outcome(disturbed(day, chance), Path(folder, str(one)), think=think))
            != calm
            for one in range(times)
        )
