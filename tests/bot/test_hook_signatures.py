"""Who a web hook believes: a right signature of just now, or a token."""

import base64
import hashlib
import hmac

import pytest
from starlette.datastructures import Headers

from bot.hook_signatures import WINDOW_S, is_genuine, may_be_genuine
from memory.config import Hook
from memory.errors import Unavailable

NOW = 1_773_130_000
BODY = b'{"id": "pay_1", "amount": 410}'
SECRET = "shared with the sender"


def a_hook(**settings: object) -> Hook:
    return Hook.model_validate({"secret": SECRET, **settings})


def mark(message: bytes, key: bytes = SECRET.encode()) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def signed(time: int = NOW, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    value = mark(f"{time}.".encode() + body, secret.encode()).hex()
    return {"X-Timestamp": str(time), "X-Signature": value}


def believed(hook: Hook, headers: dict[str, str], body: bytes = BODY, now_s: float = NOW) -> bool:
    return is_genuine(hook, Headers(headers), body, now_s)


def test_time_and_body_signed_is_believed():
    assert believed(a_hook(), signed())


def test_a_signature_may_name_its_kind_or_be_in_base64():
    value = signed()["X-Signature"]
    as_base64 = base64.b64encode(bytes.fromhex(value)).decode()

    assert believed(a_hook(), {**signed(), "X-Signature": f"sha256={value}"})
    assert believed(a_hook(), {**signed(), "X-Signature": as_base64})


def test_time_and_signature_may_stand_in_one_header_with_an_old_one_beside():
    old = "0" * 64
    value = f"t={NOW},v1={old},v1={signed()['X-Signature']}"

    assert believed(a_hook(signature_header="Stripe-Signature"), {"Stripe-Signature": value})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Timestamp": str(NOW)},
        {"X-Timestamp": str(NOW), "X-Signature": ""},
        {"X-Timestamp": str(NOW), "X-Signature": "0" * 64},
        {"X-Timestamp": str(NOW + 1), "X-Signature": signed()["X-Signature"]},
        {"X-Timestamp": "soon", "X-Signature": signed()["X-Signature"]},
        {"X-Signature": f"t={NOW}"},
        {"X-Signature": f"t={NOW},v0={signed()['X-Signature']}"},
        signed(secret="another"),
        signed(body=BODY + b" "),
        {"Authorization": f"Bearer {SECRET}"},
    ],
)
def test_anything_else_is_not(headers: dict[str, str]):
    assert not believed(a_hook(), headers)


@pytest.mark.parametrize("off_s", [-WINDOW_S - 1, WINDOW_S + 1])
def test_a_call_of_another_time_is_worth_nothing(off_s: int):
    headers = signed(NOW + off_s)

    assert not may_be_genuine(a_hook(), Headers(headers), NOW)
    assert believed(a_hook(), headers, now_s=NOW + off_s)


def test_the_headers_alone_tell_whether_the_body_is_worth_reading():
    assert may_be_genuine(a_hook(), Headers({**signed(), "X-Signature": "0" * 64}), NOW)
    assert not may_be_genuine(a_hook(), Headers({"X-Signature": "0" * 64}), NOW)


def test_the_open_standard_is_understood():
    key = b"0123456789abcdef01234567"
    hook = a_hook(secret=f"whsec_{base64.b64encode(key).decode()}", scheme="standard")
    value = base64.b64encode(mark(f"msg_1.{NOW}.".encode() + BODY, key)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW)}

    assert believed(hook, {**headers, "webhook-signature": f"v1,{'A' * 44} v1,{value}"})
    assert not believed(hook, {**headers, "webhook-signature": f"v2,{value}"})
    assert not believed(hook, {**headers, "webhook-id": "x", "webhook-signature": f"v1,{value}"})


def test_a_sender_that_signs_the_body_alone_is_understood():
    hook = a_hook(scheme="body", signature_header="X-Hub-Signature-256")

    assert believed(hook, {"X-Hub-Signature-256": f"sha256={mark(BODY).hex()}"})
    assert not believed(hook, {"X-Hub-Signature-256": f"sha256={mark(b'x').hex()}"})


def test_a_sender_that_cannot_sign_shows_a_token():
    hook = Hook.model_validate({"token": "t0ken"})

    assert believed(hook, {"Authorization": "Bearer t0ken"})
    assert not believed(hook, {"Authorization": "Bearer t0kem"})
    assert not believed(hook, {"Authorization": "t0ken"})
    assert not believed(hook, {})


def test_with_both_configured_both_must_be_right():
    hook = a_hook(token="t0ken")

    assert not believed(hook, signed())
    assert not believed(hook, {"Authorization": "Bearer t0ken"})
    assert believed(hook, {**signed(), "Authorization": "Bearer t0ken"})


def test_a_secret_that_was_changed_in_its_file_is_dead_at_once(tmp_path):
    place = tmp_path / "secret"
    place.write_text("old\n")
    hook = a_hook(secret="old", secret_file=str(place))
    before = believed(hook, signed(secret="old"))
    place.write_text("new\n")

    assert before
    assert not believed(hook, signed(secret="old"))
    assert believed(hook, signed(secret="new"))


def test_without_its_secret_nobody_is_believed(tmp_path):
    place = tmp_path / "secret"
    hook = a_hook(secret_file=str(place))
    with pytest.raises(Unavailable):
        believed(hook, signed())
    place.write_text("")

    assert not believed(hook, signed(secret=""))
