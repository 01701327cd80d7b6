"""Configuration: complete, checked as a whole, every fault with the line to fix."""

import re
import tomllib
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from memory.config import Config, config_file, data_folder, load, settings
from memory.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        place = tmp_path / "config.toml"
        place.write_text(dedent(text))
        return place

    return write


def faults_of(file: Path | None, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as wrong:
        load(file, environment or {})
    return tuple(one.replace(str(file), "config.toml") for one in wrong.value.faults)


def test_with_no_file_at_all_there_are_defaults():
    assert load(None, {}) == Config()


def test_the_example_is_right():
    config = load(EXAMPLE, {})

    assert config.mail.smtp is not None
    assert config.mail.imap is not None
    assert set(config.hooks) == {"payments"}
    assert config.budget.per_day == Decimal("5.00")


def test_the_example_names_every_setting_there_is():
    section = ""
    named: set[str] = set()
    for line in EXAMPLE.read_text().splitlines():
        if header := re.match(r"\[([\w.]+)\]", line):
            section = re.sub(r"^hooks\.\w+$", "hooks.NAME", header[1])
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            named.add(f"{section}.{key[1]}")

    assert {".".join(path) for path, _ in settings()} - named == set()


def test_the_example_shows_the_defaults_of_what_it_does_not_fill_in():
    filled_in = {"owner", "mail", "hooks"}
    shown = tomllib.loads(EXAMPLE.read_text())

    assert load(EXAMPLE, {}).model_dump(exclude=filled_in) == Config().model_dump(exclude=filled_in)
    assert {"storage", "local", "telegram", "slack", "calendar", "models"} <= set(shown)


def test_every_fault_is_told_at_once_with_its_line(write: Write):
    file = write("""\
        [owner]
        timezone = "Lisbon"
        currency = "euro"
        telegram_id = "abc"
        nmae = "Dana"

        [mail]
        from_address = 5

        [mail.smtp]
        port = 99999
        security = "ssl"

        [models]
        small_price = "cheap"
        timeout_s = "soon"

        [budget]
        per_day = "lots"
        per_customer_per_day = -1

        [policy]
        mail_hold_s = -1
        quiet_hours = "late"

        [polcy]
        approval_days = 3
    """)

    assert faults_of(file) == (
        'config.toml, line 2: [owner] timezone: "Lisbon" is not a time zone; '
        'write it like "Europe/Lisbon".',
        'config.toml, line 3: [owner] currency: "euro" is not a currency; '
        'write three capital letters, such as "EUR".',
        "config.toml, line 4: [owner] telegram_id: write a whole number.",
        'config.toml, line 5: [owner] nmae: there is no such setting; did you mean "name"?',
        'config.toml, line 8: [mail] from_address: write a text in quotes, such as "this".',
        "config.toml, line 10: [mail.smtp] host: is missing.",
        "config.toml, line 11: [mail.smtp] port: must be at most 65535.",
        'config.toml, line 12: [mail.smtp] security: write "starttls", "tls" or "none".',
        "config.toml, line 15: [models] small_price: write what a million tokens cost, in and "
        'out, such as "0.05 / 0.40".',
        "config.toml, line 16: [models] timeout_s: write a number, such as 30.0.",
        'config.toml, line 19: [budget] per_day: write an amount, such as "5.00".',
        "config.toml, line 20: [budget] per_customer_per_day: must be at least 0.",
        "config.toml, line 23: [policy] mail_hold_s: must be at least 0.",
        'config.toml, line 24: [policy] quiet_hours: "late" are no hours; '
        'write them like "20:00-08:00".',
        'config.toml, line 26: polcy: there is no such section; did you mean "policy"?',
    )


def test_the_clock_of_the_day_is_told_in_full_when_it_is_wrong(write: Write):
    file = write("""\
        [policy]
        brief_at = "8"
        evening_at = "half past six"
        review = "Freitag 16:00"
    """)

    assert faults_of(file) == (
        'config.toml, line 2: [policy] brief_at: "8" is no time; write it like "08:00", '
        'or "" for never.',
        'config.toml, line 3: [policy] evening_at: "half past six" is no time; write it like '
        '"08:00", or "" for never.',
        'config.toml, line 4: [policy] review: "Freitag 16:00" is no day and time; write it like '
        '"Friday 16:00", or "" for never.',
    )


def test_everything_the_clock_says_can_be_turned_off(write: Write):
    off = 'quiet_hours = ""\nbrief_at = ""\nevening_at = ""\nreview = ""\n'

    policy = load(write(f"[policy]\n{off}"), {}).policy

    assert (policy.quiet, policy.brief_time, policy.evening_time, policy.review_day) == (None,) * 4


def test_the_clock_of_the_day_has_defaults():
    policy = Config().policy

    assert policy.quiet == (time(20), time(8))
    assert (policy.brief_time, policy.evening_time) == (time(8), time(18, 30))
    assert policy.review_day == (4, time(16))


@pytest.mark.parametrize("hours", ["20:00", "25:00-08:00", "20:00-08:60", "20-8", "-"])
def test_quiet_hours_are_two_times_of_a_day(write: Write, hours: str):
    (fault,) = faults_of(write(f'[policy]\nquiet_hours = "{hours}"\n'))

    assert "are no hours" in fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('mail = "dana@x.example"', "line 1: mail: is a section"),
        ('[owner]\nlocale = "klingon"', 'line 2: [owner] locale: "klingon" is not a locale'),
        ("[models]\ntimeout_s = inf", "line 2: [models] timeout_s: write a number"),
        ("[models]\ntimeout_s = 0", "line 2: [models] timeout_s: must be more than 0"),
        ("[local]\nport = 1.5", "line 2: [local] port: write a whole number"),
        ("[hooks.shop]\nsecrt = 'x'", 'line 2: [hooks.shop] secrt: there is no such setting'),
        ("[hooks.shop]\nschema = 'x'", "line 1: [hooks.shop] secret: is missing"),
        ("[hooks.shop]\nsecret = ''", "line 2: [hooks.shop] secret: is missing; give a secret"),
        (
            "[hooks.shop]\ntoken = 'x'\nschema = '/nowhere.json'",
            'line 3: [hooks.shop] schema: write "payment", "mail" or the path of a file; '
            "/nowhere.json cannot be read.",
        ),
        (
            "[hooks.shop]\ntoken = 'x'\nscheme = 'md5'",
            'line 3: [hooks.shop] scheme: write "timestamp", "standard" or "body".',
        ),
        (
            "[mail.inbound]\nlisten = '0.0.0.0:25'",
            "line 2: [mail.inbound] listen: write an address of this computer only",
        ),
        (
            "[mail.inbound]\nlisten = '127.0.0.1:25'",
            "line 1: [mail.inbound] token: write 16 to 48 letters and digits",
        ),
        ("[mail.inbound]\ntoken = 'short'", "line 2: [mail.inbound] token: write 16 to 48"),
        (
            "[mail.imap]\nhost = 'x'\nusername = 'x'\nauth = 'xoauth2'",
            'line 1: [mail] imap: auth = "xoauth2" needs a token; add a section [mail.oauth].',
        ),
        ("[mail.oauth]\nclient_id = 'x'", "line 1: [mail.oauth] refresh_token: is missing"),
        (
            "[mail.oauth]\nrefresh_token = 'x'",
            "line 2: [mail.oauth] refresh_token: needs a token_url",
        ),
        (
            "[mail.oauth]\nrefresh_token = 'x'\ntoken_url = 'http://x.example'",
            "line 3: [mail.oauth] token_url: write an https address",
        ),
        ("[mail]\nsmtp.port = 25", "line 2: [mail.smtp] host: is missing"),
        ("[mail]\nsmtp = { port = 25 }", "line 2: [mail.smtp] host: is missing"),
        ("[owner\nname = 1", "at line 1"),
    ],
)  # fmt: skip
def test_a_common_slip_is_told_in_plain_words(write: Write, text: str, fault: str):
    assert any(fault in one for one in faults_of(write(text)))


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path):
    latin = tmp_path / "config.toml"
    latin.write_bytes('name = "José"'.encode("latin-1"))

    assert "cannot be read (No such file" in faults_of(tmp_path / "none.toml")[0]
    assert faults_of(latin) == ("config.toml: is not a text in UTF-8.",)


