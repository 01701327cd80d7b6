import pytest

from memory.addresses import is_loopback, loopback, secure


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:2525", ("127.0.0.1", 2525)),
        ("127.0.0.2:0", ("127.0.0.2", 0)),
        ("localhost:25", ("localhost", 25)),
        ("[::1]:2525", ("::1", 2525)),
    ],
)
def test_an_address_of_this_computer_is_taken(text: str, place: tuple[str, int]):
    assert loopback(text) == place


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0:25", "[::]:25", "192.168.1.5:25", "mail.example:25", "127.0.0.1", ":25", "",
     "127.0.0.1:99999", "127.0.0.1.evil.example:25", "[::1:25", "localhost:x"],
)  # fmt: skip
def test_an_address_that_others_can_reach_is_not(text: str):
    assert loopback(text) is None


def test_only_this_computer_is_loopback():
    assert is_loopback("127.8.8.8")
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("localhost.example")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://provider.example/token", True),
        ("http://127.0.0.1:8080/token", True),
        ("http://provider.example/token", False),
        ("ftp://provider.example", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("http://[::1", False),
    ],
)
def test_a_secret_travels_encrypted_or_not_at_all(url: str, safe: bool):
    assert secure(url) is safe
