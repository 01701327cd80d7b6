"""One small question to an outside server, and what stood in the way."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from jobs.check import checked
from memory.schema import upgrade
from tests.doubles.builders import NOW
from tests.doubles.smtp import Smtp
from tests.doubles.steward import ROOT

ASK = """
import asyncio, json, sys
from jobs.check import checked
for one in json.load(sys.stdin):
    print(asyncio.run(checked("model", one)))
"""


def answered(line: str) -> tuple[str | None, str]:
    said = json.loads(line)
    return said["obstacle"], said["name"]


async def test_the_mail_server_is_asked(tmp_path):
    with Smtp(tmp_path / "journal", username="dana", password="right") as server:
        account = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        mail = {"from_address": "dana@reyesstudio.example", "smtp": account}

        account |= {"username": "dana", "password": "right"}
        fine = await checked("smtp", json.dumps({"mail": mail}))
        account["password"] = "wrong"
        refused = await checked("smtp", json.dumps({"mail": mail}))

    assert answered(fine) == (None, "127.0.0.1")
    assert answered(refused) == ("password", "127.0.0.1")


async def test_a_mail_server_that_takes_tokens_is_shown_one(tmp_path):
    with Smtp(tmp_path / "journal", username="dana") as server:
        server.rules.token = "right"
        account = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        account |= {"username": "dana", "auth": "xoauth2"}
        mail = {"from_address": "dana@reyesstudio.example", "smtp": account}

        fine, refused = [
            await checked("smtp", json.dumps({"mail": {**mail, "oauth": {"access_token": one}}}))
            for one in ("right", "withdrawn")
        ]

    assert answered(fine) == (None, "127.0.0.1")
    assert answered(refused) == ("token", "127.0.0.1")


async def test_where_nothing_is_configured_nothing_is_asked():
    assert answered(await checked("smtp", "{}")) == (None, "")
    assert answered(await checked("model", "{}")) == (None, "")


@pytest.fixture
async def models() -> AsyncIterator[str]:
    """A server that speaks like a model provider and knows one key and one model."""

    async def complete(request: web.Request) -> web.Response:
        asked = await request.json()
        if request.headers.get("authorization") != "Bearer right":
            return web.json_response({"error": {"message": "no"}}, status=401)
        if asked["model"] == "spent":
            return web.json_response({"error": {"message": "quota"}}, status=402)
        if asked["model"] != "small-one":
            return web.json_response({"error": {"message": "no such model"}}, status=404)
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "yes"},
        }
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "small-one"}
        usage = {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9}
        return web.json_response({**answer, "choices": [choice], "usage": usage})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    await runner.cleanup()


MODELS = (
    ({}, None, ""),
    ({"api_key": "wrong"}, "password", "small-one"),
    ({"small": "large-one"}, "model", "large-one"),
    ({"small": "spent"}, "spent", "spent"),
    ({"large": "no-such"}, "model", "no-such"),
    ({"base_url": "http://127.0.0.1:9/v1"}, "closed", "small-one"),
    ({"base_url": "", "small": "no-such:model"}, "model", "no-such:model"),
    ({"base_url": "http://models.invalid/v1"}, "price", "small-one"),
    ({"base_url": "http://models.invalid/v1", "small_price": "1 / 2"}, "name", "small-one"),
)
"""What differs from the right settings, what stands in the way, and which model met it."""


async def test_a_model_is_asked_for_one_word(models: str):
    settings = {"small": "small-one", "base_url": models, "api_key": "right"}
    asked = [json.dumps({"models": {**settings, **fields}}) for fields, _, _ in MODELS]

    # a process of its own, as in life: the model libraries leave connections behind
    said = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ASK],
        input=json.dumps(asked),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    answers = [answered(line) for line in said.stdout.splitlines()]
    assert answers == [(told, name) for _, told, name in MODELS]


async def test_a_trial_is_paid_for_like_any_other_call(models: str, tmp_path: Path):
    upgrade(f"sqlite+aiosqlite:///{tmp_path}/steward.db", tmp_path / "backups", NOW)
    settings = {
        "models": {
            "small": "small-one", "base_url": models, "api_key": "right", "small_price": "100 / 100"
        },
        "storage": {"data": str(tmp_path)},
    }  # fmt: skip
    spent = {**settings, "budget": {"per_day": "0.001"}}

    said = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ASK],
        input=json.dumps([json.dumps(one) for one in (settings, spent)]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [answered(line) for line in said.stdout.splitlines()] == [
        (None, ""),
        ("budget", "small-one"),
    ]
    with sqlite3.connect(tmp_path / "steward.db") as connection:
        rows = connection.execute("SELECT agent, settled_micro FROM budget").fetchall()
    connection.close()
    ((agent, micro),) = rows
    assert agent == "doctor"
    assert 0 < micro < 100_000
