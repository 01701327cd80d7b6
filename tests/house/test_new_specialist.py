"""A new specialist is one file: dropped into a copy of the house, it works there."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from memory.records.calendar_add import CalendarAdd
from memory.records.notice import Shown
from tests.doubles.builders import NOBODY_HOME, a_desk, a_source, until

ROOT = Path(__file__).parents[2]
PLANTS = '''"""Plants: who wants to water them gets an hour in the calendar."""

from datetime import timedelta

from agents.specialist import Heard, Specialist, Work
from memory.records.calendar_add import CalendarAdd
from memory.records.intent import Intent
from memory.records.proposal import Proposal, Suggestion


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "water the plants"."""
    if heard.letter is not None or "water the plants" not in heard.text.lower():
        return ()
    return (Intent(kind="plants.water", confidence=0.95, tier="rules"),)


async def by_rule(work: Work) -> Proposal:
    """An hour this evening."""
    start = work.now.replace(hour=18, minute=0, second=0, microsecond=0)
    entry = CalendarAdd(
        what="Water the plants",
        start=start,
        end=start + timedelta(hours=1),
        zone=str(work.zone),
        entry=f"plants-{start:%Y%m%d}@steward",
    )
    suggestion = Suggestion(effect=entry, heading="Plants", rationale="You want to water them.")
    return Proposal(suggestions=(suggestion,), rationale="You want to water them.")


SPECIALIST = Specialist(
    name="plants",
    version="1",
    handles="the plants of the office",
    takes=("plants.water",),
    may_propose=(CalendarAdd,),
    recognise=recognise,
    by_rule=by_rule,
    instructions="No slots.",
    examples=("water the plants",),
    cannot_yet="It does not yet know which plant is thirsty.",
)
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with one more file in it."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in ("agents", "jobs", "memory", "tests/contracts", "tests/doubles", "tests/house"):
        shutil.copytree(
            ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "test_[!s]*.py")
        )
    for file in ("tests/__init__.py", "tests/conftest.py"):
        shutil.copy(ROOT / file, copy / file)
    (copy / "agents" / "specialists" / "plants.py").write_text(PLANTS)
    return copy


def test_it_is_held_to_the_same_contract_as_everybody(house: Path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "plants"]

    report = subprocess.run(
        [*command, "tests/contracts/test_specialists.py"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
        # the inner run picks its tests on purpose, which a strict run would not forgive
        env={name: value for name, value in os.environ.items() if name != "CI"},
    )

    assert report.returncode == 0, report.stdout + report.stderr
    assert "failed" not in report.stdout
    assert " passed" in report.stdout


async def test_a_real_worker_puts_its_proposal_on_a_card(house: Path, tmp_path: Path):
    async with a_desk(tmp_path) as desk:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "jobs", "worker"),
            *("--data", str(tmp_path), "--redis", NOBODY_HOME, "--child"),
            cwd=house,
            stdin=asyncio.subprocess.PIPE,
        )
        cards: list[Shown] = []

        async def has_a_card() -> bool:
            cards[:] = [one for one in await desk.cards() if one.notice.kind == "card"]
            return bool(cards)

        try:
            await desk.tell(a_source("please water the plants"))
            await until(has_a_card, within_s=60)
        finally:
            assert worker.stdin is not None
            worker.stdin.close()
            await worker.wait()

    action = cards[0].action
    assert action is not None
    assert (action.agent, action.heading) == ("plants@1", "Plants")
    assert isinstance(action.effect, CalendarAdd)
    assert action.effect.what == "Water the plants"


def test_no_other_file_was_touched(house: Path):
    changed = [
        path.relative_to(house).as_posix()
        for room in ("agents", "jobs", "memory")
        for path in (house / room).rglob("*.py")
        if not (ROOT / path.relative_to(house)).exists()
        or path.read_bytes() != (ROOT / path.relative_to(house)).read_bytes()
    ]

    assert changed == ["agents/specialists/plants.py"]
