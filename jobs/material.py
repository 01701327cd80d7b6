"""What a run works on: a Source, peeled and labelled."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from agents import letters
from agents.specialist import Heard
from jobs import albums, filings, moments, notices
from memory.company import Company
from memory.records.letter import Letter
from memory.records.source import Source


@dataclass(frozen=True)
class Material:
    """A Source, peeled and labelled."""

    source: Source
    letter: Letter | None
    """The letter inside it; None when it is the owner's own words."""
    heard: Heard


async def gather(company: Company, connection: AsyncConnection, source: Source) -> Material:
    """What a Source is about, with its bytes read, if it has any.

    Raises:
        NotFound: Its file is gone.
    """
    expects = await notices.expected(connection, source.received_at)
    if not expects and await albums.is_told_of(connection, source):
        expects = "note.capture"
    about = await filings.about(connection, source.reply_to)
    written_at = await moments.of(connection, source.id)
    raw = None
    for file in source.files:
        if file.media_type == "message/rfc822" or file.name.lower().endswith(".eml"):
            raw = company.blobs.get(file.digest)
            break
    letter = letters.letter_of(source, raw)
    owner = company.config.owner
    heard = Heard(
        text=source.text,
        now=(written_at or company.clock.now()).astimezone(owner.zone),
        currency=owner.currency,
        locale=owner.locale,
        letter=letter,
        expects=expects,
        about=about,
    )
    return Material(letters.relabelled(source, letter), letter, heard)
