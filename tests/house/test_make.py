"""The Makefile finds a Python that is good enough, or says in one line what to install."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOO_OLD = "#!/bin/sh\nexit 1\n"
GOOD = '#!/bin/sh\ncase "$1" in -m) echo "environment at $4";; esac\n'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine that has make and nothing else on its path."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "bin").mkdir()
    return tmp_path


def install(machine: Path, name: str, script: str) -> None:
    program = machine / "bin" / name
    program.write_text(script)
    program.chmod(0o755)


def make(machine: Path, target: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program is not None
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine / "nowhere")}
    if "LANG" in os.environ:
        environment["LANG"] = os.environ["LANG"]
    return subprocess.run(
        [program, "--no-print-directory", target],
        cwd=machine,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_one_line_says_what_to_install(machine: Path):
    result = make(machine, ".venv/bin/python")

    assert result.returncode != 0
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "needs Python 3.11 or newer" in result.stderr
    assert "apt install python3" in result.stderr


def test_a_python_that_is_too_old_is_as_good_as_none(machine: Path):
    install(machine, "python3", TOO_OLD)

    assert "needs Python 3.11 or newer" in make(machine, ".venv/bin/python").stderr


def test_a_python_that_fails_is_passed_over_for_the_next(machine: Path):
    install(machine, "python3", TOO_OLD)
    install(machine, "python3.12", GOOD)

    result = make(machine, ".venv/bin/python")

    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "Making the environment with python3.12 ...",
        "environment at .venv",
    ]
