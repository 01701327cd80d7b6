"""From nothing to a configuration: found out, complete, private, and never overwritten unsaid."""

import io
import json
import re
import stat
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.init import Asked, Begun, begin, find_out, given
from memory.config import Config, load, settings
from memory.errors import Misconfigured
from tests.doubles.steward import ROOT
from tests.house.words import assert_plain

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def begun(folder: Path, piped: str = "", config: Path | None = None, **fields) -> Begun:
    return begin(folder, config, Asked(**fields), NOW, io.StringIO(piped))


@pytest.mark.parametrize(
    ("environment", "zone", "found"),
    [
        ({"LANG": "pt_PT.UTF-8"}, "Europe/Lisbon", ("Europe/Lisbon", "pt-PT", "EUR")),
        ({"LANG": "en_US.UTF-8"}, "Europe/Lisbon", ("Europe/Lisbon", "en-US", "EUR")),
        ({"LANG": "C.UTF-8", "TZ": ":America/New_York"}, "", ("America/New_York", "en-GB", "USD")),
        ({"LC_TIME": "de_CH", "LANG": "en_US"}, "", ("UTC", "de-CH", "CHF")),
        ({}, "Etc/UTC", ("UTC", "en-GB", "EUR")),
        ({"TZ": "Mars/Base", "LANG": "xx_YY"}, "Asia/Tokyo", ("Asia/Tokyo", "en-GB", "JPY")),
    ],
)
def test_zone_locale_and_money_are_found_out(tmp_path, environment: dict, zone: str, found: tuple):
    if zone:
        (tmp_path / "localtime").symlink_to(f"/usr/share/zoneinfo/{zone}")

    one = find_out(environment, tmp_path)

    assert (one.timezone, one.locale, one.currency) == found


def test_debians_own_file_is_read_too(tmp_path):
    (tmp_path / "timezone").write_text("Europe/Berlin\n")

    assert find_out({}, tmp_path).timezone == "Europe/Berlin"


def test_the_file_is_complete_commented_and_private(tmp_path):
    one = begun(tmp_path / "new" / "company", owner={"name": "Dana Reyes"})

    text = one.file.read_text()
    section = ""
    named: set[str] = set()
    for line in text.splitlines():
        if header := re.match(r"(?:# )?\[([\w.]+)\]", line):
            section = re.sub(r"^hooks\.\w+$", "hooks.NAME", header[1])
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            named.add(f"{section}.{key[1]}")
    assert {".".join(path) for path, _ in settings()} - named == set()
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600
    config = load(one.file, {})
    assert config.owner.name == "Dana Reyes"
    untouched = {"owner"}
    assert config.model_dump(exclude=untouched) == Config().model_dump(exclude=untouched)


def test_a_file_that_is_there_is_left_and_that_is_said(tmp_path):
    (tmp_path / "config.toml").write_text("# mine\n")

    one = begun(tmp_path)

    assert (tmp_path / "config.toml").read_text() == "# mine\n"
    assert one.says == f"{tmp_path}/config.toml is there already, so I left it as it is."


def test_in_a_file_that_is_there_only_what_was_given_changes(tmp_path):
    (tmp_path / "config.toml").write_text('# mine\n[owner]\nname = "Dana"  # me\n')

    one = begun(tmp_path, owner={"currency": "USD"})

    assert (tmp_path / "config.toml").read_text() == (
        '# mine\n[owner]\nname = "Dana"  # me\ncurrency = "USD"\n'
    )
    assert one.says.endswith("was there already. I changed only: [owner] currency.")


def test_a_fresh_file_saves_the_old_one(tmp_path):
    (tmp_path / "config.toml").write_text("# mine\n")

    one = begun(tmp_path, fresh=True)

    saved = tmp_path / "config.toml.20260310-090000"
    assert saved.read_text() == "# mine\n"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert f"saved yours as {saved.name}" in one.says


def test_a_token_comes_from_a_file_or_from_a_pipe(tmp_path):
    (tmp_path / "token").write_text("4242:abc\n")

    from_file = begun(tmp_path / "a", telegram_token_file=str(tmp_path / "token"))
    from_pipe = begun(tmp_path / "b", piped="4242:piped\n", telegram_token_file="-")

    assert load(from_file.file, {}).telegram.token.get_secret_value() == "4242:abc"
    assert "4242:abc" not in from_file.file.read_text()
    assert load(from_pipe.file, {}).telegram.token.get_secret_value() == "4242:piped"
    assert "LoadCredential=telegram.token:" in from_file.lines()


def test_a_mail_account_needs_an_address_and_a_file(tmp_path):
    (tmp_path / "password").write_text("hush")

    one = begun(
        tmp_path / "a", mail="dana@gmail.com", mail_password_file=str(tmp_path / "password")
    )

    mail = load(one.file, {}).mail
    assert mail.smtp is not None
    assert mail.imap is not None
    assert (mail.smtp.host, mail.smtp.password.get_secret_value()) == ("smtp.gmail.com", "hush")
    assert (mail.imap.host, mail.imap.sent_filed_by) == ("imap.gmail.com", "server")


@pytest.mark.parametrize(
    "fields",
    [
        {"owner": {"timezone": "Mars"}},
        {"settings": ("nonsense",)},
        {"settings": ("mail.smtp.port=70000",)},
        {"mail": "dana@gmail.com"},
        {"mail": "dana", "mail_password_file": "/x"},
        {"telegram_token_file": "/not/there"},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path, fields: dict):
    with pytest.raises(Misconfigured):
        begun(tmp_path, **fields)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mail.smtp.port=587", 587),
        ("telegram.api_url=http://127.0.0.1:1", "http://127.0.0.1:1"),
        ('owner.name="Dana"', "Dana"),
        ("owner.name=Dana Reyes", "Dana Reyes"),
    ],
)
def test_a_setting_is_given_with_an_equals_sign(text: str, value: object):
    where, read = given(text)

    assert ".".join(where) == text.partition("=")[0]
    assert read == value


def test_what_is_printed_is_plain_and_says_the_next_steps(tmp_path):
    said = begun(tmp_path).lines()

    head, _, _ = said.partition("\n----")
    assert_plain(head)
    assert f"1. steward run --data {tmp_path}" in head
    assert [one for one in ("[Service]", "docker run", "services:") if one in said] == [
        "[Service]",
        "docker run",
        "services:",
    ]


def steward(*arguments: str, piped: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "init", *arguments],
        cwd=ROOT, input=piped, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_command_works_from_a_pipe_and_prints_one_recipe_alone(tmp_path):
    data = str(tmp_path / "company")
    made = steward("--data", data, "--telegram-token-file", "-", "--json", piped="4242:piped")
    again = steward("--data", data)
    unit = steward("--data", data, "--recipe", "systemd")
    wrong = steward("--data", data, "--timezone", "Mars")

    assert made.returncode == again.returncode == unit.returncode == 0
    assert json.loads(made.stdout)["config"] == f"{data}/config.toml"
    assert "left it as it is" in again.stdout
    assert unit.stdout.startswith("# /etc/systemd/system/steward.service\n[Unit]\n")
    assert wrong.returncode == 2
    assert "time zone" in wrong.stderr
    assert tomllib.loads((tmp_path / "company" / "config.toml").read_text())["telegram"] == {
        "token": "4242:piped",
        "api_url": "",
        "webhook_url": "",
        "webhook_secret": "",
    }
