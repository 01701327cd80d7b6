"""Words that are commands: read by code, before any model, whatever else is broken."""

import re
from datetime import datetime, time

from memory import when
from memory.records.decision import Verb
from memory.records.shape import Frozen


class Command(Frozen):
    """A command and what was typed after it."""

    name: str
    rest: str = ""


_SLASH = (
    *("today", "brief", "waiting", "undo", "find", "stop", "help", "start", "more", "resume"),
    *("why", "cost", "pause"),
    *(Verb.APPROVE.value, Verb.REJECT.value, Verb.TAKE.value),
)
_WORDS: dict[str, tuple[str, ...]] = {
    "stop": (
        *("stop", "stop it", "stop now", "stop please", "please stop", "stop all"),
        *("stop everything", "stop sending", "halt", "pause", "pause everything"),
    ),
    "resume": ("resume", "ok resume", "resume please", "continue", "go on"),
    "help": ("help",),
    "more": ("more",),
    "cost": ("cost", "costs", "the cost", "what did you cost", "what did you cost today"),
    "today": (
        *("today", "brief", "the brief", "my brief", "what is due", "what's due", "agenda"),
        *("what is on today", "what's on today", "what's on", "what's today"),
    ),
    "waiting": ("waiting", "what waits", "what is waiting", "what's waiting"),
    Verb.APPROVE.value: ("approve", "approve it", "approve that", "yes send it"),
    Verb.UNDO.value: (
        *("undo", "undo that", "undo it", "undo the last thing"),
        *("take it back", "take that back"),
    ),
    Verb.REJECT.value: ("reject", "reject it", "no", "don't send", "don't send it"),
    Verb.WHY.value: ("why",),
    Verb.TAKE.value: ("i'll do it", "i'll do it myself"),
    Verb.SEND.value: ("send after all", "send it after all", "send now", "send it now"),
    Verb.RETRY.value: ("try again",),
    Verb.SENT.value: ("it was sent", "i sent it myself"),
}
"""What the owner may type instead of pressing. All of a message, or it is no command."""

_TO_A_CARD: dict[Verb, tuple[str, ...]] = {
    Verb.APPROVE: (
        *("yes", "yes please", "ok", "okay", "sure", "go", "go ahead", "do it", "looks good"),
        *("send", "send it", "yes send it", "ok send it", "approved", "\N{THUMBS UP SIGN}"),
    ),
    Verb.REJECT: ("no", "no thanks", "cancel", "leave it", "don't"),
}
"""What means a decision only in answer to a card: anywhere else it may mean anything."""

_NAMES = {words: name for name, every in _WORDS.items() for words in every}
_VERBS = {words: verb for verb, every in _TO_A_CARD.items() for words in every}
_UNTIL = re.compile(
    r"/?(?:please )?(?:pause|stop|hold)(?: (?:everything|all|sending|it))? (?:until|till|for) (.+)",
    re.IGNORECASE,
)
_CANCEL = re.compile(
    r"cancel (?:(?:the )?(?:rest|others)|all|them|(?P<count>\d{1,6}))", re.IGNORECASE
)
_MORNING = time(8, 0)
_FIND = re.compile(r"find (?!me |out |a |an |some |time )(\S+(?: \S+){0,2})", re.IGNORECASE)
_STOP_FIRST = re.compile(r"(?:please )?stop(?: everything| it| now)?\s*[.!;\n]", re.IGNORECASE)

MENU: tuple[tuple[str, str], ...] = (
    ("today", "What is due"),
    ("waiting", "What waits for you"),
    ("undo", "Take the last thing back"),
    ("find", "Look something up"),
    ("stop", "Nothing leaves until you resume"),
    ("help", "What I can do"),
)
"""The six commands in the phone's menu."""


def command_in(text: str) -> Command | None:
    """The command that a message is; None when it is not one."""
    said = " ".join(text.split())
    until = _UNTIL.fullmatch(said.rstrip("?.!"))
    if until:
        return Command(name="stop", rest=until[1])
    if said.startswith("/"):
        name, _, rest = said[1:].partition(" ")
        name = name.partition("@")[0].lower()
        name = {"brief": "today", "pause": "stop"}.get(name, name)
        return Command(name=name, rest=rest.strip()) if name in _SLASH else None
    name = _NAMES.get(plain(said))
    if name is not None:
        return Command(name=name)
    cancels = _CANCEL.fullmatch(said.rstrip("?.!"))
    if cancels:
        return Command(name="cancel", rest=cancels["count"] or "")
    found = _FIND.fullmatch(said.rstrip("?.!"))
    return Command(name="find", rest=found[1]) if found else None


def verb_in(text: str) -> Verb | None:
    """What a short answer to a card decides; None when it may be the card's new text."""
    return _VERBS.get(plain(text))


def stops_first(text: str) -> bool:
    """Whether a longer message begins with a sentence that says stop and nothing else."""
    return bool(_STOP_FIRST.match(text.lstrip()))


def pause_end(words: str, *, now: datetime, locale: str) -> datetime | None:
    """The moment that ends a pause, as in "until Monday" or "for two hours"; None for no end.

    A day without a time means its morning. What can't be read has no end: a pause that lasts too
    long harms nobody.

    Args:
        now: Aware, in the owner's zone.
    """
    for said in (words, f"in {words}"):
        found = when.first(said, now=now, locale=locale)
        if found is None or found.choices or found.repeats:
            continue
        start = found.start if found.has_time else datetime.combine(found.day, _MORNING, now.tzinfo)
        if start > now:
            return start
    return None


def plain(text: str) -> str:
    """Words as they are compared: without case, punctuation around them, and curly marks."""
    said = " ".join(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    return said.strip(".!?,").replace(",", "").replace("dont ", "don't ")
