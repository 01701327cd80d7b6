"""The effect that sends one mail to each person on a list, all under one yes."""

from datetime import tzinfo
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from memory.records.effect import Effect, Line, Reversal
from memory.records.mail_send import MailSend
from memory.records.receipt import Receipt


class MailMany(Effect):
    """Send one mail to each person on a list: nobody sees who else gets it."""

    kind: Literal["mail.many"] = "mail.many"
    repeatable: ClassVar = "B"
    reversal: ClassVar = Reversal.HOLD

    group: str
    """The list's name, as the owner calls it."""
    mails: tuple[MailSend, ...] = Field(min_length=1)
    """Each exactly as it will leave, to one person."""
    hold_s: int = Field(default=60, ge=0)
    pace_s: int = Field(default=5, ge=0)
    """Seconds from one to the next."""

    @model_validator(mode="after")
    def _one_person_each(self) -> Self:
        addresses = [one.email.lower() for mail in self.mails for one in mail.to]
        if len(addresses) != len(self.mails):
            message = "each of these mails goes to exactly one person"
            raise ValueError(message)
        if len(set(addresses)) != len(addresses):
            message = "nobody gets the same mail twice"
            raise ValueError(message)
        return self

    def repeats(self) -> Literal["A", "B", "C", "D"]:
        """As each of its mails."""
        return self.mails[0].repeats()

    def parts(self) -> tuple[MailSend, ...]:
        """What really leaves, one by one."""
        return tuple(one.model_copy(update={"hold_s": self.hold_s}) for one in self.mails)

    def leaves(self) -> bool:
        """As each of its mails."""
        return self.mails[0].leaves()

    def recipients(self) -> tuple[str, ...]:
        """Everybody who gets one."""
        return tuple(address for one in self.mails for address in one.recipients())

    def facts(self) -> tuple[Line, ...]:
        """Everybody by name and address, the subject and the text, as they will leave."""
        people = [one.to[0] for one in self.mails]
        lines = [Line(label="To", value=f"{self.group}: {_people(len(people))}, one mail each")]
        lines += [
            Line(label="To", value=f"{one.name} <{one.email}>" if one.name else one.email)
            for one in people
        ]
        new = sum(not one.known for one in people)
        if new:
            value = "first mail to each of them" if new == len(people) else f"first mail to {new}"
            lines.append(Line(label="New", value=value))
        for label in ("subject", "body"):
            texts = list(dict.fromkeys(str(getattr(one, label)) for one in self.mails))
            name = "Subject" if label == "subject" else "Text"
            if len(texts) == 1:
                lines.append(Line(label=name, value=texts[0]))
            else:
                lines += [
                    Line(label=f"{name} for {one.to[0].name or one.to[0].email}", value=text)
                    for one, text in ((mail, str(getattr(mail, label))) for mail in self.mails)
                ]
        return tuple(lines)

    def preview(self) -> str:
        """To how many and about what."""
        return f"Mail to {self.group} ({len(self.mails)}): {self.mails[0].subject}"

    def undo(self, receipt: Receipt, zone: tzinfo) -> "MailMany":
        """A correction to everybody: the mails cannot be called back."""
        left = tuple((one, receipt.model_copy(update={"message_id": None})) for one in self.mails)
        return self.correction(left, zone)

    def correction(self, left: tuple[tuple[MailSend, Receipt], ...], zone: tzinfo) -> "MailMany":
        """One correction to each person whose mail has left, in the thread of that mail.

        Args:
            left: The mails that left, each with its own receipt.
            zone: The owner's zone, for times in words.
        """
        first = min(receipt.at for _, receipt in left).astimezone(zone)
        answers: list[MailSend] = []
        for mail, receipt in left:
            answer = mail.undo(receipt, zone)
            body = (
                f"Hello,\n\nplease disregard my mail of {first:%H:%M}; a correction follows.\n\n"
                f"{mail.signed}"
            )
            answers.append(answer.model_copy(update={"body": body.strip()}))
        return self.model_copy(update={"mails": tuple(answers)})

    def edited(self, text: str) -> Self:
        """The same mails with the owner's words as their text."""
        return self.model_copy(update={"mails": tuple(one.edited(text) for one in self.mails)})


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
