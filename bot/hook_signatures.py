"""Whether a call of a web hook is from its sender: signed with the shared secret, and just now."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from starlette.datastructures import Headers

from memory.config import Hook
from memory.errors import Unavailable

WINDOW_S = 300
"""How far the sender's clock may be from ours: a call that was overheard is worth nothing later."""
_MOST = 5
"""Signatures that one call may show, as a sender does that changes its secret."""
_STRIPE = re.compile(r"t=(?P<time>\d+)(?:,\w+=[\w+/=-]+)+")
_MILLISECONDS = 10**11


@dataclass(frozen=True)
class _Shown:
    """What a call shows as its proof."""

    signed: bytes
    """What the signature covers, before the body."""
    signatures: tuple[str, ...]


def may_be_genuine(hook: Hook, headers: Headers, now_s: float) -> bool:
    """Whether the headers alone could be the sender's; the body need not be read otherwise."""
    if hook.token.get_secret_value() and not _has_token(hook, headers):
        return False
    return not hook.secret.get_secret_value() or _shown(hook, headers, now_s) is not None


def is_genuine(hook: Hook, headers: Headers, body: bytes, now_s: float) -> bool:
    """Whether a call is the sender's. With a token and a secret both must be right."""
    if not may_be_genuine(hook, headers, now_s):
        return False
    if not hook.secret.get_secret_value():
        return True
    shown = _shown(hook, headers, now_s)
    key = _present(hook.secret, hook.secret_file)
    if shown is None or not key:
        return False
    mark = hmac.new(_key(hook, key), shown.signed + body, hashlib.sha256).digest()
    rights = (mark.hex().encode(), base64.b64encode(mark))
    return any(
        hmac.compare_digest(said.encode(), right) for said in shown.signatures for right in rights
    )


def _has_token(hook: Hook, headers: Headers) -> bool:
    kind, _, said = headers.get("authorization", "").partition(" ")
    token = _present(hook.token, hook.token_file)
    is_right = secrets.compare_digest(said.strip().encode(), token.encode())
    return kind.lower() == "bearer" and bool(token) and is_right


def _shown(hook: Hook, headers: Headers, now_s: float) -> _Shown | None:
    """The proof that a call shows; None when it shows none, or one of another time."""
    if hook.scheme == "standard":
        name, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        said = headers.get("webhook-signature", "").split(" ")
        signatures = tuple(one.removeprefix("v1,") for one in said if one.startswith("v1,"))
        signed = f"{name}.{time}."
    elif hook.scheme == "timestamp":
        value, time = headers.get(hook.signature_header, ""), headers.get(hook.timestamp_header, "")
        if found := _STRIPE.fullmatch(value.replace(" ", "")):
            time = found["time"]
            pairs = (one.partition("=") for one in value.replace(" ", "").split(","))
            signatures = tuple(said for key, _, said in pairs if key == "v1")
        else:
            signatures = _bare(value)
        signed = f"{time}."
    else:
        signatures, signed, time = _bare(headers.get(hook.signature_header, "")), "", None
    if not signatures or (time is not None and not _is_now(time, now_s)):
        return None
    return _Shown(signed.encode(), signatures[:_MOST])


def _bare(value: str) -> tuple[str, ...]:
    one = value.strip().removeprefix("sha256=").removeprefix("v1=")
    return (one,) if one else ()


def _is_now(time: str, now_s: float) -> bool:
    if not re.fullmatch(r"\d{1,14}", time):
        return False
    moment_s = int(time) / 1000 if int(time) > _MILLISECONDS else int(time)
    return abs(now_s - moment_s) <= WINDOW_S


def _key(hook: Hook, secret: str) -> bytes:
    if hook.scheme == "standard":
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass  # a secret that is no base64 is taken as it is
    return secret.encode()


def _present(secret: SecretStr, file: str) -> str:
    """The secret as it is at this moment: one that was changed in its file is dead at once.

    Raises:
        Unavailable: Its file can't be read.
    """
    if not file:
        return secret.get_secret_value()
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"The secret in {file} can't be read.") from error
