"""Approve, pull the plug, take it back: the story of a minute, on real parts.

`python -m tests.demo [--record docs/demo.webp]` starts the product on a sample company and a mail
server of its own, plays the story, kills everything in the middle, and counts at the mail server.
"""

import argparse
import asyncio
import html
import io
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.doubles.browser import Browser, browser
from tests.doubles.chromium import find_chromium
from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Witness, smtp_process
from tests.doubles.steward import Steward, smtp_lines
from tests.journeys.doors import AtPage, AtScript, Owner
from tests.journeys.test_s1_quote import ENQUIRY

_FRAME_MS = 2200
_SCREEN = (390, 844)


async def play(folder: Path, recording: Path | None) -> int:
    """Play the story; returns 0 when the mail server has exactly one mail."""
    async with AsyncExitStack() as stack:
        witness = await stack.enter_async_context(smtp_process(folder / "journal"))
        steward = Steward(folder / "data")
        steward.make(*smtp_lines(witness.port))
        await steward.start()
        try:
            camera = await stack.enter_async_context(_camera(witness, steward, recording))
            owner: Owner = AtPage(camera.page) if camera else AtScript(steward, folder)
            await _story(owner, steward, witness, camera)
        finally:
            await steward.kill()
        if camera and recording:
            camera.save(recording)
    return _count(witness)


async def _story(
    owner: Owner, steward: Steward, witness: Witness, camera: "_Camera | None"
) -> None:
    async def tell(words: str) -> None:
        sys.stdout.write(f"  {words}\n")
        sys.stdout.flush()
        if camera:
            await camera.take(words)

    await owner.passes_on(unforwarded(ENQUIRY))
    await owner.sees("Reply to Marta Silva")
    await tell("A mail is passed on. A reply waits on a card, with your own price in it.")
    await owner.presses("Approve")
    await owner.sees("Leaves at")
    await tell("Approved. It is held for a minute.")
    if camera:
        camera.dark = True
    await steward.kill()
    await tell("The plug is pulled: kill -9 for every process, redis included.")
    await steward.start()
    if camera:
        camera.dark = False
        await camera.reopen(steward)
        owner = AtPage(camera.page)
    await owner.sees("Leaves at")
    await tell("Back. The approval is still there; nothing was sent meanwhile.")
    await owner.presses("Undo")
    await owner.sees("Taken back. Nothing left.")
    await tell("Undo: taken back, nothing left.")
    await owner.presses("Send after all")
    await owner.sees("Leaves at")
    await steward.ask("clock", "+61s")
    await owner.sees("Your mail server took it")
    await tell("Send after all. A minute later the mail server has it, once.")


def _count(witness: Witness) -> int:
    sent = witness.sent
    different = {one.message_id for one in sent}
    doubled = len(sent) - len(different)
    lost = 1 - len(different)
    sys.stdout.write(f"\nsent {len(different)}, doubled {doubled}, lost {lost}\n")
    return 0 if (len(sent), doubled, lost) == (1, 0, 0) else 1


class _Camera:
    """Films the page beside the mail server."""

    def __init__(self, chromium: Browser, page: Any, stage: Any, witness: Witness) -> None:
        self._chromium = chromium
        self.page = page
        self._stage = stage
        self._witness = witness
        self._frames: list[bytes] = []
        self.dark = False

    async def reopen(self, steward: Steward) -> None:
        """The page after a restart."""
        self.page = await self._chromium.phone(steward.link)

    async def take(self, words: str) -> None:
        """One picture with what has just happened."""
        await self.page.wait_for_timeout(400)
        screen = b"" if self.dark else await self.page.screenshot(animations="disabled")
        await self._stage.set_content(_picture(screen, words, self._witness))
        await self._stage.wait_for_timeout(150)
        self._frames.append(await self._stage.screenshot())

    def save(self, place: Path) -> None:
        """All pictures as one film."""
        from PIL import Image

        place.parent.mkdir(parents=True, exist_ok=True)
        frames = [Image.open(io.BytesIO(one)).convert("RGB") for one in self._frames]
        frames[0].save(
            place, save_all=True, append_images=frames[1:], duration=_FRAME_MS, loop=0, quality=80
        )


@asynccontextmanager
async def _camera(
    witness: Witness, steward: Steward, recording: Path | None
) -> AsyncGenerator["_Camera | None"]:
    if recording is None or find_chromium() is None:
        yield None
        return
    async with browser() as chromium:
        page = await chromium.phone(steward.link)
        stage = await chromium.stage(width=860, height=940)
        yield _Camera(chromium, page, stage, witness)


def _picture(screen: bytes, words: str, witness: Witness) -> str:
    import base64

    left = (
        f'<img src="data:image/png;base64,{base64.b64encode(screen).decode()}">'
        if screen
        else '<div class="off"></div>'
    )
    mails = "".join(
        f"<li><b>{html.escape(one.subject)}</b><br>{html.escape(', '.join(one.to))}<br>"
        f"<small>{html.escape(one.message_id)}</small></li>"
        for one in witness.sent
    )
    return f"""<style>
body {{ margin: 0; font: 17px/1.45 system-ui, sans-serif; background: #e7e1d6; color: #262320 }}
main {{ display: grid; grid-template-columns: 390px 1fr; gap: 28px; padding: 24px }}
img, .off {{ width: 390px; height: 790px; object-fit: cover; object-position: bottom;
  border-radius: 28px; box-shadow: 0 6px 30px #0003 }}
.off {{ background: #111 }}
h1 {{ font-size: 17px; margin: 0 0 8px }}
ul {{ padding: 0; list-style: none }} li, .none {{ background: #fffdf7; border-radius: 14px;
  padding: 14px; margin-bottom: 10px; word-break: break-all }} .none {{ color: #8a8378 }}
p {{ font-size: 21px; margin: 0; padding: 0 24px 20px; height: 60px }}
</style><main>{left}<section><h1>The mail server</h1>
<ul>{mails or '<li class="none">nothing has arrived</li>'}</ul></section></main>
<p>{html.escape(words)}</p>"""


def main(arguments: list[str] | None = None) -> int:
    """Play it once; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="film it into this picture (needs Chromium)")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="steward-demo-"))
    try:
        return asyncio.run(play(folder, options.record))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
