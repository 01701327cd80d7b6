"""Inbound to Source and Intent: who may speak, what bypasses every model, and nothing twice."""

import asyncio
from collections.abc import Sequence
from itertools import groupby

from bot import meanings
from bot.adapter import Button, Inbound
from bot.cards import render
from bot.codes import TOO_LONG, Codes, code_in
from bot.command_answers import CommandAnswers
from bot.commands import Command, command_in, pause_end, plain, stops_first, verb_in
from bot.disk import Disk
from bot.telling import only_asks, told
from bot.vcards import contacts_in
from jobs.outbox import Accepted, Album, Incoming, Outbox
from memory.company import Company
from memory.errors import NotFound, Refused
from memory.ids import derived_id, new_id
from memory.labels import Label
from memory.records.action import State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import CORRECTS, Intent
from memory.records.notice import Shown
from memory.records.proposal import Question
from memory.records.source import File, Source

_RECENT = 50
"""Among how many of the newest lines the one about a stop is looked for."""
_TOGETHER = 20
"""At most so many messages share a transaction: other processes want to write too."""


class Intake:
    """The one way in for every door's messages and presses."""

    def __init__(self, company: Company, outbox: Outbox, disk: Disk | None = None) -> None:
        self._company = company
        self._outbox = outbox
        self.disk = disk or Disk(company.data, outbox)
        """Asked before anything is taken in, here and by whoever takes in beside us."""
        self._codes = Codes(outbox)
        self._answers = CommandAnswers(company, outbox)

    async def is_owner(self, door: str, person: str) -> bool:
        """Whether this person of this door is the owner. Nobody paired means nobody."""
        return any(one.person == person for one in await self._outbox.pairings(door))

    async def receive(self, inbound: Inbound) -> Accepted | None:
        """Commit a message; only after this returns may a door acknowledge it.

        Returns:
            The committed Source, or None for a stranger, who gets no answer.

        Raises:
            Unavailable: Nothing was kept; do not acknowledge, so that it comes again.
        """
        if needs_no_answer(inbound):
            return (await self._accepted((inbound,)))[0]
        is_owner, is_known = await self._outbox.glance(
            inbound.door, inbound.person, _id_of(inbound)
        )
        if not is_owner:
            await self._outbox.turned_away(inbound.door, inbound.person, "message")
            return None
        if is_known:
            # delivered again: an old "stop" must not stop what was resumed since
            return Accepted(source=_id_of(inbound), fresh=False)
        if not _is_word(inbound):
            await self.disk.has_room()
        source = await self._source(inbound)
        command = command_in(inbound.text)
        if command is not None and command.name == "stop":
            return await self._stop(inbound, source, command.rest)
        answer = await self._answers.to(inbound, command) if command is not None else None
        if answer is not None:
            return await self._outbox.accept_answered(source, answer)
        code = code_in(inbound.text)
        if code is not None:
            said = await self._codes.enter(inbound, code)
            if said is not None:
                return await self._outbox.accept_answered(source, said)
        replied = await self._replied_to(source)
        if inbound.corrects and replied is not None and replied.action is not None:
            replied = await self._outbox.shown_for_action(replied.action.id) or replied
        if command is not None and command.name == "cancel":
            stands = await self._standstill(command.rest)
            if stands is not None:
                return await self._answered(source, _decision(inbound, stands, Verb.CANCEL))
            command = None
        if replied is not None:
            decided = await self._reply(inbound, source, replied, command)
            if decided is not None:
                return decided
        elif command is not None:
            return await self._decide_by_words(inbound, source, Verb(command.name))
        if stops_first(inbound.text):
            actor = f"{inbound.door} {inbound.person}"
            await self._outbox.accept_stop(source, actor, settles=False)
        return await self._outbox.accept(source, _said(inbound), inbound.written_at)

    async def receive_all(self, inbounds: Sequence[Inbound]) -> tuple[Accepted | None, ...]:
        """Commit messages in the order they came, neighbours that nobody answers here together.

        Returns:
            As for `receive`, for each of them.

        Raises:
            Unavailable: Some were not kept; acknowledge none, so that all of them come again.
        """
        found: list[Accepted | None] = []
        for is_plain, some in groupby(inbounds, key=needs_no_answer):
            if is_plain:
                plain = tuple(some)
                for begin in range(0, len(plain), _TOGETHER):
                    found += await self._accepted(plain[begin : begin + _TOGETHER])
            else:
                found += [await self.receive(one) for one in some]
        return tuple(found)

    async def keep(
        self, inbound: Inbound, answer: str, album: Album | None = None
    ) -> Accepted | None:
        """Commit a message that nobody here can read yet, together with the line that says so.

        Args:
            album: What was sent together with it, and shares its line.

        Returns:
            The committed Source, or None for a stranger, who gets no answer.

        Raises:
            Unavailable: Nothing was kept; do not acknowledge, so that it comes again.
        """
        if not await self.is_owner(inbound.door, inbound.person):
            await self._outbox.turned_away(inbound.door, inbound.person, "message")
            return None
        await self.disk.has_room()
        return await self._outbox.accept_kept(await self._source(inbound), answer, album)

    async def press(self, decision: Decision) -> Outcome:
        """A press by the owner. Whoever calls has checked the person and redeemed the token."""
        if not await self.is_owner(decision.door, decision.actor):
            await self._outbox.turned_away(decision.door, decision.actor, "press")
            return Outcome(accepted=False, text="")
        if decision.verb is Verb.EDIT and not decision.text.strip():
            return await self._invited(decision)
        if not only_asks(decision):
            return await self._decide(decision)
        about = await self._outbox.shown(decision.notice)
        try:
            text = await told(self._company, about, decision.verb)
        except Refused as trouble:
            return Outcome(accepted=False, text=trouble.sentence)
        name = f"told:{decision.door}:{decision.native_id or new_id('press')}"
        notice = await self._outbox.tell_once(name, text)
        return Outcome(accepted=True, text="", action=about.notice.action, notice=notice)

    async def _accepted(self, inbounds: tuple[Inbound, ...]) -> list[Accepted | None]:
        """Commit messages that nobody answers here, in one transaction; None for a stranger's."""
        known = {
            (door, one.person)
            for door in {one.door for one in inbounds}
            for one in await self._outbox.pairings(door)
        }
        theirs = [one for one in inbounds if (one.door, one.person) in known]
        for one in inbounds:
            if (one.door, one.person) not in known:
                await self._outbox.turned_away(one.door, one.person, "message")
        if not theirs:
            return [None for _ in inbounds]
        await self.disk.has_room()
        came = [
            Incoming(
                source=await self._source(one),
                intents=_wanted(one),
                mark=one.mark,
                written_at=one.written_at,
            )
            for one in theirs
        ]
        accepted = iter(await self._outbox.accept_all(tuple(came)))
        return [next(accepted) if (one.door, one.person) in known else None for one in inbounds]

    async def _source(self, inbound: Inbound) -> Source:
        # to disk beside the loop: whoever asks something meanwhile does not wait for it
        put = self._company.blobs.put
        files = tuple(
            [
                File(
                    name=one.name,
                    media_type=one.media_type,
                    size_bytes=len(one.raw),
                    digest=await asyncio.to_thread(put, one.raw),
                )
                for one in inbound.files
            ]
        )
        notice = inbound.notice
        if notice is None and inbound.reply_to is not None:
            notice = await self._outbox.notice_of_message(
                inbound.door, inbound.chat, inbound.reply_to
            )
        outside = inbound.forwarded or any(one.media_type == "message/rfc822" for one in files)
        return Source(
            id=_id_of(inbound),
            channel=inbound.door,
            native_id=inbound.native_id,
            chat=inbound.chat,
            sender=inbound.person,
            label=Label.EXTERNAL if outside else Label.OWNER,
            text=inbound.text,
            files=files,
            forwarded=inbound.forwarded,
            reply_to=notice,
            received_at=self._company.clock.now(),
        )

    async def _replied_to(self, source: Source) -> Shown | None:
        """The card or question that a message answers; None when it answers a line or nothing."""
        if source.reply_to is None:
            return None
        try:
            found = await self._outbox.shown(source.reply_to)
        except NotFound:
            return None
        return found if found.action or found.notice.question or found.standstill else None

    async def _reply(
        self, inbound: Inbound, source: Source, replied: Shown, command: Command | None
    ) -> Accepted | None:
        """A reply is what a button says, a short yes or no, or else a draft's new text.

        Returns:
            None when it is none of these: then it is a message like any other.
        """
        said, action = inbound.text.strip(), replied.action
        button = self._button_that_says(said, replied)
        if button is not None:
            decision = _decision(inbound, replied, button.verb, choice=button.choice)
        elif action is None:
            return None
        elif command is not None and action.kind == "file" and command.name == Verb.REJECT:
            decision = _decision(inbound, replied, Verb.UNDO)
        elif command is not None:
            decision = _decision(inbound, replied, Verb(command.name))
        elif action.kind == "file":
            # the lines of a filing are counted from 1
            if not said.isdecimal() or int(said) == 0:
                return None
            decision = _decision(inbound, replied, Verb.UNDO_ONE, choice=int(said) - 1)
        elif (verb := verb_in(said)) is not None:
            decision = _decision(inbound, replied, verb)
        elif action.state in (State.AWAITING, State.CANCELLED, State.EXPIRED):
            decision = _decision(inbound, replied, Verb.EDIT, text=inbound.text)
        else:
            return None
        return await self._answered(source, decision)

    def _button_that_says(self, words: str, replied: Shown) -> Button | None:
        card = render(
            replied,
            zone=self._company.zone,
            data=self._company.data,
            stopped=self._outbox.stopped(),
        )
        return next((one for one in card.buttons if plain(one.label) == plain(words)), None)

    async def _decide_by_words(self, inbound: Inbound, source: Source, verb: Verb) -> Accepted:
        """ "approve", "undo that" without a reply: about the only thing that it can mean."""  # noqa: D210 - it begins with a quotation
        meant = await meanings.of(self._outbox, verb)
        if not meant:
            return await self._outbox.accept_answered(source, "There is nothing waiting for that.")
        if len(meant) == 1:
            return await self._answered(source, _decision(inbound, meant[0], verb))
        choices = tuple(meanings.choice(one, verb) for one in meant)
        question = Question(text="Which one do you mean?", choices=choices)
        await self._outbox.tell_once(
            f"which:{source.id}", question.text, question=question, rings=True
        )
        many = f"{len(meant)} drafts wait for your word, so I did nothing yet."
        return await self._outbox.accept_answered(source, many)

    async def _answered(self, source: Source, decision: Decision) -> Accepted:
        """Carry out a typed decision, and commit the message with what came of it."""
        if decision.verb is Verb.EDIT and not decision.text.strip():
            text = (await self._invited(decision)).text
        elif only_asks(decision):
            about = await self._outbox.shown(decision.notice)
            try:
                text = await told(self._company, about, decision.verb)
            except Refused as trouble:
                text = trouble.sentence
        else:
            text = (await self._decide(decision)).text
        return await self._outbox.accept_answered(source, text)

    async def _decide(self, decision: Decision) -> Outcome:
        """Carry out a decision; the answer to our own "which one" decides about that one."""
        if await self._codes.are_asked(decision):
            return Outcome(accepted=False, text=TOO_LONG, notice=decision.notice)
        if decision.verb is not Verb.CHOOSE or decision.choice is None:
            return await self._outbox.decide(decision)
        question = (await self._outbox.shown(decision.notice)).notice
        asked = question.question.choices if question.question and not question.answered else ()
        if decision.choice >= len(asked):
            return await self._outbox.decide(decision)
        chosen = asked[decision.choice]
        if chosen.intent.kind != meanings.DECIDES:
            return await self._outbox.decide(decision)
        slots = chosen.intent.slots
        meant = decision.model_copy(
            update={
                "notice": slots["notice"],
                "verb": Verb(slots["verb"]),
                "revision": int(slots["revision"]),
                "digest": slots["digest"],
                "choice": None,
            }
        )
        if await self._codes.are_asked(meant):
            return Outcome(accepted=False, text=TOO_LONG, notice=meant.notice)
        outcome = await self._outbox.decide(meant)
        await self._outbox.answered(question.id, chosen.label)
        return outcome

    async def _invited(self, decision: Decision) -> Outcome:
        """What a press of Edit asks for: the words come as a reply."""
        about = (await self._outbox.shown(decision.notice)).notice
        text = "Reply to the card with your text, and I show it to you before it goes."
        if about.question is not None:
            text = "Reply to this with your answer."
        return Outcome(accepted=True, text=text, notice=about.id)

    async def _stop(self, inbound: Inbound, source: Source, rest: str) -> Accepted:
        """Stop now, whatever else the words say; until when, if they say so and can be read."""
        now = self._company.clock.now().astimezone(self._company.zone)
        until = pause_end(rest, now=now, locale=self._company.config.owner.locale)
        return await self._outbox.accept_stop(
            source, f"{inbound.door} {inbound.person}", until=until
        )

    async def _standstill(self, count: str) -> Shown | None:
        """The newest line about a stop, if it is open and holds so many."""
        if not self._outbox.stopped():
            return None
        recent = await self._outbox.all_shown(last=_RECENT)
        newest = [one for one in recent if one.standstill is not None][-1:]
        for one in newest:
            held = one.standstill.tally.waiting if one.standstill else 0
            if not one.notice.answered and count in ("", str(held)):
                return one
        return None


