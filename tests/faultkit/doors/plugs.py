"""The shipped product with its doors killed at any moment, while messages come in."""

import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

from tests.faultkit.campaign import make_sample
from tests.faultkit.doors.campaign import AT_ONCE, PATIENCE_S, Death, compare
from tests.faultkit.doors.platforms import Played, free_port
from tests.faultkit.house import House, Overdue

LONGEST_PAUSE_S = 0.4


def pull(door: str, times: int, seed: int) -> tuple[Death, ...]:
    """Kill the doors, or in one of three cases everything, so many times; then count.

    Returns:
        One death for every kill, and a last one "at the end" with everything that was sent.
    """
    chance = random.Random(f"{seed} {door}")
    folder = Path(tempfile.mkdtemp(prefix="plugs-"))
    sent: list[str] = []
    found: list[Death] = []
    port = free_port()
    platform = Played(door, port)
    try:
        make_sample(folder / "sample")
        config = f"\n[local]\nport = {port}\n{platform.config}\n"
        house = House(folder, folder / "sample", config)
        house.start()
        try:
            for number in range(times):
                began = time.monotonic()
                sent += platform.deliver(AT_ONCE)
                time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
                what = "everything" if chance.random() < 0.33 else "the doors"
                if what == "everything":
                    house.cut_power()
                else:
                    with suppress(ProcessLookupError):
                        os.kill(house.pid("doors"), signal.SIGKILL)
                lost, doubled = compare(house.data, sent, set(platform.received()))
                if what == "everything":
                    house.start_again()
                took = round(time.monotonic() - began, 2)
                found.append(Death(door, number, what, lost, doubled, (), took))
            faults: tuple[str, ...] = ()
            try:
                platform.wait_for(sent, PATIENCE_S * 3)
            except Overdue as error:
                faults = (str(error), *house.log().splitlines()[-15:])
            lost, doubled = compare(house.data, sent, set(sent))
            with closing(sqlite3.connect(house.data / "steward.db", timeout=10)) as connection:
                assert connection.execute("pragma quick_check").fetchone() == ("ok",)
            found.append(Death(door, times, "at the end", lost, doubled, faults, 0))
        finally:
            house.stop()
    finally:
        platform.close()
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(found)
