"""Inbound to Source and Intent: who may speak, what bypasses every model, and nothing twice."""

from collections.abc import Awaitable, Callable

from bot.adapter import Inbound
from bot.commands import Command, command_in
from jobs.outbox import Accepted, Outbox
from memory import answers, explain
from memory.company import Company
from memory.errors import NotFound, Refused
from memory.ids import derived_id
from memory.labels import Label
from memory.records.action import State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import Intent
from memory.records.notice import Shown
from memory.records.source import File, Source

_HELP = (
    "Forward me a mail, tell me what you charge, or ask me anything about your own records.\n"
    "/today  what is due\n"
    "/waiting  what waits for you\n"
    "/undo  take the last thing back\n"
    "/find WORDS  look something up\n"
    "/stop  nothing leaves until you say resume\n"
    "/more  everything else you can type"
)
_MORE = (
    "approve, no, undo, why: about the card you reply to, or the only one that waits.\n"
    "resume: let things leave again.\n"
    "My landing page costs 1,200. Remind me Friday to call Marta. Note: thicker paper.\n"
    "What is my hourly rate? Lunch with Anna Friday 1pm."
)
_STOPPED = "Stopped. Nothing leaves until you say resume."
_PAGE = 8


class Intake:
    """The one way in for every door's messages and presses."""

    def __init__(self, company: Company, outbox: Outbox) -> None:
        self._company = company
        self._outbox = outbox
        self._answer: dict[str, Callable[[Inbound, Source, Command], Awaitable[str | None]]] = {
            "today": self._today,
            "waiting": self._waiting,
            "find": self._find,
            "help": self._help,
            "start": self._help,
            "more": self._more,
            "stop": self._stop,
            "resume": self._resume,
        }

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
        if not await self.is_owner(inbound.door, inbound.person):
            await self._outbox.turned_away(inbound.door, inbound.person, "message")
            return None
        source = await self._source(inbound)
        said = inbound.text.strip()
        if inbound.forwarded or inbound.files:
            return await self._outbox.accept(source, (Intent(kind="say"),))
        command = command_in(said)
        if command is not None and command.name in self._answer:
            answer = await self._answer[command.name](inbound, source, command)
            if answer is not None:
                return await self._outbox.accept_answered(source, answer)
        elif command is not None:
            return await self._decide_by_words(inbound, source, command)
        if source.reply_to is not None:
            decided = await self._reply(inbound, source)
            if decided is not None:
                return decided
        return await self._outbox.accept(source, (Intent(kind="say"),))

    async def keep(self, inbound: Inbound, answer: str) -> Accepted | None:
        """Commit a message that nobody here can read yet, together with the line that says so.

        Returns:
            The committed Source, or None for a stranger, who gets no answer.

        Raises:
            Unavailable: Nothing was kept; do not acknowledge, so that it comes again.
        """
        if not await self.is_owner(inbound.door, inbound.person):
            await self._outbox.turned_away(inbound.door, inbound.person, "message")
            return None
        return await self._outbox.accept_answered(await self._source(inbound), answer)

    async def press(self, decision: Decision) -> Outcome:
        """A press by the owner. Whoever calls has checked the person and redeemed the token."""
        if not await self.is_owner(decision.door, decision.actor):
            await self._outbox.turned_away(decision.door, decision.actor, "press")
            return Outcome(accepted=False, text="")
        if decision.verb is Verb.WHY:
            return await self._explain(decision)
        if decision.verb in (Verb.SHOW, Verb.COPY, Verb.CONNECT):
            return await self._show(decision)
        if decision.verb is Verb.UNDO_ONE and decision.choice is None:
            return await self._list_lines(decision)
        if decision.verb is Verb.EDIT and not decision.text.strip():
            return Outcome(
                accepted=True,
                text="Reply to the card with your text, and I show it to you before it goes.",
                notice=decision.notice,
            )
        return await self._outbox.decide(decision)

    async def _source(self, inbound: Inbound) -> Source:
        files = tuple(
            File(
                name=one.name,
                media_type=one.media_type,
                size_bytes=len(one.raw),
                digest=self._company.blobs.put(one.raw),
            )
            for one in inbound.files
        )
        notice = inbound.notice
        if notice is None and inbound.reply_to is not None:
            notice = await self._outbox.notice_of_message(
                inbound.door, inbound.chat, inbound.reply_to
            )
        outside = inbound.forwarded or any(one.media_type == "message/rfc822" for one in files)
        return Source(
            id=derived_id("src", inbound.door, inbound.native_id),
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

    async def _reply(self, inbound: Inbound, source: Source) -> Accepted | None:
        """A plain reply to a card is its new text; to a filing, the number of a line."""
        if source.reply_to is None:
            return None
        try:
            shown = await self._outbox.shown(source.reply_to)
        except NotFound:
            return None
        action = shown.action
        if action is None:
            return None
        said = inbound.text.strip()
        if action.kind == "file":
            if not said.isdigit() or int(said) == 0:
                return None
            verb, choice, text = Verb.UNDO_ONE, int(said) - 1, ""
        elif action.state in (State.AWAITING, State.CANCELLED):
            verb, choice, text = Verb.EDIT, None, inbound.text
        else:
            return None
        return await self._decide(inbound, source, shown, verb, text=text, choice=choice)

    async def _decide_by_words(
        self, inbound: Inbound, source: Source, command: Command
    ) -> Accepted | None:
        """ "approve", "undo that": about the card replied to, else the only one it can mean."""
        shown = None
        if source.reply_to is not None:
            shown = await self._outbox.shown(source.reply_to)
        else:
            meant = await self._meant(command)
            if len(meant) > 1:
                names = "\n".join(
                    f"{one.action.heading}" for one in meant if one.action is not None
                )
                return await self._outbox.accept_answered(
                    source, f"Which one? Please press its button, or reply to it.\n{names}"
                )
            shown = meant[0] if meant else None
        if shown is None or shown.action is None:
            return await self._outbox.accept_answered(source, "There is nothing waiting for that.")
        verb = Verb(command.name)
        if verb is Verb.WHY:
            text = await self._why(shown.action.id)
            return await self._outbox.accept_answered(source, text)
        return await self._decide(inbound, source, shown, verb, text=command.rest)

    async def _decide(
        self,
        inbound: Inbound,
        source: Source,
        shown: Shown,
        verb: Verb,
        *,
        text: str = "",
        choice: int | None = None,
    ) -> Accepted:
        outcome = await self._outbox.decide(
            Decision(
                notice=shown.notice.id,
                verb=verb,
                door=inbound.door,
                actor=inbound.person,
                text=text,
                choice=choice,
                native_id=inbound.native_id,
            )
        )
        return await self._outbox.accept_answered(source, outcome.text)

    async def _meant(self, command: Command) -> tuple[Shown, ...]:
        """Which cards a word without a reply can mean: for undo the latest, else all that wait."""
        every = await self._outbox.all_shown(last=200)
        current = [one for one in every if one.action and one.action.revision == one.latest]
        if command.name == Verb.UNDO.value:
            undoable = (State.HELD, State.READY, State.RETRY_WAIT, State.DONE)
            found = [one for one in current if one.action and one.action.state in undoable]
            return tuple(found[-1:])
        if command.name == Verb.WHY.value:
            return tuple(current[-1:])
        waiting = {
            one.action.id: one
            for one in current
            if one.action and one.action.state is State.AWAITING
        }
        return tuple(waiting.values())

    async def _explain(self, decision: Decision) -> Outcome:
        shown = await self._outbox.shown(decision.notice)
        if shown.action is None:
            return Outcome(accepted=False, text="There is nothing to explain about this one.")
        notice = await self._outbox.tell(await self._why(shown.action.id))
        return Outcome(accepted=True, text="", action=shown.action.id, notice=notice)

    async def _why(self, action: str) -> str:
        async with self._company.store.read() as connection:
            return "\n".join(await explain.why(connection, action, self._company.zone))

    async def _show(self, decision: Decision) -> Outcome:
        """More about a card, as a line of its own: its text, how to fix it, how to connect."""
        shown = await self._outbox.shown(decision.notice)
        action = shown.action
        if action is None:
            return Outcome(accepted=False, text="There is nothing more to show.")
        if decision.verb is Verb.CONNECT:
            text = (
                "To connect your mail, put your server into config.toml under [mail.smtp] and "
                "your address under [mail], then start me again. steward doctor checks it."
            )
        elif decision.verb is Verb.SHOW and action.hint:
            text = action.hint
        else:
            text = "\n".join(line.value for line in action.effect.facts() if line.label == "Text")
        notice = await self._outbox.tell(text or action.effect.preview())
        return Outcome(accepted=True, text="", action=action.id, notice=notice)

    async def _list_lines(self, decision: Decision) -> Outcome:
        shown = await self._outbox.shown(decision.notice)
        if shown.action is None:
            raise Refused("There is nothing to take back.")
        lines = [
            f"{number}. {line.label}: {line.value}"
            for number, line in enumerate(shown.action.effect.facts(), start=1)
        ]
        text = "Reply to the filing with a number, and I take back just that:\n" + "\n".join(lines)
        notice = await self._outbox.tell(text)
        return Outcome(accepted=True, text="", action=shown.action.id, notice=notice)

    async def _today(self, _inbound: Inbound, _source: Source, _command: Command) -> str | None:
        owner = self._company.config.owner
        now = self._company.clock.now().astimezone(owner.zone)
        async with self._company.store.read() as connection:
            day = await answers.today(connection, now=now, locale=owner.locale)
        waiting = len(await self._meant(Command(name="approve")))
        if waiting:
            day += f"\nYou: {waiting} {'draft' if waiting == 1 else 'drafts'} to approve."
        return day

    async def _waiting(self, _inbound: Inbound, _source: Source, _command: Command) -> str | None:
        waiting = await self._meant(Command(name="approve"))
        if not waiting:
            return "Nothing waits for you."
        shown = [one.action.heading for one in waiting if one.action][:_PAGE]
        more = len(waiting) - len(shown)
        lines = ["Waiting for your word:", *shown]
        return "\n".join([*lines, f"and {more} more"] if more else lines)

    async def _find(self, _inbound: Inbound, _source: Source, command: Command) -> str | None:
        if not command.rest:
            return "Find what? For example: /find Marta"
        async with self._company.store.read() as connection:
            return await answers.find(connection, command.rest)

    async def _help(self, _inbound: Inbound, _source: Source, _command: Command) -> str | None:
        return _HELP

    async def _more(self, _inbound: Inbound, _source: Source, _command: Command) -> str | None:
        return _MORE

    async def _stop(self, inbound: Inbound, _source: Source, _command: Command) -> str | None:
        await self._outbox.stop(f"{inbound.door} {inbound.person}")
        return _STOPPED

    async def _resume(self, inbound: Inbound, _source: Source, _command: Command) -> str | None:
        await self._outbox.resume(f"{inbound.door} {inbound.person}")
        return "Going on. What waited leaves now."
