"""What kept us from another server, told apart from its error, whoever's library raised it."""

from collections.abc import Iterator
from enum import StrEnum


class Obstacle(StrEnum):
    """Each has a next step of its own."""

    NAME = "name"
    """Nobody knows a server of this name."""
    CLOSED = "closed"
    """The server is there, and nobody listens at this port."""
    SILENT = "silent"
    """No answer in time."""
    CERTIFICATE = "certificate"
    """It can't prove that it is the server we asked for."""
    PLAIN = "plain"
    """At this port nobody speaks the encryption that was asked for."""
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    """It refused the name, the password or the key."""
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    """It refused the token that stands in for the password."""
    FOLDER = "folder"
    """There is no such folder, and it may not be made."""
    MODEL = "model"
    """It knows no model of this name."""
    SPENT = "spent"
    """It answers nobody with this account now: too many calls, or no money left."""
    PRICE = "price"
    """Nobody says what a call costs, so none is made."""
    BUDGET = "budget"
    """The day's own money for it is spent."""
    SCOPE = "scope"
    """The token is right and may not do what is needed."""
    STRANGE = "strange"
    """Something answered that is not what we asked for."""
    GONE = "gone"
    """It could not be reached, or broke the connection."""


_BY_NAME = {
    "SSLCertVerificationError": Obstacle.CERTIFICATE,
    "SSLError": Obstacle.PLAIN,
    "gaierror": Obstacle.NAME,
    "TimeoutError": Obstacle.SILENT,
    "ConnectionRefusedError": Obstacle.CLOSED,
}
"""By the names of their classes, deliberately: agents use this, and must not load ssl or socket."""


def obstacle(error: BaseException) -> Obstacle:
    """What stood in the way; `GONE` where it can't be told."""
    found = tuple(_causes(error))
    names = {kind.__name__ for one in found for kind in type(one).__mro__}
    for name, told in _BY_NAME.items():
        if name in names:
            return told
    # some client libraries keep only the words of what went wrong below them
    said = " ".join(str(one) for one in found).lower()
    return Obstacle.CERTIFICATE if "certificate verify failed" in said else Obstacle.GONE


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what it came from, and so on down, groups included."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - a group of anything
                yield from _causes(one)  # pyright: ignore[reportUnknownArgumentType]
        error = error.__cause__ or error.__context__
