"""Tries settings with one call before they are kept: what is wrong with them, if anything."""

import asyncio
import imaplib
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from bot.forms import SPEAKS
from bot.slack_link import server_of
from bot.wrong_inputs import Wrong, wrong
from memory.access_tokens import AccessTokens
from memory.config import Config, Imap, Mail, OAuth, Slack, Telegram
from memory.errors import Unavailable
from memory.reach import Obstacle, obstacle

logger = logging.getLogger(__name__)

_ANSWER_S = 10.0
_LONGEST_S = 90.0
"""Longer than every answer in a trial together may take."""
_TELEGRAM = "https://api.telegram.org"
_NO_SUCH_TOKEN = (
    *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"),
    *("not_allowed_token_type", "user_removed_from_team"),
)


async def telegram(section: Telegram) -> str | Wrong:
    """The bot's name, as Telegram tells it."""
    # the client library costs half a second, so only those who use it pay
    from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

    from bot.telegram_client import client

    met = Obstacle.STRANGE
    try:
        bot = client(section)
        try:
            await bot.initialize()
            return bot.username
        finally:
            await bot.shutdown()
    except InvalidToken:
        met = Obstacle.PASSWORD
    except RetryAfter:
        met = Obstacle.SPENT
    except TimedOut:
        met = Obstacle.SILENT
    except NetworkError as error:
        # an answer that makes no sense is a NetworkError too, and has no transport's name in it
        met = obstacle(error) if str(error).startswith("httpx.") else Obstacle.STRANGE
    except TelegramError:
        met = Obstacle.STRANGE
    return wrong("telegram", met, host=_host(section.api_url or _TELEGRAM))


async def slack(section: Slack) -> str | Wrong:
    """The workspace's name, once both tokens are known to it."""
    from aiohttp import ClientError
    from slack_sdk.errors import SlackApiError, SlackClientError
    from slack_sdk.web.async_client import AsyncWebClient

    base = server_of(section)
    tried = "slack_bot"
    client = AsyncWebClient(
        section.bot_token.get_secret_value(),
        base_url=base,
        timeout=int(_ANSWER_S),
    )
    try:
        answer = await client.auth_test()  # pyright: ignore[reportUnknownMemberType] - slack_sdk takes anything
        tried = "slack_app"
        app_token = section.app_token.get_secret_value()
        await client.apps_connections_open(app_token=app_token)  # pyright: ignore[reportUnknownMemberType] - the same
        return str(answer.get("team") or "Slack")
    except SlackApiError as error:
        said = str(error.response.get("error", ""))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - the same
        if said in _NO_SUCH_TOKEN:
            return wrong(tried, Obstacle.PASSWORD)
        if said == "missing_scope" and tried == "slack_app":
            return wrong(tried, Obstacle.SCOPE)
        met = Obstacle.SPENT if said in ("ratelimited", "rate_limited") else Obstacle.STRANGE
    except SlackClientError:
        met = Obstacle.STRANGE
    except (ClientError, OSError, TimeoutError) as error:
        met = obstacle(error)
    return wrong("slack", met, host=_host(base))


async def outgoing(mail: Mail, *, advice: str = "") -> Wrong | None:
    """Sign in at the server that sends; no mail is sent.

    Raises:
        Trouble: The token server gives no token, or could not be asked.
    """
    smtp = mail.smtp
    if smtp is None:
        return None
    if mail.oauth is not None and smtp.auth == "xoauth2":
        # fetched here, where its trouble has words of its own; the other process only shows it
        token = await asyncio.to_thread(AccessTokens(mail.oauth).present)
        mail = mail.model_copy(update={"oauth": OAuth.model_validate({"access_token": token})})
    met, _ = await _asked("smtp", {"mail": mail})
    if met is None:
        return None
    facts = {"host": smtp.host, "port": str(smtp.port), "user": smtp.username, "help": advice}
    return wrong("smtp", met, name=mail.from_address, **facts)


async def incoming(mail: Mail, *, advice: str = "") -> Wrong | None:
    """Sign in at the mailbox and look for the folder, which is made when it is missing.

    Raises:
        Trouble: The token server gives no token, or could not be asked.
    """
    imap = mail.imap
    if imap is None:
        return None
    tokens = AccessTokens(mail.oauth) if mail.oauth else None
    met = await asyncio.to_thread(_opened, imap, tokens)
    if met is None:
        return None
    facts = {"host": imap.host, "port": str(imap.port), "user": imap.username, "help": advice}
    return wrong("imap", met, name=imap.folder, **facts)


async def model(config: Config, data: Path) -> Wrong | None:
    """Ask each configured model for one word; it is paid for like any other."""
    storage = config.storage.model_copy(update={"data": str(data)})
    met, name = await _asked(
        "model", {"models": config.models, "budget": config.budget, "storage": storage}
    )
    if met is None:
        return None
    models = config.models
    facts = {
        "host": _host(models.base_url) or name,
        "name": name.removeprefix(SPEAKS),
        "which": "small" if name == models.small else "large",
        "currency": config.budget.currency,
    }
    return wrong("model", met, **facts)


async def _asked(what: str, sections: dict[str, BaseModel]) -> tuple[Obstacle | None, str]:
    """Ask in the process that may: what stood in the way, and the name of what met it."""
    settings = {name: section.model_dump() for name, section in sections.items()}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jobs", "check", what),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_LONGEST_S):
            out, _ = await child.communicate(json.dumps(settings, default=plain).encode())
    except TimeoutError:
        return Obstacle.SILENT, ""
    finally:
        if child.returncode is None:
            child.kill()
    if child.returncode or not out:
        logger.error("trial broke", extra={"action": "trial_broke", "what": what})
        raise Unavailable(
            "I could not try it just now.",
            hint="Try again in a minute. If it stays like this, stop me and start me again.",
        )
    answer = json.loads(out)
    met = answer["obstacle"]
    return (None if met is None else Obstacle(met)), str(answer["name"])


def plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _opened(imap: Imap, tokens: AccessTokens | None) -> Obstacle | None:
    """Runs in a thread."""
    from imap_tools import ImapToolsError, MailboxFolderCreateError

    from bot.mailbox_account import NotSignedIn, connected, enter

    try:
        box = connected(imap, answer_s=_ANSWER_S)
        try:
            enter(box, imap, tokens)
        finally:
            with suppress(OSError):
                box.client.shutdown()
    except NotSignedIn as error:
        refused = Obstacle.TOKEN if imap.auth == "xoauth2" else Obstacle.PASSWORD
        return Obstacle.GONE if error.passes else refused
    except MailboxFolderCreateError:
        return Obstacle.FOLDER
    except (OSError, EOFError) as error:
        return obstacle(error)
    except imaplib.IMAP4.abort as error:
        return Obstacle.STRANGE if "unexpected response" in str(error) else Obstacle.GONE
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        return Obstacle.PLAIN if "TLS not supported" in str(error) else Obstacle.STRANGE
    return None


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
