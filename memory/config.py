"""Every settings class. A door, a connector or the ladder receives its own section."""

import os
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from memory import faults
from memory.errors import Misconfigured
from memory.hook_settings import Hook
from memory.mail_settings import Imap, Inbound, Mail, OAuth, Smtp
from memory.prices import Price, price_in
from memory.section import Section as _Section


def _currency(value: str) -> str:
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        message = f'"{value}" is not a currency; write three capital letters, such as "EUR"'
        raise ValueError(message)
    return value


Currency = Annotated[str, AfterValidator(_currency)]
"""ISO 4217 code."""


class Owner(_Section):
    """Who Steward works for."""

    name: str = ""
    timezone: str = "UTC"
    """IANA name, such as "Europe/Lisbon"."""
    currency: Currency = "EUR"
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
    """Where Telegram brings messages; empty means that we ask for them."""
    webhook_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")

    @field_validator("webhook_url")
    @classmethod
    def _is_an_address(cls, value: str, info: ValidationInfo) -> str:
        own_server = bool(info.data.get("api_url"))
        if value and not value.startswith(("https://", "http://") if own_server else "https://"):
            message = "Telegram brings messages to an address that begins with https:// only"
            raise ValueError(message)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _goes_with_the_address(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret, url = value.get_secret_value(), info.data.get("webhook_url")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            message = "write 16 to 256 letters, digits, _ and - for it"
            raise ValueError(message)
        if url and not secret:
            message = "webhook_url needs it: without it anybody could pretend to be Telegram"
            raise ValueError(message)
        if secret and url == "":
            message = "means nothing without webhook_url; give both, or neither"
            raise ValueError(message)
        return value


class Slack(_Section):
    """The Slack door; closed while there is no token."""

    bot_token: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    api_url: str = ""


class Calendar(_Section):
    """The owner's calendar; without one, entries come as files to tap."""

    url: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    calendar: str = ""


class Models(_Section):
    """The model tiers; all empty means Steward works by rules alone."""

    small: str = ""
    large: str = ""
    small_price: str = ""
    """What a million tokens of it cost, in and out, in the budget's currency: "0.05 / 0.40".
    Empty means the published price; a model on this computer is free without one."""
    large_price: str = ""
    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30.0

    @field_validator("small_price", "large_price")
    @classmethod
    def _is_a_price(cls, value: str) -> str:
        if value:
            _ = price_in(value)
        return value

    def price(self, tier: Literal["small", "large"]) -> Price | None:
        """The price that is written down for a model; None where none is."""
        written = self.small_price if tier == "small" else self.large_price
        return price_in(written) if written else None


class Budget(_Section):
    """What models may cost in one of the owner's days."""

    per_day: Annotated[Decimal, Field(ge=0)] = Decimal("5.00")
    per_agent_per_day: Annotated[Decimal, Field(ge=0)] = Decimal("2.00")
    per_customer_per_day: Annotated[Decimal, Field(ge=0)] = Decimal("1.00")
    """For what one customer sends; the owner's own words count for nobody."""
    currency: Currency = "USD"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _time(text: str) -> time | None:
    """A time of day such as "08:00"; None when it is none."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of every day
    except ValueError:
        return None


class Policy(_Section):
    """How careful and how quiet Steward is."""

    mail_hold_s: Annotated[int, Field(ge=0, le=86400)] = 60
    approval_days: Annotated[int, Field(ge=1, le=60)] = 7
    pace_s: Annotated[int, Field(ge=0, le=3600)] = 5
    """Seconds from one mail to a list to the next."""
    per_hour: Annotated[int, Field(ge=1)] = 60
    """So many of one kind may leave within an hour; what is over it waits."""
    per_day: Annotated[int, Field(ge=1)] = 300
    """So many of one kind may leave within 24 hours."""
    recipient_per_hour: Annotated[int, Field(ge=1)] = 6
    """So many of one kind may reach one recipient within an hour."""
    recipient_per_day: Annotated[int, Field(ge=1)] = 20
    """So many of one kind may reach one recipient within 24 hours."""
    quiet_hours: str = "20:00-08:00"
    """From when to when nothing rings, in the owner's zone; empty for never."""
    rings_per_day: Annotated[int, Field(ge=0)] = 5
    brief_at: str = "08:00"
    """When the morning brief comes on working days; empty for none."""
    evening_at: str = "18:30"
    """When the silent line on what was filed comes; empty for none."""
    review: str = "Friday 16:00"
    """When the week's review comes; empty for none."""

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        begin, _, end = value.partition("-")
        if value and (_time(begin) is None or _time(end) is None):
            message = f'"{value}" are no hours; write them like "20:00-08:00"'
            raise ValueError(message)
        return value

    @field_validator("brief_at", "evening_at")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        if value and _time(value) is None:
            message = f'"{value}" is no time; write it like "08:00", or "" for never'
            raise ValueError(message)
        return value

    @field_validator("review")
    @classmethod
    def _is_a_day_and_time(cls, value: str) -> str:
        day, _, at = value.partition(" ")
        if value and (day not in _WEEKDAYS or _time(at) is None):
            message = f'"{value}" is no day and time; write it like "Friday 16:00", or "" for never'
            raise ValueError(message)
        return value

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when to when nothing rings; None for never."""
        begin, _, end = self.quiet_hours.partition("-")
        first, last = _time(begin), _time(end)
        return None if first is None or last is None or first == last else (first, last)

    @property
    def brief_time(self) -> time | None:
        """When the morning brief comes."""
        return _time(self.brief_at)

    @property
    def evening_time(self) -> time | None:
        """When the evening line comes."""
        return _time(self.evening_at)

    @property
    def review_day(self) -> tuple[int, time] | None:
        """Day of the week, Monday being 0, and time of the review."""
        day, _, at = self.review.partition(" ")
        when = _time(at)
        return None if when is None else (_WEEKDAYS.index(day), when)


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
    text, values = _read(file) if file is not None else ("", {})
    here = dict(os.environ) if environment is None else environment  # noqa: TID251 - the one place
    variables, wrong = _overlay(values, here)
    wrong += _read_secret_files(values, ())
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            where = tuple(str(step) for step in one["loc"])
            place = _variable(variables, where) or faults.place(file, text, where)
            wrong.append(f"{place}: {faults.sentence(one, _names(where[:-1]))}")
    else:
        if not wrong:
            return config
    raise Misconfigured(tuple(wrong))


def config_file(named: Path | None, data: Path) -> Path | None:
    """The file to read: the named one, else config.toml in the data folder or here, if any."""
    if named is not None:
        return named
    return next((one for one in (data / "config.toml", Path("config.toml")) if one.exists()), None)


def data_folder(named: str | None, config: Config | None = None) -> Path:
    """The data folder: named, from STEWARD_DATA, from the configuration, else the default."""
    chosen = named or os.environ.get("STEWARD_DATA") or (config.storage.data if config else "")  # noqa: TID251
    return Path(chosen).expanduser() if chosen else Path("~/.local/share/steward").expanduser()


def settings() -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every setting there is, as section and key, and whether it is a secret.

    A section of any name, as for a web hook, stands as "NAME".
    """
    yield from _settings(Config, ())


def _settings(
    section: type[BaseModel], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], bool]]:
    for name, field in section.model_fields.items():
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
        deeper = [one for one in kinds if isinstance(one, type) and issubclass(one, _Section)]
        here = (*path, field.alias or name)
        if not deeper:
            yield here, SecretStr in kinds
        elif dict in [getattr(field.annotation, "__origin__", None)]:
            yield from _settings(deeper[0], (*here, "NAME"))
        else:
            yield from _settings(deeper[0], here)


