"""Names for things: random where nobody may guess, derived where a repeat must meet itself."""

import base64
import hashlib
import secrets


def new_id(prefix: str) -> str:
    """A fresh 80-bit name such as "act_k3j9...", never seen before."""
    return f"{prefix}_{_letters(secrets.token_bytes(10))}"


def derived_id(prefix: str, *parts: str) -> str:
    """The same parts always give the same name, on every machine and at every time."""
    # the mark between two parts is escaped inside a part, so that no two lists read the same
    marked = (part.replace("\x1e", "\x1e\x1e").replace("\x1f", "\x1e\x1f") for part in parts)
    joined = "\x1f".join(marked).encode()
    return f"{prefix}_{_letters(hashlib.sha256(joined).digest()[:10])}"


def new_token() -> str:
    """128 random bits for a button or a key, 26 characters."""
    return _letters(secrets.token_bytes(16))


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