def test_the_environment_wins_over_the_file(write: Write):
    file = write('[owner]\nname = "Dana"\ncurrency = "USD"\n')
    environment = {
        "STEWARD_OWNER__NAME": "Ines",
        "STEWARD_MAIL__SMTP__HOST": "smtp.example",
        "STEWARD_LOCAL__PORT": "8123",
        "STEWARD_DATA": "/elsewhere",
        "OTHER__NAME": "x",
    }

    config = load(file, environment)

    assert (config.owner.name, config.owner.currency) == ("Ines", "USD")
    assert config.mail.smtp is not None
    assert (config.mail.smtp.host, config.local.port) == ("smtp.example", 8123)


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("STEWARD_LOCAL__PORT", "-3", "STEWARD_LOCAL__PORT: must be at least 0."),
        (
            "STEWARD_OWNER__NAME__FIRST",
            "x",
            "STEWARD_OWNER__NAME__FIRST: there is no such setting.",
        ),
        ("STEWARD_OWNER__TOWN", "x", "STEWARD_OWNER__TOWN: there is no such setting."),
    ],
)
def test_a_fault_from_the_environment_names_the_variable(
    write: Write, variable: str, value: str, fault: str
):
    file = write('[owner]\nname = "Dana"\n')

    assert faults_of(file, {variable: value}) == (fault,)


