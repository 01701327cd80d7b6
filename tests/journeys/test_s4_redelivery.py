"""S4, K4: what a platform delivers three times is one turn, one cost entry, one effect."""

import asyncio
from pathlib import Path
from typing import Any

from tests.doubles.chat_model import ChatModel
from tests.doubles.forwards import unforwarded
from tests.doubles.imap import Imap
from tests.doubles.slack import Slack
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, running, smtp_lines
from tests.doubles.telegram import Telegram
from tests.journeys.test_hooks import FIRST, SECRET, call
from tests.journeys.test_s1_quote import ENQUIRY, imap_lines

READING: dict[str, object] = {
    "intents": [{"kind": "task.create", "slots": {"title": "Fix printer"}, "confidence": 0.95}]
}


async def test_the_same_delivery_three_times_is_one_turn_at_every_door(tmp_path: Path) -> None:
    with Smtp(tmp_path / "journal") as smtp:
        async with (
            Telegram() as telegram,
            Slack() as slack,
            Imap() as imap,
            ChatModel(READING) as ai,
        ):
            phone, dana = telegram.phone(111), slack.person("U111")
            lines = (
                *smtp_lines(smtp.port),
                *imap_lines(imap),
                "[telegram]",
                f'token = "{telegram.token}"',
                f'api_url = "{telegram.url}"',
                *slack.lines,
                *ai.lines,
                "[hooks.payments]",
                f'secret = "{SECRET}"',
                'schema = "payment"',
                "[policy]",
                "mail_hold_s = 0",
                'quiet_hours = ""',
            )
            async with running(tmp_path / "data", *lines) as steward:
                await phone.send("/start")
                await phone.sees("yours alone", within_s=30)
                await dana.sees("yours alone", within_s=30)

                # Telegram: a message that only a model can read, with one update id
                await phone.send("printer is acting up again")
                await settled(steward, tasks=1)
                for _ in range(2):
                    telegram.repeat_updates(1)
                    await asyncio.sleep(0.3)
                await still(steward, tasks=1, costs=1)
                assert len(ai.asked) == 1

                # Slack: an event whose acknowledgement is lost twice, so it comes with retry marks
                slack.delivery.lost_acks = 2
                await dana.say("the scanner is odd too")
                await settled(steward, tasks=2)
                await slack.settled()
                attempts = [one.attempt for one in slack.delivery.journal[-3:]]
                await still(steward, tasks=2, costs=2)
                assert attempts == [0, 1, 2]
                assert len(ai.asked) == 2

                # a mail in the folder, and its draft approved by a word that comes three times
                for _ in range(3):
                    imap.deliver("Steward", unforwarded(ENQUIRY))
                await phone.sees("Reply to Marta Silva", within_s=30)
                await concluded(steward, 5)
                await phone.send("approve")
                await arrived(smtp, 1)
                for _ in range(2):
                    telegram.repeat_updates(1)
                    await asyncio.sleep(0.3)

                # a web hook that its sender repeats
                assert [await call(steward, FIRST) for _ in range(3)] == [200, 200, 200]
                await concluded(steward, 6)

                await steward.ask("clock", "+10m")
                drafts = [
                    one for one in await steward.look("actions") if one["kind"] == "mail.send"
                ]
                payments = await steward.look("records?kind=payment")
                projects = await steward.look("records?kind=project")
                await still(steward, tasks=3, costs=2)
                assert (len(drafts), len(payments), len(projects)) == (1, 1, 1)
                assert len(smtp.sent) == 1
                assert await steward.ask("ledger", "verify")


async def settled(steward: Steward, *, tasks: int) -> None:
    async with asyncio.timeout(30):
        while len(await steward.look("records?kind=task")) < tasks:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def still(steward: Steward, *, tasks: int, costs: int) -> None:
    """So many tasks and so many entries of costs, and not one more."""
    ledger = await steward.look("ledger/export")
    found = await steward.look("records?kind=task")

    assert len(found) == tasks, found
    assert len([one for one in ledger if one["event"] == "money_reserved"]) == costs


async def concluded(steward: Steward, turns: int) -> None:
    """Wait until so many messages have been concluded."""
    async with asyncio.timeout(30):
        while len(await _concluded(steward)) < turns:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _concluded(steward: Steward) -> list[dict[str, Any]]:
    """The runs that conclude: of each message the second one of the coordinator's."""
    entries = await steward.look("ledger/export")
    done = [
        one
        for one in entries
        if one["event"] == "run_done" and str(one["actor"]).startswith("coordinator")
    ]
    return done[1::2]


async def arrived(smtp: Smtp, count: int) -> None:
    async with asyncio.timeout(30):
        while len(smtp.sent) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
