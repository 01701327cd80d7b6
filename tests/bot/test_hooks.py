"""The door of web hooks: believed, kept, and only then confirmed."""

import asyncio
import hashlib
import hmac
import json
import sqlite3

import httpx
import pytest

from memory.clock import WallClock
from memory.config import Config, Owner
from tests.bot.served import a_served_house
from tests.house.words import assert_plain

SECRET = "shared with the sender"
PAYMENT = {"id": "pay_1", "amount": "410.00", "currency": "EUR", "payer": "Jo Lee"}
CONFIG = Config.model_validate(
    {
        "owner": Owner(name="Dana Reyes", timezone="Europe/Lisbon"),
        "hooks": {
            "payments": {"secret": SECRET, "schema": "payment"},
            "post": {"secret": SECRET, "schema": "mail"},
            "shop": {"token": "t0ken"},
        },
    }
)
BEARER = {"Authorization": "Bearer t0ken"}


def signed(body: bytes, off_s: int = 0) -> dict[str, str]:
    time = int(WallClock().now().timestamp()) + off_s
    mark = hmac.new(SECRET.encode(), f"{time}.".encode() + body, hashlib.sha256)
    return {"X-Timestamp": str(time), "X-Signature": mark.hexdigest()}


@pytest.fixture
async def served(tmp_path):
    async with a_served_house(tmp_path, CONFIG) as served:
        yield served


@pytest.fixture
async def sender(served):
    async with httpx.AsyncClient(base_url=f"{served.address}/hooks") as client:
        yield client


async def pay(sender, content: object = PAYMENT, **headers: str) -> httpx.Response:
    body = json.dumps(content).encode()
    return await sender.post("/payments", content=body, headers={**signed(body), **headers})


async def refusals(served) -> int:
    return (await served.house.events()).count("stranger_turned_away")


async def test_a_signed_payment_is_kept_before_it_is_confirmed(served, sender):
    answer = await pay(sender)

    (source,) = await served.house.sources()
    assert (answer.status_code, answer.json()) == (200, {"received": True, "again": False})
    assert (source.channel, source.sender, source.label) == ("hooks", "payments", "known_sender")
    (file,) = json.loads(source.files)
    assert json.loads(served.house.company.blobs.get(file["digest"])) == PAYMENT


async def test_a_repetition_counts_once_and_is_confirmed_again(served, sender):
    first = await pay(sender)
    again = await pay(sender)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["again"]
    assert len(await served.house.sources()) == 1


async def test_two_at_once_count_once(served, sender):
    answers = await asyncio.gather(*(pay(sender) for _ in range(5)))

    assert {one.status_code for one in answers} == {200}
    assert len(await served.house.sources()) == 1


async def test_another_payment_is_another(served, sender):
    await pay(sender)
    await pay(sender, {**PAYMENT, "id": "pay_2"})

    assert len(await served.house.sources()) == 2


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Delivery-Id", "webhook-id"])
async def test_a_name_for_a_delivery_is_good_for_one(served, sender, header):
    first = await pay(sender, **{header: "d-1"})
    again = await pay(sender, **{header: "d-1"})
    other = await pay(sender, {**PAYMENT, "id": "pay_2"}, **{header: "d-1"})

    assert [one.status_code for one in (first, again, other)] == [200, 200, 409]
    assert len(await served.house.sources()) == 1


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Signature": "0" * 64, "X-Timestamp": "1"}, {"Authorization": f"Bearer {SECRET}"}],
)
async def test_who_cannot_sign_is_refused_and_nothing_is_kept(served, sender, headers):
    answer = await sender.post("/payments", json=PAYMENT, headers=headers)

    assert answer.status_code == 401
    assert await served.house.sources() == []
    assert await refusals(served) == 1


async def test_an_old_call_is_refused(served, sender):
    body = json.dumps(PAYMENT).encode()

    answer = await sender.post("/payments", content=body, headers=signed(body, -400))

    assert answer.status_code == 401
    assert await served.house.sources() == []


async def test_many_refused_calls_leave_one_line_in_the_ledger(served, sender):
    for _ in range(10):
        await sender.post("/payments", content=b"{}")
    for number in range(10):
        assert (await sender.post(f"/nobody-{number}", content=b"{}")).status_code == 404

    assert await refusals(served) == 2


async def test_a_stranger_is_refused_before_the_body_has_come(served):
    reader, writer = await asyncio.open_connection("127.0.0.1", served.web.port)
    writer.write(b"POST /hooks/payments HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{")
    async with asyncio.timeout(3):
        line = await reader.readline()
    writer.close()

    assert b" 401 " in line


