"""What the owner typed into the settings, read into sections: or what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.providers import Provider, provider_of
from bot.wrong_inputs import EMPTY, OPEN, SHAPE, Wrong, wrong
from memory.config import Config, Imap, Mail, Models, Slack, Smtp, Telegram
from memory.config_file import Value, Where
from memory.prices import is_price

Fields = Mapping[str, str]
"""The form's fields by name, stripped."""

_TOKEN = re.compile(r"\d{3,16}:[A-Za-z0-9_-]{10,}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:]+\]?")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
SPEAKS = "openai:"
"""Before a model's name: the language that its server speaks."""
_SECURITIES = ("starttls", "tls", "none")
_HERE = ("localhost", "::1")


@dataclass(frozen=True)
class TelegramForm:
    """One field: the token that BotFather gave."""

    section: Telegram

    @classmethod
    def read(cls, fields: Fields, config: Config) -> "TelegramForm | Wrong":
        """The form; what the sheet does not ask for stays as it is configured."""
        # people paste the whole line, or with the spaces of the message around it
        token = "".join(fields.get("token", "").split())
        if not token:
            return wrong("telegram", EMPTY)
        if not _TOKEN.fullmatch(token):
            return wrong("telegram", SHAPE)
        known = config.telegram.model_dump()
        return cls(Telegram.model_validate({**known, "token": token}))

    def settings(self) -> dict[Where, Value]:
        """What goes into the file."""
        return _secret(("telegram", "token"), self.section.token.get_secret_value())


@dataclass(frozen=True)
class SlackForm:
    """Two tokens: the bot's and the app's."""

    section: Slack

    @classmethod
    def read(cls, fields: Fields, config: Config) -> "SlackForm | Wrong":
        """The form; what the sheet does not ask for stays as it is configured."""
        tokens = {
            "bot_token": fields.get("bot_token", ""),
            "app_token": fields.get("app_token", ""),
        }
        for name, tried, begin in (
            ("bot_token", "slack_bot", "xoxb-"),
            ("app_token", "slack_app", "xapp-"),
        ):
            if not tokens[name]:
                return wrong(tried, EMPTY)
            if not tokens[name].startswith(begin) or not tokens[name].isascii():
                return wrong(tried, SHAPE)
        return cls(Slack.model_validate({**config.slack.model_dump(), **tokens}))

    def settings(self) -> dict[Where, Value]:
        """What goes into the file."""
        return {
            **_secret(("slack", "bot_token"), self.section.bot_token.get_secret_value()),
            **_secret(("slack", "app_token"), self.section.app_token.get_secret_value()),
        }


@dataclass(frozen=True)
class ModelForm:
    """An address that speaks like OpenAI's, a key, and a model's name."""

    section: Models

    @classmethod
    def read(cls, fields: Fields, config: Config) -> "ModelForm | Wrong":
        """The form. An empty key keeps the one that is set, for the same address only."""
        base, name = fields.get("base_url", "").rstrip("/"), fields.get("model_name", "")
        if not base:
            return wrong("base_url", EMPTY)
        address = urlsplit(base)
        if address.scheme not in ("http", "https") or not address.hostname or " " in base:
            return wrong("base_url", SHAPE, host=base)
        if not name:
            return wrong("model_name", EMPTY)
        known = config.models
        key = fields.get("api_key", "")
        if not key and known.base_url.rstrip("/") == base:
            key = known.api_key.get_secret_value()
        # a large model of another address would be asked at the wrong door from now on
        large = known.large if known.base_url.rstrip("/") == base else ""
        # a name may have a colon of its own, as in "llama3.2:3b"
        small = name if name.startswith(SPEAKS) else f"{SPEAKS}{name}"
        price = fields.get("price", "")
        if price and not is_price(price):
            return wrong("price", SHAPE, name=price)
        changed = {"base_url": base, "small": small, "large": large, "api_key": key}
        # a price belongs to its model, and stays only with that
        changed |= {"small_price": price, "large_price": known.large_price if large else ""}
        return cls(Models.model_validate({**known.model_dump(), **changed}))

    def settings(self) -> dict[Where, Value]:
        """What goes into the file."""
        return {
            ("models", "base_url"): self.section.base_url,
            ("models", "small"): self.section.small,
            ("models", "large"): self.section.large,
            ("models", "small_price"): self.section.small_price or None,
            ("models", "large_price"): self.section.large_price or None,
            **_secret(("models", "api_key"), self.section.api_key.get_secret_value()),
        }


