"""One call each: what is right is let through, what is wrong gets its sentence."""

import socket
from pathlib import Path

import pytest

from bot.trial import incoming, outgoing, slack, telegram
from bot.wrong_inputs import Wrong
from memory.config import Imap as Mailbox
from memory.config import Mail, Slack, Smtp
from memory.config import Telegram as Bot
from memory.errors import Refused
from tests.doubles.imap import DOVECOT, Dovecot, Imap
from tests.doubles.oauth import TokenServer
from tests.doubles.slack import Slack as SlackServer
from tests.doubles.smtp import Smtp as Server
from tests.doubles.strange import a_mailbox_without_folders, saying
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_fault import Fault

DANA = "dana@reyesstudio.example"


def a_closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def said(found: object) -> str:
    assert isinstance(found, Wrong), found
    return found.sentence


def a_bot(url: str, token: str = "4242:local-test-token") -> Bot:
    return Bot.model_validate({"token": token, "api_url": url})


async def test_telegram_tells_the_bots_name_in_one_call():
    async with Telegram() as api:
        assert await telegram(a_bot(api.url)) == "steward_test_bot"
        assert [one.method for one in api.journal] == ["getMe"]


async def test_telegram_does_not_know_a_wrong_token():
    async with Telegram() as api:
        found = await telegram(a_bot(api.url, "4242:another-token"))

    assert said(found) == "Telegram doesn't know this token."


async def test_a_telegram_that_is_out_of_order_is_told_apart_from_one_that_is_not_there():
    async with Telegram() as api:
        api.fail("getMe", Fault(status=502))
        broken = await telegram(a_bot(api.url))
    port = a_closed_port()
    gone = await telegram(a_bot(f"http://127.0.0.1:{port}"))
    unknown = await telegram(a_bot("http://telegram.invalid"))

    assert said(broken).startswith("What answers at 127.0.0.1:")
    assert said(gone) == f"Nobody answers at 127.0.0.1:{port}."
    assert said(unknown) == "I can't find telegram.invalid."


async def test_telegram_with_a_certificate_that_nobody_vouches_for():
    async with saying(b"", tls=True) as port:
        found = await telegram(a_bot(f"https://127.0.0.1:{port}"))

    assert said(found) == f"127.0.0.1:{port} can't prove that it is Telegram."


@pytest.mark.parametrize(
    ("tokens", "may_connect", "told"),
    [
        ({}, True, "Reyes Studio"),
        ({"bot_token": "xoxb-other"}, True, "Slack doesn't accept this bot token."),
        ({"app_token": "xapp-other"}, True, "Slack doesn't accept this app token."),
        ({}, False, "This app token may not open a connection."),
    ],
)
async def test_slack_is_asked_about_both_tokens(tokens: dict, may_connect: bool, told: str):
    async with SlackServer() as api:
        api.lacks_connections = not may_connect
        given = {"bot_token": api.bot_token, "app_token": api.app_token, **tokens}
        found = await slack(Slack.model_validate({**given, "api_url": api.url}))

    assert (found if isinstance(found, str) else found.sentence) == told


async def test_a_slack_that_is_not_there():
    port = a_closed_port()

    found = await slack(Slack.model_validate({"api_url": f"http://127.0.0.1:{port}"}))

    assert said(found) == f"Nobody answers at 127.0.0.1:{port}."


async def test_the_outgoing_server_is_asked_in_a_process_of_its_own(tmp_path: Path):
    with Server(tmp_path / "journal", username=DANA, password="right") as server:
        smtp = Smtp.model_validate(
            {"host": "127.0.0.1", "port": server.port, "security": "none", "username": DANA}
        )
        mail = Mail(from_address=DANA, smtp=smtp)
        found = await outgoing(mail, advice="Make an app password.")

        assert isinstance(found, Wrong)
        assert (found.field, found.step) == ("password", "Make an app password.")
        assert server.sent == ()


