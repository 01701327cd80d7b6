"""The effect that sends one mail from the owner's address."""

from datetime import tzinfo
from typing import ClassVar, Literal, Self

from pydantic import Field

from memory.labels import Label
from memory.records.effect import Effect, Line, Reversal
from memory.records.receipt import Receipt
from memory.records.shape import Frozen

_PHONE = 40
"""Characters in one line on a phone."""


class Address(Frozen):
    """Where a mail goes, and who vouches for the address."""

    email: str = Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")
    name: str | None = None
    label: Label = Label.EXTERNAL
    known: bool = False
    """Whether a mail went there before."""


class MailSend(Effect):
    """Send one mail from the owner's address."""

    kind: Literal["mail.send"] = "mail.send"
    repeatable: ClassVar = "B"
    reversal: ClassVar = Reversal.HOLD

    to: tuple[Address, ...] = Field(min_length=1)
    subject: str
    body: str
    from_address: str = ""
    """The owner's address; empty means there is no mail account: it is written, not sent."""
    in_reply_to: str | None = None
    """Message-ID of the letter it answers, with its angle brackets; None starts a new thread."""
    references: tuple[str, ...] = ()
    answers: bool = False
    """Whether it answers a letter."""
    left_open: tuple[str, ...] = ()
    """Questions of the letter that this text does not answer."""
    signed: str = ""
    """The name under it."""
    hold_s: int = Field(default=60, ge=0)

    def repeats(self) -> Literal["A", "B", "C", "D"]:
        """A mail that is only written may be written again; one that is sent may not."""
        return "B" if self.from_address else "A"

    def recipients(self) -> tuple[str, ...]:
        """Everybody it goes to."""
        return tuple(one.email.lower() for one in self.to)

    def leaves(self) -> bool:
        """Only with an account; without one it is written into a file."""
        return bool(self.from_address)

    def facts(self) -> tuple[Line, ...]:
        """Recipients, subject and text as they will leave."""
        lines = [line for one in self.to for line in _lines(one)]
        lines.append(Line(label="Subject", value=self.subject))
        if self.answers and not self.in_reply_to:
            lines.append(Line(label="Thread", value="New thread: the forward lost the original's."))
        lines.append(Line(label="Text", value=self.body))
        lines += [Line(label="Not answered", value=one) for one in self.left_open]
        return tuple(lines)

    def preview(self) -> str:
        """To whom and about what."""
        names = ", ".join(one.name or one.email for one in self.to)
        return f"Mail to {names}: {self.subject}"

    def undo(self, receipt: Receipt, zone: tzinfo) -> "MailSend":
        """A correction: a mail cannot be called back, only answered by a second one."""
        left = receipt.at.astimezone(zone)
        first_name = (self.to[0].name or "").split(" ")[0]
        greeting = f"Hi {first_name},".replace(" ,", ",")
        body = (
            f"{greeting}\n\nplease disregard my mail of {left:%H:%M}; a correction follows.\n\n"
            f"{self.signed}"
        )
        return self.model_copy(
            update={
                "to": tuple(one.model_copy(update={"known": True}) for one in self.to),
                "body": body.strip(),
                "in_reply_to": receipt.message_id,
                "references": (*self.references, receipt.message_id)
                if receipt.message_id
                else self.references,
                "left_open": (),
            }
        )

    def edited(self, text: str) -> Self:
        """The same mail with the owner's words as its text."""
        return self.model_copy(update={"body": text.strip(), "left_open": ()})


def _lines(address: Address) -> tuple[Line, ...]:
    """Who gets it, in lines that fit a phone where the address itself does."""
    together = f"{address.name} <{address.email}>" if address.name else address.email
    if len(together) <= _PHONE:
        lines = [Line(label="To", value=together)]
    else:
        lines = [Line(label="To", value=address.email)]
        lines += [Line(label="Name", value=address.name)] if address.name else []
    if not address.known:
        lines.append(Line(label="New", value="first mail to this address"))
    return tuple(lines)
