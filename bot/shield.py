"""What every request must pass and every answer carries: host, origin, size, and headers."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1024 * 1024
LARGEST_PAGE = 26 * MEGABYTE
"""25 MB of files, and the form around them."""
LARGEST_HOOK = MEGABYTE
"""What a platform brings: words and names of files, never the files."""
LARGEST_DOOR = 35 * MEGABYTE
"""The same 25 MB written as base64."""

_ALWAYS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Shield:
    """Stands before the whole server. A web page elsewhere can neither read nor press anything.

    A page on the internet may point its own name at this computer, so the Host must be ours; and
    it may post a form to us, so whatever changes something must come from our own page.
    """

    def __init__(self, app: ASGIApp, port: int, *, hooks: tuple[str, ...] = ()) -> None:
        """The app behind its shield.

        Args:
            hooks: Beginnings of the paths that platforms call under another name of ours, from
                elsewhere; what answers there asks for a proof before it reads anything.
        """
        self._app = app
        self._hooks = hooks
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{one}" for one in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            return

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
            await send(message)

        if self._hooks and scope["path"].startswith(self._hooks):
            await self._app(scope, _counted(receive, LARGEST_HOOK), send_shielded)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send_shielded)
            return
        largest = LARGEST_DOOR if scope["path"].startswith("/door/") else LARGEST_PAGE
        await self._app(scope, _counted(receive, largest), send_shielded)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts:
            return _refused("This address is not mine.", 421)
        safe = scope["method"] in ("GET", "HEAD")
        origin = headers.get("origin")
        from_elsewhere = origin is not None and origin not in self._origins
        # a script has no origin; the door it may use wants a key that no web page can know
        nameless = origin is None and not scope["path"].startswith("/door/")
        if not safe and (from_elsewhere or nameless):
            return _refused("That came from another page.", 403)
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not (
            safe and headers.get("sec-fetch-mode") == "navigate"
        ):
            return _refused("That came from another page.", 403)
        return None


def _counted(receive: Receive, largest: int) -> Receive:
    """The request's body, refused as soon as it is too large."""
    size_bytes = 0

    async def receive_counted() -> Message:
        nonlocal size_bytes
        message = await receive()
        size_bytes += len(message.get("body", b""))
        if size_bytes > largest:
            raise HTTPException(413, "That is more than 25 MB; I can't take it in one piece.")
        return message

    return receive_counted


def _refused(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence, "hint": ""}, status_code=status)
