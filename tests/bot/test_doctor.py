"""What the doctor finds, and the next step where something is wrong."""

import json
import os
import socket
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.embedded import end, start
from memory.clock import WallClock
from memory.config import Config, Imap, Mail, Owner, Smtp, Storage, Telegram
from memory.ledger import Ledger
from memory.tables import instant_text
from tests.bot.served import a_served_house
from tests.doubles.imap import Imap as Mailbox
from tests.doubles.oauth import TokenServer
from tests.doubles.smtp import Smtp as MailServer
from tests.doubles.telegram import Telegram as BotApi
from tests.house.words import assert_plain

DANA = "dana@reyesstudio.example"


async def findings(
    data: Path, config: Config | None = None, file: Path | None = None, *, outside: bool = True
) -> list[str]:
    """Each finding as a line, in plain words."""
    found = await examine(config or Config(), data, file, outside=outside)
    for one in found:
        assert_plain(one.line)
        assert one.fine or one.step.endswith((".", str(file), "door.json")), one.line
    return [f"{'fine' if one.fine else 'WRONG'} {one.line}" for one in found]


def wrong(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("WRONG")]


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def test_an_empty_folder_is_in_order(tmp_path):
    lines = await findings(tmp_path)

    assert wrong(lines) == []
    assert f"fine Memory: nothing in {tmp_path} yet; steward run makes it." in lines
    assert "fine Redis: ours, not running; steward run starts it." in lines
    assert "fine Doors: closed; steward run opens them." in lines
    connects = "My page connects one, under Menu, Settings."
    assert f"fine Mail out: no account, so mail is written and not sent. {connects}" in lines
    assert f"fine Model: none, so I work by rules alone. {connects}" in lines
    assert f"fine Telegram: not connected. {connects}" in lines


async def test_a_company_says_how_large_it_is_and_that_it_is_sound(data):
    lines = await findings(data)

    (memory,) = [line for line in lines if "Memory: " in line]
    assert memory.startswith("fine Memory: ")
    assert memory.endswith(f" kB in {data}, sound and writable.")
    assert "fine Clock: right, as far as I can tell from here." in lines


async def test_a_redis_that_runs_is_found(data):
    child = await start(data)
    try:
        assert "fine Redis: ours, running." in await findings(data, outside=False)
    finally:
        await end(data)
        assert child is not None
        await child.wait()


async def test_somebody_elses_redis_and_database_are_looked_at_from_here(tmp_path):
    config = Config(
        storage=Storage(redis_url="redis://127.0.0.1:1", database_url="postgresql+asyncpg://x/y")
    )

    lines = await findings(tmp_path, config)

    assert wrong(lines) == [
        "WRONG Redis: your own, and it doesn't answer. Start it, or leave redis_url empty: "
        "I work without it, a little slower."
    ]
    assert "fine Memory: on a database server." in lines


async def test_doors_that_were_left_behind_are_wrong(tmp_path):
    file = tmp_path / "door.json"
    file.write_text(json.dumps({"port": a_free_port(), "key": "k"}))
    readable = await findings(tmp_path, outside=False)
    file.chmod(0o600)
    silent = await findings(tmp_path, outside=False)
    file.write_text("?")
    broken = await findings(tmp_path, outside=False)

    assert wrong(readable) == [
        f"WRONG Doors: others on this computer can read {file}, and so speak as you. "
        f"Type: chmod 600 {file}"
    ]
    assert wrong(silent) == ["WRONG Doors: they do not answer. Stop me and start me again."]
    assert wrong(broken) == [
        f"WRONG Doors: {file} can't be read. Stop me and start me again: I write it anew."
    ]


async def test_open_doors_say_where_they_are(data):
    async with a_served_house(data) as served:
        lines = await findings(data, outside=False)

        assert f"fine Doors: open, at 127.0.0.1:{served.web.port}." in lines
        assert wrong(lines) == []


async def test_mail_that_works_is_fine_both_ways_and_nothing_is_sent(tmp_path):
    with (
        MailServer(tmp_path / "journal", username="dana", password=Mailbox.password) as smtp,
        Mailbox() as imap,
    ):
        account = {"host": "127.0.0.1", "security": "none", "username": "dana"}
        secret = {"password": Mailbox.password}
        mail = Mail(
            from_address=DANA,
            smtp=Smtp.model_validate({**account, **secret, "port": smtp.port}),
            imap=Imap.model_validate({**account, **secret, "port": imap.port}),
        )
        lines = await findings(tmp_path, Config(mail=mail))
        refused = mail.model_copy(
            update={"imap": Imap.model_validate({**account, "password": "x", "port": imap.port})}
        )
        not_lines = await findings(tmp_path, Config(mail=refused))

        assert smtp.sent == ()

    assert "fine Mail out: signed in at 127.0.0.1; nothing was sent." in lines
    assert 'fine Mail in: signed in at 127.0.0.1, and the folder "Steward" is there.' in lines
    assert wrong(not_lines) == [
        "WRONG Mail in: 127.0.0.1 refused this password. "
        "Usually it wants an app password, made in your mail account's settings."
    ]


async def test_mail_that_is_sent_with_a_token_is_fine_until_the_permission_is_withdrawn(tmp_path):
    with (
        TokenServer() as provider,
        MailServer(tmp_path / "journal", username="dana", password="none") as smtp,
    ):
        smtp.rules.token = "token-1"
        account = {"host": "127.0.0.1", "security": "none", "username": "dana", "auth": "xoauth2"}
        mail = Mail.model_validate(
            {
                "from_address": DANA,
                "oauth": provider.settings,
                "smtp": {**account, "port": smtp.port},
            }
        )
        lines = await findings(tmp_path, Config(mail=mail))
        provider.withdrawn = True
        withdrawn = await findings(tmp_path, Config(mail=mail))

    assert "fine Mail out: signed in at 127.0.0.1; nothing was sent." in lines
    assert wrong(withdrawn) == [
        "WRONG Mail out: Your mail provider no longer lets me fetch an access token. Usually the "
        "permission was withdrawn. Allow it again with your provider, put the new refresh_token "
        "into config.toml under [mail.oauth] and start me again."
    ]


