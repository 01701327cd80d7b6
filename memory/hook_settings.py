"""The sections of the configuration that are about web hooks which come in."""

import json
from pathlib import Path
from typing import Literal, cast

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from memory.section import Section

Scheme = Literal["timestamp", "standard", "body"]
"""What a sender signs: its time and the body, the same with its id (standardwebhooks.com), or the
body alone."""


class Hook(Section):
    """A web hook that comes in. Its sender signs with a secret, or shows a token."""

    token: SecretStr = SecretStr("")
    token_file: str = ""
    secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    secret_file: str = ""
    """Read again for every call, so that a secret that was changed is dead at once."""
    scheme: Scheme = "timestamp"
    signature_header: str = "X-Signature"
    timestamp_header: str = "X-Timestamp"
    schema_: str = Field(default="", alias="schema")
    """"payment", "mail", the path of a JSON Schema file, or empty for anything."""

    @field_validator("secret")
    @classmethod
    def _is_some_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        given = info.data.get("token")
        if given is not None and not value.get_secret_value() and not given.get_secret_value():
            message = "is missing; give a secret that the sender signs with, or a token"
            raise ValueError(message)
        return value

    @field_validator("schema_")
    @classmethod
    def _is_a_shape(cls, value: str) -> str:
        if value and value not in ("payment", "mail"):
            _ = shape_in(value)
        return value


def shape_in(place: str) -> dict[str, object]:
    """The JSON Schema in a file.

    Raises:
        ValueError: It can't be read, or is none; in words for the owner.
    """
    from jsonschema import Draft202012Validator  # only who has such a file pays for it
    from jsonschema.exceptions import SchemaError

    try:
        found: object = json.loads(Path(place).expanduser().read_bytes())
        if not isinstance(found, dict):
            message = f"{place} holds no JSON object"
            raise ValueError(message)  # noqa: TRY004 - pydantic makes a fault of this one only
        shape = cast("dict[str, object]", found)
        Draft202012Validator.check_schema(shape)
        if _points_elsewhere(shape):
            message = f"{place} points to another file; put all of it into this one"
            raise ValueError(message)
    except OSError as error:
        message = f'write "payment", "mail" or the path of a file; {place} cannot be read'
        raise ValueError(message) from error
    except (SchemaError, RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        message = f"{place} is not a JSON Schema"
        raise ValueError(message) from error
    return shape


def _points_elsewhere(part: object) -> bool:
    """Whether a shape refers to one that lies somewhere else, which nobody would fetch."""
    if isinstance(part, dict):
        fields = cast("dict[str, object]", part)
        refers = (fields.get("$ref"), fields.get("$dynamicRef"))
        if any(isinstance(one, str) and not one.startswith("#") for one in refers):
            return True
        return any(_points_elsewhere(one) for one in fields.values())
    return isinstance(part, list) and any(
        _points_elsewhere(one) for one in cast("list[object]", part)
    )
