"""Asks one outside server one small thing, and says what stood in the way."""

import asyncio
import json

from memory.config import Config
from memory.reach import Obstacle

_ANSWER_S = 10.0


async def checked(what: str, settings: str) -> str:
    """One line of JSON: `obstacle`, null when all went well, and `name` of what met it.

    Args:
        what: "smtp" signs in and leaves, nothing is sent; "model" asks each model for one word.
        settings: The configuration to try, as JSON.
    """
    config = Config.model_validate_json(settings)
    asked = _smtp if what == "smtp" else _models
    met, name = await asked(config)
    return json.dumps({"obstacle": met, "name": name})


async def _smtp(config: Config) -> tuple[Obstacle | None, str]:
    from jobs.connectors.mail_login import signed_in

    smtp = config.mail.smtp
    if smtp is None:
        return None, ""
    met = await asyncio.to_thread(signed_in, smtp, config.mail.from_address, answer_s=_ANSWER_S)
    return met, smtp.host


async def _models(config: Config) -> tuple[Obstacle | None, str]:
    # a model's libraries take two seconds to load, so only this question loads them
    from agents.ladder import probe

    for name in dict.fromkeys(filter(None, (config.models.small, config.models.large))):
        met = await probe(config, name)
        if met is not None:
            return met, name
    return None, ""
