"""Trying an account tells what stands in the way, and sends nothing."""

import socket
from pathlib import Path

import pytest

from jobs.smtp import tried
from memory.config import Smtp as Account
from memory.reach import Obstacle
from tests.doubles.certificates import Flaw, authority, certificate
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode
from tests.doubles.tls_front import TlsFront

DANA = "dana@reyesstudio.example"


def account(port: int, password: str = "app password", **fields: str) -> Account:
    given = {"security": "none", "username": DANA, "password": password, **fields}
    return Account.model_validate({"host": "127.0.0.1", "port": port, **given})


@pytest.fixture
def server(tmp_path: Path):
    with Smtp(tmp_path / "journal", username=DANA, password="app password") as server:
        yield server


def test_the_right_password_signs_in_and_nothing_is_sent(server):
    assert tried(account(server.port), None, DANA, answer_s=5) is None
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
    assert tried(account(server.port, **fields), None, DANA, answer_s=5) is told


def test_a_closed_port_is_told(tmp_path: Path):
    with Smtp(tmp_path / "journal", mode=Mode.DEAD) as server:
        assert tried(account(server.port), None, DANA, answer_s=5) is Obstacle.CLOSED


def test_a_server_that_says_nothing_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert tried(account(port), None, DANA, answer_s=0.2) is Obstacle.SILENT


def test_a_token_signs_in_where_no_password_would(server):
    server.rules.password, server.rules.token = None, "token-1"
    by_token = account(server.port, password="", auth="xoauth2")

    assert tried(by_token, "token-1", DANA, answer_s=5) is None
    assert [one.what for one in server.events][:2] == ["connected", "signed in"]
    assert tried(by_token, "token-0", DANA, answer_s=5) is Obstacle.TOKEN
    assert server.sent == ()


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificates")
    return folder, authority(folder)


@pytest.mark.parametrize(
    ("flaw", "told"),
    [
        ("none", None),
        ("another name", Obstacle.CERTIFICATE),
        ("expired", Obstacle.CERTIFICATE),
        ("nobody's", Obstacle.CERTIFICATE),
    ],
)
def test_a_secret_goes_only_to_a_server_with_a_good_certificate(
    server, signed, monkeypatch, flaw: Flaw, told: Obstacle | None
):
    made, trusted = signed
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with TlsFront(server.port, certificate(made, flaw)) as front:
        encrypted = account(front.port, host="localhost", security="tls")

        assert tried(encrypted, None, DANA, answer_s=5) is told

    assert ("signed in" in [one.what for one in server.events]) == (told is None)
