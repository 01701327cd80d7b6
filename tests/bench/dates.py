"""How many dates are read right, and how fast.

`python -m tests.bench.dates --data F [--out F.jsonl]`. F has a JSON object a line, `{"id", "text",
"now", "locale", "currency"}`, or is a list of `{"Input", "Context": {"ReferenceDateTime"},
"Results"}`, whose first result is then compared with the first date we find. The output has a line
for each line of the input: `{"id", "values", "ends", "choices"}`, the starts of all dates found in
order on the owner's clock, days as YYYY-MM-DD, moments as YYYY-MM-DDTHH:MM:SS.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from memory import when
from memory.when import When

KINDS = ("date", "datetime", "daterange", "datetimerange", "time", "timerange")
USUAL_NOW = "2016-11-07T00:00:00"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dates")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    items = items_of(options.data.read_text(encoding="utf-8"))
    answers = [answer(item) for item in items]
    if options.out:
        lines = (
            json.dumps(line_of(item, found))
            for item, (found, _) in zip(items, answers, strict=True)
        )
        options.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    report(items, answers)
    return 0


def items_of(text: str) -> list[dict[str, Any]]:
    """The items of a file of either shape, as `{"id", "text", "now", "locale", "results"}`."""
    if text.lstrip().startswith("["):
        return [
            {
                "id": str(number),
                "text": case["Input"],
                "now": case.get("Context", {}).get("ReferenceDateTime", USUAL_NOW),
                "locale": "en-US",
                "results": case["Results"],
            }
            for number, case in enumerate(json.loads(text))
        ]
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def answer(item: dict[str, Any]) -> tuple[tuple[When, ...], float]:
    """The dates of one text, and how many seconds it took to find them."""
    now = moment_of(item["now"])
    started = perf_counter()
    found = when.find(item["text"], now=now, locale=item.get("locale", "en-GB"))
    return found, perf_counter() - started


def moment_of(text: str) -> datetime:
    """An ISO moment; the zone stands in brackets behind it, is its offset, or is UTC."""
    iso, _, zone = text.partition("[")
    # Seven digits of a second are one more than Python reads.
    moment = datetime.fromisoformat(iso[:26] if "." in iso else iso)
    if zone:
        return moment.astimezone(ZoneInfo(zone.rstrip("]")))
    return (
        moment.astimezone(UTC).replace(tzinfo=ZoneInfo("UTC"))
        if moment.tzinfo
        else (moment.replace(tzinfo=ZoneInfo("UTC")))
    )


def line_of(item: dict[str, Any], found: tuple[When, ...]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "values": [text_of(each.part_start, each) for each in found],
        "ends": [each.end and text_of(each.end, each) for each in found],
        "choices": [[text_of(choice, each) for choice in each.choices] for each in found],
    }


def text_of(moment: datetime, found: When) -> str:
    is_day = not found.has_time and moment.time() == found.start.time()
    return f"{moment:%Y-%m-%d}" if is_day else f"{moment:%Y-%m-%dT%H:%M:%S}"


def is_right(result: dict[str, Any], found: When, kind: str) -> bool | None:
    """Whether our start is one of the right ones; None if the data names no start."""
    values = (result.get("Resolution") or {}).get("values", [])
    wanted = {value.get("start") or value.get("value") for value in values} - {None, "not resolved"}
    if not wanted:
        return None
    ours = {*found.choices, found.start, found.part_start}
    forms = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", *(["%H:%M:%S"] if kind.startswith("time") else [])]
    return bool({each.strftime(form) for each in ours for form in forms} & wanted)


def report(items: list[dict[str, Any]], answers: list[tuple[tuple[When, ...], float]]) -> None:
    right, asked = Counter[str](), Counter[str]()
    for item, (found, _) in zip(items, answers, strict=True):
        if "results" not in item:
            continue
        if not item["results"]:
            asked["nothing there"] += 1
            right["nothing there"] += not found
            continue
        kind = item["results"][0]["TypeName"].partition(".")[2]
        verdict = is_right(item["results"][0], found[0] if found else NOTHING, kind)
        if kind in KINDS and verdict is not None:
            asked[kind] += 1
            right[kind] += verdict
    for kind in asked:
        print(f"{kind:<14} {right[kind]:>4} of {asked[kind]:>4}  {right[kind] / asked[kind]:.3f}")
    dates = sum(asked[kind] for kind in KINDS)
    if dates:
        total = sum(right[kind] for kind in KINDS)
        print(f"{'all dates':<14} {total:>4} of {dates:>4}  {total / dates:.3f}")
    times = sorted(seconds * 1000 for _, seconds in answers)
    if times:
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"texts {len(times)}, found in {sum(bool(found) for found, _ in answers)}")
        print(f"ms per text: p50 {p50:.2f}, p95 {p95:.2f}, most {times[-1]:.2f}")


NOTHING = When(span=(0, 0), text="", start=datetime(1, 1, 1, tzinfo=UTC))

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
