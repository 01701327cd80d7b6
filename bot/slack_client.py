"""The Slack client: how it is made, what its refusals mean to us, and what may go wrong."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack_json import Json, words
from bot.slack_link import server_of
from memory.config import Slack
from memory.errors import Refused, Trouble, Unavailable
from memory.records.shape import Frozen

logger = logging.getLogger(__name__)

library_logger = logging.getLogger("bot.slack.library")
"""What the client library would like to say. Its lines may carry addresses with tickets in them."""
library_logger.setLevel(logging.CRITICAL)

_Method = Callable[..., Awaitable[AsyncSlackResponse]]

_TIMEOUT_S = 15
_COURTESY_S = 5.0
_TOO_MANY = 429
_FINE = 200
_BROKEN = frozenset(
    {
        *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"),
        *("no_permission", "org_login_required", "team_access_not_granted"),
    }
)  # fmt: skip
"""What Slack says when only the owner can mend it."""
_BUSY = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)


class Declined(Refused):
    """Slack said no to one call."""

    def __init__(self, code: str) -> None:
        super().__init__("Slack did not take what I wanted to show you.")
        self.code = code
        """Slack's own word for why."""


class Unanswered(Unavailable):
    """Slack may have done what it was asked, and did not say so."""


class Identity(Frozen):
    """Who we are on Slack."""

    team: str
    enterprise: str
    user: str
    bot: str
    address: str
    """The workspace's own address."""


class SlackClient:
    """Slack's Web API with our words for what goes wrong."""

    def __init__(self, config: Slack) -> None:
        self._token = config.bot_token.get_secret_value()
        server = server_of(config)
        self._host = urlsplit(server).netloc
        self.web = AsyncWebClient(
            self._token,
            base_url=server,
            timeout=_TIMEOUT_S,
            # What is tried again is the pump's decision; the library would say a card twice.
            retry_handlers=[],
            logger=library_logger,
        )
        self.broken: Refused | None = None
        """What only the owner can mend; None while all is well."""
        self.breaks = asyncio.Event()
        self._files: ClientSession | None = None

    async def call(self, method: str, **arguments: object) -> Json:
        """Call a method of the client library by its name; what it answered.

        Raises:
            Unavailable: Slack did not take it now; carries how long to wait if it said so.
            Unanswered: The same, and it may have been done.
            Refused: Slack will never take it.
        """
        try:
            named = cast("_Method", getattr(self.web, method))
            answer = await named(**arguments)
        except SlackApiError as error:
            raise self._meant(error) from None
        except (SlackClientError, ClientError, TimeoutError, OSError):
            raise Unanswered("I can't reach Slack right now.") from None
        return _said(answer)

    async def identity(self) -> Identity:
        """Who we are.

        Raises:
            Unavailable: Slack was not reached.
            Refused: The token is not accepted.
        """
        said = await self.call("auth_test")
        return Identity(
            team=words(said, "team_id"),
            enterprise=words(said, "enterprise_id"),
            user=words(said, "user_id"),
            bot=words(said, "bot_id"),
            address=words(said, "url"),
        )

    def break_off(self, trouble: Refused) -> Refused:
        """Remember that only the owner can mend it; the same trouble."""
        self.broken = trouble
        self.breaks.set()
        return trouble

    @asynccontextmanager
    async def file(self, address: str) -> AsyncGenerator[ClientResponse]:
        """A file that Slack holds, opened for reading.

        Raises:
            Refused: The address is not Slack's; our token goes nowhere else.
            Unavailable: It was not handed over now.
        """
        host = urlsplit(address).netloc
        if host != self._host and not host.endswith(".slack.com"):
            raise Declined("foreign_file")
        if self._files is None:
            self._files = ClientSession(timeout=ClientTimeout(total=60))
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._files.get(address, headers=headers) as answer:
                yield answer
        except (ClientError, TimeoutError, OSError):
            raise Unavailable("Slack did not hand me the file.") from None

    async def close(self) -> None:
        """Let go of what is open."""
        if self._files is not None:
            await self._files.close()
            self._files = None

    def _meant(self, error: SlackApiError) -> Trouble:
        answer = cast("AsyncSlackResponse", error.response)
        status, said = cast("int", answer.status_code), _said(answer)
        code = words(said, "error")
        if status == _TOO_MANY or code in ("ratelimited", "rate_limited"):
            return Unavailable("Slack asks me to slow down.", retry_after=_wait_of(answer))
        if code in _BROKEN:
            return self.break_off(bad_token())
        if code == "missing_scope":
            return self.break_off(missing_scope(words(said, "needed")))
        if status != _FINE or not code or code in _BUSY:
            return Unanswered("I can't reach Slack right now.")
        return Declined(code)


def bad_token() -> Refused:
    """The refusal that only the owner can mend."""
    return Refused(
        "Slack does not accept the token of your app.",
        hint="Install the app to your workspace again, put its token into config.toml under "
        "[slack], and start me again.",
    )


def removed() -> Refused:
    """The app is no longer installed."""
    return Refused(
        "My app was removed from your Slack.",
        hint="Install it again, put its token into config.toml under [slack], and start me again.",
    )


def missing_scope(needed: str) -> Refused:
    """The app was installed with fewer permissions than the manifest asks for."""
    return Refused(
        f"Slack does not let me do that: the app lacks the permission {needed or 'it needs'}.",
        hint="Copy bot/manifest.yaml into your app's manifest, install the app again, and start "
        "me again.",
    )


class Courtesies:
    """Friendly things to do after a commit, side by side. Nothing depends on whether they work."""

    def __init__(self) -> None:
        self._group: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def within(self, group: asyncio.TaskGroup) -> AsyncGenerator[None]:
        """Do them as tasks of this group."""
        self._group = group
        try:
            yield
        finally:
            self._group = None

    def do(self, what: str, act: Callable[[], Awaitable[object]]) -> None:
        """Begin one; a closed door does none."""
        if self._group is not None:
            self._group.create_task(_courteously(what, act))


async def _courteously(what: str, act: Callable[[], Awaitable[object]]) -> None:
    """Do it; what fails or takes long is left."""
    try:
        async with asyncio.timeout(_COURTESY_S):
            await act()
    except (Trouble, TimeoutError) as error:
        facts = {"courtesy": what, "error": type(error).__name__}
        logger.info("courtesy left", extra={"action": "slack_courtesy_left", **facts})


def _said(answer: AsyncSlackResponse) -> Json:
    data = cast("object", answer.data)
    return cast("Json", data) if isinstance(data, dict) else {}


def _wait_of(answer: AsyncSlackResponse) -> timedelta | None:
    """How long Slack asks us to wait."""
    headers = cast("Mapping[str, object]", answer.headers)
    found = [str(value) for name, value in headers.items() if name.lower() == "retry-after"]
    return timedelta(seconds=int(found[0])) if found and found[0].isdecimal() else None
