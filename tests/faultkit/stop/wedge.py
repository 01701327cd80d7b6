"""A stop while nothing works: the worker stands still, redis is gone, the database is held."""

import os
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faultkit.campaign import make_sample
from tests.faultkit.house import House, until

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Wedged:
    """How long the stops took."""

    held_s: float
    """How long the database was held each time."""
    in_force_ms: tuple[float, ...]
    """Until the file was there."""
    answered_ms: tuple[float, ...]
    """Until the owner was told."""
    faults: tuple[str, ...]


def press(count: int, held_s: float) -> Wedged:
    """Say stop so many times at a house in which nothing else works."""
    folder = Path(tempfile.mkdtemp(prefix="wedge-"))
    try:
        make_sample(folder / "sample")
        house = House(folder, folder / "sample", "")
        house.start()
        still = (house.pid("worker"), house.redis_pid())
        try:
            for pid in still:
                os.kill(pid, signal.SIGSTOP)
            return _press(house, count, held_s)
        finally:
            # who stands still can't be asked to end, and nobody else would wake it
            for pid in still:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            house.cut_power()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _press(house: House, count: int, held_s: float) -> Wedged:
    in_force: list[float] = []
    answered: list[float] = []
    faults: list[str] = []
    place = house.data / "STOP"
    while len(answered) < count:
        with _Held(house.data / "steward.db", held_s) as held:
            while len(answered) < count and held.is_held:
                place.unlink(missing_ok=True)
                seen = _Seen(place)
                began = time.monotonic()
                said = house.ask("POST", "say", {"text": "STOP", "id": f"stop {len(answered)}"})
                took = (time.monotonic() - began) * 1000
                if not held.is_held:
                    # the database was let go meanwhile: this one proves nothing
                    seen.end()
                    continue
                answered.append(took)
                in_force.append((seen.end() - began) * 1000)
                if "Nothing leaves" not in str(said[0].get("text")):
                    faults.append(f"it said {said}")
    os.kill(house.pid("worker"), signal.SIGCONT)
    # what was held up is written down once the database is free, by the worker
    noted = "select count(*) from notice where kind = 'stop'"
    until(lambda: house.query(noted)[0][0] > 0, "the books never heard of it", PATIENCE_S)
    return Wedged(held_s, tuple(in_force), tuple(answered), tuple(faults))


class _Held:
    """Another program that holds the database for so long."""

    def __init__(self, place: Path, held_s: float) -> None:
        self._place = place
        self._held_s = held_s
        self._over = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    @property
    def is_held(self) -> bool:
        return not self._over.is_set()

    def __enter__(self) -> "_Held":
        self._thread.start()
        self._begun.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _hold(self) -> None:
        with closing(
            sqlite3.connect(self._place, timeout=PATIENCE_S, isolation_level=None)
        ) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self._begun.set()
            time.sleep(self._held_s)
            self._over.set()
            connection.execute("ROLLBACK")


class _Seen:
    """Watches for the moment in which the stop's file is there."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._at = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def end(self) -> float:
        """When it was there."""
        self._over.set()
        self._thread.join()
        return self._at or time.monotonic()

    def _watch(self) -> None:
        while not self._at and not self._over.is_set():
            if self._place.exists():
                self._at = time.monotonic()
            time.sleep(0.001)
