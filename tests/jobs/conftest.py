"""A desk for every test: a real company in a temporary folder, and one worker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.builders import Desk, a_config, a_desk, an_account
from tests.doubles.smtp import Smtp


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A company without a mail account."""
    async with a_desk(tmp_path) as one:
        yield one


@pytest.fixture
async def witness(tmp_path: Path) -> AsyncIterator[Smtp]:
    """A mail server that writes down what it takes."""
    async with Smtp(tmp_path / "witness") as one:
        yield one


@pytest.fixture
async def mailing(tmp_path: Path, witness: Smtp) -> AsyncIterator[Desk]:
    """A company whose mails leave through the witness."""
    async with a_desk(tmp_path / "data", a_config(smtp=an_account(witness.port))) as one:
        yield one
