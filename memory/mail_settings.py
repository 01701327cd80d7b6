"""The sections of the configuration that are about mail."""

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from memory.addresses import loopback, secure
from memory.section import Section

Auth = Literal["password", "xoauth2"]
"""How a mail server is shown who we are: by a password, or by a token from [mail.oauth]."""


class Smtp(Section):
    """The mail server that sends."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    auth: Auth = "password"
    security: Literal["starttls", "tls", "none"] = "starttls"


class Imap(Section):
    """The mail server that holds the folder mails are moved into."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    username: str
    password: SecretStr = SecretStr("")
    auth: Auth = "password"
    security: Literal["starttls", "tls", "none"] = "tls"
    folder: str = "Steward"
    sent_folder: str = "Sent"
    sent_filed_by: Literal["server", "nobody"] = "nobody"
    """"server" when the provider files sent mail itself: only then does absence prove anything."""


class OAuth(Section):
    """Tokens for mail servers that take no password: one that lasts, or how to fetch fresh ones."""

    access_token: SecretStr = SecretStr("")
    token_url: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    """Empty for an application that has none."""
    refresh_token: SecretStr = Field(default=SecretStr(""), validate_default=True)

    @field_validator("token_url")
    @classmethod
    def _is_secure(cls, value: str) -> str:
        if value and not secure(value):
            message = "write an https address; a token must not travel in the clear"
            raise ValueError(message)
        return value

    @field_validator("refresh_token")
    @classmethod
    def _is_some_token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        given = info.data.get("access_token")
        if given is not None and not value.get_secret_value() and not given.get_secret_value():
            message = "is missing; give this one with token_url and client_id, or an access_token"
            raise ValueError(message)
        if value.get_secret_value() and not (info.data.get("token_url", "x")):
            message = "needs a token_url to fetch fresh tokens from"
            raise ValueError(message)
        return value


class Inbound(Section):
    """A mail address of Steward's own that a relay on this computer delivers to."""

    listen: str = ""
    """"127.0.0.1:2525", or "lmtp://127.0.0.1:2525"; empty means nobody listens."""
    token: SecretStr = Field(default=SecretStr(""), validate_default=True)
    """What only the relay knows: mail for steward+TOKEN@anywhere is taken, no other."""
    address: str = ""
    """The address that the relay gets its mail from, shown to the owner; empty shows none."""

    @field_validator("listen")
    @classmethod
    def _is_here(cls, value: str) -> str:
        if value and loopback(value.removeprefix("lmtp://")) is None:
            message = 'write an address of this computer only, such as "127.0.0.1:2525"'
            raise ValueError(message)
        return value

    @field_validator("token")
    @classmethod
    def _cannot_be_guessed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        said = value.get_secret_value()
        if (said or info.data.get("listen")) and not re.fullmatch(r"[A-Za-z0-9]{16,48}", said):
            message = "write 16 to 48 letters and digits that nobody can guess"
            raise ValueError(message)
        return value

    @property
    def is_lmtp(self) -> bool:
        """Whether the relay speaks LMTP instead of SMTP."""
        return self.listen.startswith("lmtp://")

    @property
    def place(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return loopback(self.listen.removeprefix("lmtp://")) or ("127.0.0.1", 0)


class Mail(Section):
    """The owner's mail."""

    from_address: str = ""
    signature: str = ""
    oauth: OAuth | None = None
    smtp: Smtp | None = None
    imap: Imap | None = None
    inbound: Inbound = Inbound()

    @field_validator("smtp", "imap")
    @classmethod
    def _has_its_token(cls, value: Smtp | Imap | None, info: ValidationInfo) -> Smtp | Imap | None:
        # a faulty [mail.oauth] is not in `data`, and says so itself
        if value is not None and value.auth == "xoauth2" and info.data.get("oauth", "") is None:
            message = 'auth = "xoauth2" needs a token; add a section [mail.oauth]'
            raise ValueError(message)
        return value
