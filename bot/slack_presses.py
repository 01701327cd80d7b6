"""What the owner presses on Slack, and what comes back from the forms that a press opens."""

import hashlib
from functools import partial
from typing import Any

from bot.buttons import Buttons
from bot.intake import Intake
from bot.slack_client import Courtesies, SlackClient
from bot.slack_json import Json, part, parts, words
from bot.slack_modals import (
    TOO_LATE,
    TOO_LONG,
    Filled,
    Form,
    asks_first,
    filled,
    form_for,
    line,
    wrong,
)
from bot.slack_screen import SlackScreen
from jobs.outbox import Outbox, Pairing
from memory.errors import Trouble, Unavailable
from memory.records.decision import Outcome, Verb


class SlackPresses:
    """Buttons on cards and in the inbox, and forms."""

    def __init__(
        self,
        outbox: Outbox,
        intake: Intake,
        client: SlackClient,
        *,
        screen: SlackScreen,
        courtesies: Courtesies,
    ) -> None:
        self._outbox = outbox
        self._intake = intake
        self._client = client
        self._screen = screen
        self._courtesies = courtesies
        self._buttons = Buttons(outbox, "slack")

    async def press(self, body: Json, owner: Pairing) -> None:
        """Decide what a button stands for; what did nothing is answered aside."""
        pressed = next(iter(parts(body, "actions")), part({}))
        where = part(body, "container")
        in_home = words(where, "type") == "view"
        form = Form(
            token=words(pressed, "value"),
            chat=owner.chat if in_home else words(where, "channel_id"),
            message="" if in_home else words(where, "message_ts"),
        )
        if not in_home:
            await self._screen.until_known(form.chat, form.message)
        place = form.message or words(where, "view_id")
        name = f"press:{place}:{words(pressed, 'action_id')}:{words(pressed, 'action_ts')}"
        trigger = words(body, "trigger_id")
        outcome = await self._decided(form, owner, name, trigger)
        if outcome.text and not outcome.accepted:
            self._aside(outcome.text, form, owner, trigger)

    async def _decided(self, form: Form, owner: Pairing, name: str, trigger: str) -> Outcome:
        try:
            decision = await self._buttons.redeem(
                form.token,
                chat=form.chat,
                person=owner.person,
                message=form.message or None,
                native_id=name,
            )
            if asks_first(decision.verb):
                return await self._ask_first(decision.verb, decision.notice, form, owner, trigger)
            return await self._intake.press(decision)
        except Unavailable:
            raise
        except Trouble as trouble:
            return Outcome(accepted=False, text=trouble.sentence)

    async def _ask_first(
        self, verb: Verb, notice: str, form: Form, owner: Pairing, trigger: str
    ) -> Outcome:
        view = form_for(verb, await self._outbox.shown(notice), form)
        if view is None:
            return Outcome(accepted=False, text=TOO_LONG)

        async def opened() -> None:
            try:
                await self._client.call("views_open", trigger_id=trigger, view=view)
            except Trouble:
                await self._screen.say_aside(owner.chat, owner.person, TOO_LATE)

        self._courtesies.do("form", opened)
        return Outcome(accepted=True, text="")

    async def submit(self, body: Json, owner: Pairing) -> dict[str, Any]:
        """What was typed into a form decides; what is wrong with it is said in the form."""
        try:
            typed = filled(part(body, "view"))
        except ValueError:
            return {}
        if not typed.text.strip():
            return wrong("There is nothing in it yet.")
        try:
            decision = await self._buttons.redeem(
                typed.form.token,
                chat=typed.form.chat,
                person=owner.person,
                message=typed.form.message or None,
                native_id=_name_of(typed),
                text=typed.text,
            )
            outcome = await self._intake.press(decision)
        except Unavailable:
            raise
        except Trouble as trouble:
            return wrong(trouble.sentence)
        return {} if outcome.accepted else wrong(outcome.text)

    def _aside(self, text: str, form: Form, owner: Pairing, trigger: str) -> None:
        """Answer a press that did nothing: below the card, or on a sheet over the inbox."""
        if form.message:
            say = partial(self._screen.say_aside, form.chat, owner.person, text)
        else:
            view = line(text)
            say = partial(self._client.call, "views_open", trigger_id=trigger, view=view)
        self._courtesies.do("answer", say)


def _name_of(typed: Filled) -> str:
    """The same form sent twice decides once; with other words it is another try."""
    words = hashlib.sha256(typed.text.encode()).hexdigest()[:16]
    return f"form:{typed.view}:{words}"
