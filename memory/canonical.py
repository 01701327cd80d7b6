"""One byte string per value: what is hashed, signed and compared."""

import hashlib
import json

from pydantic import BaseModel

# json.dumps makes an encoder anew for every call that wants more than its defaults
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8: equal values give equal bytes."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return _encode(value).encode()


def digest(value: object) -> str:
    """SHA-256 over the canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()
