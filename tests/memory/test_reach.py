"""What kept us from a server is told apart, however deep a library hides it."""

import asyncio
import socket
import ssl

import pytest

from memory.reach import Obstacle, obstacle


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ssl.SSLCertVerificationError(1, "self-signed"), Obstacle.CERTIFICATE),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), Obstacle.PLAIN),
        (socket.gaierror(-2, "Name or service not known"), Obstacle.NAME),
        (TimeoutError(), Obstacle.SILENT),
        (ConnectionRefusedError(), Obstacle.CLOSED),
        (ConnectionResetError(), Obstacle.GONE),
        (ValueError("[SSL: X] certificate verify failed: expired"), Obstacle.CERTIFICATE),
        (ValueError("no idea"), Obstacle.GONE),
    ],
    ids=lambda one: one.value if isinstance(one, Obstacle) else type(one).__name__,
)
def test_each_error_tells_its_obstacle(error: Exception, told: Obstacle):
    wrapped = ValueError("the library's own words")
    wrapped.__cause__ = error
    group = ExceptionGroup("several", [wrapped])

    assert [obstacle(one) for one in (error, wrapped, group)] == [told] * 3


async def test_a_port_where_nobody_listens_is_closed():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="Connect call failed") as raised:
            await asyncio.open_connection("127.0.0.1", bound.getsockname()[1])

    assert obstacle(raised.value) is Obstacle.CLOSED
