"""What may go wrong between a bot and Telegram."""

from dataclasses import dataclass

from aiohttp import web

from tests.doubles.telegram_text import JsonDict


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. `status` None means: answered as usual."""

    status: int | None = None
    description: str = ""
    retry_after_s: int | None = None
    is_processed: bool = False
    """The method takes effect, whatever the client hears."""
    is_cut: bool = False
    """The connection is closed in place of an answer."""
    delay_s: float = 0


def too_many_requests(*, retry_after_s: int = 1) -> Fault:
    why = f"Too Many Requests: retry after {retry_after_s}"
    return Fault(status=429, description=why, retry_after_s=retry_after_s)


def bad_gateway(*, is_processed: bool = False) -> Fault:
    return Fault(status=502, description="Bad Gateway", is_processed=is_processed)


def cut_before_processing() -> Fault:
    return Fault(is_cut=True)


def cut_after_processing() -> Fault:
    """It happened, and the client never hears of it."""
    return Fault(is_cut=True, is_processed=True)


def slow(delay_s: float) -> Fault:
    """Processed at once, answered late."""
    return Fault(is_processed=True, delay_s=delay_s)


def fault_reply(fault: Fault) -> web.Response:
    """What the client hears of a fault; nothing but 200 where it only hears late or never."""
    if fault.status is None:
        return web.Response()
    if fault.retry_after_s is None:
        # A gateway answers in HTML: its refusal never reached the Bot API.
        page = f"<html><h1>{fault.description}</h1></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html")
    body: JsonDict = {
        "ok": False,
        "error_code": fault.status,
        "description": fault.description,
        "parameters": {"retry_after": fault.retry_after_s},
    }
    return web.json_response(body, status=fault.status)
