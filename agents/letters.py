"""Letters among what comes in: which text is one, what it says, and which two are the same."""

import re

from rapidfuzz import fuzz

from agents.readers import forwards, mail, notes
from memory.canonical import digest
from memory.labels import Label
from memory.records.kept import normal
from memory.records.letter import Letter, Person
from memory.records.message import Message
from memory.records.source import Source

_SHORT = 80
_LONG = 1500
"""Characters above which typed text is taken for somebody else's."""
_CLOSINGS = (
    r"(?:thanks|thank you|many thanks|best|best wishes|kind regards|regards|cheers|sincerely|"
    r"warmly|greetings|yours|love)"
)
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n]{0,40}\n", re.IGNORECASE
)
_CLOSING = re.compile(
    rf"\n\s*{_CLOSINGS}\b[^\n]{{0,40}}(?:\n[^\n]{{0,60}}){{0,6}}\s*$", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+\.[^\s<>,;:().]+")
_ONE_LINE = re.compile(
    rf"\s*(?P<greeting>(?:hi|hello|hey|dear)\b[ \w.'-]{{0,30}}[,!])\s*(?P<body>[^\n]+?[.?!,]?)\s*"
    rf"\b(?P<closing>{_CLOSINGS}),?\s+(?P<name>[^\n.?!,;<>@]{{1,40}}?)\s*[.!]?"
    r"(?:[\s,]+<?(?P<email>[^\s<>,;:()]+@[^\s<>,;:()]+\.\w+)>?)?\s*$",
    re.IGNORECASE,
)
"""A letter whose line breaks were lost on the way."""
_HEADER = re.compile(r"^(?:from|von|de)\s*:\s*\S.*$", re.IGNORECASE | re.MULTILINE)
_ALIKE = 90.0
"""Out of 100: how much two copies of a letter share, whatever a program did to the words."""
_TELLING = 20
"""Characters of text that are enough to know a letter by."""


def letter_of(source: Source, raw: bytes | None) -> Letter | None:
    """The letter inside a Source; None when it is the owner's own words.

    Args:
        raw: Bytes of the mail that came with it, if one did.
    """
    if raw is not None:
        return mail.read(raw)
    if source.forwarded or (source.label is Label.OWNER and is_pasted(source.text)):
        return pasted(source.text)
    return None


def is_pasted(text: str) -> bool:
    """Whether typed text is a letter somebody else wrote.

    It has a header block, or greets and closes, or is longer than anybody types on a phone.
    """
    if len(text) > _LONG or (_HEADER.search(text) and "\n" in text.strip()):
        return True
    line = _ONE_LINE.match(text)
    if line and (len(text) >= _SHORT or line["email"]):
        return True
    return bool(_GREETING.match(text) and (_CLOSING.search(text) or text.count("\n") > 2))


def pasted(text: str) -> Letter:
    """A letter that came as plain text; one that lost its lines on the way gets them back.

    Where no header names the writer's address, the one in the signature is the writer's.
    """
    line = _ONE_LINE.match(text)
    if line:
        closing = f"{line['closing']},\n{line['name']}"
        signed = f"{closing}\n{line['email']}" if line["email"] else closing
        text = f"{line['greeting']}\n\n{line['body']}\n\n{signed}"
    letter = notes.read(text)
    addresses = set(_EMAIL.findall(letter.signature))
    if letter.author.email is None and letter.sender.email is None and len(addresses) == 1:
        author = Person(name=letter.author.name, email=addresses.pop())
        return letter.model_copy(update={"author": author})
    return letter


def content_of(letter: Letter) -> str:
    """What makes two forwards the same letter: author, subject and words, however wrapped."""
    author = letter.author.email or letter.author.name or ""
    return digest([author.lower(), bare(letter.subject), normal(letter.text)])


def bare(subject: str) -> str:
    """A subject as it is compared: without the marks of replies and forwards, in any language."""
    subject = subject.strip()
    while forwards.prefix_of(subject):
        subject = subject.partition(":")[2].strip()
    return normal(subject) if subject else ""


def is_copy(letter: Letter, filed: Message) -> bool:
    """Whether a letter is one that was filed, where their contents are not the same to the letter.

    Programs forward the formatted text or the plain one, and some leave out the writer's address.
    The id alone would not do: whoever writes a mail chooses its id.
    """
    known = (letter.author.email or "").lower(), (filed.address or "").lower()
    if filed.direction != "in":
        return False
    if "" in known:
        if bare(letter.subject) != bare(filed.subject):
            return False
        ours = normal(letter.text)
        return len(ours) >= _TELLING and ours == normal(filed.text)
    if known[0] != known[1] or filed.message_id is None:
        return False
    if letter.message_id is not None:
        return letter.message_id == filed.message_id
    # an inline forward has lost the id, and most programs name it last among the references
    is_named = letter.references[-1:] == (filed.message_id,)
    return is_named and fuzz.ratio(normal(letter.text), normal(filed.text)) >= _ALIKE


def relabelled(source: Source, letter: Letter | None) -> Source:
    """The Source with the label its content deserves: a letter is never the owner's word."""
    if letter is not None and source.label is Label.OWNER:
        return source.model_copy(update={"label": Label.EXTERNAL})
    return source