def _variable(variables: dict[tuple[str, ...], str], where: tuple[str, ...]) -> str | None:
    """The environment variable that made a setting what it is; None for the file or a default."""
    return next((name for path, name in variables.items() if path[: len(where)] == where), None)


def _names(section: tuple[str, ...]) -> tuple[str, ...]:
    """The names that are right in a section."""
    depth = len(section)
    found = (
        path[depth]
        for path, _ in settings()
        if len(path) > depth
        and all(named in (step, "NAME") for named, step in zip(path, section, strict=False))
    )
    return tuple(dict.fromkeys(found))


def _read(file: Path) -> tuple[str, dict[str, object]]:
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise Misconfigured((f"{file}: cannot be read ({error.strerror}).",)) from error
    except UnicodeDecodeError as error:
        raise Misconfigured((f"{file}: is not a text in UTF-8.",)) from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured((f"{file}: {error}.",)) from error


def _overlay(
    values: dict[str, object], environment: dict[str, str]
) -> tuple[dict[tuple[str, ...], str], list[str]]:
    """Put STEWARD_SECTION__KEY over what the file says; deeper levels by more underscores.

    Returns:
        Which variable each setting came from, and what is wrong with the others.
    """
    came_from: dict[tuple[str, ...], str] = {}
    wrong: list[str] = []
    for name, value in sorted(environment.items()):
        if not name.startswith("STEWARD_") or "__" not in name:
            continue
        *path, key = name.removeprefix("STEWARD_").lower().split("__")
        section = _inside(values, path)
        if section is None:
            wrong.append(f"{name}: there is no such setting.")
            continue
        section[key] = value
        came_from[*path, key] = name
        came_from[*path, key.removesuffix("_file")] = name
    return came_from, wrong


def _inside(values: dict[str, object], path: list[str]) -> dict[str, object] | None:
    """The section at a path, made when it is missing; None where a value stands in its way."""
    for step in path:
        deeper = values.setdefault(step, {})
        if not isinstance(deeper, dict):
            return None
        values = cast("dict[str, object]", deeper)
    return values


def _read_secret_files(values: dict[str, object], path: tuple[str, ...]) -> list[str]:
    """Replace every KEY_file by KEY with the file's content."""
    wrong: list[str] = []
    for name, value in list(values.items()):
        if isinstance(value, dict):
            wrong += _read_secret_files(cast("dict[str, object]", value), (*path, name))
        elif name.endswith("_file") and isinstance(value, str):
            where = f"[{'.'.join(path)}] {name}"
            key = name.removesuffix("_file")
            if key in values:
                wrong.append(f"{where}: {key} is given too; keep one of them.")
            del values[name]
            try:
                secret = Path(value).expanduser().read_text(encoding="utf-8").strip()
            except OSError as error:
                wrong.append(f"{where}: {value} cannot be read ({error.strerror}).")
                continue
            except UnicodeDecodeError:
                wrong.append(f"{where}: {value} is not a text in UTF-8.")
                continue
            if not secret:
                wrong.append(f"{where}: {value} is empty.")
            values[key] = secret
            if path[:1] == ("hooks",):
                values[name] = value
    return wrong


__all__ = [
    "Budget",
    "Calendar",
    "Config",
    "Currency",
    "Hook",
    "Imap",
    "Inbound",
    "Local",
    "Mail",
    "Models",
    "OAuth",
    "Owner",
    "Policy",
    "Slack",
    "Smtp",
    "Storage",
    "Telegram",
    "config_file",
    "data_folder",
    "load",
    "settings",
]
