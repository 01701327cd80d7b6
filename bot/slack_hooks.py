"""Where Slack calls when it has no line of its own to us: three paths on the one server."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATHS = ("/slack/events", "/slack/interactivity", "/slack/commands")

Answer = Callable[[Request], Awaitable[Response]]


class SlackHooks:
    """Hands what Slack sends to the door while it is open.

    It knows nothing of Slack's client library, so a page without Slack does not pay for it.
    """

    def __init__(self) -> None:
        self._answer: Answer | None = None

    def open(self, answer: Answer) -> None:
        """Hand what comes to this door from now on. It checks who sent it."""
        self._answer = answer

    def close(self) -> None:
        """Nobody is there; Slack shall come again."""
        self._answer = None

    def routes(self) -> tuple[Route, ...]:
        """What Slack may call. Nothing but a valid signature gets past them."""
        return tuple(Route(path, self._take, methods=["POST"]) for path in PATHS)

    async def _take(self, request: Request) -> Response:
        if self._answer is None:
            return Response(status_code=503)
        return await self._answer(request)