@dataclass(frozen=True)
class MailForm:
    """An address and a password for both servers, which the address mostly tells."""

    mail: Mail
    imap: Imap
    advice: str
    """Where this provider's password is made."""

    @classmethod
    def read(cls, fields: Fields, config: Config) -> "MailForm | Wrong":
        """The form. An empty password keeps the one that is set, for the same account only."""
        address = fields.get("address", "").removeprefix("mailto:")
        provider = provider_of(address)
        found = _wrong_address(address, provider)
        if provider is None or found is not None:
            return found or wrong("address", SHAPE, name=address)
        domain = address.rpartition("@")[2]
        smtp = _server(fields, "smtp", provider, domain)
        imap = _server(fields, "imap", provider, domain)
        for one in (smtp, imap):
            if isinstance(one, Wrong):
                return one
        username = fields.get("username") or address
        mail = Mail.model_validate(
            {
                **config.mail.model_dump(),
                "from_address": address,
                "smtp": {**_known(config.mail.smtp, username, smtp), "username": username},
                "imap": {
                    "sent_folder": provider.sent_folder,
                    "sent_filed_by": "server" if provider.files_sent else "nobody",
                    **_known(config.mail.imap, username, imap),
                    "username": username,
                    "folder": fields.get("folder") or "Steward",
                },
            }
        )  # fmt: skip
        return cls._with_password(mail, fields.get("password", ""), provider.password)

    @classmethod
    def _with_password(cls, mail: Mail, password: str, advice: str) -> "MailForm | Wrong":
        smtp, imap = mail.smtp, mail.imap
        if smtp is None or imap is None:
            return wrong("smtp_host", EMPTY)
        # app passwords are shown in groups of four, and work without the spaces only
        if re.fullmatch(r"[a-z]{4}( [a-z]{4}){3}", password):
            password = password.replace(" ", "")
        if password:
            # whoever types one wants it used, also where a token was shown before
            typed = {"password": password, "auth": "password"}
            smtp = Smtp.model_validate({**smtp.model_dump(), **typed})
            imap = Imap.model_validate({**imap.model_dump(), **typed})
        if not (opens(smtp) and opens(imap)):
            return wrong("password", EMPTY, help=advice)
        return cls(mail.model_copy(update={"smtp": smtp, "imap": imap}), imap, advice)

    def settings(self) -> dict[Where, Value]:
        """What goes into the file."""
        made: dict[Where, Value] = {("mail", "from_address"): self.mail.from_address}
        for name, section in (("smtp", self.mail.smtp), ("imap", self.mail.imap)):
            for key, value in (section or self.imap).model_dump().items():
                where = ("mail", name, key)
                if key == "password":
                    made |= _secret(where, value.get_secret_value())
                else:
                    made[where] = value
        return made


def opens(section: Smtp | Imap) -> bool:
    """Whether there is something to sign in with: a password, or a token in its place."""
    return section.auth == "xoauth2" or bool(section.password.get_secret_value())


def _wrong_address(address: str, provider: Provider | None) -> Wrong | None:
    if not address:
        return wrong("address", EMPTY)
    if provider is None or not _ADDRESS.fullmatch(address):
        return wrong("address", SHAPE, name=address)
    return wrong("address", "closed", name=provider.closed) if provider.closed else None


def _server(
    fields: Fields, which: str, provider: Provider, domain: str
) -> dict[str, str | int] | Wrong:
    """One server: what was typed, else what the provider has."""
    usual = provider.smtp if which == "smtp" else provider.imap
    host = fields.get(f"{which}_host") or usual.host
    if not _HOST.fullmatch(host):
        return wrong(f"{which}_host", SHAPE, host=host, domain=domain)
    port = fields.get(f"{which}_port") or str(usual.port)
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535):
        return wrong(f"{which}_port", SHAPE, port=port)
    security = fields.get(f"{which}_security") or usual.security
    security = security if security in _SECURITIES else usual.security
    is_here = host in _HERE or host.startswith("127.")
    if security == "none" and not is_here:
        return wrong(f"{which}_security", OPEN, host=host)
    return {"host": host, "port": int(port), "security": security}


def _known(
    section: Smtp | Imap | None, username: str, server: dict[str, str | int] | Wrong
) -> dict[str, object]:
    """The server with what is configured for the same account: never a password to another."""
    if isinstance(server, Wrong):
        return {}
    same = section and (section.host, section.username) == (server["host"], username)
    return {**(section.model_dump() if section and same else {}), **server}


def _secret(where: Where, value: str) -> dict[Where, Value]:
    """A secret, in the place of a file that held it before."""
    return {(*where[:-1], f"{where[-1]}_file"): None, where: value}
