"""The command: its exit codes, what it prints, and how little it loads."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.served import a_served_house
from tests.doubles.steward import ROOT

ASKS = (
    ["say", "hello"],
    ["cards"],
    ["press", "note_1", "approve"],
    ["records"],
    ["actions"],
    ["why", "act_1"],
    ["ledger", "verify"],
    ["ledger", "export"],
    ["link"],
)
"""Commands that want a running Steward."""


def in_folder(data: Path, *arguments: str) -> list[str]:
    name, *rest = arguments
    return [name, "--data", str(data), *rest]


@pytest.mark.parametrize("asked", ASKS, ids=" ".join)
def test_without_a_running_steward_a_command_says_so(tmp_path, capsys, asked):
    assert main(in_folder(tmp_path, *asked)) == 3
    assert capsys.readouterr().err == ("Steward is not running here. Start it with: steward run\n")


def test_a_script_reads_what_went_wrong_as_json(tmp_path, capsys):
    assert main(in_folder(tmp_path, "cards", "--json")) == 3
    assert json.loads(capsys.readouterr().out) == {
        "error": "Steward is not running here.",
        "hint": "Start it with: steward run",
    }


@pytest.mark.parametrize(
    "asked",
    [[], ["frobnicate"], ["press"], ["ledger", "burn"], ["say", "x", "--wait", "long"]],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(capsys, asked):
    with pytest.raises(SystemExit) as ended:
        main(asked)

    assert ended.value.code == 2
    assert "usage: steward" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [["say"], ["say", "--file", "/not/there.eml"], ["clock", "+1h"], ["sample", "--now", "soon"]],
    ids=" ".join,
)
def test_what_cannot_be_done_like_this_ends_with_2(tmp_path, capsys, asked):
    assert main(in_folder(tmp_path, *asked)) == 2
    assert capsys.readouterr().err.endswith(".\n")


@pytest.mark.parametrize("asked", [*ASKS, ["doctor"], ["backup"], ["clock", "+1h"]], ids=" ".join)
def test_a_bad_configuration_ends_with_2(tmp_path, capsys, asked):
    (tmp_path / "config.toml").write_text('[owner]\ntimezone = "Mars"\ncurrency = "euros"\n')

    assert main(in_folder(tmp_path, *asked)) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_sample_is_filled_once(data, capsys):
    first = main(in_folder(data, "sample", "--now", "2026-03-10T09:00", "--json"))
    second = main(in_folder(data, "sample", "--json"))

    told, refused = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first, second) == (0, 1)
    assert told == {"sample": str(data), "now": "2026-03-10T09:00:00+00:00"}
    assert refused == {
        "error": "That folder already holds a company.",
        "hint": "Name an empty folder.",
    }


def test_only_a_sample_companys_clock_is_moved(data, capsys):
    assert main(in_folder(data, "clock", "+1h")) == 1
    assert capsys.readouterr().err == "Only the sample company's clock can be moved.\n"


def test_the_doctor_ends_with_0_where_all_is_fine(data, capsys):
    assert main(in_folder(data, "doctor", "--json")) == 0
    assert all(json.loads(line)["fine"] for line in capsys.readouterr().out.splitlines())


def test_the_doctor_ends_with_1_where_something_is_wrong(data, capsys):
    (data / "door.json").write_text(json.dumps({"port": 1, "key": "k"}))
    (data / "door.json").chmod(0o600)

    assert main(in_folder(data, "doctor", "--here")) == 1
    assert "WRONG  Doors: they do not answer." in capsys.readouterr().out


def test_a_backup_says_where_it_is(data, capsys):
    assert main(in_folder(data, "backup", "--json")) == 0
    assert Path(json.loads(capsys.readouterr().out)["backup"]).exists()


async def test_a_running_steward_is_asked_and_answers(data):
    async with a_served_house(data) as served:
        card = await served.house.put_card()

        cards = await steward(data, "cards", "--json")
        said = await steward(data, "say", "--json", "/waiting")
        verified = await steward(data, "ledger", "verify")
        nothing = await steward(data, "press", "note_none", "approve", "--json")
        pressed = await steward(data, "press", card, "approve", "--json")
        again = await steward(data, "press", card, "approve", "--json")
        quoted = await steward(data, "why", "no such action & more", "--json")

    assert [one.returncode for one in (cards, said, verified, pressed)] == [0, 0, 0, 0]
    assert [one.returncode for one in (nothing, again, quoted)] == [1, 1, 1]
    assert json.loads(cards.stdout)["card"] == card
    assert "Reply to Marta Silva" in json.loads(said.stdout)["text"]
    assert json.loads(quoted.stdout) == {"error": "There is no such action.", "hint": ""}
    assert "Already approved" in json.loads(again.stdout)["error"]


async def test_a_ledger_that_was_changed_ends_with_1(data):
    async with a_served_house(data) as served:
        await served.house.put_card()

        async def forge(connection) -> None:
            rows = await connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
            )
            for (name,) in rows.all():
                await connection.exec_driver_sql(f"DROP TRIGGER {name}")
            await connection.exec_driver_sql("UPDATE ledger SET actor = 'mallory' WHERE seq = 1")

        await served.house.company.store.write(forge)
        verified = await steward(data, "ledger", "verify", "--json")

    assert verified.returncode == 1
    assert json.loads(verified.stdout)["ok"] is False


def test_a_ledger_is_checked_and_exported_while_nobody_works(data, capsys):
    assert main(in_folder(data, "ledger", "verify")) == 0
    assert "Everything is as I wrote it" in capsys.readouterr().out
    assert main(in_folder(data, "ledger", "export", "--json")) == 0
    assert capsys.readouterr().out == ""


def test_the_folder_may_come_from_the_configuration(tmp_path, capsys):
    (tmp_path / "config.toml").write_text(f'[storage]\ndata = "{tmp_path / "kept"}"\n')

    asked = ["doctor", "--config", str(tmp_path / "config.toml")]

    assert main(asked) == 0
    assert f"nothing in {tmp_path / 'kept'} yet" in capsys.readouterr().out


def test_help_loads_nothing_that_it_does_not_need():
    script = (
        "import sys\nfrom bot.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = ('sqlalchemy', 'telegram', 'pydantic', 'starlette', 'redis', 'babel')\n"
        "sys.stderr.write(' '.join(one for one in heavy if one in sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert "SUPPRESS" not in done.stdout


@pytest.mark.parametrize("module", ["sqlalchemy", "telegram", "starlette", "pydantic_ai", "arq"])
def test_a_command_that_only_asks_does_not_load_the_house(tmp_path, module):
    script = (
        f"import sys\nfrom bot.__main__ import main\nmain(['cards', '--data', {str(tmp_path)!r}])\n"
        f"sys.exit(int({module!r} in sys.modules))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0


async def steward(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command as a process, without holding up the server in this one."""
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *in_folder(data, *arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