def needs_no_answer(inbound: Inbound) -> bool:
    """Whether a message is only kept here, and read by whoever reads."""
    if inbound.intents or inbound.forwarded or inbound.files:
        return True
    answers = inbound.reply_to is not None or inbound.notice is not None
    text = inbound.text
    return not (answers or command_in(text) or code_in(text) or stops_first(text))


def _wanted(inbound: Inbound) -> tuple[Intent, ...]:
    """What a message that is only kept asks for, as far as a door can tell."""
    if inbound.intents:
        return inbound.intents
    passed_on = inbound.forwarded or inbound.files
    return (contacts_in(inbound.files) if passed_on else ()) or _said(inbound)


def _id_of(inbound: Inbound) -> str:
    """The id of the Source that a delivery becomes, the same for every repetition."""
    return derived_id("src", inbound.door, inbound.native_id)


def _is_word(inbound: Inbound) -> bool:
    """Whether it is a word of command: those work on a full disk too, stop above all."""
    is_alone = not (inbound.forwarded or inbound.files)
    return is_alone and (command_in(inbound.text) is not None or stops_first(inbound.text))


def _said(inbound: Inbound) -> tuple[Intent, ...]:
    """Words that nobody has read yet; of an edit, with what it takes the place of."""
    slots = {CORRECTS: inbound.corrects} if inbound.corrects else {}
    return (Intent(kind="say", slots=slots),)


def _decision(
    inbound: Inbound, about: Shown, verb: Verb, *, text: str = "", choice: int | None = None
) -> Decision:
    """What the owner has typed, as a decision about one card."""
    return Decision(
        notice=about.notice.id,
        verb=verb,
        door=inbound.door,
        actor=inbound.person,
        text=text,
        choice=choice,
        native_id=inbound.native_id,
    )
