"""Network addresses as an owner writes them: which stay on this computer, which are encrypted."""

import ipaddress
from urllib.parse import urlsplit


def loopback(text: str) -> tuple[str, int] | None:
    """Host and port of an address that only this computer can reach; None for any other.

    Port 0 takes a free one.
    """
    host, port = _split(text)
    if port is None or not is_loopback(host):
        return None
    return host, port


def is_loopback(host: str) -> bool:
    """Whether a host is this very computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secure(url: str) -> bool:
    """Whether what is said to a web address can't be overheard: https, or this computer."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "http":
        return is_loopback(host)
    return parts.scheme == "https" and bool(host)


def _split(text: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{text}")
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None
