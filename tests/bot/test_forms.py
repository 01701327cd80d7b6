"""What was typed becomes sections; a secret is never handed to another account."""

import pytest

from bot.forms import MailForm, ModelForm, SlackForm, TelegramForm
from bot.wrong_inputs import Wrong
from memory.config import Config

DANA = "dana@gmail.com"
KNOWN = Config.model_validate(
    {
        "telegram": {"token": "1111:old-old-old", "api_url": "http://127.0.0.1:8081"},
        "mail": {
            "from_address": DANA,
            "signature": "Dana",
            "smtp": {"host": "smtp.gmail.com", "username": DANA, "password": "kept"},
            "imap": {"host": "imap.gmail.com", "username": DANA, "password": "kept"},
        },
        "models": {
            "base_url": "https://api.openai.com/v1",
            "small": "openai:a",
            "large": "openai:b",
            "api_key": "sk-kept",
        },
    }
)


def mail(**fields: str) -> MailForm:
    form = MailForm.read({"address": DANA, "password": "secret", **fields}, KNOWN)
    assert isinstance(form, MailForm), form
    return form


def model(**fields: str) -> ModelForm:
    typed = {"base_url": "https://api.openai.com/v1", "model_name": "gpt-5-nano", **fields}
    form = ModelForm.read(typed, KNOWN)
    assert isinstance(form, ModelForm), form
    return form


def test_a_token_pasted_with_its_spaces_is_a_token():
    form = TelegramForm.read({"token": " 4242424242:AAF-x3_abcdefgh \n"}, KNOWN)

    assert isinstance(form, TelegramForm)
    assert form.section.token.get_secret_value() == "4242424242:AAF-x3_abcdefgh"
    assert form.section.api_url == "http://127.0.0.1:8081"
    assert form.settings() == {
        ("telegram", "token_file"): None,
        ("telegram", "token"): "4242424242:AAF-x3_abcdefgh",
    }


def test_an_address_and_a_password_are_enough_for_both_servers():
    form = mail(password="abcd efgh ijkl mnop")

    settings = form.settings()
    assert settings["mail", "smtp", "host"] == "smtp.gmail.com"
    assert settings["mail", "imap", "folder"] == "Steward"
    assert settings["mail", "smtp", "password"] == "abcdefghijklmnop"
    assert form.mail.signature == "Dana"


def test_a_password_that_is_left_empty_stays_for_the_same_account():
    form = mail(password="", folder="Chief")

    assert form.imap.password.get_secret_value() == "kept"
    assert form.imap.folder == "Chief"


@pytest.mark.parametrize(
    "fields", [{"smtp_host": "evil.example"}, {"imap_host": "evil.example"}, {"username": "x"}]
)
def test_a_kept_password_never_goes_to_another_account(fields: dict[str, str]):
    form = MailForm.read({"address": DANA, "password": "", **fields}, KNOWN)

    assert isinstance(form, Wrong)
    assert form.field == "password"


def an_account_by_token() -> Config:
    known = KNOWN.mail.model_dump()
    known["oauth"] = {"access_token": "t0ken"}
    for one in ("smtp", "imap"):
        known[one] |= {"auth": "xoauth2", "password": ""}
    return Config.model_validate({"mail": known})


def test_an_account_that_takes_tokens_needs_no_password():
    form = MailForm.read({"address": DANA, "password": ""}, an_account_by_token())

    assert isinstance(form, MailForm)
    assert (form.imap.auth, form.settings()["mail", "smtp", "auth"]) == ("xoauth2", "xoauth2")


def test_a_password_that_is_typed_is_used_instead_of_the_token():
    form = MailForm.read({"address": DANA, "password": "secret"}, an_account_by_token())

    assert isinstance(form, MailForm)
    assert {form.settings()["mail", one, "auth"] for one in ("smtp", "imap")} == {"password"}


def test_a_token_never_goes_to_another_server():
    fields = {"address": DANA, "password": "", "smtp_host": "evil.example"}
    form = MailForm.read(fields, an_account_by_token())

    assert isinstance(form, Wrong)
    assert form.field == "password"


def test_a_kept_key_never_goes_to_another_address():
    assert model().section.api_key.get_secret_value() == "sk-kept"
    assert model().section.large == "openai:b"
    elsewhere = model(base_url="https://evil.example/v1").section
    assert (elsewhere.api_key.get_secret_value(), elsewhere.large) == ("", "")


def test_a_models_name_may_have_a_colon_of_its_own():
    assert model(model_name="llama3.2:3b").section.small == "openai:llama3.2:3b"
    assert model(model_name="openai:gpt-5").section.small == "openai:gpt-5"


def test_a_price_stays_with_the_model_it_was_written_for():
    settings = model(price="0.05 / 0.40").settings()
    elsewhere = model(base_url="https://models.example/v1").settings()
    found = ModelForm.read(
        {"base_url": "https://models.example/v1", "model_name": "m", "price": "cheap"}, KNOWN
    )

    assert settings["models", "small_price"] == "0.05 / 0.40"
    assert elsewhere["models", "small_price"] is None
    assert elsewhere["models", "large_price"] is None
    assert isinstance(found, Wrong)
    assert found.field == "price"


def test_two_right_tokens_are_slacks():
    form = SlackForm.read({"bot_token": "xoxb-1", "app_token": "xapp-1"}, KNOWN)

    assert isinstance(form, SlackForm)
    assert form.settings()["slack", "app_token"] == "xapp-1"
