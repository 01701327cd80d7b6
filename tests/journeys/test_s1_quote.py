"""S1: a quote request, approved, taken back, sent after all, and answered with a correction."""

import contextlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.browser import browser
from tests.doubles.forwards import Mailbox, Original, unforwarded
from tests.doubles.imap import Imap
from tests.doubles.slack import Slack
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, running, smtp_lines
from tests.doubles.telegram import Telegram
from tests.journeys.doors import AtMailbox, AtPage, AtScript, OnPhone, OnSlack, Owner

BODY = (
    "Hi Dana, we'd like a one-page site for the spring menu. Could you send me a quote by Friday? "
    "We open on 3 April, budget around 1,500 EUR. Thanks, Marta"
)
ENQUIRY = Original(
    author=Mailbox(name="Marta Silva", email="marta@bluefincafe.example"),
    written_at=datetime(2026, 3, 9, 18, 12, tzinfo=UTC),
    subject="Landing page for our spring menu",
    body=BODY,
    message_id="<bf-1001@bluefincafe.example>",
)
DOORS = ("script", "page", "telegram", "slack", "mailbox")


@pytest.mark.parametrize("door", DOORS)
async def test_the_story_ends_the_same_at_every_door(door: str, tmp_path: Path) -> None:
    with Smtp(tmp_path / "journal") as smtp:
        async with at(door, tmp_path, smtp) as (owner, steward):
            await the_story(owner, steward, smtp)

            assert await final_state(steward) == FINAL
            assert await steward.ask("ledger", "verify")


async def test_the_story_ends_the_same_when_the_plug_is_pulled_after_every_step(
    tmp_path: Path,
) -> None:
    with Smtp(tmp_path / "journal") as smtp:
        async with running(tmp_path / "data", *smtp_lines(smtp.port)) as steward:

            async def plug() -> None:
                await steward.kill()
                await steward.start()

            await the_story(AtScript(steward, tmp_path), steward, smtp, plug=plug)

            assert await final_state(steward) == FINAL


async def the_story(owner: Owner, steward: Steward, smtp: Smtp, plug: Any = None) -> None:
    """The owner's side of S1 with its branches, checked at the mail server after each step."""

    async def step() -> None:
        if plug is not None:
            await plug()

    await owner.passes_on(unforwarded(ENQUIRY))
    await owner.sees("Reply to Marta Silva, Bluefin Cafe")
    await step()
    await owner.passes_on_again(unforwarded(ENQUIRY))
    assert len(smtp.sent) == 0

    await owner.presses("Approve")
    await owner.sees("Leaves at")
    await step()
    await steward.ask("clock", "+20s")
    await owner.presses("Undo")
    await owner.sees("Taken back. Nothing left.")
    await step()
    await steward.ask("clock", "+10m")
    assert len(smtp.sent) == 0
    assert (await task(steward))["state"] == "open"

    await owner.presses("Send after all")
    await owner.sees("Leaves at")
    await step()
    await steward.ask("clock", "+61s")
    await owner.sees("Your mail server took it")
    await step()
    assert len(smtp.sent) == 1
    assert (await task(steward))["state"] == "done"

    await steward.ask("clock", "+10m")
    await owner.presses("Undo")
    await owner.sees("Shall I send this instead?")
    await step()
    assert (await task(steward))["state"] == "open"
    await owner.presses("Leave it")
    await steward.until("actions?state=done", kind="mail.send")
    await steward.ask("clock", "+1h")
    assert len(smtp.sent) == 1

    mail = smtp.sent[0]
    assert mail.subject == "Re: Landing page for our spring menu"
    assert dict(mail.headers)["In-Reply-To"] == "<bf-1001@bluefincafe.example>"
    assert "1,200" in mail.body
    assert "3 April" in mail.body


async def task(steward: Steward) -> dict[str, Any]:
    """The task to send the quote."""
    found = await steward.look("records?kind=task")
    assert len(found) == 1
    return dict(found[0]["data"])


async def final_state(steward: Steward) -> list[tuple[str, dict[str, Any]]]:
    """What the company knows because of the story: kinds and data, without ids."""
    links = ("origin", "customer", "project", "contact", "subject", "content")
    kinds = ("contact", "customer", "project", "task", "process")
    found: list[tuple[str, dict[str, Any]]] = []
    for kind in kinds:
        for record in await steward.look(f"records?kind={kind}"):
            data = {name: value for name, value in record["data"].items() if name not in links}
            if "sample" not in str(record["author"]) and _is_new(kind, data):
                found.append((kind, data))
    return found


def _is_new(kind: str, data: dict[str, Any]) -> bool:
    text = str(data)
    return any(word in text for word in ("Bluefin", "bluefin", "Marta", "Spring", "quote"))


FINAL: list[tuple[str, dict[str, Any]]] = [
    (
        "contact",
        {"name": "Marta Silva", "email": "marta@bluefincafe.example", "phone": None},
    ),
    ("customer", {"name": "Bluefin Cafe", "domain": "bluefincafe.example"}),
    (
        "project",
        {
            "name": "Spring menu landing page",
            "deadline": "2026-04-03",
            "budget": "1500.00 EUR",
        },
    ),
    ("task", {"what": "Send quote", "due": "2026-03-13", "owner": "me", "state": "open"}),
    (
        "process",
        {
            "name": "Spring menu landing page",
            "stage": "enquiry",
            "waiting_for": "you",
            "next_step": "Answer Marta Silva",
            "due": "2026-03-13",
        },
    ),
]


@contextlib.asynccontextmanager
async def at(door: str, folder: Path, smtp: Smtp) -> AsyncGenerator[tuple[Owner, Steward]]:
    """The owner at one door of a running Steward."""
    data = folder / "data"
    lines = smtp_lines(smtp.port)
    async with contextlib.AsyncExitStack() as stack:
        if door == "telegram":
            telegram = await stack.enter_async_context(Telegram())
            phone = telegram.phone(111)
            door_lines = (f'token = "{telegram.token}"', f'api_url = "{telegram.url}"')
            lines = (*lines, "[telegram]", *door_lines)
            steward = await stack.enter_async_context(running(data, *lines))
            await phone.send("/start")
            yield OnPhone(phone), steward
        elif door == "slack":
            slack = await stack.enter_async_context(Slack())
            dana = slack.person("U111")
            steward = await stack.enter_async_context(running(data, *lines, *slack.lines))
            yield OnSlack(dana), steward
        elif door == "mailbox":
            imap = await stack.enter_async_context(Imap())
            steward = await stack.enter_async_context(running(data, *lines, *imap_lines(imap)))
            yield AtMailbox(steward, folder, imap), steward
        elif door == "page":
            steward = await stack.enter_async_context(running(data, *lines))
            chromium = await stack.enter_async_context(browser())
            yield AtPage(await chromium.phone(steward.link)), steward
        else:
            steward = await stack.enter_async_context(running(data, *lines))
            yield AtScript(steward, folder), steward


def imap_lines(imap: Imap) -> tuple[str, ...]:
    """Configuration for a mail folder on loopback."""
    return (
        "[mail.imap]",
        f'host = "{imap.host}"',
        f"port = {imap.port}",
        f'username = "{imap.username}"',
        f'password = "{imap.password}"',
        'security = "none"',
    )
