"""Plays points one after another, in houses that live until something is found or used up."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.doubles.smtp_journal import sent
from tests.faultkit import history
from tests.faultkit.death import Commands, Death
from tests.faultkit.house import ROOT, House, Overdue, until
from tests.faultkit.points import STRATA, Counts, Line, Point, Stratum
from tests.faultkit.story import STEPS, WRITERS, Story, Writer

Verdict = Literal["same", "unknown", "lost", "doubled", "other", "missed"]
CLEAN = ("same", "unknown", "missed")

CONFIG = """
[mail]
from_address = "dana@reyesstudio.example"

[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"

[policy]
mail_hold_s = 1
"""
DOUBT = ["sent", "send", "cancel"]
"""The buttons of a card that nobody may guess about."""
OPEN = "('approved', 'held', 'ready', 'claimed', 'committing', 'retry_wait')"


@dataclass(frozen=True)
class Rehearsal:
    """The undisturbed story."""

    counts: Counts
    records: dict[Writer, list[str]]
    """What the company knows because of each writer, in the order in which they wrote."""


@dataclass(frozen=True)
class Result:
    """What became of one point."""

    point: Point
    verdict: Verdict
    phase: str
    """How far the reply was when the process died."""
    died: str
    faults: tuple[str, ...]
    took_s: float

    def text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Self:
        said: dict[str, Any] = json.loads(text)
        said["point"] = Point(**said["point"])
        said["faults"] = tuple(said["faults"])
        return cls(**said)


class Lane:
    """One mail server that nothing disturbs, and one house at a time beside it."""

    def __init__(self, folder: Path, sample: Path, *, root: Path = ROOT) -> None:
        """Start the mail server.

        Args:
            sample: A data folder with the sample company; copied for every house.
            root: The tree whose Steward is tried.
        """
        folder.mkdir(parents=True)
        self._folder = folder
        self._sample = sample
        self._root = root
        self._journal = folder / "journal"
        self._houses = 0
        self._witness = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.doubles.smtp", "--with-parent"),
                *("--journal", str(self._journal)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._witness.stdout is not None
        self._port = int(self._witness.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._witness.terminate()
        self._witness.communicate()

    def rehearse(self, writers: tuple[Writer, ...] = WRITERS) -> Rehearsal:
        """Play every writer's story undisturbed, and count in the last ones."""
        house = self._house()
        house.start()
        try:
            records: dict[Writer, list[str]] = {}
            counts: dict[tuple[str, str], list[Line]] = {}
            # Lines that run only once in a process have run by the last stories.
            rounds = _rounds()
            nothing: list[tuple[Stratum, ...]] = [()] * (len(writers) - len(rounds))
            for writer, strata in zip(writers, [*nothing, *rounds], strict=True):
                story = Story(house, self._journal, writer)
                counts |= self._counted(house, story, strata)
                records[writer] = story.new_records()
            return Rehearsal(counts, records)
        finally:
            self._leave(house)

    def play(self, points: Iterator[Point], rehearsal: Rehearsal) -> Iterator[Result]:
        """Play points until there are none; a house with a fault in it is left."""
        point = next(points, None)
        while point is not None:
            house = self._house()
            house.start()
            mails_before = len(sent(self._journal))
            try:
                for writer in rehearsal.records:
                    if point is None:
                        break
                    result = self._play(house, writer, point, rehearsal, mails_before)
                    yield result
                    point = next(points, None)
                    if result.verdict not in CLEAN:
                        break
            finally:
                self._leave(house)

    def _counted(
        self, house: House, story: Story, strata: tuple[Stratum, ...]
    ) -> dict[tuple[str, str], list[Line]]:
        """Play a story to its end; the lines of these strata that ran in it."""
        counts: dict[tuple[str, str], list[Line]] = {}
        for step in STEPS:
            here = [one for one in strata if step in one.steps]
            commands = Commands(house)
            for stratum in here:
                if stratum.process != "redis":
                    house.set_trap(stratum.process, stratum.plan())
            story.take(step)
            commands.listen()
            for stratum in here:
                if stratum.process == "redis":
                    counts[stratum.name, step] = [("", "", 0, commands.seen)]
                else:
                    counts[stratum.name, step] = house.lift_trap(stratum.process)
            commands.close()
        return counts

    def _play(
        self, house: House, writer: Writer, point: Point, rehearsal: Rehearsal, mails_before: int
    ) -> Result:
        began = time.monotonic()
        found: list[history.Fault] = []
        others: list[str] = []
        in_doubt = False
        death: Death | None = None
        story: Story | None = None
        try:
            story = Story(house, self._journal, writer)
            for step in STEPS:
                if step == point.step:
                    with Death(house, story, point) as death:
                        story.take(step)
                else:
                    story.take(step)
            in_doubt = story.state() == "unknown"
            if in_doubt:
                others += _wrong_doubt(story, death)
                story.resolve()
            until(lambda: not _open_ends(house), f"unfinished: {_open_ends(house)}", within_s=10)
            found += history.faults(history.read(house.data), sent(self._journal)[mails_before:])
            others += _wrong_end(story, rehearsal)
        except (Overdue, PermissionError) as error:
            others += [str(error), *house.log().splitlines()[-20:]]
        if story is not None:
            found += _wrong_count(story)
        died = death.where if death else ""
        return Result(
            point=point,
            verdict=_verdict(found, others, in_doubt=in_doubt, has_died=bool(died)),
            phase=phase(death) if death and died else "",
            died=died,
            faults=tuple(others) + tuple(f"{one.kind}: {one.says}" for one in found),
            took_s=round(time.monotonic() - began, 2),
        )

    def _house(self) -> House:
        self._houses += 1
        folder = self._folder / f"house-{self._houses}"
        folder.mkdir()
        return House(folder, self._sample, CONFIG.format(port=self._port), root=self._root)

    def _leave(self, house: House) -> None:
        house.stop()
        shutil.rmtree(house.data.parent)


def _rounds() -> list[tuple[Stratum, ...]]:
    """All strata, so that in each round a process counts for one of them at a time."""
    rounds: list[tuple[Stratum, ...]] = []
    for stratum in STRATA:
        for number, others in enumerate(rounds):
            if not any(_clash(stratum, one) for one in others):
                rounds[number] = (*others, stratum)
                break
        else:
            rounds.append((stratum,))
    return rounds


def _clash(one: Stratum, other: Stratum) -> bool:
    is_same = one.process == other.process != "redis"
    return is_same and bool(set(one.steps) & set(other.steps))


def phase(death: Death) -> str:
    """How far the reply was, by what the ledger said when the process was dead."""
    if not death.events:
        return "message kept" if death.kept else "nothing kept"
    for event, name in (
        ("action_done", "after the receipt"),
        ("action_committing", "between marker and receipt"),
        ("action_claimed", "between claim and marker"),
        ("action_approved", "approved"),
    ):
        if event in death.events:
            return name
    return "on its card"


def _wrong_doubt(story: Story, death: Death | None) -> list[str]:
    """Doubt is right only where the process died between marker and receipt, and on a card."""
    found: list[str] = []
    if death is None or phase(death) != "between marker and receipt":
        found.append(f"in doubt, but it died {phase(death) if death else 'never'}")
    card = story.card()
    if card["buttons"] != DOUBT:
        found.append(f"in doubt, and its card offers {card['buttons']}")
    if f'Please look in Sent for "{story.subject}"' not in card["text"]:
        found.append(f"in doubt, and its card says {card['text']}")
    return found


def _wrong_end(story: Story, rehearsal: Rehearsal) -> list[str]:
    """What is not as it would have been without the death."""
    found: list[str] = []
    if story.state() != "done":
        found.append(f"it ended {story.state()}")
    known, expected = set(story.new_records()), set(rehearsal.records[story.writer])
    found += [f"not in the undisturbed run: {one}" for one in sorted(known - expected)]
    found += [f"only in the undisturbed run: {one}" for one in sorted(expected - known)]
    verified = story.house.insist("GET", "ledger/verify")[0]
    if not verified["ok"]:
        found += [f"ledger: {one}" for one in verified["faults"]]
    cards = story.house.insist("GET", "cards?all=1")
    found += [f"card without a state: {one['card']}" for one in cards if not one["text"]]
    return found


def _wrong_count(story: Story) -> list[history.Fault]:
    """However it ended, one mail arrived."""
    arrived = len(story.mails())
    if arrived == 1:
        return []
    says = f"{story.writer.address} got {arrived} mails"
    return [history.Fault("doubled" if arrived else "lost", says)]


def _open_ends(house: House) -> list[tuple[object, ...]]:
    """What is still on its way; after a story, nothing."""
    actions = house.query(f"select id, state from action where state in {OPEN}")
    runs = house.query("select id, state from run where state in ('planned', 'claimed')")
    return actions + runs + house.query("select id from source where settled_at is null")


def _verdict(
    found: list[history.Fault], others: list[str], *, in_doubt: bool, has_died: bool
) -> Verdict:
    kinds = {one.kind for one in found}
    if "doubled" in kinds:
        return "doubled"
    if "lost" in kinds:
        return "lost"
    if kinds or others:
        return "other"
    if not has_died:
        return "missed"
    return "unknown" if in_doubt else "same"
