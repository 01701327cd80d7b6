"""A stranger's words never decide where something goes."""

from agents.guard import Case, Guard
from memory.labels import Label, trusts
from memory.records.mail_many import MailMany
from memory.records.mail_send import MailSend
from memory.records.verdict import Level


async def judge(case: Case) -> tuple[Level, str] | None:
    """Ask where an address is somebody else's word; own records and own files may pass."""
    effect = case.effect
    if not effect.external:
        return Level.ALLOW, "it stays in the house"
    if isinstance(effect, MailSend | MailMany):
        mails = effect.mails if isinstance(effect, MailMany) else (effect,)
        people = [one for mail in mails for one in mail.to]
        doubtful = [one.email for one in people if not trusts(one.label, Label.CONFIRMED)]
        if doubtful:
            return Level.ASK, f"{', '.join(doubtful)} is an address you have not confirmed"
        return None
    return Level.ASK, "others would notice"


GUARD = Guard(name="trust_labels", judge=judge)
