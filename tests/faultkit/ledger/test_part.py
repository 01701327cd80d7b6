"""A sample of what `make faults PART=ledger` does everywhere."""

import json
from pathlib import Path

from tests.faultkit.ledger.part import BEYOND, run


def test_whatever_is_done_to_a_ledger_without_its_key_is_found(tmp_path: Path):
    out = tmp_path / "ledger.json"

    assert run(130, out, every=6, lanes=1) == 0

    harms = json.loads(out.read_text())["harms"]
    assert len(harms) >= 60
    assert sum(one["found"] for one in harms.values()) > 1000
    # the promise about a tail that is cut off is up to the last seal outside, and no further
    assert {name for name, one in harms.items() if one["not found"]} == {BEYOND}
