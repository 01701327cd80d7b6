"""A provider of language models over HTTP: it keeps a journal of what it earned, and may lie."""

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from memory.prices import Price

READ = {"intents": [{"kind": "note.capture", "slots": {"text": "hosting"}, "confidence": 0.9}]}
"""A reading that the ladder is sure of."""
_LONGEST_S = 30.0


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered."""

    name: str = "honest"
    status: int = 200
    retry_after: str = ""
    wait_s: float = 0.0
    garbage: bool = False
    """Bytes that are no JSON."""
    says: str = ""
    """Words in place of the form that was asked for."""
    reads: Mapping[str, object] = field(default_factory=lambda: READ)
    usage: Callable[[int, int], tuple[int, int] | None] = lambda tokens_in, out: (tokens_in, out)
    """Tokens that it claims, of those that it counts; None claims nothing at all."""
    free: bool = False
    """Whether it charges nothing, as for what it refuses."""


HONEST = Behaviour()
BUSY = Behaviour("busy", status=429, retry_after="2", free=True)
OVERLOADED = Behaviour("overloaded", status=503, free=True)
BROKEN = Behaviour("broken", status=500)
GARBAGE = Behaviour("garbage", garbage=True)
CHATTY = Behaviour("chatty", says="I think this is a note about hosting.")
SLOW = Behaviour("slow", wait_s=_LONGEST_S)
UNSURE = Behaviour("unsure", reads={"intents": [{**READ["intents"][0], "confidence": 0.6}]})
ZERO = Behaviour("zero", usage=lambda _in, _out: (0, 0))
NEGATIVE = Behaviour("negative", usage=lambda tokens_in, out: (-tokens_in, -out))
SILENT = Behaviour("silent", usage=lambda _in, _out: None)
HALF = Behaviour("half", usage=lambda tokens_in, out: (tokens_in // 2, out // 2))
HUGE = Behaviour("huge", usage=lambda tokens_in, out: (tokens_in * 10**6, out * 10**9))


class ModelServer:
    """One provider. Its journal is on the disk before a client hears anything."""

    def __init__(
        self,
        journal: Path,
        prices: Mapping[str, Price],
        choose: Callable[[int, str], Behaviour] = lambda _number, _model: HONEST,
    ) -> None:
        """A provider that is not open yet.

        Args:
            journal: File for one line a request.
            prices: What a model's tokens cost.
            choose: How to answer the request of this number, for this model.
        """
        self.choose = choose
        self.asked: list[dict[str, Any]] = []
        """Bodies of the requests, as they came."""
        self.keys: list[str] = []
        """What came as a key with each of them."""
        self._file = journal.open("a", encoding="utf-8")
        self._prices = prices
        self._stop = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of a model."""
        raw = await request.read()
        asked = json.loads(raw)
        self.asked.append(asked)
        self.keys.append(request.headers.get("authorization", "").removeprefix("Bearer "))
        number, model = len(self.asked), str(asked["model"])
        how = self.choose(number, model)
        said = how.says or json.dumps(how.reads)
        tokens_in, tokens_out = tokens_of_request(asked), min(_tokens(said), _limit(asked))
        micro = 0 if how.free else self._prices[model].micro(tokens_in, tokens_out)
        self._write(
            {"number": number, "model": model, "how": how.name, "micro": micro,
             "tokens_in": tokens_in, "tokens_out": tokens_out, "bytes_in": len(raw)}
        )  # fmt: skip
        if how.wait_s:
            await _until(self._stop, how.wait_s)
        headers = {"Retry-After": how.retry_after} if how.retry_after else {}
        if how.status != 200:
            body = {"error": {"message": how.name}}
            return web.json_response(body, status=how.status, headers=headers)
        if how.garbage:
            return web.Response(body=b'{"choices": [{"mess\xff', content_type="application/json")
        return web.json_response(_completion(asked, how, said, (tokens_in, tokens_out)))

    def close(self) -> None:
        """Let go of whoever waits, and of the journal."""
        self._stop.set()
        self._file.close()

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


@asynccontextmanager
async def a_model_server(server: ModelServer) -> AsyncGenerator[str]:
    """The server while it is open; its address."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        server.close()
        await runner.cleanup()


def earned_micro(journal: Path) -> int:
    """What a provider has charged so far, by its own journal."""
    return sum(line["micro"] for line in lines_of(journal))


def lines_of(journal: Path) -> list[dict[str, Any]]:
    """The journal's lines; a last one without its end is still being written."""
    if not journal.exists():
        return []
    return [json.loads(line) for line in journal.read_text().split("\n")[:-1]]


def tokens_of_request(asked: dict[str, Any]) -> int:
    """Tokens of everything a model is given: messages, and the form of the answer."""
    texts = [str(one.get("content") or "") for one in asked["messages"]]
    forms = [json.dumps(one["function"]) for one in asked.get("tools", [])]
    return sum(map(_tokens, texts + forms)) + 4 * len(texts)


def _tokens(text: str) -> int:
    """Tokens as common tokenizers make them: short words whole, digits by three, marks one each."""
    pieces = re.findall(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]", text)
    return sum(-(-len(one) // 6) if one.isascii() else len(one.encode()) for one in pieces)


def _limit(asked: dict[str, Any]) -> int:
    return int(asked.get("max_completion_tokens") or asked.get("max_tokens") or 10**6)


def _completion(
    asked: dict[str, Any], how: Behaviour, said: str, counted: tuple[int, int]
) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": how.says or None}
    if not how.says:
        name = asked["tools"][0]["function"]["name"]
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": said}}
        message["tool_calls"] = [call]
    answer: dict[str, object] = {
        "id": "1", "object": "chat.completion", "created": 1, "model": asked["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
    }  # fmt: skip
    claimed = how.usage(*counted)
    if claimed is not None:
        tokens_in, tokens_out = claimed
        answer["usage"] = {
            "prompt_tokens": tokens_in, "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        }  # fmt: skip
    return answer


async def _until(stop: asyncio.Event, wait_s: float) -> None:
    try:
        async with asyncio.timeout(wait_s):
            await stop.wait()
    except TimeoutError:
        return
