"""The settings sheet: tried, kept, renewed; a wrong input gets its sentence and changes nothing."""

import asyncio
import tomllib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.settings import SettingsSheet
from bot.slack_link import code as pairing_code
from bot.web import Web
from bot.welcome import Welcome
from memory.config import Config, load
from tests.bot.house import House, a_house
from tests.doubles.imap import Imap
from tests.doubles.slack import Slack
from tests.doubles.smtp import Smtp
from tests.doubles.telegram import Telegram
from tests.house.words import assert_plain

ROOT = Path(__file__).parents[2]
TOKEN = "42424242:local-test-token"
ADDRESS = "dana@reyesstudio.example"


@dataclass
class Sheet:
    """A browser that was let in, before a sheet of settings."""

    house: House
    web: Web
    browser: httpx.AsyncClient
    file: Path
    renewals: list[str] = field(default_factory=list)

    async def state(self) -> dict:
        return (await self.browser.get("/api/settings")).json()

    async def connects(self, what: str, **fields: object) -> dict:
        return (await self.browser.post(f"/api/settings/{what}", json=fields)).json()

    def kept(self) -> dict:
        return tomllib.loads(self.file.read_text())


@asynccontextmanager
async def a_sheet(data: Path, text: str = "", *, renewable: bool = True) -> AsyncGenerator[Sheet]:
    """The page with its settings, and config.toml holding this text."""
    file = data / "config.toml"
    file.write_text(text)
    renewals: list[str] = []
    config = load(file, {})
    async with a_house(data, config) as house:
        sheet = SettingsSheet(
            house.company,
            house.outbox,
            file,
            (lambda: renewals.append("once")) if renewable else None,
        )
        web = Web(
            house.company, house.outbox, house.intake, port=0, wake=asyncio.Event(),
            welcome=Welcome(house.company, house.outbox), settings=sheet,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group:
            running = group.create_task(web.run())
            await web.ready.wait()
            origin = f"http://127.0.0.1:{web.port}"
            async with httpx.AsyncClient(base_url=origin, headers={"Origin": origin}) as browser:
                await browser.get(web.fresh_link())
                browser.timeout = httpx.Timeout(60)
                yield Sheet(house, web, browser, file, renewals)
            running.cancel()


def local(telegram: Telegram) -> str:
    return f'# mine\n[telegram]\napi_url = "{telegram.url}"   # ours\n'


async def test_a_right_token_is_kept_and_the_doors_begin_anew(data):
    async with Telegram(token=TOKEN) as telegram, a_sheet(data, local(telegram)) as sheet:
        answer = await sheet.connects("telegram", token=TOKEN)
        state = (await sheet.state())["telegram"]

        assert answer["kept"]
        assert answer["says"].startswith("@steward_test_bot is connected.")
        assert sheet.renewals == ["once"]
        assert sheet.kept()["telegram"]["token"] == TOKEN
        assert sheet.file.read_text().startswith(local(telegram))
        assert state["link"].startswith("https://t.me/steward_test_bot?start=")
        assert state["picture"].startswith("data:image/svg+xml")
        assert not state["paired"]


async def test_where_nobody_would_start_it_again_it_says_so(data):
    async with (
        Telegram(token=TOKEN) as telegram,
        a_sheet(data, local(telegram), renewable=False) as sheet,
    ):
        answer = await sheet.connects("telegram", token=TOKEN)

    assert answer["says"].endswith("Start me again, and it is in use.")


WRONG: tuple[tuple[str, dict[str, str], str, str, str], ...] = (
    (
        "telegram",
        {},
        "token",
        "There is no token yet.",
        "Copy it from BotFather's message and paste it here.",
    ),
    (
        "telegram",
        {"token": "my bot"},
        "token",
        "That is not a bot's token.",
        "It is one line like 123456789:AAF-x3, digits first, then a colon. Copy all of it.",
    ),
    (
        "telegram",
        {"token": "42424242:some-other-token"},
        "token",
        "Telegram doesn't know this token.",
        "In BotFather send /mybots, choose your bot, then API Token, and copy it again.",
    ),
    (
        "mail",
        {},
        "address",
        "There is no address yet.",
        "Put in the address your mail comes from.",
    ),
    (
        "mail",
        {"address": "dana at home"},
        "address",
        '"dana at home" is not a mail address.',
        "Write it like dana@reyesstudio.example.",
    ),
    (
        "mail",
        {"address": "dana@hotmail.com", "password": "x"},
        "address",
        "Outlook.com lets no other program in with a password.",
        "Use an address of another provider, or forward your mail to one.",
    ),
    (
        "mail",
        {"address": "dana@gmail.com"},
        "password",
        "There is no password yet.",
        "It wants an app password, not the one you sign in with. Make one at "
        "myaccount.google.com/apppasswords.",
    ),
    (
        "mail",
        {"address": ADDRESS, "password": "x", "smtp_host": "http://mail"},
        "smtp_host",
        '"http://mail" is not the name of a server.',
        "Write it like smtp.reyesstudio.example, without http:// and without a port.",
    ),
    (
        "mail",
        {"address": ADDRESS, "password": "x", "imap_port": "99999"},
        "imap_port",
        '"99999" is not a port.',
        "Usually it is 993, with TLS.",
    ),
    (
        "mail",
        {"address": ADDRESS, "password": "x", "smtp_security": "none"},
        "smtp_security",
        "Your password would travel to smtp.reyesstudio.example for everyone to read.",
        "Choose STARTTLS or TLS.",
    ),
    (
        "mail",
        {"address": ADDRESS, "password": "x", "smtp_host": "127.0.0.1", "smtp_port": "9"},
        "smtp_port",
        "127.0.0.1 takes no mail at port 9.",
        "Check the port; your mail provider's help page has it.",
    ),
    (
        "model",
        {},
        "base_url",
        "There is no address yet.",
        "Put in your provider's, or http://127.0.0.1:11434/v1 for a model on this computer.",
    ),
    (
        "model",
        {"base_url": "openai"},
        "base_url",
        '"openai" is not an address.',
        "It begins with https:// and mostly ends with /v1.",
    ),
    (
        "model",
        {"base_url": "https://api.openai.com/v1"},
        "model_name",
        "The model has no name yet.",
        "Put in its name as your provider writes it.",
    ),
    (
        "slack",
        {"bot_token": "xapp-1"},
        "bot_token",
        "That is not a bot token.",
        "It begins with xoxb- and is on your Slack app's page, under OAuth & Permissions.",
    ),
    (
        "slack",
        {"bot_token": "xoxb-1"},
        "app_token",
        "There is no app token yet.",
        "Make one on your Slack app's page, under Basic Information, App-Level Tokens.",
    ),
)


async def test_each_wrong_input_gets_its_sentence_and_nothing_is_kept(data):
    async with Telegram(token=TOKEN) as telegram, a_sheet(data, local(telegram)) as sheet:
        for what, fields, box, sentence, step in WRONG:
            answer = await sheet.connects(what, **fields)

            told = {"kept": False, "field": box, "sentence": sentence, "step": step}
            assert answer == told, (what, fields)
            assert_plain(f"{sentence} {step}")
        assert sheet.file.read_text() == local(telegram)
        assert sheet.renewals == []


async def test_mail_is_tried_at_both_servers_and_kept(data, tmp_path):
    with (
        Smtp(tmp_path / "journal", username="dana", password=Imap.password) as smtp,
        Imap() as imap,
    ):
        fields = {
            "address": ADDRESS,
            "password": Imap.password,
            "username": "dana",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(smtp.port),
            "smtp_security": "none",
            "imap_host": "127.0.0.1",
            "imap_port": str(imap.port),
            "imap_security": "none",
        }
        async with a_sheet(data) as sheet:
            refused = await sheet.connects("mail", **{**fields, "password": "old"})
            kept = await sheet.connects("mail", **fields)
            again = await sheet.connects("mail", **{**fields, "password": ""})
            state = (await sheet.state())["mail"]
            told = await sheet.house.told()

        assert smtp.sent == ()

    config = load(data / "config.toml", {})
    assert refused["field"] == "password"
    assert refused["sentence"] == "127.0.0.1 refused this password."
    assert kept["kept"]
    assert again["kept"]
    assert told.count(kept["says"]) == 1
    assert config.mail.smtp is not None
    assert config.mail.imap is not None
    assert config.mail.imap.folder == "Steward"
    assert (state["set"], state["has_password"], state["username"]) == (True, True, "dana")
    assert Imap.password not in str(state)


async def test_an_account_that_takes_tokens_asks_for_no_password(data):
    account = 'host = "h"\nusername = "dana"\nauth = "xoauth2"\n'
    text = f'[mail]\nfrom_address = "{ADDRESS}"\n[mail.oauth]\naccess_token = "hush"\n'
    async with a_sheet(data, f"{text}[mail.smtp]\n{account}[mail.imap]\n{account}") as sheet:
        state = (await sheet.state())["mail"]

    assert state["has_password"]
    assert "hush" not in str(state)


async def test_slack_is_kept_and_the_words_that_pair_are_shown_until_somebody_is_paired(data):
    async with Slack() as slack, a_sheet(data, f'[slack]\napi_url = "{slack.url}"\n') as sheet:
        answer = await sheet.connects("slack", bot_token=slack.bot_token, app_token=slack.app_token)
        code = await pairing_code(sheet.house.outbox)
        await sheet.house.outbox.pair("slack", "U111", "D111")
        after = (await sheet.state())["slack"]

    says = "Reyes Studio is connected. Now write your app there the words below."
    assert (answer["kept"], answer["says"]) == (True, says)
    assert answer["state"]["slack"] == {"set": True, "paired": False, "words": f"pair {code}"}
    assert after == {"set": True, "paired": True}
    assert slack.app_token not in str(answer)


async def test_the_app_is_made_from_our_own_manifest(data):
    async with a_sheet(data) as sheet:
        answer = await sheet.browser.get("/api/settings/manifest.yaml")

    assert answer.status_code == 200
    assert answer.text == (ROOT / "bot" / "manifest.yaml").read_text()


async def test_a_secret_goes_in_and_never_comes_out(data):
    text = (
        '[telegram]\ntoken = "4242:hush-one"\n[models]\napi_key = "hush-two"\nsmall = "x"\n'
        '[slack]\nbot_token = "hush-three"\n[mail]\nfrom_address = "d@x.example"\n'
        '[mail.smtp]\nhost = "x"\npassword = "hush-four"\n'
    )
    async with a_sheet(data, text) as sheet:
        state = await sheet.state()

    assert "hush" not in str(state)
    assert [state[one]["set"] for one in ("telegram", "model", "slack", "mail")] == [True] * 4


async def test_a_file_that_held_the_secret_gives_way(data, tmp_path):
    (tmp_path / "token").write_text("1111:old-old-old-old")
    async with Telegram(token=TOKEN) as telegram:
        text = local(telegram) + f'token_file = "{tmp_path / "token"}"\n'
        async with a_sheet(data, text) as sheet:
            answer = await sheet.connects("telegram", token=TOKEN)

    assert answer["kept"]
    assert "token_file" not in sheet.kept()["telegram"]


async def test_what_the_environment_sets_is_said_to_go_first(data, monkeypatch):
    async with Telegram(token=TOKEN) as telegram, a_sheet(data, local(telegram)) as sheet:
        monkeypatch.setenv("STEWARD_TELEGRAM__TOKEN", "1111:another-token")
        answer = await sheet.connects("telegram", token=TOKEN)

    assert answer["sentence"] == "Another value is set where I am started, and it goes first."
    assert answer["step"].startswith("Take STEWARD_TELEGRAM__TOKEN ")
    assert sheet.renewals == []


async def test_a_stranger_and_another_page_reach_nothing(data):
    async with a_sheet(data) as sheet:
        async with httpx.AsyncClient(base_url=str(sheet.browser.base_url)) as stranger:
            origin = str(sheet.browser.base_url).rstrip("/")
            asked = await stranger.get("/api/settings")
            posted = await stranger.post(
                "/api/settings/telegram", json={"token": TOKEN}, headers={"Origin": origin}
            )
        elsewhere = await sheet.browser.post(
            "/api/settings/telegram", json={}, headers={"Origin": "https://evil.example"}
        )
        too_long = await sheet.browser.post("/api/settings/telegram", json={"token": "x" * 5000})
        no_form = await sheet.browser.post("/api/settings/telegram", json=["x"])
        unknown = await sheet.browser.post("/api/settings/bank", json={})

    assert [asked.status_code, posted.status_code, elsewhere.status_code] == [401, 401, 403]
    assert [too_long.status_code, no_form.status_code, unknown.status_code] == [413, 400, 404]


@pytest.mark.parametrize(
    ("address", "host", "known"),
    [("dana@gmail.com", "smtp.gmail.com", True), ("d@own.example", "smtp.own.example", False)],
)
async def test_the_servers_of_an_address_are_told(data, address: str, host: str, known: bool):
    async with a_sheet(data) as sheet:
        found = await sheet.connects("servers", address=address)
        nothing = await sheet.connects("servers", address="dana")

    assert (found["smtp"]["host"], found["known"]) == (host, known)
    assert nothing == {}


async def test_a_file_with_a_layout_of_its_own_is_left_to_its_owner(data):
    async with Telegram(token=TOKEN) as telegram:
        text = f'telegram = {{ api_url = "{telegram.url}" }}\n'
        async with a_sheet(data, text) as sheet:
            answer = await sheet.connects("telegram", token=TOKEN)

    assert not answer["kept"]
    assert answer["sentence"].startswith("I can't change config.toml safely")
    assert "[telegram] token" in answer["step"]
    assert Config.model_validate(tomllib.loads(text)) == load(sheet.file, {})
