"""The rooms have short names, so nothing else may be installed under them."""

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", ["bot", "agents", "memory", "jobs"])
def test_no_other_distribution_claims_a_room(room: str):
    claimants = set(packages_distributions().get(room, []))

    assert claimants <= {"steward"}


@pytest.mark.parametrize("room", ["bot", "agents", "memory", "jobs"])
def test_a_room_is_imported_from_this_house(room: str):
    spec = find_spec(room)

    assert spec is not None
    assert spec.origin == str(ROOT / room / "__init__.py")
