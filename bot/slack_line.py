"""The line to Slack, a socket or signed requests: it commits before it acknowledges."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.slack_client import Identity, SlackClient, library_logger
from bot.slack_json import Json, words
from memory.config import Slack
from memory.errors import Refused, Unavailable

logger = logging.getLogger(__name__)

Take = Callable[[Json], Awaitable[dict[str, Any]]]
"""Commits what came; what to acknowledge it with, empty for a plain "received"."""

_Listen = Callable[[re.Pattern[str]], Callable[[object], object]]
_ANYTHING = re.compile(".*", re.DOTALL)
_ANSWER = "steward_answer"
_LOOK_S = 0.5
_TRIES = 3
"""How often the library may fail to come back while Slack answers."""


class SlackLine:
    """Receives until cancelled. What `take` does not commit is not acknowledged."""

    def __init__(
        self,
        config: Slack,
        client: SlackClient,
        identity: Identity,
        take: Take,
        *,
        opened: Callable[[], None],
        ping_s: float,
    ) -> None:
        """A line that is not open yet.

        Args:
            opened: Called whenever a socket was opened, by the library too: something may have
                been said while there was none.
            ping_s: How often the socket is looked after; a dead one is replaced after four.
        """
        self._config = config
        self._client = client
        self._identity = identity
        self._take = take
        self._opened = opened
        self._ping_s = ping_s
        self._app = self._made()
        self._requests = AsyncSlackRequestHandler(self._app)

    async def answer(self, request: Request) -> Response:
        """Take one signed request."""
        try:
            return await self._requests.handle(request)
        except UnicodeDecodeError:
            return Response(status_code=400)

    async def run(self) -> None:
        """Keep the socket open until cancelled; without one, only requests come in.

        Raises:
            Refused: Slack does not accept the token of the socket.
            Unavailable: Slack can't be reached.
        """
        if not self._config.app_token.get_secret_value():
            self._opened()
            await asyncio.Event().wait()
            return
        handler = AsyncSocketModeHandler(
            self._app,
            self._config.app_token.get_secret_value(),
            logger=library_logger,
            web_client=self._client.web,
            ping_interval=self._ping_s,
        )
        try:
            handler.client.wss_uri = await self._address()
            await handler.client.connect()
            logger.info("socket open", extra={"action": "slack_socket_open"})
            await self._watched(handler)
        finally:
            await _closed(handler)

    async def _watched(self, handler: AsyncSocketModeHandler) -> None:
        """Leave the mending to the library, but notice what it would only log.

        Raises:
            Refused: Slack does not accept the token any more.
            Unavailable: Slack answers, and the socket stays lost all the same.
        """
        lost_s, tries, socket = 0.0, 0, None
        while True:
            if handler.client.current_session is not socket:
                socket = handler.client.current_session
                self._opened()
            await asyncio.sleep(_LOOK_S)
            if await handler.client.is_connected():
                lost_s, tries = 0.0, 0
                continue
            lost_s += _LOOK_S
            if lost_s > max(self._ping_s, 1.0):
                lost_s = 0.0
                tries += await self._answers()
            if tries == _TRIES:
                raise Unavailable("I lost the line to Slack.", hint="I open it again by myself.")

    async def _answers(self) -> bool:
        """Whether Slack is there at all; a bad network is waited for, in silence."""
        try:
            await self._address()
        except Unavailable:
            return False
        return True

    async def _address(self) -> str:
        """Where the socket is. The library would ask for it too, but try a bad token forever."""
        try:
            said = await self._client.call(
                "apps_connections_open",
                app_token=self._config.app_token.get_secret_value(),
            )
        except Refused:
            raise self._client.break_off(bad_app_token()) from None
        return words(said, "url")

    def _made(self) -> AsyncApp:
        identity = self._identity
        token = self._config.bot_token.get_secret_value()

        async def authorize() -> AuthorizeResult:
            # Known already: an event must not wait for another call to Slack.
            return AuthorizeResult(
                enterprise_id=identity.enterprise or None,
                team_id=identity.team,
                bot_user_id=identity.user,
                bot_id=identity.bot,
                bot_token=token,
            )

        secret = self._config.signing_secret.get_secret_value()
        app = AsyncApp(
            name="steward",
            logger=library_logger,
            process_before_response=True,
            signing_secret=secret,
            # Without a secret there are no requests to verify: their paths are not served.
            request_verification_enabled=bool(secret),
            authorize=authorize,
            # Whose words count is decided in one place, the door.
            ignoring_self_events_enabled=False,
        )
        # The library leaves out parts of these types; what we hand it is plain enough.
        app.use(self._commit)  # pyright: ignore[reportUnknownMemberType]
        app.error(_failed)
        for kind in ("event", "action", "view", "view_closed", "shortcut", "command"):
            listen = cast(
                "Callable[[re.Pattern[str]], Callable[[object], object]]", getattr(app, kind)
            )
            listen(_ANYTHING)(_acknowledge)
        return app

    async def _commit(
        self, body: Json, req: AsyncBoltRequest, next: Callable[[], Awaitable[None]]  # noqa: A002 - bolt hands arguments over by name
    ) -> BoltResponse | None:  # fmt: skip
        """The one way in: nothing is acknowledged before this returns."""
        try:
            req.context[_ANSWER] = await self._take(body)
        except Unavailable:
            logger.warning("memory is busy", extra={"action": "slack_not_acknowledged"})
            return BoltResponse(status=503)
        await next()
        return None


async def _acknowledge(ack: AsyncAck, context: dict[str, Any]) -> None:
    await ack(**context.get(_ANSWER, {}))


async def _failed(error: Exception) -> BoltResponse:
    """What broke is not acknowledged, so that it comes again."""
    if not isinstance(error, ValueError):
        logger.error(
            "slack request broke",
            extra={"action": "slack_request_broke", "error": type(error).__name__},
            exc_info=error,
        )
    return BoltResponse(status=500)


async def _closed(handler: AsyncSocketModeHandler) -> None:
    """Close the socket, and wait for the library's tasks, which it only asks to end."""
    await handler.client.close()
    for name in ("message_processor", "current_session_monitor", "message_receiver"):
        task = cast("asyncio.Future[None] | None", getattr(handler.client, name))
        if task is not None:
            await asyncio.wait([task])


def bad_app_token() -> Refused:
    """The refusal of the token that opens the socket."""
    return Refused(
        "Slack does not accept the app-level token of your app.",
        hint="Make one with the permission connections:write, put it into config.toml as "
        "app_token under [slack], and start me again.",
    )
