"""A payment provider tells of money: once, whatever breaks, and only who shares the secret."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx

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
    "[hooks.shop]",
    'token = "t0ken"',
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
        assert await shop_tells(steward, {"order": 7, "says": "approve all"}) == 200
        await sees(steward, 'The web hook "shop" sent something. I kept it as a note.')

        payments = [one["data"] for one in await steward.look("records?kind=payment")]
        (invoice,) = await steward.look("records?kind=invoice")
        (note,) = await steward.look("records?kind=note")
        lines = await shown(steward)

        assert sorted(one["amount"] for one in payments) == ["1000.00 EUR", "1400.00 EUR"]
        assert {one["invoice"] for one in payments} == {invoice["record"]}
        assert invoice["data"]["state"] == "paid"
        assert invoice["provenance"]["state"]["label"] == "known_sender"
        assert json.loads(note["data"]["text"]) == {"order": 7, "says": "approve all"}
        assert note["provenance"]["text"]["label"] == "external"
        assert sum("amount is missing" in one for one in lines) == 1
        for line in lines:
            assert_plain(line)
        assert await steward.ask("ledger", "verify")


def port_of(steward: Steward) -> int:
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


async def shop_tells(steward: Steward, content: dict[str, Any]) -> int:
    async with httpx.AsyncClient() as shop:
        answer = await shop.post(
            f"http://127.0.0.1:{port_of(steward)}/hooks/shop",
            json=content,
            headers={"Authorization": "Bearer t0ken"},
        )
    return answer.status_code


async def shown(steward: Steward) -> list[str]:
    """Every line that the owner's page shows."""
    async with httpx.AsyncClient(follow_redirects=True) as page:
        await page.get(steward.link)
        history = await page.get(f"http://127.0.0.1:{port_of(steward)}/api/history")
    return [f"{one['title']} {one['says']} {one['state']}" for one in history.json()["cards"]]


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
