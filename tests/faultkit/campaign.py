"""Many points on several lanes at once, each finished one written down so that work can go on."""

import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.faultkit.house import ROOT
from tests.faultkit.lane import Lane, Rehearsal, Result
from tests.faultkit.points import BY_NAME, Counts, Line, Point, draw
from tests.faultkit.story import NOW, WRITERS

LANES = 3
"""On two cores: a house that waits for a hold or for a restart leaves its core to another."""
ROUNDS = 3
"""How often points whose line did not run again are drawn anew."""


def run(
    wanted: Mapping[str, int],
    seed: int,
    report: Callable[[Result], None],
    *,
    done: tuple[Result, ...] = (),
    lanes: int = LANES,
    writers: int = len(WRITERS),
    root: Path = ROOT,
    within: Callable[[Line], bool] = lambda line: True,
) -> tuple[Result, ...]:
    """Play so many points of each stratum; returns all results, those `done` before included.

    Args:
        report: Gets every result as soon as it is there, one at a time.
        writers: How many stories are played in one house.
        root: The tree whose Steward is tried.
        within: Which of the lines that ran may be drawn.
    """
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        sample = folder / "sample"
        make_sample(sample, root)
        with Lane(folder / "rehearsal", sample, root=root) as lane:
            rehearsal = lane.rehearse(WRITERS[:writers])
        counts = _narrowed(rehearsal.counts, within)
        results = list(done)
        for number in range(ROUNDS):
            missing = _missing(wanted, results)
            if not missing:
                break
            chance = random.Random(f"{seed} {number} {len(results)}")
            points = draw(counts, missing, chance, first=len(results))
            place = folder / f"round-{number}"
            places = [place / str(one) for one in range(min(lanes, len(points)))]
            results += _play(points, rehearsal, places, sample, root, report)
        return tuple(results)
    finally:
        shutil.rmtree(folder)


def make_sample(place: Path, root: Path = ROOT) -> None:
    """Fill a folder with the sample company, as its owner would."""
    subprocess.run(
        [sys.executable, "-m", "bot", "sample", "--data", str(place), "--now", NOW],
        cwd=root,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _narrowed(counts: Counts, within: Callable[[Line], bool]) -> Counts:
    return {
        (name, step): [one for one in lines if BY_NAME[name].process == "redis" or within(one)]
        for (name, step), lines in counts.items()
    }


def _missing(wanted: Mapping[str, int], results: list[Result]) -> dict[str, int]:
    had = Counter(one.point.stratum for one in results if one.verdict != "missed")
    return {name: number - had[name] for name, number in wanted.items() if number > had[name]}


def _play(
    points: list[Point],
    rehearsal: Rehearsal,
    places: list[Path],
    sample: Path,
    root: Path,
    report: Callable[[Result], None],
) -> list[Result]:
    waiting: queue.SimpleQueue[Point] = queue.SimpleQueue()
    for point in points:
        waiting.put(point)
    results: list[Result] = []
    turn = threading.Lock()

    def work(place: Path) -> None:
        with Lane(place, sample, root=root) as lane:
            for result in lane.play(_taken(waiting), rehearsal):
                with turn:
                    results.append(result)
                    report(result)

    with ThreadPoolExecutor(len(places)) as lanes:
        try:
            for one in as_completed([lanes.submit(work, place) for place in places]):
                one.result()
        finally:
            # Interrupted: every lane ends its point and closes its house, so that nothing is left.
            for _ in _taken(waiting):
                pass
    return results


def _taken(waiting: "queue.SimpleQueue[Point]") -> Iterator[Point]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