async def test_mail_servers_that_do_not_answer_are_wrong(tmp_path):
    port = a_free_port()
    mail = Mail(
        from_address=DANA,
        smtp=Smtp(host="127.0.0.1", port=port),
        imap=Imap(host="127.0.0.1", port=port, username="dana"),
    )

    check = "Check the port; your mail provider's help page has it."
    assert wrong(await findings(tmp_path, Config(mail=mail))) == [
        f"WRONG Mail out: 127.0.0.1 takes no mail at port {port}. {check}",
        f"WRONG Mail in: 127.0.0.1 opens no mailbox at port {port}. {check}",
    ]
    assert wrong(await findings(tmp_path, Config(mail=mail), outside=False)) == []


async def test_a_mail_account_without_an_address_is_wrong(tmp_path):
    config = Config(mail=Mail(smtp=Smtp(host="127.0.0.1", port=a_free_port())))

    assert wrong(await findings(tmp_path, config)) == [
        "WRONG Mail out: it has no address to come from. "
        "Put from_address under [mail] in config.toml."
    ]


async def test_telegram_is_asked_who_the_bot_is(tmp_path):
    async with BotApi() as api:
        right = Telegram.model_validate({"token": api.token, "api_url": api.url})
        revoked = Telegram.model_validate({"token": "4242:revoked", "api_url": api.url})

        assert "fine Telegram: connected as @steward_test_bot." in await findings(
            tmp_path, Config(telegram=right)
        )
        assert wrong(await findings(tmp_path, Config(telegram=revoked))) == [
            "WRONG Telegram: Telegram doesn't know this token. "
            "In BotFather send /mybots, choose your bot, then API Token, and copy it again."
        ]


async def test_a_configuration_that_others_can_read_is_wrong(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[telegram]\ntoken = "x"\n')
    file.chmod(0o644)

    assert wrong(await findings(tmp_path, None, file, outside=False)) == [
        f"WRONG Configuration: others on this computer can read {file}. Type: chmod 600 {file}"
    ]
    file.chmod(0o600)
    assert f"fine Configuration: {file}." in await findings(tmp_path, None, file, outside=False)


async def test_another_time_zone_than_the_computers_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    elsewhere = Config(owner=Owner(timezone="Asia/Tokyo"))

    assert wrong(await findings(tmp_path, outside=False)) == [
        "WRONG Time zone: mine is UTC, and this computer's is Europe/Lisbon. "
        'Put timezone = "Europe/Lisbon" under [owner] in config.toml, or TZ=UTC where I am started.'
    ]
    assert "fine Time zone: Asia/Tokyo, while this computer's is Europe/Lisbon." in await findings(
        tmp_path, elsewhere, outside=False
    )


async def test_a_clock_before_the_newest_entry_is_wrong(data):
    zero, later = "0" * 64, WallClock().now() + timedelta(days=3)
    with sqlite3.connect(data / "steward.db") as connection:
        entry = (1, instant_text(later), *("x",) * 7, zero, "h", "m")
        connection.execute(f"INSERT INTO ledger VALUES ({','.join('?' * 12)})", entry)
    connection.close()

    (line,) = wrong(await findings(data, outside=False))

    assert f"my newest entry is of {later:%-d %B %Y %H:%M}." in line
    assert line.endswith("Set this computer's clock, then start me again.")


async def test_a_damaged_database_is_wrong(tmp_path):
    (tmp_path / "steward.db").write_text("a letter, no database. " * 200)

    (line,) = wrong(await findings(tmp_path, outside=False))

    assert line.startswith("WRONG Memory: the database is damaged or can't be opened (")
    assert line.endswith("Stop me, and put a backup back: steward restore.")


async def test_an_old_backup_is_wrong_and_a_missing_one_only_in_an_old_company(data):
    key = Ledger.with_key_in(data) and next(data.glob("ledger*"))
    before = WallClock().now().timestamp() - 20 * 86400

    young = await findings(data, outside=False)
    os.utime(key, (before, before))
    old = await findings(data, outside=False)
    (data / "backups" / "20260101-000000").mkdir(parents=True)
    fresh = await findings(data, outside=False)
    os.utime(data / "backups" / "20260101-000000", (before, before))
    stale = await findings(data, outside=False)

    assert "fine Backup: none yet; steward backup makes one." in young
    assert wrong(old) == ["WRONG Backup: there is none. Make one now: steward backup."]
    assert "fine Backup: made today." in fresh
    assert wrong(stale) == [
        "WRONG Backup: the newest is 20 days old. Make one now: steward backup."
    ]


async def test_a_hook_says_where_its_sender_posts(tmp_path):
    config = Config.model_validate({"hooks": {"payments": {"secret": "s", "schema": "payment"}}})

    assert "fine Hook payments: takes posts at /hooks/payments." in await findings(
        tmp_path, config, outside=False
    )


@pytest.mark.parametrize("missing", ["deeper/still/not/there", "."])
async def test_the_disk_is_looked_at_even_where_the_folder_is_not_made_yet(tmp_path, missing):
    lines = await findings(tmp_path / missing, outside=False)

    assert any("Disk: " in line for line in lines)
