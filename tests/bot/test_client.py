"""How a command reaches the running Steward, and how it learns that nobody is there."""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.client import AnotherKey, Client
from memory.errors import NotFound, Refused, Trouble


@contextmanager
def answering(status: int, text: str) -> Generator[tuple[int, list[tuple[str, str]]]]:
    """A server that always says the same; its port, and what it was asked with which key."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Authorization"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815 - its name there

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def test_an_answer_is_one_object_a_line():
    with answering(200, '{"lines": [{"card": "a"}, {"card": "b"}]}') as (port, asked):
        lines = Client(port, "secret").ask("GET", "cards?all=1")

    assert lines == [{"card": "a"}, {"card": "b"}]
    assert asked == [("/door/cards?all=1", "Bearer secret")]


def test_doors_that_began_anew_are_not_taken_for_a_no():
    with (
        answering(401, '{"error": "That key is not mine."}') as (port, _),
        pytest.raises(AnotherKey),
    ):
        Client(port, "old").ask("GET", "cards")


def test_an_answer_that_is_not_complete_yet_says_so_last():
    with answering(200, '{"lines": [{"text": "so far"}], "pending": true}') as (port, _):
        lines = Client(port, "secret").ask("POST", "say", {"text": "hello"})

    assert lines == [{"text": "so far"}, {"pending": True}]


@pytest.mark.parametrize(("status", "trouble"), [(404, NotFound), (409, Refused), (500, Refused)])
def test_a_no_carries_its_reason_and_the_next_step(status: int, trouble: type[Trouble]):
    answer = '{"error": "Too late.", "hint": "Look at the card."}'
    with answering(status, answer) as (port, _), pytest.raises(trouble) as said:
        Client(port, "secret").ask("GET", "cards")

    assert (str(said.value), said.value.hint) == ("Too late.", "Look at the card.")


@pytest.mark.parametrize("text", ["<html>some other program</html>", "[1, 2]"])
def test_whatever_else_took_over_the_port_is_not_steward(text: str):
    with answering(200, text) as (port, _), pytest.raises(ConnectionError):
        Client(port, "secret").ask("GET", "cards")


def test_where_nobody_listens_there_is_no_connection():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(ConnectionError):
        Client(port, "secret").ask("GET", "cards")


def test_the_door_is_found_in_the_data_folder(tmp_path: Path):
    (tmp_path / "door.json").write_text(json.dumps({"port": 7, "key": "secret"}))

    assert Client.of(tmp_path) is not None


@pytest.mark.parametrize(
    "content", [None, "", "{}", '{"port": 7}', "[]", '{"port": "x", "key": 1}']
)
def test_a_folder_without_a_readable_door_has_none(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / "door.json").write_text(content)

    assert Client.of(tmp_path) is None