def test_a_secret_may_lie_in_a_file(write: Write, tmp_path: Path):
    (tmp_path / "token").write_text("12:abc\n")
    file = write(f'[telegram]\ntoken_file = "{tmp_path}/token"\n')

    assert load(file, {}).telegram.token.get_secret_value() == "12:abc"


def test_the_environment_may_name_the_file_of_a_secret(tmp_path: Path):
    (tmp_path / "key").write_text("sk-1")

    config = load(None, {"STEWARD_MODELS__API_KEY_FILE": str(tmp_path / "key")})

    assert config.models.api_key.get_secret_value() == "sk-1"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            'token_file = "/nowhere/token"',
            "token_file: /nowhere/token cannot be read (No such file",
        ),
        ('token_file = "/dev/null"', "token_file: /dev/null is empty."),
        ('token = "a"\ntoken_file = "/dev/null"', "token is given too; keep one of them."),
    ],
)
def test_a_secret_file_that_holds_no_secret_is_a_fault(write: Write, text: str, fault: str):
    assert any(fault in one for one in faults_of(write(f"[telegram]\n{text}\n")))


def test_a_secret_is_not_shown():
    config = load(None, {"STEWARD_TELEGRAM__TOKEN": "12:abc"})

    assert "12:abc" not in repr(config)
    assert "12:abc" not in str(config.model_dump())


def test_a_wrong_secret_is_not_repeated_in_its_fault(write: Write):
    file = write("[telegram]\ntoken = 1234567\n")

    assert not any("1234567" in fault for fault in faults_of(file))


def test_the_file_in_the_data_folder_is_read_when_none_is_named(tmp_path: Path):
    (tmp_path / "config.toml").write_text("")
    named = tmp_path / "other.toml"

    assert config_file(None, tmp_path) == tmp_path / "config.toml"
    assert config_file(named, tmp_path) == named


def test_the_named_data_folder_comes_before_the_configured_one():
    config = load(None, {"STEWARD_STORAGE__DATA": "/configured"})

    assert data_folder("/named", config) == Path("/named")


def test_a_configuration_does_not_change():
    with pytest.raises(ValueError, match="frozen"):
        Config().owner = Config().owner


HOOK = 'webhook_url = "https://bot.example"'
SECRET = 'webhook_secret = "0123456789abcdef"'


def test_telegram_brings_messages_to_an_address_with_a_secret(write: Write):
    config = load(write(f"[telegram]\n{HOOK}\n{SECRET}\n"), {})

    assert config.telegram.webhook_url == "https://bot.example"


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([HOOK], ["[telegram] webhook_secret: webhook_url needs it"]),
        ([SECRET], ["line 2: [telegram] webhook_secret: means nothing without webhook_url"]),
        (
            [HOOK, 'webhook_secret = "short"'],
            ["line 3: [telegram] webhook_secret: write 16 to 256"],
        ),
        (
            ['webhook_url = "http://bot.example"', 'webhook_secret = "with blanks in it!"'],
            ["begins with https:// only", "webhook_secret: write 16 to 256 letters"],
        ),
    ],
    ids=["no secret", "no address", "a short secret", "both wrong"],
)
def test_half_a_hook_is_a_fault(write: Write, lines: list[str], faults: list[str]):
    found = faults_of(write("\n".join(["[telegram]", *lines, ""])))

    assert len(found) == len(faults)
    assert all(fault in one for fault, one in zip(faults, found, strict=True))
    assert not any("0123456789abcdef" in one or "short" in one.partition(":")[2] for one in found)


def test_an_own_server_may_bring_them_without_encryption(write: Write):
    own = 'api_url = "http://127.0.0.1:8081"\nwebhook_url = "http://127.0.0.1:8080"'

    assert load(write(f"[telegram]\n{own}\n{SECRET}\n"), {}).telegram.webhook_url
