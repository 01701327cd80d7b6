"""Who may import whom, as pyproject.toml says it; the diagram that cannot lie."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "jobs", "agents", "memory")

WRONG = {
    "memory/store.py": "import jobs.claims, redis",
    "memory/records/mail.py": "import memory.store",
    "agents/ladder.py": "import pydantic_ai, socket",
    "agents/specialists/invoices.py": "import agents.specialists.replies, pydantic_ai",
    "agents/specialists/replies.py": "",
    "agents/guards/budget.py": "import agents.guards.money",
    "agents/guards/money.py": "",
    "jobs/claims.py": "import agents.ladder, telegram",
    "jobs/outbox.py": "import jobs.claims, jobs.smtp, smtplib",
    "jobs/smtp.py": "import smtplib",
    "jobs/check.py": "import jobs.smtp",
    "jobs/connectors/mail.py": "import jobs.connectors.calendar, smtplib",
    "jobs/connectors/calendar.py": "",
    "bot/telegram.py": "import bot.slack, jobs.outbox",
    "bot/telegram_layout.py": "import bot.slack_text",
    "bot/slack.py": "import jobs.claims, sqlalchemy",
    "bot/slack_text.py": "",
    "bot/slack_home.py": "import bot.slack_text, bot.telegram_client",
    "bot/telegram_client.py": "",
    "bot/local.py": "import bot.slack_text, bot.telegram_client",
}
"""A small house in which every rule of pyproject.toml is broken once."""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [command, "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def report_on_a_wrong_house(tmp_path_factory: pytest.TempPathFactory) -> str:
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    for name, source in WRONG.items():
        module = house / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(source + "\n")
    for folder in {(house / name).parent for name in WRONG} | {house / room for room in ROOMS}:
        (folder / "__init__.py").touch()
    report = lint_imports(house)
    assert report.returncode == 1, report.stdout + report.stderr
    return report.stdout


def test_every_import_in_the_house_is_allowed():
    report = lint_imports(ROOT)

    assert report.returncode == 0, report.stdout + report.stderr


def test_no_rule_is_kept_by_a_house_that_breaks_them_all(report_on_a_wrong_house: str):
    assert " KEPT" not in report_on_a_wrong_house
    assert "0 kept" in report_on_a_wrong_house


@pytest.mark.parametrize(
    "chain",
    [
        "memory.store -> jobs.claims",
        "bot.slack -> jobs.claims",
        "jobs.outbox -> smtplib",
        "jobs.outbox -> jobs.smtp",
        "jobs.claims -> telegram",
        "agents.ladder -> socket",
        "agents.specialists.invoices -> pydantic_ai",
        "agents.specialists.invoices -> agents.specialists.replies",
        "agents.guards.budget -> agents.guards.money",
        "jobs.connectors.mail -> jobs.connectors.calendar",
        "memory.records.mail -> memory.store",
        "memory.store -> redis",
        "bot.slack -> sqlalchemy",
        "bot.telegram -> bot.slack",
        "bot.telegram_layout -> bot.slack_text",
        "bot.slack_home -> bot.telegram_client",
        "bot.local -> bot.slack_text",
        "bot.local -> bot.telegram_client",
    ],
)
def test_a_wrong_import_is_named(chain: str, report_on_a_wrong_house: str):
    assert chain in report_on_a_wrong_house


@pytest.mark.parametrize(
    "line",
    [
        "agents.ladder -> pydantic_ai (l.1)\n\n\n",
        "jobs.connectors.mail -> smtplib",
        "jobs.smtp -> smtplib",
        "jobs.check -> jobs.smtp",
        "bot.slack_home -> bot.slack_text",
    ],
)
def test_the_one_module_that_may_is_not_blamed(line: str, report_on_a_wrong_house: str):
    assert f"-   {line}" not in report_on_a_wrong_house


def families(contract: str) -> list[list[str]]:
    """The modules of each chat, as a contract of pyproject.toml names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    (found,) = (one for one in contracts if one["id"] == contract)
    return [re.findall(r"\w+", layer) for layer in found["layers"]]


def test_every_module_of_a_chat_belongs_to_its_family():
    there, back = families("chat-doors"), families("chat-doors-back")

    assert back == there[::-1]
    for chat, *_ in there:
        modules = sorted(one.stem for one in (ROOT / "bot").glob(f"{chat}*.py"))
        assert modules in there, f"name them in pyproject.toml: {modules}"
