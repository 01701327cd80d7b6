"""A mail left after the backup was made; beginning again from it sends nothing twice."""

from pathlib import Path

from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Smtp
from tests.doubles.steward import running, smtp_lines
from tests.house.words import assert_plain
from tests.journeys.doors import AtScript
from tests.journeys.test_s1_quote import ENQUIRY


async def test_what_left_after_the_backup_is_asked_about_and_not_sent_again(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with Smtp(tmp_path / "journal") as smtp:
        async with running(tmp_path / "data", *smtp_lines(smtp.port)) as steward:
            owner = AtScript(steward, tmp_path)
            await owner.passes_on(unforwarded(ENQUIRY))
            await owner.presses("Approve")
            await steward.ask("backup", str(copy))
            await steward.ask("clock", "+61s")
            await steward.until("actions?state=done", kind="mail.send")
            assert len(smtp.sent) == 1
            await steward.ask("restore", str(copy), code=1)

            await steward.stop()
            (restored,) = await steward.ask("restore", str(copy))
            assert restored["proved"]
            await steward.start()

            card = await steward.until("cards?all=1", kind="mail.send", state="unknown")
            assert card["buttons"] == ["sent", "send", "cancel"]
            assert "I can't tell if this has left since" in card["text"]
            asked = next(
                one for one in await steward.look("cards") if "choose" in str(one["buttons"])
            )
            assert "One thing may have left since then:" in asked["text"]
            assert_plain(asked["text"])
            await steward.ask("clock", "+3h")
            assert len(smtp.sent) == 1

            await steward.ask("press", card["card"], "sent")
            await steward.ask("press", asked["card"], "choose:0")
            await steward.until("actions?state=done", kind="mail.send")
            (verified,) = await steward.ask("ledger", "verify")
            assert verified["faults"] == []
            assert len(smtp.sent) == 1
