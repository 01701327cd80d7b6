"""Peel: from the whole text of a message to its innermost writer's own words."""

from collections.abc import Sequence

from agents.readers import blocks, forwards, people, quotes, signatures
from agents.readers.forwards import Forward
from agents.readers.people import NOBODY
from memory.records.letter import Letter, Person

_PROGRAMS = (
    ("iphone mail", "ios_mail"),
    ("ipad mail", "ios_mail"),
    ("apple mail", "apple_mail"),
    ("thunderbird", "thunderbird"),
    ("outlook", "outlook"),
    ("proton", "proton"),
)


def peel(outer: Letter, *, program: str = "") -> Letter:
    """A letter whose text is the innermost writer's own words, and whose author that writer is.

    Args:
        outer: The message as it came, its `text` still whole.
        program: What the mail's own headers say about the program that sent it.
    """
    found = forwards.unwrap(outer.text, outer.subject, outer.to, is_automatic=outer.automatic)
    return passed_on(outer, found, program=program) if found else own_words(outer, outer.text)


def passed_on(outer: Letter, found: Sequence[Forward], *, program: str = "") -> Letter:
    """The letter inside some forwards, outermost first; there is at least one."""
    innermost = found[-1]
    block = innermost.block
    letter = outer.model_copy(
        update={
            "author": block.author if block else NOBODY,
            "via": _via(found),
            "reply_to": block.reply_to if block else None,
            "to": block.to if block else (),
            "subject": block.value("subject") if block else "",
            "message_id": (block.value("message_id") or None) if block else None,
            "written_at": block.written_at if block else None,
            "owner_note": note(found[0].above, outer.sender),
            "forward": "inline",
            "forward_client": _client(found[0], program),
            "automatic": block is not None and people.is_robot(block.author),
        }
    )
    around = [found[0].below, *(part for one in found[1:] for part in (one.above, one.below))]
    return own_words(letter, innermost.body, around=around)


def note(above: str, writer: Person) -> str | None:
    """What a person wrote above a forward, without their signature; None if nothing."""
    words, _ = quotes.split(above)
    words, _ = signatures.split(words.strip("_- \n"), writer.name)
    kept = [line for line in words.split("\n") if not signatures.is_phone_mark(line)]
    return "\n".join(kept).strip("_- \n") or None


def own_words(letter: Letter, body: str, *, around: Sequence[str] = ()) -> Letter:
    """The letter with one writer's words, signature and quotes taken from a body.

    Args:
        body: What that writer sent, with history and signature.
        around: What stood outside the body; kept with the quotes.
    """
    lines = [line for line in body.split("\n") if line.strip()]
    if lines and all(line.startswith(">") for line in lines):
        # Some programs pass a message on with quote marks before its text, not before its block.
        body = "\n".join(blocks.unquoted(line, 1) for line in body.split("\n"))
    words, quoted = quotes.split(body)
    text, signature = signatures.split(words, letter.author.name)
    return letter.model_copy(
        update={
            "text": text,
            "signature": signature,
            "quoted": "\n\n".join(filter(None, [*around, quoted])),
        }
    )


def _via(found: Sequence[Forward]) -> tuple[Person, ...]:
    return tuple(one.block.author if one.block else NOBODY for one in found[:-1])


def _client(forward: Forward, program: str) -> str:
    said = program.casefold()
    for word, client in _PROGRAMS:
        if word in said:
            return client
    return forward.client
