"""The story that is disturbed: an enquiry is forwarded, its reply approved, and the mail leaves."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.smtp_journal import Sent, sent
from tests.faultkit.house import House, attachment, until

NOW = "2026-03-10T09:00"
"""When the sample company's day begins; the letters below count from it."""
FINAL = ("done", "failed", "unknown", "cancelled", "rejected", "refused", "expired", "superseded")
SETTLES_WITHIN_S = 60.0

STEPS = ("say", "approve")
"""What the person does; the rest follows by itself."""


@dataclass(frozen=True)
class Writer:
    """Somebody who writes to the sample company once."""

    name: str
    firm: str
    thing: str

    @property
    def address(self) -> str:
        first = self.name.split()[0].lower()
        return f"{first}@{self.firm.lower().replace(' ', '')}.example"

    def letter(self) -> bytes:
        """The mail as the owner's mail program saved it."""
        return (
            f"From: {self.name} <{self.address}>\r\n"
            "To: Dana Reyes <dana@reyesstudio.example>\r\n"
            f"Subject: Landing page for our {self.thing}\r\n"
            f"Message-ID: <1001.{self.address}>\r\n"
            "Date: Mon, 9 Mar 2026 18:12:00 +0000\r\n"
            'Content-Type: text/plain; charset="utf-8"\r\n'
            "\r\n"
            f"Hi Dana, we'd like a one-page site for the {self.thing}. Could you send me a quote "
            "by Friday? We open on 3 April, budget around 1,500 EUR.\r\n"
            f"Thanks, {self.name.split()[0]}\r\n"
        ).encode()


WRITERS = (
    Writer("Marta Silva", "Bluefin Cafe", "spring menu"),
    Writer("Rui Prata", "Casa Verde", "garden rooms"),
    Writer("Olga Brandt", "Brandt Optik", "summer frames"),
    Writer("Jon Hale", "Hale Cycles", "bike rental"),
    Writer("Ada Fonte", "Fonte Bakery", "wedding cakes"),
    Writer("Piet Visser", "Visser Boats", "harbour tours"),
)


class Story:
    """One writer's enquiry in one house, each step repeated until it is known to have happened."""

    def __init__(self, house: House, journal: Path, writer: Writer) -> None:
        self.house = house
        self.writer = writer
        self.source = ""
        self.action = ""
        self._journal = journal
        self._mails_before = len(sent(journal))
        self._records_before = self._records()

    @property
    def subject(self) -> str:
        """Of the mail that answers."""
        return f"Re: Landing page for our {self.writer.thing}"

    def take(self, step: str) -> None:
        """One step of the person, and what follows from it, to its end."""
        self.do(step)
        self.see(step)

    def do(self, step: str) -> None:
        """What the person does, as often as it takes until somebody answers; then never again."""
        if step == "say":
            self._say()
        else:
            self._approve()

    def see(self, step: str) -> None:
        """Wait for what the step leads to."""
        if step == "say":
            self.action = until(self._proposed, f"no card for {self.writer.name}", SETTLES_WITHIN_S)
        else:
            until(
                lambda: self.state() in FINAL, f"{self.action} is {self.state()}", SETTLES_WITHIN_S
            )

    def state(self) -> str:
        return str(self._newest()[0])

    def events(self) -> tuple[str, ...]:
        """What the ledger says of the reply so far; may be asked while everything is dead."""
        query = "select event from ledger where subject in (select id from action where source = ?"
        rows = self.house.query(f"{query} and kind = 'mail.send') order by seq", self.source)
        return tuple(str(row[0]) for row in rows)

    def is_kept(self) -> bool:
        """Whether the message is committed; may be asked while everything is dead."""
        found = self.house.query("select id from source where native_id = ?", self._native_id())
        return bool(found)

    def mails(self) -> tuple[Sent, ...]:
        """What the mail server took for this writer since the story began."""
        return tuple(
            one
            for one in sent(self._journal)[self._mails_before :]
            if self.writer.address in one.to
        )

    def card(self) -> dict[str, Any]:
        """The reply's card as it is shown now."""
        cards = self.house.insist("GET", "cards?all=1")
        return next(one for one in reversed(cards) if one["action"] == self.action)

    def resolve(self) -> None:
        """Settle a doubt as the owner does: look into Sent, then say so or send it again."""
        verb = "sent" if self.mails() else "send"
        self._press(str(self.card()["card"]), verb)
        self.see("approve")

    def new_records(self) -> list[str]:
        """What the company knows because of this story, without times, in a fixed order."""
        return sorted(self._records() - self._records_before)

    def _say(self) -> None:
        body = {
            "text": "",
            "files": [attachment(f"{self.writer.firm}.eml", self.writer.letter())],
            "forward": True,
            "wait_s": 0,
            "id": self._native_id(),
        }
        self.source = str(self.house.insist("POST", "say", body)[0]["source"])
        # Whoever was told "received" never says it again.
        until(self.is_kept, "it was told as received and is not kept", within_s=5)

    def _approve(self) -> None:
        self._press(str(self.card()["card"]), "approve")

    def _press(self, card: str, verb: str) -> None:
        body = {"card": card, "verb": verb, "wait_s": 0, "id": f"{self._native_id()} {verb}"}
        self.house.insist("POST", "press", body)

    def _native_id(self) -> str:
        return f"letter of {self.writer.address}"

    def _proposed(self) -> str | None:
        query = "select id from action where source = ? and kind = 'mail.send'"
        rows = self.house.query(query, self.source)
        return str(rows[0][0]) if rows else None

    def _newest(self) -> tuple[Any, ...]:
        query = "select state, revision from action where id = ? order by revision desc limit 1"
        return self.house.query(query, self.action)[0]

    def _records(self) -> set[str]:
        return {
            f"{one['kind']} {one['record']} {one['revision']} {json.dumps(one['data'])}"
            for one in self.house.insist("GET", "records")
        }
