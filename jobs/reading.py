"""Reading without acting: what Steward would make of a message, a note or a mail."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from agents import enquiry, ladder, letters
from agents.readers import mail
from agents.specialist import Heard
from memory.records.intent import Intent
from memory.records.letter import Letter

_OUTSIDE = {"rate.set": "fact.set", "profile.set": "fact.set"}
"""Our kinds where the published vocabulary has one word for two of them."""
_SLOTS = {
    "reminder.set": {"what": "what_contains"},
    "task.create": {"title": "title_contains"},
    "event.create": {"title": "title_contains"},
    "note.capture": {"text": "text_contains"},
}


def batch(lines: Iterable[str], folder: Path, kind: str = "") -> Iterator[str]:
    """One output line for each input line, in order; a line that can't be read says why.

    Args:
        lines: JSON lines in the format of the desk data; `expect` is never looked at.
        folder: Where the files that mails name lie.
        kind: "messages", "notes" or "mails"; empty goes by the id's first letter.
    """
    for line in lines:
        if not line.strip():
            continue
        item: dict[str, Any] = {}
        try:
            item = _object(line)
            read = _read_item(item, folder, kind)
        except (ValueError, KeyError, OSError) as error:
            read = {"id": item.get("id"), "error": f"{type(error).__name__}: {error}"}
        yield json.dumps(read, ensure_ascii=False)


def single(raw: bytes, name: str, now: datetime) -> str:
    """One file or text, read as a mail or as a message."""
    if name.endswith(".eml"):
        return json.dumps(_letter("1", mail.read(raw), now, "EUR", "en-GB"), ensure_ascii=False)
    heard = Heard(text=raw.decode("utf-8", "replace"), now=now, currency="EUR", locale="en-GB")
    return json.dumps(_message("1", heard), ensure_ascii=False)


def _object(line: str) -> dict[str, Any]:
    found: object = json.loads(line)
    if isinstance(found, dict):
        return cast("dict[str, Any]", found)
    message = "a line must be one JSON object"
    raise ValueError(message)


def _read_item(item: dict[str, Any], folder: Path, kind: str) -> dict[str, Any]:
    name = str(item["id"])
    kind = kind or {"m": "messages", "n": "notes"}.get(name[:1], "mails")
    now = moment(str(item["now"]))
    currency, locale = str(item.get("currency", "EUR")), str(item.get("locale", "en-GB"))
    if kind == "mails":
        letter = mail.read((folder / str(item["file"])).read_bytes())
        return _letter(name, letter, now, currency, locale)
    heard = Heard(text=str(item["text"]), now=now, currency=currency, locale=locale)
    if kind == "messages":
        return _message(name, heard)
    return {"id": name, "expect": _nothing()}


def _message(name: str, heard: Heard) -> dict[str, Any]:
    letter = letters.pasted(heard.text) if letters.is_pasted(heard.text) else None
    if letter is not None:
        heard = Heard(heard.text, heard.now, heard.currency, heard.locale, letter)
    found = ladder.rules(heard)
    if not ladder.sure(found):
        unknown = Intent(kind="unknown", confidence=0.0, tier="rules")
        return {"id": name, "intents": [_outside(unknown)], "ask": "what this is about"}
    return {"id": name, "intents": [_outside(one) for one in found], "ask": None}


def _outside(intent: Intent) -> dict[str, Any]:
    names = _SLOTS.get(intent.kind, {})
    slots = {names.get(name, name): value for name, value in intent.slots.items()}
    return {
        "intent": _OUTSIDE.get(intent.kind, intent.kind),
        "slots": slots,
        "confidence": intent.confidence,
        "tier": intent.tier,
    }


def _letter(name: str, letter: Letter, now: datetime, currency: str, locale: str) -> dict[str, Any]:
    expect = _nothing()
    wants = enquiry.is_enquiry(letter)
    category = "quote_request" if wants else "automatic" if letter.automatic else "client_update"
    expect["from"] = {"name": letter.author.name, "email": letter.author.email}
    expect["reply_expected"] = wants or "?" in letter.text
    if wants:
        asked = enquiry.asked(letter, now=now, currency=currency, locale=locale)
        due = asked.quote_due.isoformat() if asked.quote_due else None
        expect["tasks"] = [{"title": "Send quote", "due": due, "owner": "me"}]
        if asked.budget:
            expect["money"] = [{"amount": str(asked.budget), "role": "budget"}]
    return {"id": name, "category": category, "expect": expect}


def _nothing() -> dict[str, Any]:
    return {"tasks": [], "events": [], "facts": [], "money": [], "reminders": []}


def moment(written: str) -> datetime:
    """A moment as RFC 9557 writes it: "2026-03-10T09:00:00+00:00[Europe/Lisbon]"."""
    instant, _, zone = written.partition("[")
    found = datetime.fromisoformat(instant)
    return found.astimezone(ZoneInfo(zone.rstrip("]"))) if zone else found
