"""How a command reaches the running Steward: through DATA/door.json, on loopback."""

import http.client
import json
from pathlib import Path
from typing import Any, cast

from memory.errors import NotFound, Refused

_NOT_FOUND = 404
_WRONG = 400
_ANOTHER_KEY = 401


class AnotherKey(ConnectionError):
    """The key in door.json is an old one. Nothing was done, so it may be asked once more."""


class Client:
    """The scripting door of one running company."""

    def __init__(self, port: int, key: str) -> None:
        self.port = port
        self._key = key

    @classmethod
    def of(cls, data: Path) -> "Client | None":
        """The door of the company in this folder; None when none is open."""
        try:
            door = json.loads((data / "door.json").read_text())
            return cls(int(door["port"]), str(door["key"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def ask(
        self, method: str, path: str, body: object = None, *, wait_s: float = 30
    ) -> list[dict[str, Any]]:
        """The answer's lines.

        Args:
            method: GET or POST.
            path: What comes after /door/, already quoted.
            body: Sent as JSON; None sends nothing.
            wait_s: How long to wait for an answer.

        Raises:
            Refused, NotFound: The running Steward said no.
            AnotherKey: The doors have begun anew; read door.json again.
            ConnectionError: It does not answer, or somebody else does.
        """
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=wait_s)
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
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(str(error)) from error
        finally:
            link.close()
        try:
            lines = _lines(text)
        except (ValueError, TypeError) as error:
            # a port that was left behind may be somebody else's by now
            message = "what answers is not Steward"
            raise ConnectionError(message) from error
        if answer.status == _ANOTHER_KEY:
            # the doors have begun anew since door.json was read: nothing was asked of them yet
            message = "the doors have another key by now"
            raise AnotherKey(message)
        if answer.status >= _WRONG:
            said = lines[0] if lines else {}
            trouble = NotFound if answer.status == _NOT_FOUND else Refused
            raise trouble(said.get("error", "That did not work."), hint=said.get("hint", ""))
        return lines


def door_port(data: Path) -> int:
    """The port of the company's open door; 0 when none is open."""
    client = Client.of(data)
    return 0 if client is None else client.port


def _lines(text: str) -> list[dict[str, Any]]:
    """An answer as one object a line: its "lines" where it has them, else itself."""
    found: list[dict[str, Any]] = []
    for line in filter(str.strip, text.splitlines()):
        said: object = json.loads(line)
        if not isinstance(said, dict):
            message = "not an object"
            raise TypeError(message)
        one = cast("dict[str, Any]", said)
        inner = one.pop("lines", None)
        if inner is None:
            found.append(one)
            continue
        found += inner
        if one.get("pending"):
            found.append({"pending": True})
    return found
