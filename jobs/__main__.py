"""What needs agents: `python -m jobs worker` and `python -m jobs read`."""

import argparse
import asyncio
import sys
from pathlib import Path

from jobs.lifeline import until_parent_ends
from memory.config import config_file, data_folder, load
from memory.errors import Misconfigured


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jobs")
    commands = parser.add_subparsers(dest="command", required=True)
    worker = commands.add_parser("worker", help="one worker, until it is stopped")
    worker.add_argument("--data")
    worker.add_argument("--config", type=Path)
    worker.add_argument("--redis", required=True)
    worker.add_argument("--child", action="store_true", help="end when the parent's pipe closes")
    options = parser.parse_args(arguments)
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


if __name__ == "__main__":
    sys.exit(main())
