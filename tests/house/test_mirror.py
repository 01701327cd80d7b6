"""Every module in the rooms has its test file, found without search."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "agents", "memory", "jobs")


def modules() -> list[str]:
    """Every module of the rooms as a path, "memory/when.py"; the empty __init__.py is none."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path.stat().st_size > 0
    )


def mirror_of(module: str) -> str:
    """Where the test of a module lives.

    "memory/when.py" has tests/memory/test_when.py, "bot/__main__.py" has tests/bot/test_main.py,
    and what memory/records/__init__.py gathers is tested in tests/memory/test_records.py.
    """
    path = Path(module)
    if path.name == "__init__.py":
        path = path.parent
    return (Path("tests") / path.parent / f"test_{path.stem.strip('_')}.py").as_posix()


def exceptions() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["steward"]["untested_modules"]


@pytest.mark.parametrize(
    ("module", "mirror"),
    [
        ("memory/when.py", "tests/memory/test_when.py"),
        ("agents/readers/mail.py", "tests/agents/readers/test_mail.py"),
        ("bot/__main__.py", "tests/bot/test_main.py"),
        ("memory/records/__init__.py", "tests/memory/test_records.py"),
    ],
)
def test_a_test_has_the_name_of_its_module(module: str, mirror: str):
    assert mirror_of(module) == mirror


def test_every_module_has_its_test():
    without = [module for module in modules() if not (ROOT / mirror_of(module)).exists()]

    assert [module for module in without if module not in exceptions()] == []


def test_the_list_of_exceptions_only_shrinks():
    served = [
        module
        for module in exceptions()
        if module not in modules() or (ROOT / mirror_of(module)).exists()
    ]

    assert served == [], "take these off untested_modules in pyproject.toml"
