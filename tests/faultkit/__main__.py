"""The command: `python -m tests.faultkit --part actions`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from tests.faultkit import campaign, plants
from tests.faultkit.budget import part as budget
from tests.faultkit.doors import part
from tests.faultkit.lane import CLEAN, Result
from tests.faultkit.ledger import part as ledger
from tests.faultkit.points import shares
from tests.faultkit.report import summary, table
from tests.faultkit.stop.part import stops


def main() -> int:
    """Play the points; 1 when something was lost, doubled or otherwise not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.faultkit", description=__doc__)
    parser.add_argument(
        "--part",
        choices=("actions", "budget", "doors", "histories", "ledger", "plants", "stop"),
        default="actions",
    )
    parser.add_argument(
        "--points",
        type=int,
        help="default: 300; doors: 1,000 each; histories, ledger: 2,000; budget, stop: 10,000",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=campaign.LANES)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--resume", action="store_true", help="keep what --out has finished")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out: Path = asked.out or Path("build/faults") / f"{asked.part}.json"
    if asked.part == "plants":
        return plants.main(asked.seed, asked.lanes)
    if asked.part == "doors":
        return part.doors(asked.points or 1000, asked.seed, out, resume=asked.resume)
    if asked.part == "budget":
        return budget.run(asked.points or 10_000, asked.seed, out)
    if asked.part == "ledger":
        return ledger.run(asked.points or 2000, out)
    if asked.part == "histories":
        return part.days(asked.points or 2000, asked.seed, out, resume=asked.resume)
    if asked.part == "stop":
        return stops(asked.points or 10_000, asked.seed, out, resume=asked.resume)
    return _actions(asked.points or 300, asked.seed, out, asked.lanes, resume=asked.resume)


def _actions(points: int, seed: int, out: Path, lanes: int, *, resume: bool) -> int:
    out.parent.mkdir(parents=True, exist_ok=True)
    journal = out.with_suffix(".jsonl")
    done = _read(journal) if resume else ()
    journal.write_text("".join(one.text() + "\n" for one in done))
    began = time.monotonic()

    def report(result: Result) -> None:
        with journal.open("a") as file:
            file.write(result.text() + "\n")
        if result.verdict not in CLEAN:
            print(f"{result.verdict}: {result.died}: {result.faults}", flush=True)

    wanted = shares(points)
    results = campaign.run(wanted, seed, report, done=done, lanes=lanes)
    found = {**summary(results), "wall_s": round(time.monotonic() - began, 1)}
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))
    print(f"{found['wall_s']} s; {out}")
    return 0 if all(one.verdict in CLEAN for one in results) else 1


def _read(journal: Path) -> tuple[Result, ...]:
    if not journal.exists():
        return ()
    # A last line without its end belongs to a run that was interrupted.
    return tuple(Result.of(line) for line in journal.read_text().split("\n")[:-1])


if __name__ == "__main__":
    sys.exit(main())
