"""A person on the local Slack sees and writes what a person on the real one does."""

import hashlib
import hmac
import urllib.parse

import pytest

from tests.doubles.slack import Slack
from tests.doubles.slack_blocks import live
from tests.doubles.slack_delivery import encoded


@pytest.fixture
async def slack():
    async with Slack() as server:
        server.delivery.held = []
        yield server


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("tom <3 R&D", "tom &lt;3 R&amp;D"),
        ("https://ink.example/a", "<https://ink.example/a>"),
        ("tom@north.example", "<mailto:tom@north.example|tom@north.example>"),
    ],
)
async def test_a_typed_text_is_kept_as_slack_keeps_it(slack: Slack, typed: str, written: str):
    message = await slack.person("U111").say(typed)

    assert message.source == written
    assert message.text == typed


async def test_an_edit_tells_both_wordings(slack: Slack):
    dana = slack.person("U111")
    said = await dana.say("one")
    await dana.edit(said, "two")

    assert slack.delivery.held is not None
    event = slack.delivery.held[-1][1]["event"]
    assert event["subtype"] == "message_changed"
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("two", "one")


async def test_a_reply_names_its_thread_and_a_file_its_address(slack: Slack):
    dana = slack.person("U111")
    first = await dana.say("one")
    reply = await dana.reply(first, "two")
    file = await dana.upload("a.eml", b"mail", "message/rfc822")

    assert reply.wire()["thread_ts"] == first.ts
    assert file.wire()["files"][0]["url_private_download"].startswith(slack.url)
    assert file.wire()["subtype"] == "file_share"


@pytest.mark.parametrize(
    ("text", "alive"),
    [
        ("<!channel> hello", ("!channel",)),
        ("see <https://e.example|here>", ("https://e.example",)),
        ("https://e.example", ("https://e.example",)),
        ("&lt;!channel&gt; hello", ()),
    ],
)
def test_what_comes_alive_in_markup_is_found(text: str, alive: tuple[str, ...]):
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}

    assert live("", [block]) == alive


def test_plain_words_are_never_alive():
    block = {
        "type": "section",
        "text": {"type": "plain_text", "text": "<!channel> https://e.example"},
    }

    assert live("", [block]) == ()


async def test_a_signature_is_over_time_and_every_byte(slack: Slack):
    raw, _ = encoded("slash_commands", {"command": "/steward", "text": "a b&c"})
    headers = slack.delivery.signed(raw, at=1000)
    base = b"v0:1000:" + raw

    mark = hmac.new(slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()

    assert headers["X-Slack-Signature"] == f"v0={mark}"
    assert urllib.parse.parse_qs(raw.decode())["text"] == ["a b&c"]
