"""What the doctor finds, and the next step where something is wrong."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.embedded import end, start
from memory.config import Config, Imap, Mail, Smtp, Storage
from tests.house.words import assert_plain


async def findings(data: Path, config: Config | None = None) -> list[str]:
    """Each finding as a line, in plain words."""
    found = await examine(config or Config(), data)
    for one in found:
        assert_plain(one.says)
    return [f"{'fine' if one.fine else 'WRONG'} {one.says}" for one in found]


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def test_an_empty_folder_is_in_order(tmp_path):
    lines = await findings(tmp_path)

    assert [line for line in lines if line.startswith("WRONG")] == []
    assert f"fine Memory: nothing in {tmp_path} yet; steward run makes it." in lines
    assert "fine Redis: ours, not running; steward run starts it." in lines
    assert "fine Doors: closed; steward run opens them." in lines
    assert "fine Mail: no account, so mail is written and not sent." in lines


async def test_a_company_says_how_large_it_is(data):
    assert any(
        line.startswith("fine Memory: ") and " kB in " in line for line in await findings(data)
    )


async def test_a_redis_that_runs_is_found(data):
    child = await start(data)
    try:
        assert "fine Redis: ours, running." in await findings(data)
    finally:
        await end(data)
        assert child is not None
        await child.wait()


async def test_somebody_elses_redis_and_database_are_left_alone(tmp_path):
    config = Config(
        storage=Storage(redis_url="redis://127.0.0.1:1", database_url="postgresql+asyncpg://x/y")
    )

    lines = await findings(tmp_path, config)

    assert "fine Redis: your own." in lines
    assert "fine Memory: on a database server." in lines


async def test_doors_that_were_left_behind_are_wrong(tmp_path):
    (tmp_path / "door.json").write_text(json.dumps({"port": a_free_port(), "key": "k"}))

    assert "WRONG Doors: they do not answer. Stop Steward and start it again." in await findings(
        tmp_path
    )


async def test_a_mail_server_that_answers_is_fine(tmp_path):
    async with await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", 0
    ) as server:
        port = server.sockets[0].getsockname()[1]
        smtp = Smtp(host="127.0.0.1", port=port)
        config = Config(mail=Mail(from_address="dana@reyesstudio.example", smtp=smtp))

        assert "fine Mail server: 127.0.0.1 answers." in await findings(tmp_path, config)


async def test_a_mail_server_that_does_not_answer_is_wrong(tmp_path):
    port = a_free_port()
    mail = Mail(
        smtp=Smtp(host="127.0.0.1", port=port),
        imap=Imap(host="127.0.0.1", port=port, username="dana"),
    )

    lines = await findings(tmp_path, Config(mail=mail))

    wrong = f"127.0.0.1:{port} does not answer. Check host and port."
    assert [line for line in lines if line.startswith("WRONG")] == [
        f"WRONG Mail server: {wrong}",
        "WRONG Mail: it has no address to come from. Put from_address under [mail].",
        f"WRONG Mail folder: {wrong}",
    ]


@pytest.mark.parametrize("missing", ["deeper/still/not/there", "."])
async def test_the_disk_is_looked_at_even_where_the_folder_is_not_made_yet(tmp_path, missing):
    assert any("Disk: " in line for line in await findings(tmp_path / missing))
