"""What web hooks send, and what is said about what is not as it was promised."""

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hook_shapes import Delivery, Shape, Unusable
from memory.config import Hook
from memory.labels import Label
from tests.house.words import assert_plain

PAYMENT = {
    "id": "pay_1",
    "amount": "410.00",
    "currency": "eur",
    "paid_at": "2026-03-10T08:12:00Z",
    "invoice": "INV-014",
    "payer": "Jo Lee",
    "note": "thank\nyou",
    "livemode": True,
}


def a_shape(schema: str = "payment") -> Shape:
    hook = Hook.model_validate({"secret": "x", "schema": schema})
    return Shape("payments", hook, currency="EUR")


def read(content: object, schema: str = "payment") -> Delivery:
    return a_shape(schema).read(json.dumps(content).encode())


def fault(content: object, schema: str = "payment") -> str:
    with pytest.raises(Unusable) as wrong:
        read(content, schema)
    assert_plain(wrong.value.sentence)
    return wrong.value.sentence


def test_a_payment_becomes_what_the_house_can_file():
    delivery = read(PAYMENT)

    assert delivery.label is Label.KNOWN_SENDER
    assert delivery.intent.kind == "payment.record"
    assert delivery.intent.slots == {
        "id": "payments pay_1",
        "amount": "410.00 EUR",
        "paid_at": "2026-03-10T08:12:00+00:00",
        "invoice": "INV-014",
        "customer": "Jo Lee",
        "note": "thank you",
    }


@pytest.mark.parametrize(
    ("amount", "found"),
    [(410, "410.00 EUR"), (410.1, "410.10 EUR"), ("0.01", "0.01 EUR"), (1e3, "1000.00 EUR")],
)
def test_an_amount_is_exact_however_it_is_written(amount: object, found: str):
    assert read({"id": 1, "amount": amount}).intent.slots["amount"] == found


def test_a_moment_may_be_in_seconds():
    assert read({**PAYMENT, "paid_at": 1773130320}).intent.slots["paid_at"].startswith("2026-03-10")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": None}, "id is missing"),
        ({"amount": None}, "amount is missing"),
        ({"amount": "lots"}, "amount must be a number above 0, such as 410.00"),
        ({"amount": -5}, "amount must be a number above 0, such as 410.00"),
        ({"amount": True}, "amount must be a number above 0, such as 410.00"),
        ({"amount": [1]}, "amount must be a number above 0, such as 410.00"),
        ({"amount": 1e40}, "amount must be a number above 0, such as 410.00"),
        ({"amount": "1.005"}, "amount has more decimals than EUR has"),
        ({"amount": "1.5", "currency": "JPY"}, "amount has more decimals than JPY has"),
        ({"currency": "euros"}, 'currency must be three letters, such as "EUR"'),
        ({"paid_at": "soon"}, "paid_at must be a moment, such as 2026-03-10T08:12:00Z"),
        ({"paid_at": 10**30}, "paid_at must be a moment, such as 2026-03-10T08:12:00Z"),
        ({"payer": {"name": "Jo"}}, "payer must be a text"),
    ],
)
def test_a_payment_with_a_fault_names_the_field(change: dict[str, object], says: str):
    assert fault({**PAYMENT, **change}) == says


def test_several_faults_are_told_together():
    assert fault({"payer": 1.5}) == "id is missing, amount is missing, payer must be a text"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"amount": NaN}', b'"x"', b"[]"]
)
def test_what_is_no_json_object_is_said_so(body: bytes):
    with pytest.raises(Unusable, match="JSON"):
        a_shape().read(body)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_nothing_that_is_json_breaks_a_shape(content: object):
    assert read(content, "").intent.kind == "hook.note"
    for schema in ("payment", "mail"):
        with suppress(Unusable):
            assert read(content, schema).intent.kind


MAIL = "From: Marta <marta@bluefincafe.example>\r\nSubject: Hi\r\n\r\nA quote?\r\n"


@pytest.mark.parametrize(
    "content",
    [
        {"raw": MAIL, "envelope": {"to": ["x@y.example"]}},
        {"email": MAIL},
        {"RawEmail": base64.b64encode(MAIL.encode()).decode()},
        {"raw": base64.encodebytes(MAIL.encode()).decode()},
    ],
)
def test_a_mail_is_found_as_text_or_base64(content: dict[str, object]):
    delivery = read(content, "mail")

    assert delivery.mail == MAIL.encode()
    assert (delivery.intent.kind, delivery.label) == ("say", Label.EXTERNAL)


@pytest.mark.parametrize("content", [{}, {"raw": 5}, {"raw": "not base64"}])
def test_a_mail_that_is_none_is_said_so(content: dict[str, object]):
    assert fault(content, "mail").startswith("raw is")


def test_anything_is_kept_as_it_can_be_read():
    delivery = read({"id": 7, "shop": "Café", "total": 12.5}, "")

    assert delivery.text == '{\n  "id": 7,\n  "shop": "Café",\n  "total": 12.5\n}'
    assert (delivery.intent.kind, delivery.label, delivery.name) == (
        "hook.note",
        Label.EXTERNAL,
        "7",
    )


def test_a_shape_of_the_owners_own_names_the_fields_that_are_wrong(tmp_path: Path):
    (tmp_path / "order.json").write_text(
        json.dumps(
            {
                "type": "object",
                "required": ["order", "total"],
                "properties": {
                    "total": {"type": "number"},
                    "lines": {"items": {"required": ["sku"], "type": "object"}},
                    "state": {"enum": ["new", "old"]},
                    "other": {"$ref": "#/$defs/nowhere"},
                },
            }
        )
    )
    schema = str(tmp_path / "order.json")

    assert read({"order": 1, "total": 2.5}, schema).intent.kind == "hook.note"
    assert fault({"total": 1}, schema) == "order is missing"
    assert fault({}, schema) == "order, total are missing"
    assert fault({"order": 1, "total": "1"}, schema) == "total must be a number"
    assert (
        fault({"order": 1, "total": 1, "lines": [{}], "state": "x"}, schema)
        == "lines[0].sku is missing, state is none of the values it may have"
    )
    broken = "the file that says its shape has a fault"
    assert fault({"order": 1, "total": 1, "other": 1}, schema) == broken
