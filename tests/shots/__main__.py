"""Pictures of the running product at a phone's width: `python -m tests.shots [--into docs]`.

The local page comes to `docs/`, ten exchanges on Telegram and Slack to `docs/shots/`. It fails when
the browser's console shows an error.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.doubles.browser import browser
from tests.shots.camera import Camera, Console, shrink
from tests.shots.exchanges import SCENES, take_exchanges
from tests.shots.the_page import take_the_day, take_the_settings

PAGE = "page"


async def take(into: Path, only: tuple[str, ...]) -> tuple[str, ...]:
    """Every picture; what the browser's console complained of."""
    console = Console()
    async with browser() as chromium:
        if PAGE in only:
            await take_the_day(chromium, into, console)
            await take_the_settings(chromium, into, console)
            for place in into.glob("*.png"):  # noqa: ASYNC240 - a picture waits for nobody
                shrink(place)
        camera = Camera(chromium, into / "shots", console)
        await take_exchanges(camera, tuple(one for one in only if one != PAGE))
    return tuple(console.errors)


def main(arguments: list[str] | None = None) -> int:
    """Take them all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs"))
    names = (PAGE, *SCENES)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="these alone")
    options = parser.parse_args(arguments)
    options.into.mkdir(parents=True, exist_ok=True)
    errors = asyncio.run(take(options.into, tuple(options.only)))
    for error in errors:
        sys.stderr.write(f"the browser complains: {error}\n")
    sys.stdout.write(f"pictures are in {options.into}\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