def by_token(port: int, oauth: dict[str, object]) -> Mail:
    """An account at this server that takes no password."""
    account = {"host": "127.0.0.1", "port": port, "security": "none", "username": "dana"}
    account["auth"] = "xoauth2"
    given = {"from_address": DANA, "oauth": oauth, "smtp": account, "imap": account}
    return Mail.model_validate(given)


async def test_an_account_that_takes_tokens_is_tried_with_one(tmp_path: Path):
    with (
        TokenServer() as provider,
        Server(tmp_path / "journal", username="dana", password="none") as server,
    ):
        server.rules.token = "token-1"
        fine = await outgoing(by_token(server.port, provider.settings))
        refused = await outgoing(by_token(server.port, provider.settings), advice="A password.")
        sent = server.sent

    assert fine is None
    assert isinstance(refused, Wrong)
    assert refused.sentence == "127.0.0.1 refused the access token for dana; nothing was sent."
    assert refused.step.startswith("Get a new token from your provider, put it under [mail.oauth]")
    assert sent == ()


async def test_a_provider_that_gives_no_token_says_so():
    with TokenServer() as provider, Imap() as imap:
        provider.withdrawn = True
        mail = by_token(imap.port, provider.settings)

        for asked in (outgoing, incoming):
            with pytest.raises(Refused, match="no longer lets me fetch an access token"):
                await asked(mail)


async def test_where_no_account_is_set_up_nothing_is_tried():
    assert await outgoing(Mail()) is None
    assert await incoming(Mail()) is None


if DOVECOT.exists():

    async def test_a_mailbox_that_takes_tokens_is_tried_with_one():
        with (
            TokenServer() as provider,
            Dovecot(introspection_url=provider.introspection_url) as imap,
        ):
            fine = await incoming(by_token(imap.port, provider.settings))
            refused = await incoming(by_token(imap.port, {"access_token": "made-up"}))

        assert fine is None
        assert said(refused) == "127.0.0.1 refused the access token for dana."


def a_mailbox(port: int, **fields: str) -> Mailbox:
    given = {"username": "dana", "password": Imap.password, "security": "none", **fields}
    return Mailbox.model_validate({"host": "127.0.0.1", "port": port, **given})


@pytest.fixture(scope="module")
def imap():
    with Imap() as server:
        yield server


async def test_a_mailbox_opens_and_a_missing_folder_is_made(imap: Imap):
    assert await incoming(Mail(imap=a_mailbox(imap.port, folder="Chief"))) is None

    with imap.mailbox() as box:
        assert box.folder.exists("Chief")


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"password": "wrong"}, "password", "127.0.0.1 refused this password."),
        ({"password": "wröng"}, "password", "127.0.0.1 refused this password."),
        ({"host": "imap.invalid"}, "imap_host", "There is no server called imap.invalid."),
        ({"security": "tls"}, "imap_security", "doesn't speak that kind of security"),
    ],
)
async def test_a_mailbox_that_does_not_open(imap: Imap, fields: dict, field: str, told: str):
    found = await incoming(Mail(imap=a_mailbox(imap.port, **fields)))

    assert isinstance(found, Wrong)
    assert found.field == field
    assert told in found.sentence


async def test_a_mailbox_whose_certificate_nobody_vouches_for_gets_no_password():
    async with saying(b"* OK ready\r\n", tls=True) as port:
        found = await incoming(Mail(imap=a_mailbox(port, security="tls")))

    assert said(found) == (
        "127.0.0.1 can't prove that it is your mail server, so I gave it no password."
    )


async def test_a_port_where_something_else_answers():
    async with saying(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        found = await incoming(Mail(imap=a_mailbox(port)))

    assert said(found) == f"What answers at 127.0.0.1, port {port}, is no mailbox."


async def test_a_folder_that_may_not_be_made():
    async with a_mailbox_without_folders() as port:
        found = await incoming(Mail(imap=a_mailbox(port)))

    assert isinstance(found, Wrong)
    assert found.field == "folder"
    assert found.sentence == 'Your mailbox has no folder "Steward", and I may not make one.'
