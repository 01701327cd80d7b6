"""Where the well-known mail providers' servers are, by the part of an address after the @."""

from memory.records.shape import Frozen


class Server(Frozen):
    """One server."""

    host: str
    port: int
    security: str


class Provider(Frozen):
    """The two servers of one provider, and what an owner should know."""

    name: str
    smtp: Server
    imap: Server
    sent_folder: str = "Sent"
    files_sent: bool = False
    """Whether it puts what leaves through its server into that folder by itself."""
    password: str = ""
    """Where to get the password that it wants from programs."""
    closed: str = ""
    """Why no password opens it, where that is so."""
    known: bool = True
    """False for a guess from the address alone."""


_APP = "It wants an app password, not the one you sign in with."


def _smtp(host: str, port: int = 465) -> Server:
    return Server(host=host, port=port, security="tls" if port == 465 else "starttls")


def _imap(host: str) -> Server:
    return Server(host=host, port=993, security="tls")


def _both(
    name: str, smtp: Server, imap: str, *, sent: str = "Sent", password: str = ""
) -> Provider:
    return Provider(name=name, smtp=smtp, imap=_imap(imap), sent_folder=sent, password=password)


_GMAIL = Provider(
    name="Gmail",
    smtp=_smtp("smtp.gmail.com", 587),
    imap=_imap("imap.gmail.com"),
    sent_folder="[Gmail]/Sent Mail",
    files_sent=True,
    password=f"{_APP} Make one at myaccount.google.com/apppasswords.",
)
_ICLOUD = _both(
    "iCloud",
    _smtp("smtp.mail.me.com", 587),
    "imap.mail.me.com",
    sent="Sent Messages",
    password=f"{_APP} Make one at account.apple.com, under Sign-In and Security.",
)
_YAHOO = _both(
    "Yahoo",
    _smtp("smtp.mail.yahoo.com"),
    "imap.mail.yahoo.com",
    password=f"{_APP} Make one in your Yahoo account, under Security.",
)
_FASTMAIL = _both(
    "Fastmail",
    _smtp("smtp.fastmail.com"),
    "imap.fastmail.com",
    password=f"{_APP} Make one in Fastmail's settings, under Privacy & Security.",
)
_GMX = _both(
    "GMX",
    _smtp("mail.gmx.net", 587),
    "imap.gmx.net",
    sent="Gesendet",
    password="Allow other programs first: in GMX's mail settings, under POP3 & IMAP.",  # noqa: S106 - advice
)
_WEB_DE = _both(
    "WEB.DE",
    _smtp("smtp.web.de", 587),
    "imap.web.de",
    sent="Gesendet",
    password="Allow other programs first: in WEB.DE's mail settings, under POP3 & IMAP.",  # noqa: S106 - advice
)
_OUTLOOK = Provider(
    name="Outlook.com",
    smtp=_smtp("smtp-mail.outlook.com", 587),
    imap=_imap("outlook.office365.com"),
    closed="Outlook.com lets no other program in with a password.",
)
_PROTON = Provider(
    name="Proton Mail",
    smtp=Server(host="127.0.0.1", port=1025, security="none"),
    imap=Server(host="127.0.0.1", port=1143, security="none"),
    password="It works through Proton Mail Bridge on this computer; the Bridge shows the password.",  # noqa: S106 - advice
)
_TABLE: dict[str, Provider] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    **dict.fromkeys(
        ("yahoo.com", "ymail.com", "yahoo.co.uk", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it"),
        _YAHOO,
    ),
    **dict.fromkeys(("fastmail.com", "fastmail.fm"), _FASTMAIL),
    **dict.fromkeys(("gmx.de", "gmx.net", "gmx.at", "gmx.ch"), _GMX),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "msn.com"), _OUTLOOK),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), _PROTON),
    "gmx.com": _both("GMX", _smtp("mail.gmx.com", 587), "imap.gmx.com"),
    "web.de": _WEB_DE,
    "t-online.de": _both("T-Online", _smtp("securesmtp.t-online.de"), "secureimap.t-online.de"),
    "posteo.de": _both("Posteo", _smtp("posteo.de"), "posteo.de"),
    "mailbox.org": _both("mailbox.org", _smtp("smtp.mailbox.org"), "imap.mailbox.org"),
    "aol.com": _both("AOL", _smtp("smtp.aol.com"), "imap.aol.com", password=_APP),
    "zoho.com": _both("Zoho", _smtp("smtp.zoho.com"), "imap.zoho.com", password=_APP),
    "zoho.eu": _both("Zoho", _smtp("smtp.zoho.eu"), "imap.zoho.eu", password=_APP),
    "yandex.com": _both("Yandex", _smtp("smtp.yandex.com"), "imap.yandex.com", password=_APP),
    "orange.fr": _both("Orange", _smtp("smtp.orange.fr"), "imap.orange.fr"),
    "free.fr": _both("Free", _smtp("smtp.free.fr"), "imap.free.fr"),
    "sapo.pt": _both("SAPO", _smtp("smtp.sapo.pt"), "imap.sapo.pt"),
}


def provider_of(address: str) -> Provider | None:
    """The servers of an address: known ones, else a guess; None where it is no address."""
    name, at, domain = address.strip().rpartition("@")
    domain = domain.lower().rstrip(".")
    if not (name and at and "." in domain) or any(one.isspace() for one in address.strip()):
        return None
    guess = _both(domain, _smtp(f"smtp.{domain}", 587), f"imap.{domain}")
    return _TABLE.get(domain) or guess.model_copy(update={"known": False})
