"""A language model's server on loopback: answers every question with the same reading."""

import json
from typing import Any, Self

from aiohttp import web


class ChatModel:
    """Speaks the chat completions API; counts what it is asked."""

    def __init__(self, reading: dict[str, object]) -> None:
        """A server that is not started yet.

        Args:
            reading: The arguments with which it calls the tool that it is given.
        """
        self.asked: list[str] = []
        """The last message of every request."""
        self.url = ""
        self._reading = reading
        self._runner: web.AppRunner | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Configuration that names it."""
        return (
            "[models]",
            'small = "openai:scripted"',
            f'base_url = "{self.url}"',
            'api_key = "k"',
        )

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        self.asked.append(str(asked["messages"][-1]["content"]))
        call = {
            "id": f"call_{len(self.asked)}",
            "type": "function",
            "function": {
                "name": asked["tools"][0]["function"]["name"],
                "arguments": json.dumps(self._reading),
            },
        }
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return web.json_response(
            {
                "id": f"chat_{len(self.asked)}",
                "object": "chat.completion",
                "created": 0,
                "model": asked["model"],
                "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
            }
        )
