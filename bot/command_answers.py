"""The answers to words of command: by code, from the company's own rows, whatever is broken."""

from collections.abc import Awaitable, Callable

from bot.adapter import Inbound
from bot.cards import title_of
from bot.commands import Command
from jobs.outbox import Outbox
from memory import answers, brief, spending
from memory.company import Company
from memory.records.action import State

_HELP = (
    "Forward me a mail, tell me what you charge, or ask me anything about your own records.\n"
    "/today  what is due\n"
    "/waiting  what waits for you\n"
    "/undo  take the last thing back\n"
    "/find WORDS  look something up\n"
    "/stop  nothing leaves until you say resume\n"
    "/more  everything else you can type"
)
_FORWARD = "Or forward a mail to {address}."
_MORE = (
    "approve, no, undo, why, I'll do it: about the card you reply to, or the only one that "
    "waits.\n"
    "In reply to a card, the words on any of its buttons do the same; yes and send it approve. "
    "Any other reply to a draft becomes its new text.\n"
    "pause until Monday, resume: let things leave again. "
    "brief: the day at a glance, as each morning.\n"
    "cost: what models have cost today, for what and for whom.\n"
    "My landing page costs 1,200. Remind me Friday to call Marta. Note: thicker paper.\n"
    "What is my hourly rate? Lunch with Anna Friday 1pm."
)
_PAGE = 8
_RECENT = 50
"""Among how many of the newest notices open questions are looked for."""


class CommandAnswers:
    """Says, for each word of command that code answers alone, what there is to say."""

    def __init__(self, company: Company, outbox: Outbox) -> None:
        self._company = company
        self._outbox = outbox
        self._answer: dict[str, Callable[[Inbound, Command], Awaitable[str]]] = {
            "today": self._today,
            "waiting": self._waiting,
            "find": self._find,
            "help": self._help,
            "start": self._help,
            "more": self._more,
            "cost": self._cost,
            "resume": self._resume,
        }

    async def to(self, inbound: Inbound, command: Command) -> str | None:
        """The answer to a command; None when it is one that decides about a card."""
        answer = self._answer.get(command.name)
        return await answer(inbound, command) if answer else None

    async def _today(self, _inbound: Inbound, _command: Command) -> str:
        await self._company.store.read_clock()
        now = self._company.clock.now().astimezone(self._company.zone)
        async with self._company.store.read() as connection:
            return (await brief.today(connection, self._company.config, now)).text()

    async def _waiting(self, _inbound: Inbound, _command: Command) -> str:
        drafts = await self._outbox.actions(State.AWAITING)
        doubts = await self._outbox.actions(State.UNKNOWN)
        trying = await self._outbox.actions(State.RETRY_WAIT)
        recent = await self._outbox.all_shown(last=_RECENT)
        lines = [
            *(title_of(one) for one in drafts if one.part_of is None),
            *(f"Did it leave? {title_of(one)}" for one in doubts),
            *(
                f"Not sent yet, I keep trying: {title_of(one)}"
                for one in trying
                if one.part_of is None
            ),
        ]
        lines += [
            one.notice.question.text.partition("\n")[0]
            for one in recent
            if one.notice.question is not None and not one.notice.answered
        ]
        if not lines:
            return "Nothing waits for you."
        more = [f"and {len(lines) - _PAGE} more"] if len(lines) > _PAGE else []
        return "\n".join(["Waiting for your word:", *lines[:_PAGE], *more])

    async def _find(self, _inbound: Inbound, command: Command) -> str:
        if not command.rest:
            return "Find what? For example: /find Marta"
        async with self._company.store.read() as connection:
            return await answers.find(connection, command.rest)

    async def _help(self, _inbound: Inbound, _command: Command) -> str:
        address = self._company.config.mail.inbound.address
        return f"{_HELP}\n{_FORWARD.format(address=address)}" if address else _HELP

    async def _more(self, _inbound: Inbound, _command: Command) -> str:
        return _MORE

    async def _cost(self, _inbound: Inbound, _command: Command) -> str:
        await self._company.store.read_clock()
        config, now = self._company.config, self._company.clock.now()
        async with self._company.store.read() as connection:
            return (await spending.today(connection, config, now)).text(config.budget.currency)

    async def _resume(self, inbound: Inbound, _command: Command) -> str:
        careful = await self._outbox.is_careful()
        if await self._outbox.resume(f"{inbound.door} {inbound.person}"):
            return "Going on. What waited leaves now."
        return "Good. I work as I did before." if careful else "Nothing was stopped."
