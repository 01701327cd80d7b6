"""A strict run forgives nothing that was left out, with one process and with two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

COMPLETE = {
    "memory/test_when.py": "def test_one():\n    pass\n\ndef test_two():\n    pass\n",
    "bot/test_cards.py": "def test_three():\n    pass\n",
}
WITH_GAPS = {
    **COMPLETE,
    "jobs/test_marked.py": """
import pytest

@pytest.mark.skip(reason="later")
def test_later():
    pass

def test_maybe():
    pytest.skip("not today")

@pytest.mark.xfail
def test_broken():
    assert False

@pytest.mark.xfail(strict=False)
def test_mended():
    pass
""",
    "agents/test_elsewhere.py": "import pytest\npytest.skip('no', allow_module_level=True)\n",
}


def run(folder: Path, files: dict[str, str], *options: str, ci: str) -> tuple[int, str]:
    """Run pytest on these test files; how it ended, and what it printed."""
    for name, source in files.items():
        test = folder / "tests" / name
        test.parent.mkdir(parents=True, exist_ok=True)
        test.write_text(source)
    (folder / "conftest.py").write_text("from tests.conftest import pytest_configure\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**ours, "PYTHONPATH": str(ROOT), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


@pytest.fixture(scope="module", params=["0", "2"], ids=["in one process", "in two"])
def run_with_gaps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, str]:
    folder = tmp_path_factory.mktemp("gaps")
    deselected = "--deselect=tests/memory/test_when.py::test_two"
    return run(folder, WITH_GAPS, "-n", request.param, deselected, ci="true")


def test_a_strict_run_with_gaps_fails(run_with_gaps: tuple[int, str]):
    assert run_with_gaps[0] == 1


@pytest.mark.parametrize(
    "line",
    [
        "skipped: tests/jobs/test_marked.py::test_later",
        "skipped: tests/jobs/test_marked.py::test_maybe",
        "expected to fail: tests/jobs/test_marked.py::test_broken",
        "expected to fail: tests/jobs/test_marked.py::test_mended",
        "skipped: tests/agents/test_elsewhere.py",
        "deselected: tests/memory/test_when.py::test_two",
    ],
    ids=[
        "a skipped test",
        "a skip inside",
        "an expected failure",
        "an unexpected success",
        "a skipped file",
        "a deselected test",
    ],
)
def test_every_gap_is_named(line: str, run_with_gaps: tuple[int, str]):
    assert line in run_with_gaps[1].splitlines()


def test_a_complete_strict_run_passes_and_counts_each_room(tmp_path: Path):
    code, output = run(tmp_path, COMPLETE, "-n", "2", ci="true")

    assert code == 0, output
    assert "tests per room: memory 2, agents 0, jobs 0, bot 1, journeys 0" in output
    assert "3 passed" in output.splitlines()[-1]


def test_at_the_desk_a_selection_is_fine(tmp_path: Path):
    code, output = run(tmp_path, COMPLETE, "-k", "test_one", ci="")

    assert code == 0, output
