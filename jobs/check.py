"""Asks one outside server one small thing, and says what stood in the way."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import smtp
from memory.access_tokens import AccessTokens
from memory.config import Config
from memory.ids import new_id
from memory.reach import Obstacle

if TYPE_CHECKING:
    from agents.purse import Purse
    from agents.tariff import Tier

_ANSWER_S = 10.0


async def checked(what: str, settings: str) -> str:
    """One line of JSON: `obstacle`, null when all went well, and `name` of what met it.

    Args:
        what: "smtp" signs in and leaves, nothing is sent; "model" asks each model for one word.
        settings: The configuration to try, as JSON.
    """
    # pydantic takes no secret for its own default while it reads JSON itself (2.14)
    config = Config.model_validate(json.loads(settings))
    asked = _smtp if what == "smtp" else _models
    met, name = await asked(config)
    return json.dumps({"obstacle": met, "name": name})


async def _smtp(config: Config) -> tuple[Obstacle | None, str]:
    account = config.mail.smtp
    if account is None:
        return None, ""
    oauth = config.mail.oauth if account.auth == "xoauth2" else None
    token = await asyncio.to_thread(AccessTokens(oauth).present) if oauth else None
    sender = config.mail.from_address
    met = await asyncio.to_thread(smtp.tried, account, token, sender, answer_s=_ANSWER_S)
    return met, account.host


async def _models(config: Config) -> tuple[Obstacle | None, str]:
    # a model's libraries take two seconds to load, so only this question loads them
    from agents.ladder import probe

    asked: set[str] = set()
    async with _purse(config) as purse:
        for tier, name in _named(config):
            if name and name not in asked:
                met = await probe(config, tier, purse)
                if met is not None:
                    return met, name
            asked.add(name)
    return None, ""


def _named(config: Config) -> "tuple[tuple[Tier, str], ...]":
    return ("small", config.models.small), ("large", config.models.large)


@contextlib.asynccontextmanager
async def _purse(config: Config) -> AsyncGenerator["Purse | None"]:
    """The company's purse, because this costs money too; None where there is no company yet."""
    from jobs.purse import RunPurse
    from memory.company import database_url, opened
    from memory.schema import is_current

    data = Path(config.storage.data)
    if not config.storage.data or not is_current(database_url(config, data)):
        yield None
        return
    async with opened(config, data) as company:
        yield RunPurse(company, new_id("run"), "doctor", is_trial=True)
