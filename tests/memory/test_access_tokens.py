"""Access tokens: fetched when needed, kept while they last, and refused in words."""

import pytest

from memory.access_tokens import AccessTokens
from memory.config import OAuth
from memory.errors import Refused, Unavailable
from tests.doubles.oauth import TokenServer


@pytest.fixture
def provider():
    with TokenServer() as one:
        yield one


def tokens_of(provider: TokenServer, **changes: object) -> AccessTokens:
    return AccessTokens(OAuth.model_validate({**provider.settings, **changes}))


def test_a_token_that_was_given_is_used_as_it_is():
    tokens = AccessTokens(OAuth.model_validate({"access_token": "given"}))

    assert tokens.present() == "given"


def test_a_fetched_token_is_kept_while_it_lasts(provider):
    tokens = tokens_of(provider)

    assert [tokens.present(), tokens.present()] == ["token-1", "token-1"]


def test_a_token_that_was_refused_is_fetched_anew(provider):
    tokens = tokens_of(provider)
    tokens.present()
    tokens.forget()

    assert tokens.present() == "token-2"


def test_a_withdrawn_permission_is_told_with_the_next_step(provider):
    provider.withdrawn = True

    with pytest.raises(Refused) as told:
        tokens_of(provider).present()

    assert told.value.sentence == "Your mail provider no longer lets me fetch an access token."
    assert "refresh_token" in told.value.hint
    assert "refresh-1" not in f"{told.value}{told.value.hint}"


def test_a_provider_that_is_gone_is_asked_again(provider):
    with pytest.raises(Unavailable):
        tokens_of(provider, token_url="http://127.0.0.1:1/token").present()


def test_an_answer_without_a_token_is_no_token(provider):
    with pytest.raises(Unavailable):
        tokens_of(provider, token_url=provider.introspection_url).present()


def test_a_refresh_token_that_was_replaced_is_the_one_used_next(provider):
    tokens = tokens_of(provider)
    tokens.present()
    provider.refresh_token = "refresh-2"
    tokens.forget()

    with pytest.raises(Refused):
        tokens.present()

    provider.refresh_token, provider.next_refresh_token = "refresh-1", "refresh-3"
    tokens.present()
    tokens.forget()
    provider.refresh_token = "refresh-3"
    assert tokens.present() == "token-3"
