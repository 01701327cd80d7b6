"""What a web hook sent: read by the shape it was promised in, or its faults in plain words."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from babel.numbers import get_currency_precision

from memory.config import Hook
from memory.hook_settings import shape_in
from memory.labels import Label
from memory.records.intent import Intent
from memory.records.money import Money

_MOST_FAULTS = 3
"""Faults that are named; who has more of them has another shape altogether."""
_LARGEST = Decimal(10) ** 12
_RAW = ("raw", "email", "raw_email", "RawEmail")
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "empty",
}


class Unusable(Exception):
    """It is not what was promised; the faults are in words, and never repeat what was sent."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        more = len(faults) - _MOST_FAULTS
        named = [*faults[:_MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]
        self.sentence = ", ".join(named)


@dataclass(frozen=True)
class Delivery:
    """What was sent, as the house takes it in."""

    intent: Intent
    label: Label
    name: str = ""
    """What the sender calls it; empty when the content does not say."""
    text: str = ""
    mail: bytes | None = None
    """The letter inside it."""


class Shape:
    """The shape that one web hook was promised in."""

    def __init__(self, name: str, hook: Hook, *, currency: str) -> None:
        """The shape of a hook.

        Args:
            currency: What a payment is in that does not say.
        """
        self._name = name
        self._currency = currency
        self._read: Callable[[object], Delivery] = {
            "payment": self._payment,
            "mail": _mail,
        }.get(hook.schema_, self._anything)
        known = ("", "payment", "mail")
        self._schema = None if hook.schema_ in known else shape_in(hook.schema_)

    def read(self, body: bytes) -> Delivery:
        """What was sent.

        Raises:
            Unusable: It has another shape.
        """
        try:
            content: object = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Unusable("it is not JSON") from error
        if self._schema is not None:
            faults = _faults(self._schema, content)
            if faults:
                raise Unusable(*faults)
        return self._read(content)

    def _payment(self, content: object) -> Delivery:
        fields = _object(content)
        faults: list[str] = []
        number = _words(fields, "id", faults, needed=True)
        amount = _amount(fields, self._currency, faults)
        paid_at = _moment(fields.get("paid_at"), faults)
        texts = {
            slot: _words(fields, name, faults)
            for slot, name in (
                ("invoice", "invoice"),
                ("reference", "reference"),
                ("customer", "payer"),
                ("note", "note"),
            )
        }
        if faults or amount is None:
            raise Unusable(*faults)
        slots = {"id": f"{self._name} {number}", "amount": str(amount), "paid_at": paid_at, **texts}
        given = {slot: value for slot, value in slots.items() if value}
        # the signature proves who sent it; what the payer wrote is still the payer's
        return Delivery(Intent(kind="payment.record", slots=given), Label.KNOWN_SENDER, number)

    def _anything(self, content: object) -> Delivery:
        text = json.dumps(content, indent=2, ensure_ascii=False, default=_as_written)
        fields = cast("dict[str, object]", content) if isinstance(content, dict) else {}
        name = fields.get("id")
        return Delivery(
            Intent(kind="hook.note"),
            Label.EXTERNAL,
            str(name) if isinstance(name, str | int) and not isinstance(name, bool) else "",
            text,
        )


def _mail(content: object) -> Delivery:
    """A mail as providers deliver it: the whole message as text or base64, beside its envelope."""
    fields = _object(content)
    raw = next((fields[one] for one in _RAW if fields.get(one)), None)
    if not isinstance(raw, str):
        raise Unusable("raw is missing; it holds the whole mail, as text or base64")
    head = raw.lstrip()[:200].partition("\n")[0]
    message = raw.encode("utf-8", "surrogateescape" if raw.isascii() else "replace")
    if ":" not in head:
        try:
            message = base64.b64decode("".join(raw.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unusable("raw is neither a mail nor base64") from error
    return Delivery(Intent(kind="say"), Label.EXTERNAL, mail=message)


def _object(content: object) -> Mapping[str, object]:
    if not isinstance(content, dict):
        raise Unusable("it is not a JSON object")
    return cast("Mapping[str, object]", content)


def _words(
    fields: Mapping[str, object], name: str, faults: list[str], *, needed: bool = False
) -> str:
    value = fields.get(name)
    if value is None or value == "":
        if needed:
            faults.append(f"{name} is missing")
        return ""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return " ".join(str(value).split())[:500]
    faults.append(f"{name} must be a text")
    return ""


def _amount(fields: Mapping[str, object], currency: str, faults: list[str]) -> Money | None:
    code, value = fields.get("currency", currency), fields.get("amount")
    if not isinstance(code, str) or not re.fullmatch(r"[A-Za-z]{3}", code):
        faults.append('currency must be three letters, such as "EUR"')
        code = currency
    if value is None:
        faults.append("amount is missing")
        return None
    try:
        amount = Decimal(value) if isinstance(value, str | int | Decimal) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite() or not 0 < amount < _LARGEST:
        faults.append("amount must be a number above 0, such as 410.00")
        return None
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > get_currency_precision(code.upper()):
        faults.append(f"amount has more decimals than {code.upper()} has")
        return None
    return Money.of(amount, code.upper())


def _moment(value: object, faults: list[str]) -> str:
    """A moment as ISO text; empty when nobody said."""
    if value is None or value == "":
        return ""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).isoformat()
        if isinstance(value, str):
            return datetime.fromisoformat(value).isoformat()
    except (ValueError, OverflowError, OSError):
        pass  # told below, like a value of another kind
    faults.append("paid_at must be a moment, such as 2026-03-10T08:12:00Z")
    return ""


def _faults(schema: dict[str, object], content: object) -> list[str]:
    """What is wrong with it, field by field."""
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # an empty registry: a shape that points elsewhere is not fetched from there
    validator: Any = Draft202012Validator(schema, registry=Registry())
    try:
        found = sorted(validator.iter_errors(content), key=lambda one: list(map(str, one.path)))
    except (Unresolvable, re.error, RecursionError):
        return ["the file that says its shape has a fault"]
    return list(dict.fromkeys(_fault(one) for one in found))


def _fault(error: Any) -> str:
    where = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in error.path)
    where = where.lstrip(".") or "it"
    if error.validator == "required":
        missing = [one for one in error.validator_value if one not in error.instance]
        named = ", ".join(f"{where}.{one}" if where != "it" else str(one) for one in missing)
        return f"{named} {'is' if len(missing) == 1 else 'are'} missing"
    if error.validator == "type":
        kinds = error.validator_value
        wanted = [kinds] if isinstance(kinds, str) else list(kinds)
        return f"{where} must be {' or '.join(_TYPES.get(one, one) for one in wanted)}"
    if error.validator in ("enum", "const"):
        return f"{where} is none of the values it may have"
    if error.validator == "additionalProperties":
        return f"{where} has fields that nobody promised"
    return f"{where} is not as it was promised"


def _no_constant(name: str) -> object:
    message = f"{name} is no number in JSON"
    raise ValueError(message)


def _as_written(value: object) -> object:
    """A number that JSON wrote with a point, as a number again."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
