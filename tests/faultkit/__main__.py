"""The command: `python -m tests.faultkit --part actions`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from tests.faultkit import campaign, plants
from tests.faultkit.lane import CLEAN, Result
from tests.faultkit.points import shares
from tests.faultkit.report import summary, table


def main() -> int:
    """Play the points; 1 when something was lost, doubled or otherwise not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.faultkit", description=__doc__)
    parser.add_argument("--part", choices=("actions", "plants"), default="actions")
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=campaign.LANES)
    parser.add_argument("--out", type=Path, default=Path("build/faults/actions.json"))
    parser.add_argument("--resume", action="store_true", help="keep what --out has finished")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if asked.part == "plants":
        return plants.main(asked.seed, asked.lanes)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    journal = asked.out.with_suffix(".jsonl")
    done = _read(journal) if asked.resume else ()
    journal.write_text("".join(one.text() + "\n" for one in done))
    began = time.monotonic()

    def report(result: Result) -> None:
        with journal.open("a") as file:
            file.write(result.text() + "\n")
        if result.verdict not in CLEAN:
            print(f"{result.verdict}: {result.died}: {result.faults}", flush=True)

    wanted = shares(asked.points)
    results = campaign.run(wanted, asked.seed, report, done=done, lanes=asked.lanes)
    found = {**summary(results), "wall_s": round(time.monotonic() - began, 1)}
    asked.out.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))
    print(f"{found['wall_s']} s; {asked.out}")
    return 0 if all(one.verdict in CLEAN for one in results) else 1


def _read(journal: Path) -> tuple[Result, ...]:
    if not journal.exists():
        return ()
    # A last line without its end belongs to a run that was interrupted.
    return tuple(Result.of(line) for line in journal.read_text().split("\n")[:-1])


if __name__ == "__main__":
    sys.exit(main())
