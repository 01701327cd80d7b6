"""Notes: plain text that was pasted or passed on in chat, to a Letter."""

from agents.readers import blocks, characters, forwards, mail, peel, people, quotes, signatures
from agents.readers.people import NOBODY
from agents.readers.phrases import GREETINGS
from memory.records.letter import Letter, Person

_LONGEST = 1_000_000
"""Characters that are read; nobody pastes more."""
_LONGEST_NOTE = 400
"""Characters that an owner types above something pasted."""
_SOURCE_HEADERS = ("received:", "mime-version:", "message-id:", "content-type:", "return-path:")


def read(text: str) -> Letter:
    """What a pasted text says.

    The author comes from a header block if it has one, from a line such as "On Monday Tom
    <tom@x.example> wrote:" above everything, or by name only from the closing ("Thanks, Marta").
    Otherwise nobody is the author. `sender` is nobody, unless a mail's whole source was pasted.
    """
    text = text[:_LONGEST]
    if _is_mail_source(text):
        return mail.read(text.strip().encode("utf-8", "replace"))
    tidy, hidden = characters.tidy(text)
    whole = Letter(author=NOBODY, sender=NOBODY, text=tidy, full_text=tidy, hidden_text=hidden)
    letter = _passed_on(whole) or _attributed(whole) or peel.own_words(whole, tidy)
    if letter.author == NOBODY:
        name = signatures.name_in_closing(letter.signature)
        letter = letter.model_copy(update={"author": Person(name=name, email=None)})
    return letter


def _passed_on(whole: Letter) -> Letter | None:
    """The letter below a header block.

    A letter above the block is not the owner's note: somebody's answer with its history was
    pasted, or what somebody else passed on.
    """
    top = forwards.at_top(whole.text)
    found = forwards.unwrap(whole.text, "", ()) or ((top,) if top else ())
    if not found:
        return None
    letter = peel.passed_on(whole, found)
    above = found[0].above
    if not _is_letter(above):
        return letter
    if letter.forward_client == "outlook":
        return peel.own_words(whole, above, around=[whole.text.removeprefix(above).strip("\n")])
    quoted = "\n\n".join(filter(None, [above, letter.quoted]))
    return letter.model_copy(update={"owner_note": None, "quoted": quoted})


def _is_letter(text: str) -> bool:
    _, signature = signatures.split(text, None)
    is_greeting = text.casefold().startswith(GREETINGS)
    is_signed = signatures.name_in_closing(signature) is not None
    return is_signed or is_greeting or len(text) > _LONGEST_NOTE


def _is_mail_source(text: str) -> bool:
    """Whether the text is a mail's source, as "Show original" gives it."""
    head = text.strip()[:20_000].replace("\r\n", "\n").partition("\n\n")[0].casefold()
    lines = [line for line in head.split("\n") if line[:1] not in {" ", "\t"}]
    known = sum(line.startswith(_SOURCE_HEADERS) for line in lines)
    return known >= 2 and "\nfrom:" in "\n" + head


def _attributed(whole: Letter) -> Letter | None:
    """The letter whose first line says who wrote all the rest."""
    lines = whole.text.split("\n")
    length = quotes.attribution_length(lines, 0)
    first = " ".join(lines[:length]) if length else lines[0]
    author = people.person(_without_date(first) if length else first)
    is_name_and_address = first.rstrip().endswith(">") and author.name is not None
    if author.email is None or not (length or is_name_and_address):
        return None
    body = lines[max(length, 1) :]
    if length and quotes.split(whole.text)[0]:
        return None
    depth = min((blocks.depth_of(line) for line in body if line.strip()), default=0)
    words = "\n".join(blocks.unquoted(line, depth) for line in body).strip("\n")
    return peel.own_words(whole.model_copy(update={"author": author}), words)


def _without_date(sentence: str) -> str:
    """The part of "On Mon, 9 Mar 2026 at 17:20, Tom Becker <...> wrote:" that names someone."""
    before, angle, after = sentence.partition("<")
    digits = [at for at, character in enumerate(before) if character.isdigit()]
    rest = before[digits[-1] + 1 :] if digits else before
    for divider in (",", " schrieb "):
        if divider in rest:
            rest = rest.partition(divider)[2]
            break
    return rest.strip() + angle + after
