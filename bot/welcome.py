"""The first visit: three questions, each of which may be skipped, then what to do now."""

from bot.commands import command_in
from jobs.outbox import Outbox
from memory import history, revisions
from memory.company import Company
from memory.labels import Label
from memory.records.notice import Notice
from memory.records.proposal import Question

_QUESTIONS = (
    (
        "What do you sell, and for how much?\n"
        "For example: landing page 1,200 {currency}, hourly 85 {currency}.",
        "rate.set",
    ),
    ("Who are you?\nFor example: I'm Lena, brand designer in Porto.", "profile.set"),
    (
        "What should you not forget this week?\nFor example: remind me Friday to call Marta.",
        "reminder.set",
    ),
)
"""Each question and the kind of intent that its answer probably is."""
_READY = (
    "That is all I need. Pass a mail on to me now: forward it, hand me its file, or paste its "
    "text. I file it and draft the answer."
)
_AFTER = len(_QUESTIONS) + 1
"""The step after the last question."""


class Welcome:
    """Asks the owner three questions, one after the other, once in a company's life."""

    def __init__(self, company: Company, outbox: Outbox) -> None:
        self._company = company
        self._outbox = outbox
        self._over = False

    async def begin(self, door: str) -> None:
        """Greet the owner on a door that was just paired; ask the first question if none was."""
        name = self._company.config.owner.name.split(" ")[0]
        is_first = await self._step() == 0 and not await self._at_work()
        hello = [f"Hello {name}." if name else "Hello."]
        if door != "local":
            hello.append(
                f"This chat on {door.capitalize()} is now yours alone; I answer nobody else."
            )
        address = self._company.config.mail.inbound.address
        if address and door != "local":
            hello.append(f"You can also forward mails to {address}.")
        if is_first:
            hello.append("Three questions and we can work.")
        if len(hello) > 1:
            await self._outbox.tell_once(f"welcome:{door}", " ".join(hello))
        if is_first:
            await self._ask(1)

    async def go_on(self) -> None:
        """Ask the next question once the last one is skipped, or answered and the answer filed."""
        if self._over:
            return
        step = await self._step()
        if step in (0, _AFTER):
            self._over = step == _AFTER
            return
        notice = await self._asked(step)
        answers = await self._answers(notice)
        if any(not one.settled for one in answers):
            return
        if not notice.answered:
            if not answers:
                return
            await self._outbox.answered(notice.id, answers[0].source.text)
        await self._ask(step + 1)

    async def _ask(self, step: int) -> None:
        if step == _AFTER:
            await self._outbox.tell_once(_name(step), _READY)
            return
        words, expects = _QUESTIONS[step - 1]
        text = words.format(currency=self._company.config.owner.currency)
        question = Question(text=text, may_skip=True, expects=expects)
        await self._outbox.tell_once(_name(step), text, question=question, rings=True)

    async def _step(self) -> int:
        """The last question that was asked; 0 before the first, one more after the farewell."""
        for step in range(_AFTER, 0, -1):
            if await self._outbox.recall(_name(step)) is not None:
                return step
        return 0

    async def _asked(self, step: int) -> Notice:
        notice = await self._outbox.recall(_name(step))
        return (await self._outbox.shown(notice or "")).notice

    async def _answers(self, notice: Notice) -> tuple[history.Said, ...]:
        """What the owner wrote since, in their own words and no command."""
        async with self._company.store.read() as connection:
            later = await history.said(connection, after=notice.created_at)
        return tuple(
            one
            for one in later
            if one.source.label is Label.OWNER
            and not one.source.files
            and command_in(one.source.text) is None
        )

    async def _at_work(self) -> bool:
        """Whether prices are known already, as in the sample company."""
        async with self._company.store.read() as connection:
            return bool(await revisions.every(connection, "rate"))


def _name(step: int) -> str:
    return f"welcome:{step}"
