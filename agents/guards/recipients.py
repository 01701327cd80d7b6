"""Nobody gets mail from the owner that the owner has not agreed to."""

import unicodedata

from agents.guard import Case, Guard
from memory.records.mail_many import MailMany
from memory.records.mail_send import MailSend
from memory.records.verdict import Level

_MANY = 5


async def judge(case: Case) -> tuple[Level, str] | None:
    """Ask about every mail; refuse an address that pretends to be another."""
    effect = case.effect
    if isinstance(effect, MailMany):
        hidden = [one for one in effect.recipients() if _disguised(one)]
        if hidden:
            return Level.REFUSE, f"{hidden[0]!a} hides characters that look like others"
        return Level.ASK, f"it goes to {len(effect.mails)} people, each alone"
    if not isinstance(effect, MailSend):
        return None
    for one in effect.to:
        if _disguised(one.email):
            return Level.REFUSE, f"{one.email!a} hides characters that look like others"
    if len(effect.to) > _MANY:
        return Level.CONFIRM, f"it goes to {len(effect.to)} people"
    strangers = [one.email for one in effect.to if not one.known]
    if strangers:
        return Level.ASK, f"first mail to {', '.join(strangers)}"
    return Level.ASK, "mail always waits for your word"


def _disguised(address: str) -> bool:
    """Whether an address holds invisible, direction-changing or mixed-script characters."""
    if any(unicodedata.category(letter) in ("Cf", "Cc", "Zl", "Zp") for letter in address):
        return True
    scripts = {
        unicodedata.name(letter, "?").split(" ")[0] for letter in address if letter.isalpha()
    }
    return len(scripts) > 1


GUARD = Guard(name="recipients", judge=judge)