@pytest.mark.parametrize("chunked", [False, True])
async def test_more_than_one_megabyte_is_refused(served, sender, chunked):
    body = b"[" + b" " * (1024 * 1024) + b"]"

    async def parts():
        yield body

    answer = await sender.post("/shop", content=parts() if chunked else body, headers=BEARER)

    assert answer.status_code == 413
    assert "1 MB" in answer.json()["error"]
    assert await served.house.sources() == []


async def test_another_shape_is_refused_but_kept_and_the_owner_hears_of_it_once(served, sender):
    answers = [
        await pay(sender, {"id": "pay_1"}),
        await pay(sender, {"id": "pay_1"}),
        await pay(sender, {"id": "pay_2"}),
    ]

    assert {one.status_code for one in answers} == {422}
    assert answers[0].json()["error"] == "amount is missing"
    assert len(await served.house.sources()) == 2
    (line,) = await served.house.told()
    assert line == (
        'The web hook "payments" sent something I can\'t use: amount is missing. '
        "I kept what it sent."
    )
    assert_plain(line)
    assert not (await served.house.outbox.all_shown())[0].notice.rings


async def test_what_was_mended_is_taken_after_all(served, sender):
    await pay(sender, {"id": "pay_1"}, **{"X-Delivery-Id": "d-1"})
    mended = await pay(sender, PAYMENT, **{"X-Delivery-Id": "d-1"})

    assert mended.status_code == 200
    assert [one.sender for one in await served.house.sources()] == [
        "payments (unusable)",
        "payments",
    ]


async def test_a_mail_comes_in_as_one_that_was_passed_on(served, sender):
    raw = "From: Marta <m@x.example>\r\nSubject: Hi\r\n\r\n/stop\r\n"
    body = json.dumps({"raw": raw, "envelope": {"from": "m@x.example"}}).encode()

    answer = await sender.post("/post", content=body, headers=signed(body))

    (source,) = await served.house.sources()
    assert answer.status_code == 200
    assert (source.forwarded, source.label) == (True, "external")
    assert json.loads(source.files)[1]["media_type"] == "message/rfc822"
    assert not served.house.outbox.stopped()


async def test_a_sender_with_a_token_may_tell_of_anything(served, sender):
    answer = await sender.post("/shop", json={"order": 7}, headers=BEARER)
    wrong = await sender.post("/shop", json={"order": 8}, headers={"Authorization": "Bearer x"})

    (source,) = await served.house.sources()
    assert (answer.status_code, wrong.status_code) == (200, 401)
    assert (source.label, source.text) == ("external", '{\n  "order": 7\n}')


async def test_a_tunnel_may_call_under_its_own_name(served, sender):
    body = json.dumps(PAYMENT).encode()
    headers = {**signed(body), "Host": "hooks.dana.example", "Origin": "https://pay.example"}

    assert (await sender.post("/payments", content=body, headers=headers)).status_code == 200


async def test_while_memory_is_busy_nothing_is_confirmed(served, sender, tmp_path):
    lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    busy = await pay(sender)
    lock.execute("ROLLBACK")
    lock.close()
    then = await pay(sender)

    assert (busy.status_code, then.status_code) == (503, 200)
    assert len(await served.house.sources()) == 1


@pytest.mark.parametrize("content", [PAYMENT, {"id": "pay_1"}], ids=["usable", "unusable"])
async def test_on_a_full_disk_nothing_is_kept_and_the_sender_comes_again(tmp_path, content):
    async with a_served_house(tmp_path, CONFIG, least_bytes=2**62) as served:
        async with httpx.AsyncClient(base_url=f"{served.address}/hooks") as sender:
            full = await pay(sender, content)
            again = await pay(sender, content)
        sources, told = await served.house.sources(), await served.house.told()

    assert (full.status_code, again.status_code) == (503, 503)
    assert "nearly full" in full.json()["error"]
    assert sources == []
    assert len(told) == 1


async def test_what_was_kept_is_confirmed_again_on_a_full_disk(tmp_path):
    answers = []
    for least_bytes in (0, 2**62):
        async with (
            a_served_house(tmp_path, CONFIG, least_bytes=least_bytes) as served,
            httpx.AsyncClient(base_url=f"{served.address}/hooks") as sender,
        ):
            answers.append(await pay(sender))

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[1].json()["again"]


async def test_only_posting_is_possible(sender):
    assert (await sender.get("/payments")).status_code == 405


async def test_without_hooks_there_is_nowhere_to_post_to(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as anybody:
        answer = await anybody.post("/hooks/payments", content=b"{}")

        assert answer.status_code == 404
        assert await refusals(served) == 0
