"""Hands out access tokens for a refresh token, and tells a mail server who has one."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


class TokenServer:
    """Usable with `with`. Each fetched token is a new one; `withdrawn` refuses all of them."""

    refresh_token = "refresh-1"
    client_id = "steward"
    username = "dana"

    def __init__(self, *, lasts_s: int = 3600) -> None:
        """Tokens last so long."""
        self.lasts_s = lasts_s
        self.handed_out: list[str] = []
        self.withdrawn = False
        self.next_refresh_token = ""

    @property
    def token_url(self) -> str:
        return f"{self._address}/token"

    @property
    def introspection_url(self) -> str:
        """Where a mail server asks about the token it appends."""
        return f"{self._address}/introspect?token="

    @property
    def settings(self) -> dict[str, object]:
        """[mail.oauth] of an owner whose provider this is."""
        return {
            "token_url": self.token_url,
            "client_id": self.client_id,
            "refresh_token": self.refresh_token,
        }

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        if path.startswith("/introspect"):
            (token,) = parse_qs(urlsplit(path).query)["token"]
            active = token in self.handed_out and not self.withdrawn
            return 200, {"active": active, "username": self.username, "email": self.username}
        asked = (form.get("grant_type"), form.get("client_id"), form.get("refresh_token"))
        if self.withdrawn or asked != (
            ["refresh_token"],
            [self.client_id],
            [self.refresh_token],
        ):
            return 400, {"error": "invalid_grant"}
        token = f"token-{len(self.handed_out) + 1}"
        self.handed_out.append(token)
        said: dict[str, object] = {"access_token": token, "expires_in": self.lasts_s}
        if self.next_refresh_token:
            said["refresh_token"] = self.next_refresh_token
        return 200, said

    def __enter__(self) -> Self:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                self._answer(parse_qs(self.rfile.read(length).decode()))

            def _answer(self, form: dict[str, list[str]]) -> None:
                code, said = double.answer(self.path, form)
                raw = json.dumps(said).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
