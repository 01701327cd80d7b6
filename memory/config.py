"""Every settings class. A door, a connector or the ladder receives its own section."""

import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from memory.errors import Misconfigured


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Owner(_Section):
    """Who Steward works for."""

    name: str = ""
    timezone: str = "UTC"
    """IANA name, such as "Europe/Lisbon"."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    locale: str = "en-GB"
    telegram_id: int | None = None
    slack_id: str | None = None

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            message = f'"{value}" is not a time zone; write it like "Europe/Lisbon"'
            raise ValueError(message)
        return value

    @field_validator("locale")
    @classmethod
    def _is_a_locale(cls, value: str) -> str:
        try:
            Locale.parse(value, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            message = f'"{value}" is not a locale; write it like "en-GB"'
            raise ValueError(message) from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone."""
        return ZoneInfo(self.timezone)


class Storage(_Section):
    """Where everything is kept."""

    data: str = ""
    """Folder; empty means the one given on the command line or the default."""
    database_url: str = ""
    """Empty means an SQLite file in the data folder."""
    redis_url: str = ""
    """Empty means an own redis on a socket of its own."""


class Local(_Section):
    """The page on this computer."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 picks a free one."""


class Telegram(_Section):
    """The Telegram door; closed while there is no token."""

    token: SecretStr = SecretStr("")
    api_url: str = ""
    """Any server that speaks the Bot API; empty means Telegram's own."""
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")


class Slack(_Section):
    """The Slack door; closed while there is no token."""

    bot_token: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    api_url: str = ""


class Smtp(_Section):
    """The mail server that sends."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["starttls", "tls", "none"] = "starttls"


class Imap(_Section):
    """The mail server that holds the folder mails are moved into."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    username: str
    password: SecretStr = SecretStr("")
    security: Literal["starttls", "tls", "none"] = "tls"
    folder: str = "Steward"
    sent_folder: str = "Sent"
    sent_filed_by: Literal["server", "nobody"] = "nobody"
    """"server" when the provider files sent mail itself: only then does absence prove anything."""


class Inbound(_Section):
    """A mail address of Steward's own that a relay delivers to."""

    listen: str = ""
    token: SecretStr = SecretStr("")


class Mail(_Section):
    """The owner's mail."""

    from_address: str = ""
    signature: str = ""
    smtp: Smtp | None = None
    imap: Imap | None = None
    inbound: Inbound = Inbound()


class Calendar(_Section):
    """The owner's calendar; without one, entries come as files to tap."""

    url: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    calendar: str = ""


class Hook(_Section):
    """A web hook that comes in."""

    secret: SecretStr
    schema_: str = Field(default="", alias="schema")


class Models(_Section):
    """The model tiers; all empty means Steward works by rules alone."""

    small: str = ""
    large: str = ""
    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    timeout_s: Annotated[float, Field(gt=0)] = 30.0


class Budget(_Section):
    """What models may cost."""

    per_day: Annotated[Decimal, Field(ge=0)] = Decimal("5.00")
    per_agent_per_day: Annotated[Decimal, Field(ge=0)] = Decimal("2.00")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"


class Policy(_Section):
    """How careful and how quiet Steward is."""

    mail_hold_s: Annotated[int, Field(ge=0, le=86400)] = 60
    approval_days: Annotated[int, Field(ge=1, le=60)] = 7
    quiet_hours: Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] = "20:00-08:00"
    rings_per_day: Annotated[int, Field(ge=0)] = 5


class Config(_Section):
    """All of config.toml. Every key may also come from STEWARD_SECTION__KEY."""

    owner: Owner = Owner()
    storage: Storage = Storage()
    local: Local = Local()
    telegram: Telegram = Telegram()
    slack: Slack = Slack()
    mail: Mail = Mail()
    calendar: Calendar = Calendar()
    hooks: dict[str, Hook] = Field(default_factory=dict)
    models: Models = Models()
    budget: Budget = Budget()
    policy: Policy = Policy()


def load(file: Path | None, environment: dict[str, str] | None = None) -> Config:
    """Read the configuration: defaults, then the file, then the environment.

    Args:
        file: A TOML file, or None for defaults and environment only.
        environment: Instead of the process's own.

    Raises:
        Misconfigured: Everything that is wrong, one sentence each, with the line to fix.
    """
    text = ""
    values: dict[str, Any] = {}
    if file is not None:
        try:
            text = file.read_text()
            values = tomllib.loads(text)
        except OSError as error:
            raise Misconfigured((f"{file}: cannot be read ({error.strerror}).",)) from error
        except tomllib.TOMLDecodeError as error:
            raise Misconfigured((f"{file}: {error}.",)) from error
    here = dict(os.environ) if environment is None else environment  # noqa: TID251 - the one place
    _overlay(values, here)
    faults = _read_secret_files(values, ())
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        faults += [_fault(file, text, one["loc"], one["msg"]) for one in error.errors()]
    else:
        if not faults:
            return config
    raise Misconfigured(tuple(faults))


def config_file(named: Path | None, data: Path) -> Path | None:
    """The file to read: the named one, else config.toml in the data folder or here, if any."""
    if named is not None:
        return named
    return next((one for one in (data / "config.toml", Path("config.toml")) if one.exists()), None)


def data_folder(named: str | None, config: Config | None = None) -> Path:
    """The data folder: named, from STEWARD_DATA, from the configuration, else the default."""
    chosen = named or os.environ.get("STEWARD_DATA") or (config.storage.data if config else "")  # noqa: TID251
    return Path(chosen).expanduser() if chosen else Path("~/.local/share/steward").expanduser()


def _overlay(values: dict[str, Any], environment: dict[str, str]) -> None:
    """Put STEWARD_SECTION__KEY over what the file says; deeper levels by more underscores."""
    for name, value in sorted(environment.items()):
        if not name.startswith("STEWARD_") or "__" not in name:
            continue
        *path, key = name.removeprefix("STEWARD_").lower().split("__")
        place = values
        for step in path:
            place = place.setdefault(step, {})
        place[key] = value


def _read_secret_files(values: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    """Replace every KEY_file by KEY with the file's content."""
    faults: list[str] = []
    for name, value in list(values.items()):
        if isinstance(value, dict):
            faults += _read_secret_files(cast("dict[str, Any]", value), (*path, name))
        elif name.endswith("_file") and isinstance(value, str):
            del values[name]
            try:
                values[name.removesuffix("_file")] = Path(value).expanduser().read_text().strip()
            except OSError as error:
                where = ".".join((*path, name))
                faults.append(f"{where}: {value} cannot be read ({error.strerror}).")
    return faults


def _fault(file: Path | None, text: str, where: tuple[int | str, ...], said: str) -> str:
    """One fault in one sentence, with the line it is on when the file has one."""
    steps = [str(step) for step in where]
    line = _line(text, steps)
    place = f"{file}, line {line}" if file and line else str(file or "environment")
    name = ".".join(steps[:-1])
    said = said.removeprefix("Value error, ")
    if said == "Extra inputs are not permitted":
        said = "there is no such setting"
    elif said == "Field required":
        said = "is missing"
    return f"{place}: [{name}] {steps[-1]}: {said[0].lower()}{said[1:]}."


def _line(text: str, steps: list[str]) -> int | None:
    """The line of a key in its section, else of the section, counting from 1."""
    section = ""
    best = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            section = header.group(1).strip()
            if section in (".".join(steps), ".".join(steps[:-1])):
                best = number
        elif section == ".".join(steps[:-1]) and re.match(rf"\s*{re.escape(steps[-1])}(_file)?\s*=", line):
            return number
    return best
