"""Signing in tells what stands in the way, and sends nothing."""

import socket
from pathlib import Path

import pytest

from jobs.connectors.mail_login import signed_in
from memory.config import Smtp as Account
from memory.reach import Obstacle
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode

DANA = "dana@reyesstudio.example"


def account(port: int, password: str = "app password", **fields: str) -> Account:
    given = {"security": "none", "username": DANA, "password": password, **fields}
    return Account.model_validate({"host": "127.0.0.1", "port": port, **given})


@pytest.fixture
def server(tmp_path: Path):
    with Smtp(tmp_path / "journal", username=DANA, password="app password") as server:
        yield server


def test_the_right_password_signs_in_and_nothing_is_sent(server):
    assert signed_in(account(server.port), DANA, answer_s=5) is None
    assert [one.what for one in server.events][:2] == ["connected", "signed in"]
    assert server.sent == ()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"password": "wrong"}, Obstacle.PASSWORD),
        ({"password": "wröng"}, Obstacle.PASSWORD),
        ({"username": ""}, Obstacle.PASSWORD),
        ({"security": "starttls"}, Obstacle.PLAIN),
        ({"security": "tls"}, Obstacle.PLAIN),
        ({"host": "mail.invalid"}, Obstacle.NAME),
    ],
)
def test_what_stands_in_the_way_is_told(server, fields: dict[str, str], told: Obstacle):
    assert signed_in(account(server.port, **fields), DANA, answer_s=5) is told


def test_a_closed_port_is_told(tmp_path: Path):
    with Smtp(tmp_path / "journal", mode=Mode.DEAD) as server:
        assert signed_in(account(server.port), DANA, answer_s=5) is Obstacle.CLOSED


def test_a_server_that_says_nothing_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert signed_in(account(port), DANA, answer_s=0.2) is Obstacle.SILENT
