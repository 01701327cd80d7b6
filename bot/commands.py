"""Words that are commands: read by code, before any model, whatever else is broken."""

from memory.records.decision import Verb
from memory.records.shape import Frozen


class Command(Frozen):
    """A command and what was typed after it."""

    name: str
    rest: str = ""


_SLASH = ("today", "waiting", "undo", "find", "stop", "help", "start", "more", "resume", "why")
_WORDS: dict[str, str] = {
    "stop": "stop",
    "stop everything": "stop",
    "stop all": "stop",
    "halt": "stop",
    "pause": "stop",
    "pause everything": "stop",
    "resume": "resume",
    "continue": "resume",
    "go on": "resume",
    "help": "help",
    "today": "today",
    "approve": Verb.APPROVE.value,
    "approve it": Verb.APPROVE.value,
    "approve that": Verb.APPROVE.value,
    "yes send it": Verb.APPROVE.value,
    "undo": Verb.UNDO.value,
    "undo that": Verb.UNDO.value,
    "undo it": Verb.UNDO.value,
    "take it back": Verb.UNDO.value,
    "take that back": Verb.UNDO.value,
    "reject": Verb.REJECT.value,
    "reject it": Verb.REJECT.value,
    "no": Verb.REJECT.value,
    "don't send it": Verb.REJECT.value,
    "dont send it": Verb.REJECT.value,
    "why": Verb.WHY.value,
    "why?": Verb.WHY.value,
    "i'll do it": Verb.TAKE.value,
    "send after all": Verb.SEND.value,
    "send it after all": Verb.SEND.value,
}
"""What the owner may type instead of pressing."""

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
    if said.startswith("/"):
        name, _, rest = said[1:].partition(" ")
        name = name.partition("@")[0].lower()
        return Command(name=name, rest=rest.strip()) if name in _SLASH else None
    plain = said.lower().replace("’", "'").rstrip(".!")
    name = _WORDS.get(plain)
    return Command(name=name) if name else None
