"""How many amounts of money are read right, and how fast.

`python -m tests.bench.money --data F [--out F.jsonl]`. F has a JSON object a line, `{"id", "text",
"now", "locale", "currency"}`, or is a list of `{"Input", "Results"}`, whose amounts are then
compared with ours, currencies where the data names an ISO code. The output has a line for each
line of the input: `{"id", "values"}`, every amount that says its currency as "1200.00 EUR".
"""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from time import perf_counter
from typing import Any

from memory import money
from memory.money import Amount
from memory.records.money import Money


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.money")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--bare", action="store_true", help="bare numbers that may be money, too")
    options = parser.parse_args(arguments)
    items = items_of(options.data.read_text(encoding="utf-8"))
    answers = [answer(item, bare=options.bare) for item in items]
    if options.out:
        lines = (
            json.dumps({"id": item["id"], "values": [str(each.money) for each in found]})
            for item, (found, _) in zip(items, answers, strict=True)
        )
        options.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    report(items, answers)
    return 0


def items_of(text: str) -> list[dict[str, Any]]:
    """The items of a file of either shape, as `{"id", "text", "locale", "currency", "results"}`."""
    if text.lstrip().startswith("["):
        return [
            {
                "id": str(number),
                "text": case["Input"],
                "locale": "en-US",
                "currency": "USD",
                "results": case["Results"],
            }
            for number, case in enumerate(json.loads(text))
        ]
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def answer(item: dict[str, Any], *, bare: bool) -> tuple[tuple[Amount, ...], float]:
    """The amounts of one text, and how many seconds it took to find them."""
    read = money.numbers if bare else money.find
    started = perf_counter()
    found = read(
        item["text"], currency=item.get("currency", "EUR"), locale=item.get("locale", "en-GB")
    )
    return found, perf_counter() - started


def is_right(result: dict[str, Any], found: Amount) -> bool:
    """Whether an amount is the one of the data."""
    resolution = result.get("Resolution") or {}
    code = resolution.get("isoCurrency") or found.money.currency
    try:
        wanted = Money.of(Decimal(resolution.get("value") or "NaN"), code)
    except (InvalidOperation, ValueError):
        return False
    return wanted in (found.money, *found.choices)


def report(items: list[dict[str, Any]], answers: list[tuple[tuple[Amount, ...], float]]) -> None:
    wanted = right = extra = 0
    for item, (found, _) in zip(items, answers, strict=True):
        results = item.get("results", [])
        hits = sum(any(is_right(result, each) for each in found) for result in results)
        wanted += len(results)
        right += hits
        extra += max(len(found) - len(results), 0) if "results" in item else 0
    if wanted:
        print(f"amounts {right} of {wanted}  {right / wanted:.3f}, {extra} too many")
    times = sorted(seconds * 1000 for _, seconds in answers)
    if times:
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"texts {len(times)}, found in {sum(bool(found) for found, _ in answers)}")
        print(f"ms per text: p50 {p50:.2f}, p95 {p95:.2f}, most {times[-1]:.2f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
