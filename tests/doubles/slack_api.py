"""The two methods of Slack's Web API by which tokens are tried, answered as Slack does."""

from types import TracebackType
from typing import Self

from aiohttp import web


class SlackApi:
    """`async with SlackApi() as slack`; `slack.url` is what a setting such as `api_url` takes."""

    bot_token = "xoxb-local-test-token"
    app_token = "xapp-local-test-token"

    def __init__(self) -> None:
        self.asked: list[str] = []
        """Every method, in the order they came."""
        self.may_connect = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.asked.append(method)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        wanted = {"auth.test": self.bot_token, "apps.connections.open": self.app_token}
        if wanted.get(method) != token:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if method == "apps.connections.open" and not self.may_connect:
            return web.json_response({"ok": False, "error": "missing_scope"})
        return web.json_response({"ok": True, "team": "Reyes Studio", "url": "wss://local"})
