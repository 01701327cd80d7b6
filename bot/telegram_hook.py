"""Where Telegram brings messages by itself: one route, open to whoever knows the secret."""

import secrets
from collections.abc import Awaitable, Callable

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from memory.errors import Unavailable

PATH = "/telegram/update"
_HEADER = "x-telegram-bot-api-secret-token"

Then = Callable[[], Awaitable[None]]
"""What may follow once the answer is out."""
Take = Callable[[bytes], Awaitable[Then]]


class TelegramHook:
    """Takes one update a request, once the door has opened it."""

    def __init__(self, secret: str) -> None:
        """A hook that asks Telegram to come again until the door opens it.

        Args:
            secret: What Telegram must show; compared before anything of the request is read.
        """
        self._secret = secret.encode()
        self._take: Take | None = None

    def open(self, take: Take) -> None:
        """Let updates through to the door.

        Args:
            take: Commits one update. Raises ValueError for what is none, and Unavailable
                when nothing was kept.
        """
        self._take = take

    def close(self) -> None:
        """Keep Telegram waiting."""
        self._take = None

    def route(self) -> Route:
        """The route for the one server; a proxy may put any name in the place of the last one."""
        return Route("/telegram/{name}", self._answer, methods=["POST"])

    async def _answer(self, request: Request) -> Response:
        """2xx only after the commit: for anything else Telegram comes again."""
        given = request.headers.get(_HEADER, "").encode()
        if not self._secret or not secrets.compare_digest(given, self._secret):
            return Response(status_code=403)
        if self._take is None:
            return Response(status_code=503)
        try:
            then = await self._take(await request.body())
        except ValueError:
            return Response(status_code=400)
        except Unavailable:
            return Response(status_code=503)
        return Response(background=BackgroundTask(then))
