"""What needs agents or hands: `python -m jobs worker`, `read` and `check`."""

import argparse
import asyncio
import sys
from pathlib import Path

from memory.config import config_file, data_folder, load
from memory.errors import Misconfigured
from memory.lifeline import until_parent_ends


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jobs")
    commands = parser.add_subparsers(dest="command", required=True)
    worker = commands.add_parser("worker", help="one worker, until it is stopped")
    worker.add_argument("--data")
    worker.add_argument("--config", type=Path)
    worker.add_argument("--redis", required=True)
    worker.add_argument("--child", action="store_true", help="end when the parent's pipe closes")
    read = commands.add_parser("read", help="read without acting")
    read.add_argument("file", nargs="?", default="-")
    read.add_argument("--batch", type=Path)
    read.add_argument("--kind", default="")
    check = commands.add_parser("check", help="ask an outside server one small thing")
    check.add_argument("what", choices=("smtp", "model"))
    options = parser.parse_args(arguments)
    if options.command == "read":
        return _read(options)
    if options.command == "check":
        return _check(options)
    data = data_folder(options.data)
    try:
        config = load(config_file(options.config, data))
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    from jobs.compose import run_worker

    working = run_worker(config, data, options.redis)
    asyncio.run(until_parent_ends(working) if options.child else working)
    return 0


def _check(options: argparse.Namespace) -> int:
    """Settings come on standard input, where no list of processes shows them."""
    from jobs.check import checked

    sys.stdout.write(asyncio.run(checked(options.what, sys.stdin.read())) + "\n")
    return 0


def _read(options: argparse.Namespace) -> int:
    from jobs.reading import batch, single
    from memory.clock import WallClock

    try:
        if options.batch is not None:
            with options.batch.open(encoding="utf-8") as lines:
                for line in batch(lines, options.batch.parent, options.kind):
                    sys.stdout.write(line + "\n")
            return 0
        from_stdin = options.file == "-"
        raw = sys.stdin.buffer.read() if from_stdin else Path(options.file).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{error.filename}: cannot be read ({error.strerror}).\n")
        return 2
    sys.stdout.write(single(raw, options.file, WallClock().now()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
