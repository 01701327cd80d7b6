"""Mails as programs forward them: one original, written the way each client writes it.

Every function gives the raw bytes that arrive: from the owner's address, with a new Message-ID, the
original's header block in the body in the client's language.
"""

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from babel.dates import format_datetime as in_words

Form = Literal["both", "plain", "html"]
Field = Literal["from", "date", "to", "subject"]


@dataclass(frozen=True)
class Mailbox:
    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


DANA = Mailbox("Dana Reyes", "dana@reyesstudio.example")
STEWARD = Mailbox("Steward", "steward@reyesstudio.example")


@dataclass(frozen=True)
class Original:
    """The message that is passed on; `written_at` is aware, in the reader's zone."""

    author: Mailbox
    written_at: datetime
    subject: str
    body: str
    message_id: str
    to: Mailbox = DANA


@dataclass(frozen=True)
class _Speech:
    mark: str
    labels: Mapping[Field, str]
    moment: str
    """The pattern of the date line, as babel reads it."""
    prefix: str = "Fwd: "


GMAIL: Mapping[str, _Speech] = {
    "en": _Speech(
        "Forwarded message",
        {"from": "From:", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "EEE, d MMM y 'at' HH:mm",
    ),
    "de": _Speech(
        "Forwarded message",
        {"from": "Von:", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "EEE, d. MMM y 'um' HH:mm 'Uhr'",
    ),
    "fr": _Speech(
        "Forwarded message",
        {"from": "De :", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "EEE d MMM y 'à' HH:mm",
    ),
    "pt": _Speech(
        "Forwarded message",
        {"from": "De:", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "EEEE, d/MM/y 'à(s)' HH:mm",
    ),
    "es": _Speech(
        "Forwarded message",
        {"from": "De:", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "EEE, d MMM y 'a las' HH:mm",
    ),
}
APPLE: Mapping[str, _Speech] = {
    "en": _Speech(
        "Begin forwarded message:",
        {"from": "From:", "date": "Date:", "subject": "Subject:", "to": "To:"},
        "d MMMM y 'at' HH:mm:ss OOOO",
    ),
    "de": _Speech(
        "Anfang der weitergeleiteten Nachricht:",
        {"from": "Von:", "date": "Datum:", "subject": "Betreff:", "to": "An:"},
        "d. MMMM y 'um' HH:mm:ss OOOO",
    ),
    "fr": _Speech(
        "Début du message transféré :",
        {"from": "De:", "date": "Date:", "subject": "Objet:", "to": "À:"},
        "d MMMM y 'à' HH:mm:ss OOOO",
        "Tr : ",
    ),
    "pt": _Speech(
        "Início da mensagem reencaminhada:",
        {"from": "De:", "date": "Data:", "subject": "Assunto:", "to": "Para:"},
        "d 'de' MMMM 'de' y, HH:mm:ss OOOO",
    ),
    "es": _Speech(
        "Inicio del mensaje reenviado:",
        {"from": "De:", "date": "Fecha:", "subject": "Asunto:", "to": "Para:"},
        "d 'de' MMMM 'de' y, HH:mm:ss OOOO",
    ),
}
OUTLOOK: Mapping[str, _Speech] = {
    "en": _Speech(
        "-----Original Message-----",
        {"from": "From:", "date": "Sent:", "to": "To:", "subject": "Subject:"},
        "EEEE, MMMM d, y h:mm a",
        "FW: ",
    ),
    "de": _Speech(
        "-----Ursprüngliche Nachricht-----",
        {"from": "Von:", "date": "Gesendet:", "to": "An:", "subject": "Betreff:"},
        "EEEE, d. MMMM y HH:mm",
        "WG: ",
    ),
    "fr": _Speech(
        "-----Message d'origine-----",
        {"from": "De :", "date": "Envoyé :", "to": "À :", "subject": "Objet :"},
        "EEEE d MMMM y HH:mm",
        "TR: ",
    ),
    "pt": _Speech(
        "-----Mensagem original-----",
        {"from": "De:", "date": "Enviado:", "to": "Para:", "subject": "Assunto:"},
        "EEEE, d 'de' MMMM 'de' y HH:mm",
        "ENC: ",
    ),
    "es": _Speech(
        "-----Mensaje original-----",
        {"from": "De:", "date": "Enviado el:", "to": "Para:", "subject": "Asunto:"},
        "EEEE, d 'de' MMMM 'de' y HH:mm",
        "RV: ",
    ),
}


def gmail(
    original: Original,
    *,
    by: Mailbox = DANA,
    to: Mailbox = STEWARD,
    note: str = "",
    language: str = "en",
    form: Form = "both",
) -> bytes:
    """As Gmail's page and Android app write it."""
    speech = GMAIL[language]
    block = _block(original, speech, language, ("from", "date", "subject", "to"))
    mark = f"---------- {speech.mark} ---------"
    plain = "\n".join([note, *[""] * bool(note), mark, *block, "", "", original.body, ""])
    head = "<br>".join(html.escape(line) for line in [mark, *block])
    page = (
        f'<div dir="ltr">{_as_page(note)}<br><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{head}<br></div><br><br>{_as_page(original.body)}'
        "</div></div>"
    )
    return _mail(original, speech, by, to, plain, page, form, {})


def ios_mail(
    original: Original,
    *,
    by: Mailbox = DANA,
    to: Mailbox = STEWARD,
    note: str = "",
    language: str = "en",
    form: Form = "both",
) -> bytes:
    """As Mail on an iPhone writes it: the original in quote marks, the phone's line above."""
    speech = APPLE[language]
    block = _block(original, speech, language, ("from", "date", "to", "subject"))
    sent_from = {"de": "Von meinem iPhone gesendet", "fr": "Envoyé de mon iPhone"}
    own = [note, *[""] * bool(note), sent_from.get(language, "Sent from my iPhone")]
    quoted = _in_quote_marks([*block, "", *original.body.split("\n")])
    plain = "\n".join([*own, "", speech.mark, "", *quoted, ""])
    head = "<br>".join(_bold_label(line) for line in block)
    page = (
        f'<html><body dir="auto">{_as_page(note)}<div dir="ltr">{own[-1]}</div>'
        f'<div dir="ltr"><br>{speech.mark}<br><br></div><blockquote type="cite"><div dir="ltr">'
        f'{head}<br><br></div></blockquote><blockquote type="cite"><div dir="ltr">\ufeff'
        f"{_as_page(original.body)}</div></blockquote></body></html>"
    )
    return _mail(original, speech, by, to, plain, page, form, {"X-Mailer": "iPhone Mail (23F79)"})


def apple_mail(
    original: Original,
    *,
    by: Mailbox = DANA,
    to: Mailbox = STEWARD,
    note: str = "",
    language: str = "en",
    form: Form = "both",
) -> bytes:
    """As Mail on a Mac writes it: mark, block and original in quote marks."""
    speech = APPLE[language]
    block = _block(original, speech, language, ("from", "subject", "date", "to"))
    quoted = _in_quote_marks([speech.mark, "", *block, "", *original.body.split("\n")])
    plain = "\n".join([note, "", *quoted, ""])
    head = "".join(f"<div><span>{_bold_label(line)}<br></span></div>" for line in block)
    page = (
        f'<html><body>{_as_page(note)}<div><br><blockquote type="cite"><div>{speech.mark}</div>'
        f'<br class="Apple-interchange-newline">{head}<br><div>{_as_page(original.body)}</div>'
        "</blockquote></div></body></html>"
    )
    mailer = {"X-Mailer": "Apple Mail (2.3864.300.41)"}
    return _mail(original, speech, by, to, plain, page, form, mailer)


def outlook(
    original: Original,
    *,
    by: Mailbox = DANA,
    to: Mailbox = STEWARD,
    note: str = "",
    language: str = "en",
    form: Form = "both",
    edition: Literal["desktop", "web"] = "desktop",
    names_address: bool = True,
) -> bytes:
    """As Outlook writes it.

    Args:
        edition: The desktop program marks the original with a line of words in plain text; web
            and phone draw a line.
        names_address: Without it the block has the author's bare name, as inside one company.
    """
    speech = OUTLOOK[language]
    block = _block(original, speech, language, ("from", "date", "to", "subject"))
    if not names_address:
        block[0] = f"{speech.labels['from']} {original.author.name}"
    mark = speech.mark if edition == "desktop" else "_" * 32
    plain = "\n".join([note, "", mark, *block, "", original.body, ""])
    head = "<br>".join(_bold_label(line) for line in block)
    rule = (
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>"
        if edition == "desktop"
        else '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">'
    )
    page = (
        f"<html><body>{_as_page(note, 'p class=MsoNormal')}{rule}<p class=MsoNormal>{head}</p>"
        f"</div>{_as_page(original.body, 'p class=MsoNormal')}</body></html>"
    )
    mailer = {"X-Mailer": "Microsoft Outlook 16.0"} if edition == "desktop" else {}
    return _mail(original, speech, by, to, plain, page, form, mailer)


def attached(
    original: Original, *, by: Mailbox = DANA, to: Mailbox = STEWARD, note: str = ""
) -> bytes:
    """The original as a file: its own headers are kept."""
    outer = _headed(by, to, f"Fwd: {original.subject}", original.written_at)
    outer.set_content(note)
    outer.add_attachment(_source(original))
    return outer.as_bytes(policy=SMTP)


def unforwarded(original: Original) -> bytes:
    """The original itself, as the mailbox has it."""
    return _source(original).as_bytes(policy=SMTP)


def _source(original: Original) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = str(original.author)
    message["To"] = str(original.to)
    message["Subject"] = original.subject
    message["Date"] = format_datetime(original.written_at)
    message["Message-ID"] = original.message_id
    message.set_content(original.body)
    return message


def _headed(by: Mailbox, to: Mailbox, subject: str, written_at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = str(by)
    message["To"] = str(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at)
    digest = hashlib.sha256(f"{by}\n{subject}\n{written_at.isoformat()}".encode()).hexdigest()
    message["Message-ID"] = f"<{digest[:20]}@{by.email.split('@')[1]}>"
    return message


def _mail(
    original: Original,
    speech: _Speech,
    by: Mailbox,
    to: Mailbox,
    plain: str,
    page: str,
    form: Form,
    headers: Mapping[str, str],
) -> bytes:
    message = _headed(by, to, speech.prefix + original.subject, original.written_at)
    for name, value in headers.items():
        message[name] = value
    if form != "html":
        message.set_content(plain)
    if form == "both":
        message.add_alternative(page, subtype="html")
    elif form == "html":
        message.set_content(page, subtype="html")
    return message.as_bytes(policy=SMTP)


def _block(original: Original, speech: _Speech, language: str, order: Sequence[Field]) -> list[str]:
    values: Mapping[Field, str] = {
        "from": str(original.author),
        "date": in_words(
            original.written_at, speech.moment, tzinfo=original.written_at.tzinfo, locale=language
        ),
        "subject": original.subject,
        "to": str(original.to),
    }
    return [f"{speech.labels[field]} {values[field]}" for field in order]


def _bold_label(line: str) -> str:
    label, colon, value = line.partition(":")
    return f"<b>{label}{colon}</b>{html.escape(value)}"


def _in_quote_marks(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" for line in lines]


def _as_page(text: str, element: str = "div") -> str:
    end = element.split()[0]
    lines = (html.escape(line) or "&nbsp;" for line in text.split("\n"))
    return "".join(f"<{element}>{line}</{end}>" for line in lines) if text else ""
