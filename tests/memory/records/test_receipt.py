"""Receipt: the other side's answer."""

import pytest
from pydantic import ValidationError

from memory.records.receipt import Receipt
from tests.memory.records.given import NINE, SENT


def test_a_receipt_comes_back_from_json_as_it_was():
    assert Receipt.model_validate_json(SENT.model_dump_json()) == SENT


def test_a_hope_is_no_receipt():
    with pytest.raises(ValidationError):
        Receipt.model_validate({"outcome": "probably", "at": NINE})
