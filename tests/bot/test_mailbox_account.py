"""The account that mail comes from, on a real IMAP server."""

from contextlib import suppress

import pytest

from bot.mailbox_account import NotSignedIn, connected, enter
from memory.access_tokens import AccessTokens
from memory.config import Imap as Account
from memory.config import OAuth
from memory.errors import Refused
from tests.doubles.imap import DOVECOT, Dovecot, Imap
from tests.doubles.oauth import TokenServer


def account(server, **changes) -> Account:
    given = {
        "host": server.host,
        "port": server.port,
        "username": server.username,
        "password": server.password,
        "security": "none",
    }
    return Account.model_validate(given | changes)


def entered(imap: Account, tokens: AccessTokens | None = None) -> None:
    """Connect, enter and leave."""
    box = connected(imap, answer_s=5)
    try:
        enter(box, imap, tokens)
    finally:
        with suppress(OSError):
            box.client.shutdown()


@pytest.fixture(scope="module")
def server():
    with Imap() as imap:
        yield imap


def test_whoever_enters_finds_the_folder_made(server):
    entered(account(server, folder="Chief"))

    with server.mailbox() as box:
        assert box.folder.exists("Chief")


@pytest.mark.parametrize("password", ["wrong", "wröng"])
def test_a_wrong_password_is_told_apart_from_a_server_that_is_gone(server, password: str):
    with pytest.raises(NotSignedIn) as refused:
        entered(account(server, password=password))

    assert not refused.value.passes


@pytest.mark.parametrize(
    ("said", "passes"),
    [("[UNAVAILABLE] later", True), ("[INUSE] busy", True), ("[AUTHENTICATIONFAILED] no", False)],
)
def test_a_refusal_that_will_pass_is_known_by_its_word(said: str, passes: bool):
    assert NotSignedIn(said).passes is passes


def test_without_a_token_nobody_is_asked_to_let_us_in(server):
    with TokenServer() as provider:
        provider.withdrawn = True
        tokens = AccessTokens(OAuth.model_validate(provider.settings))

        with pytest.raises(Refused, match="no longer lets me fetch"):
            entered(account(server, password="", auth="xoauth2"), tokens)


if DOVECOT.exists():

    def test_a_token_opens_the_mailbox_until_it_is_withdrawn():
        with (
            TokenServer() as provider,
            Dovecot(introspection_url=provider.introspection_url) as imap,
        ):
            by_token = account(imap, password="", auth="xoauth2")
            entered(by_token, AccessTokens(OAuth.model_validate(provider.settings)))
            with pytest.raises(NotSignedIn):
                entered(by_token, AccessTokens(OAuth.model_validate({"access_token": "made-up"})))
