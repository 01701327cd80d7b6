"""What the tests of the records begin with."""

from datetime import UTC, datetime

from memory.labels import Label
from memory.records.action import Action, State
from memory.records.effect import Effect
from memory.records.mail_send import Address, MailSend
from memory.records.receipt import Receipt

NINE = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MARTA = Address(email="marta@bluefincafe.example", name="Marta Silva", label=Label.KNOWN_SENDER)
SENT = Receipt(outcome="sent", at=NINE, message_id="<1@reyesstudio.example>", answer="250 OK")


def a_mail(text: str = "Hi Marta, thank you.") -> MailSend:
    return MailSend(
        to=(MARTA,),
        subject="Re: Landing page",
        body=text,
        from_address="dana@reyesstudio.example",
        in_reply_to="<0@bluefincafe.example>",
        references=("<0@bluefincafe.example>",),
        answers=True,
        signed="Dana",
    )


def an_action(effect: Effect) -> Action:
    return Action(
        id="act_1",
        revision=1,
        source="src_1",
        run="run_1",
        agent="replies@1",
        heading="Reply to Marta Silva",
        effect=effect,
        then=(),
        rationale="She asks for a quote.",
        path="rules",
        cost_micro=0,
        state=State.AWAITING,
        version=1,
        digest="0" * 64,
        key="key_1",
        compensates=None,
        created_at=NINE,
        expires_at=None,
        hold_until=None,
        due_at=None,
        late_since=None,
        approved_by=None,
        approved_at=None,
        fence=0,
        attempts=0,
        trouble="",
        receipt=None,
    )
