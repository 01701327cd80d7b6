"""One door's share, in a process of its own: `python -m tests.faultkit.doors KIND DOOR ...`."""

import argparse
import json
import sys
from pathlib import Path

from tests.faultkit.doors import campaign, histories, plugs
from tests.faultkit.doors.campaign import Death

THOUGHT_THROUGH = 50
"""Of so many days one is played with all the runs that follow from it."""


def main() -> int:
    """Append a line of JSON to --journal for everything that ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.faultkit.doors", description=__doc__)
    parser.add_argument("kind", choices=("points", "plugs", "day"))
    parser.add_argument("name", help="the door, several with commas, or the number of the day")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--length", type=int, default=200, help="deliveries in a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--done", type=int, default=0, help="deaths before")
    parser.add_argument("--tried", type=int, default=0, help="lines drawn before")
    parser.add_argument("--sample", type=Path, help="a folder with the sample company")
    parser.add_argument("--journal", type=Path, required=True)
    asked = parser.parse_args()

    def note(kind: str, line: dict[str, object]) -> None:
        with asked.journal.open("a") as file:
            file.write(json.dumps({"kind": kind, **line}) + "\n")

    def report(death: Death) -> None:
        note(asked.kind, json.loads(death.text()))

    if asked.kind == "points":
        for door in asked.name.split(","):
            campaign.run(
                door, asked.count, asked.seed, report,
                done=asked.done, tried=asked.tried, sample=asked.sample,
            )  # fmt: skip
    elif asked.kind == "plugs":
        for death in plugs.pull(asked.name, asked.count, asked.seed):
            report(death)
    else:
        number = int(asked.name)
        think = number % THOUGHT_THROUGH == 0
        others = histories.compare(number, asked.length, asked.count, think=think)
        note("day", {"day": number, "histories": asked.count, "different": others})
    return 0


if __name__ == "__main__":
    sys.exit(main())
