"""Pictures of the running product at a phone's width: `python -m tests.shots [--into docs]`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.doubles.browser import browser
from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, smtp_lines
from tests.journeys.doors import AtPage
from tests.journeys.test_s1_quote import ENQUIRY


async def take(into: Path) -> None:
    """The first questions, a card, the card after Undo, and a list of what is due."""
    with tempfile.TemporaryDirectory() as folder, Smtp(Path(folder) / "journal") as smtp:
        fresh = Steward(Path(folder) / "fresh")
        Path(folder, "fresh").mkdir()  # noqa: ASYNC240 - a picture waits for nobody
        sample = Steward(Path(folder) / "sample")
        sample.make(*smtp_lines(smtp.port))
        async with browser() as chromium:
            await fresh.start()
            page = await chromium.phone(fresh.link)
            owner = AtPage(page)
            await owner.sees("What do you sell")
            await owner.says("landing page 1,200 EUR, hourly 85 EUR")
            await owner.sees("Who are you?")
            await owner.says("I'm Lena, brand designer in Porto")
            await owner.sees("What should you not forget")
            await chromium.screenshot(page, into / "welcome.png")
            await fresh.kill()

            await sample.start()
            page = await chromium.phone(sample.link)
            owner = AtPage(page)
            await owner.passes_on(unforwarded(ENQUIRY))
            await owner.sees("Reply to Marta Silva")
            await chromium.screenshot(page, into / "card.png")
            await owner.presses("Approve")
            await owner.presses("Undo")
            await owner.sees("Taken back. Nothing left.")
            await chromium.screenshot(page, into / "undone.png")
            await owner.presses("Why?")
            await owner.says("/today")
            await owner.sees("Late: Northwind")
            await chromium.screenshot(page, into / "today.png")
            await sample.kill()


def main(arguments: list[str] | None = None) -> int:
    """Take them all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs"))
    options = parser.parse_args(arguments)
    options.into.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(options.into))
    sys.stdout.write(f"pictures are in {options.into}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
