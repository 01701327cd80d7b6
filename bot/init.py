"""From nothing to a configuration that runs: finds out what it can, and asks nothing."""

import os
import pwd
import socket
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies

from bot.client import door_port
from bot.forms import MailForm
from bot.recipes import RECIPES, Machine, Recipe, recipe, secret_files
from bot.wrong_inputs import Wrong
from memory.config import Config, load
from memory.config_file import Value, Where, changed, keep, write
from memory.errors import Misconfigured

_TEMPLATE = Path(__file__).parent / "first_config.toml"
_SOURCE = Path(__file__).parents[1]
_PORTS = range(8484, 8584)
_ETC = Path("/etc")


@dataclass(frozen=True)
class Found:
    """What the computer says about its owner."""

    timezone: str
    locale: str
    currency: str


@dataclass(frozen=True)
class Asked:
    """What the owner gave on the command line; empty is left to us."""

    owner: Mapping[str, str] = field(default_factory=dict[str, str])
    telegram_token_file: str = ""
    """A file, or "-" for standard input."""
    mail: str = ""
    """An address, whose servers are looked up."""
    mail_password_file: str = ""
    settings: tuple[str, ...] = ()
    """Any others, as "mail.smtp.port=587"."""
    fresh: bool = False
    """Put a complete new file in the place of one that is there, which is saved."""


@dataclass(frozen=True)
class Begun:
    """What `steward init` did, and what comes next."""

    file: Path
    data: Path
    says: str
    found: Found | None
    """None where the file was there already."""
    recipes: Mapping[Recipe, str] = field(default_factory=dict[Recipe, str])

    def facts(self) -> dict[str, object]:
        """All of it, for a script."""
        facts = {"config": str(self.file), "data": str(self.data), "says": self.says}
        return {**facts, "recipes": dict(self.recipes)}

    def lines(self) -> str:
        """All of it, for a terminal."""
        given = "" if self.data == _usual_data() else f" --data {self.data}"
        if self.file != self.data / "config.toml":
            given += f" --config {self.file}"
        head = [self.says]
        if self.found is not None:
            one = self.found
            head.append(
                f"I found: time zone {one.timezone}, dates and numbers as in {one.locale}, "
                f"money in {one.currency}. Change them in the file if they are wrong."
            )
        steps = [
            "",
            "Next:",
            f"  1. steward run{given}",
            "  2. Open the link it prints. It works once; steward link prints another.",
            "  3. In the page's menu, at the top right, choose Settings: phone, mail, a model.",
            f"  4. steward doctor{given}   checks that everything is in order.",
        ]
        titles = {
            "systemd": "To keep it running, save this as /etc/systemd/system/steward.service, "
            "then type: systemctl enable --now steward",
            "docker": "Or in a container:",
            "compose": "Or with compose, as compose.yaml:",
        }
        always_on = [
            line
            for kind, text in self.recipes.items()
            for line in ("", f"---- {titles[kind]}", "", text)
        ]
        return "\n".join([*head, *steps, *always_on])


def begin(
    data: Path, named: Path | None, asked: Asked, now: datetime, standard_input: TextIO
) -> Begun:
    """Write the configuration where there is none; put settings into one that is there.

    Args:
        data: The data folder, made when it is missing.
        named: Another place for the configuration than the data folder.
        asked: What the owner gave.
        now: Names the old file when a new one takes its place.
        standard_input: Read only where a token is to come from it.

    Raises:
        Misconfigured: A setting is wrong, or the folder can't be used; nothing was written.
    """
    file = (named or data / "config.toml").absolute()
    settings = _settings(asked, standard_input)
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured((f"{data}: cannot be used ({error.strerror}).",)) from error
    found, says = None, f"{file} is there already, so I left it as it is."
    if file.exists() and not asked.fresh:
        if settings:
            keep(file, settings)
            names = ", ".join(f"[{'.'.join(one[:-1])}] {one[-1]}" for one in settings)
            says = f"{file} was there already. I changed only: {names}."
    else:
        found = find_out(dict(os.environ), _ETC)  # noqa: TID251 - the system's own settings
        text = changed(_TEMPLATE.read_text(encoding="utf-8"), {**_owner(found), **settings})
        saved = file.with_name(f"{file.name}.{now:%Y%m%d-%H%M%S}") if file.exists() else None
        if saved is not None:
            saved.write_bytes(file.read_bytes())
            saved.chmod(0o600)
        config = write(file, text)
        owner = config.owner
        found = Found(owner.timezone, owner.locale, owner.currency)
        says = f"I wrote {file}; only you can read it."
        if saved is not None:
            says = f"I wrote a new {file}, and saved yours as {saved.name} beside it."
    machine = machine_of(load(file), data.absolute(), file)
    recipes: dict[Recipe, str] = {kind: recipe(kind, machine) for kind in RECIPES}
    return Begun(file=file, data=data.absolute(), says=says, found=found, recipes=recipes)


