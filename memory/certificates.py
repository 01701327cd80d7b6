"""Encrypted connections: whom we trust, and what is wrong with a certificate, in words."""

import ssl

_NAMES = {62: "another name", 63: "another name", 64: "another address"}
"""OpenSSL's numbers (x509_vfy.h) for a certificate that is good, but somebody else's."""
_EXPIRED = 10
_NOT_YET = 9


def context() -> ssl.SSLContext:
    """Certificates and names are checked; imaplib and smtplib by themselves check neither."""
    return ssl.create_default_context()  # noqa: TID251 - the one place that may make one


def fault(error: ssl.SSLCertVerificationError, server: str) -> tuple[str, str]:
    """What is wrong with a server's certificate, and what to do about it.

    Args:
        server: As the sentence begins: "Your mail server imap.example".
    """
    if error.verify_code in _NAMES:
        return (
            f"{server} shows a certificate for {_NAMES[error.verify_code]}, so I told it nothing.",
            "Usually the host in config.toml is misspelt; take the name your provider gives.",
        )
    if error.verify_code == _EXPIRED:
        return (
            f"{server} shows a certificate that has expired, so I told it nothing.",
            "Whoever runs the server has to renew it; I look again by myself.",
        )
    if error.verify_code == _NOT_YET:
        return (
            f"{server} shows a certificate that is not valid yet, so I told it nothing.",
            "Look whether the clock of this computer is right.",
        )
    return (
        f"{server} shows a certificate that nobody I know has signed, so I told it nothing.",
        "Check the host in config.toml; someone may be listening in between.",
    )
