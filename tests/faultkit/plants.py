"""The kit on trial: faults planted into copies of the tree, each of which it has to report."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faultkit import campaign
from tests.faultkit.house import ROOT
from tests.faultkit.lane import CLEAN, Result
from tests.faultkit.points import Line

ROOMS = ("bot", "agents", "memory", "jobs")


@dataclass(frozen=True)
class Plant:
    """One fault, as a change of one file, and where dying shows it."""

    name: str
    file: str
    healthy: str
    sick: str
    stratum: str
    points: int
    within: Callable[[Line], bool]
    """Lines near the fault; all others would find it too, only seldom."""

    def copy_into(self, folder: Path) -> Path:
        """A tree with the fault.

        Raises:
            LookupError: The product no longer has the lines that the fault replaces.
        """
        for room in ROOMS:
            shutil.copytree(
                ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__")
            )
        place = folder / self.file
        text = place.read_text()
        if text.count(self.healthy) != 1:
            message = f"{self.name}: {self.file} no longer has the lines this replaces"
            raise LookupError(message)
        place.write_text(text.replace(self.healthy, self.sick))
        return folder


PLANTS = (
    Plant(
        name="received is said before the commit",
        file="jobs/outbox.py",
        healthy="""
        accepted = await self._company.store.write(work, within_s=INGEST_S)
        await self._bell.wake_workers()
        return accepted
""",
        sick="""
        import asyncio

        self._later = asyncio.get_running_loop().call_later(
            0.05, lambda: asyncio.ensure_future(self._company.store.write(work))
        )
        return Accepted(source=source.id, fresh=True)
""",
        stratum="ingest",
        points=8,
        within=lambda line: line[0] in ("memory/store.py", "jobs/sources.py"),
    ),
    Plant(
        name="the final dot leaves before the marker",
        file="jobs/connectors/mail.py",
        healthy="""        try:
            self.ask()
        except BaseException:
            self.close()
            raise
        try:
            self.send(b".\\r\\n")
            code, said = self.getreply()
""",
        sick="""        try:
            self.send(b".\\r\\n")
            code, said = self.getreply()
            self.ask()
""",
        stratum="send",
        points=8,
        within=lambda line: line[1] == "mark",
    ),
    Plant(
        name="doubt is tried again",
        file="jobs/sweep.py",
        healthy='elif action.effect.repeats() in ("A", "D"):',
        sick="elif action.effect.repeats():",
        stratum="send",
        points=8,
        within=lambda line: line[0] in ("memory/revisions.py", "smtplib.py"),
    ),
)


def main(seed: int, lanes: int) -> int:
    """Try every plant; 1 when one of them went unnoticed."""
    unnoticed = 0
    for plant in PLANTS:
        found = find(plant, seed, lanes)
        bad = [one for one in found if one.verdict not in CLEAN]
        unnoticed += not bad
        verdicts = ", ".join(sorted({one.verdict for one in bad})) or "NOT NOTICED"
        print(f"{plant.name}: {len(bad)} of {len(found)} points: {verdicts}", flush=True)
        for one in bad[:3]:
            print(f"    {one.died} ({one.phase}): {one.faults[-1]}", flush=True)
    return 1 if unnoticed else 0


def find(plant: Plant, seed: int, lanes: int) -> tuple[Result, ...]:
    """What the kit says of a tree with this fault."""
    with tempfile.TemporaryDirectory(prefix="plant-") as folder:
        root = plant.copy_into(Path(folder) / "tree")
        return campaign.run(
            {plant.stratum: plant.points},
            seed,
            lambda _: None,
            lanes=lanes,
            root=root,
            within=plant.within,
        )