def one_recipe(kind: Recipe, config: Config, data: Path, file: Path | None) -> str:
    """One recipe for this machine."""
    place = (file or data / "config.toml").absolute()
    return recipe(kind, machine_of(config, data.absolute(), place))


def _settings(asked: Asked, standard_input: TextIO) -> dict[Where, Value]:
    """What the owner gave, as settings."""
    settings: dict[Where, Value] = {
        ("owner", name): value for name, value in asked.owner.items() if value
    }
    token = asked.telegram_token_file
    if token == "-":  # noqa: S105 - a place, not a token
        settings["telegram", "token"] = standard_input.read().strip()
    elif token:
        settings["telegram", "token"] = None
        settings["telegram", "token_file"] = _absolute(token)
    if asked.mail:
        if not asked.mail_password_file:
            raise Misconfigured(("--mail needs --mail-password-file: a file with its password.",))
        settings |= mail_of(asked.mail, _absolute(asked.mail_password_file))
    return settings | dict(map(given, asked.settings))


def _absolute(place: str) -> str:
    return str(Path(place).expanduser().absolute())


def given(text: str) -> tuple[Where, Value]:
    """A setting from the command line: "mail.smtp.port=587".

    Raises:
        Misconfigured: It is none.
    """
    name, equals, value = text.partition("=")
    where = tuple(name.strip().split("."))
    if not equals or len(where) < 2 or not all(where):
        raise Misconfigured((f'"{text}" is no setting; write it like mail.smtp.port=587.',))
    try:
        read = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        read = value
    return where, read if isinstance(read, str | int | float) else value


def mail_of(address: str, password_file: str) -> dict[Where, Value]:
    """The settings of a mail account whose servers the address tells.

    Raises:
        Misconfigured: It is no address, or its provider lets no program in.
    """
    form = MailForm.read({"address": address, "password": "from a file"}, Config())
    if isinstance(form, Wrong):
        raise Misconfigured((f"{form.sentence} {form.step}",))
    settings = form.settings()
    for server in ("smtp", "imap"):
        del settings["mail", server, "password"]
        settings["mail", server, "password_file"] = password_file
    return settings


def find_out(environment: Mapping[str, str], etc: Path) -> Found:
    """Time zone, locale and currency, from what the system is set to."""
    timezone = _timezone(environment, etc)
    locale = _locale(environment)
    # a zone says more of where somebody is than a locale, which is often left at American
    zones: Mapping[str, str] = get_global("zone_territories")
    territory = zones.get(timezone, "001")
    if territory == "001":
        territory = locale.territory if locale and locale.territory else ""
    money = get_territory_currencies(territory) if territory else []
    written = f"{locale.language}-{locale.territory}" if locale and locale.territory else "en-GB"
    return Found(timezone=timezone, locale=written, currency=str(money[0]) if money else "EUR")


def machine_of(config: Config, data: Path, file: Path) -> Machine:
    """This machine, for a recipe."""
    script = Path(sys.executable).parent / "steward"
    program = (str(script),) if script.exists() else (sys.executable, "-m", "bot")
    uid, gid = os.getuid(), os.getgid()
    return Machine(
        program=program,
        source=_SOURCE,
        data=data,
        config=file,
        user=_name_of(uid),
        uid=uid,
        gid=gid,
        port=config.local.port or door_port(data) or _free_port(),
        secrets=secret_files(file),
    )


def _owner(found: Found) -> dict[Where, Value]:
    return {
        ("owner", "timezone"): found.timezone,
        ("owner", "locale"): found.locale,
        ("owner", "currency"): found.currency,
    }


def _timezone(environment: Mapping[str, str], etc: Path) -> str:
    """As TZ says, or where /etc/localtime points, or what /etc/timezone holds."""
    guesses = [environment.get("TZ", "").removeprefix(":")]
    here = etc / "localtime"
    if here.is_symlink():
        guesses.append(str(here.resolve()).partition("zoneinfo/")[2])
    if (etc / "timezone").is_file():
        guesses.append((etc / "timezone").read_text(encoding="utf-8", errors="replace").strip())
    known = available_timezones()
    named = next((one for one in guesses if one in known), "UTC")
    return "UTC" if named in ("Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu") else named


def _locale(environment: Mapping[str, str]) -> Locale | None:
    """As the system writes dates; None for a system that has no language."""
    for name in ("LC_ALL", "LC_TIME", "LANG"):
        said = environment.get(name, "").partition(".")[0].partition("@")[0]
        if said in ("", "C", "POSIX"):
            continue
        try:
            return Locale.parse(said)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _usual_data() -> Path:
    return Path("~/.local/share/steward").expanduser()


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _free_port() -> int:
    """The first port in our row that nobody has."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return _PORTS[0]
