"""Every bench in one go: `python -m tests.bench [--data DIR] [NAME ...]`.

DIR holds the measuring data as tests/bench's own help says; benches that need data and get none
are named and left out.
"""

import argparse
import sys
from pathlib import Path

from tests.bench import dates, latency, ledger, load, money, press, rings

_ALONE = {
    "latency": latency.main,
    "press": press.main,
    "rings": rings.main,
    "load": load.main,
    "ledger": ledger.main,
}
_NEEDS_DATA = {"dates": (dates.main, "recognizers/en_DateTimeModel.json"),
               "money": (money.main, "recognizers/en_CurrencyModel.json")}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run the benches; returns 0 when every one that could run did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    wanted = options.names or [*_ALONE, *_NEEDS_DATA]
    for name in wanted:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        if name in _ALONE:
            _ALONE[name]([])
            continue
        bench, file = _NEEDS_DATA[name]
        if options.data is None or not (options.data / file).exists():
            sys.stdout.write(f"left out: needs {file} below --data\n")
            continue
        bench(["--data", str(options.data / file)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
