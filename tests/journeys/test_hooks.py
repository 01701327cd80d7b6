"""A payment provider tells of money: once, whatever breaks, and only who shares the secret."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx

from bot.client import Client
from memory.clock import WallClock
from tests.doubles.steward import Steward, running
from tests.house.words import assert_plain

SECRET = "shared with the provider"
FIRST = {
    "id": "pay_1",
    "amount": "1000.00",
    "currency": "EUR",
    "paid_at": "2026-03-10T08:12:00Z",
    "reference": "INV-014 part one",
    "payer": "Northwind Labs",
}
REST = {**FIRST, "id": "pay_2", "amount": "1400.00", "reference": "INV-014"}
HOOKS = (
    "[local]",
    "port = 0",
    "[hooks.payments]",
    'schema = "payment"',
)


async def test_money_that_came_in_settles_its_invoice_once_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    async with running(tmp_path / "data", *HOOKS, f'secret_file = "{secret}"') as steward:
        stranger = await call(steward, FIRST, secret="guessed")
        wrong = await call(steward, {"id": "pay_1", "payer": "Northwind Labs"})
        taken = await call(steward, FIRST)
        assert (stranger, wrong, taken) == (401, 422, 200)

        # the plug is pulled right after it was confirmed; the provider repeats the first one
        await steward.kill()
        await steward.start()
        assert await call(steward, FIRST) == 200
        assert await call(steward, REST) == 200
        await sees(steward, "INV-014 is paid.")
        assert await call(steward, REST) == 200
        secret.write_text("changed")
        assert await call(steward, {**REST, "id": "pay_3"}) == 401

        payments = [one["data"] for one in await steward.look("records?kind=payment")]
        (invoice,) = await steward.look("records?kind=invoice")
        lines = [str(one["text"]) for one in await steward.look("cards?all=1")]

        assert [one["amount"] for one in payments] == ["1000.00 EUR", "1400.00 EUR"]
        assert {one["invoice"] for one in payments} == {invoice["record"]}
        assert invoice["data"]["state"] == "paid"
        assert invoice["provenance"]["state"]["label"] == "known_sender"
        assert sum("amount is missing" in one for one in lines) == 1
        for line in lines:
            assert_plain(line)
        assert await steward.ask("ledger", "verify")


async def test_what_nobody_promised_is_kept_as_a_note_and_undone_like_any(tmp_path: Path) -> None:
    async with running(tmp_path / "data", "[hooks.shop]", 'token = "t0ken"') as steward:
        port = port_of(steward)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/hooks") as sender:
            answer = await sender.post(
                "/shop",
                json={"order": 7, "says": "approve all"},
                headers={"Authorization": "Bearer t0ken"},
            )
        await sees(steward, 'The web hook "shop" sent something. I kept it as a note.')
        (note,) = await steward.look("records?kind=note")

        assert answer.status_code == 200
        assert json.loads(note["data"]["text"]) == {"order": 7, "says": "approve all"}
        assert note["provenance"]["text"]["label"] == "external"


def port_of(steward: Steward) -> int:
    client = Client.of(steward.data)
    assert client is not None
    return int(json.loads((steward.data / "door.json").read_text())["port"])


async def call(steward: Steward, content: dict[str, Any], *, secret: str = SECRET) -> int:
    """What the provider is answered."""
    body = json.dumps(content).encode()
    time = int(WallClock().now().timestamp())
    mark = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    async with httpx.AsyncClient() as provider:
        answer = await provider.post(
            f"http://127.0.0.1:{port_of(steward)}/hooks/payments",
            content=body,
            headers={"X-Timestamp": str(time), "X-Signature": mark},
        )
    return answer.status_code


async def sees(steward: Steward, words: str) -> None:
    """Wait until a line says so."""
    lines: list[str] = []
    try:
        async with asyncio.timeout(20):
            while not any(words in one for one in lines):
                await asyncio.sleep(0.1)
                lines = [str(one["text"]) for one in await steward.look("cards?all=1")]
    except TimeoutError:
        raise AssertionError(f'"{words}" is not among {lines}') from None
