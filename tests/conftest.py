"""The rules of every test run: what is counted, and what a strict run does not forgive."""

import os

import pytest
from hypothesis import settings

from tests.house.tally import Tally

# A slow machine is not a wrong answer, so no example has a deadline. In CI the examples are the
# same in every run: a red run there must be reproducible.
settings.register_profile("steward", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("steward")

LONG = ("tests/journeys/", "tests/faultkit/", "tests/house/")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tally(config, strict=os.environ.get("CI") == "true"), "tally")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
