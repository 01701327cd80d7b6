"""The lid was closed for nine hours: nothing late goes out unasked."""

from pathlib import Path

from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Smtp
from tests.doubles.steward import running, smtp_lines
from tests.journeys.doors import AtScript
from tests.journeys.test_s1_quote import ENQUIRY


async def test_after_nine_hours_asleep_the_owner_is_asked_before_anything_leaves(
    tmp_path: Path,
) -> None:
    with Smtp(tmp_path / "journal") as smtp:
        async with running(tmp_path / "data", *smtp_lines(smtp.port)) as steward:
            owner = AtScript(steward, tmp_path)
            await owner.passes_on(unforwarded(ENQUIRY))
            await owner.presses("Approve")

            steward.freeze()
            await steward.ask("clock", "+9h")
            steward.thaw()

            card = await steward.until("cards?all=1", kind="mail.send", state="awaiting")
            assert card["buttons"] == ["send", "reject", "show"]
            assert "should have left at 09:01" in card["text"]
            assert smtp.sent == ()
            await steward.ask("clock", "+5s")
            await owner.sees("I'm back. I was off from Tue 09:00 to Tue 18:00.")

            await steward.ask("press", card["card"], "send")
            await steward.ask("clock", "+61s")
            await steward.until("actions?state=done", kind="mail.send")
            assert len(smtp.sent) == 1


async def test_moving_the_clock_while_it_works_is_not_an_absence(tmp_path: Path) -> None:
    with Smtp(tmp_path / "journal") as smtp:
        async with running(tmp_path / "data", *smtp_lines(smtp.port)) as steward:
            owner = AtScript(steward, tmp_path)
            await owner.passes_on(unforwarded(ENQUIRY))
            await owner.presses("Approve")

            await steward.ask("clock", "+9h")

            await steward.until("actions?state=done", kind="mail.send")
            assert len(smtp.sent) == 1
