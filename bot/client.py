"""How a command reaches the running Steward: through DATA/door.json, on loopback."""

import http.client
import json
from pathlib import Path
from typing import Any

from memory.errors import NotFound, Refused

_NOT_FOUND = 404
_WRONG = 400


class Client:
    """The scripting door of one running company."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    @classmethod
    def of(cls, data: Path) -> "Client | None":
        """The door of the company in this folder; None when none is open."""
        try:
            door = json.loads((data / "door.json").read_text())
        except (OSError, ValueError):
            return None
        return cls(int(door["port"]), str(door["key"]))

    def ask(
        self, method: str, path: str, body: object = None, *, wait_s: float = 30
    ) -> list[dict[str, Any]]:
        """The answer's lines.

        Raises:
            Refused, NotFound: The running Steward said no.
            ConnectionError: It does not answer.
        """
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=wait_s)
        try:
            link.request(
                method,
                f"/door/{path}",
                body=None if body is None else json.dumps(body),
                headers={
                    "Authorization": f"Bearer {self._key}",
                    "Content-Type": "application/json",
                },
            )
            answer = link.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(str(error)) from error
        finally:
            link.close()
        if answer.status >= _WRONG:
            said: dict[str, Any] = json.loads(text) if text.startswith("{") else {}
            trouble = NotFound if answer.status == _NOT_FOUND else Refused
            raise trouble(said.get("error", "That did not work."), hint=said.get("hint", ""))
        return _lines(text)


def _lines(text: str) -> list[dict[str, Any]]:
    """An answer as one object a line: its "lines" where it has them, else itself."""
    found: list[dict[str, Any]] = []
    for one in (json.loads(line) for line in text.splitlines() if line.strip()):
        inner = one.pop("lines", None)
        if inner is None:
            found.append(one)
            continue
        found += inner
        if one.get("pending"):
            found.append({"pending": True})
    return found
