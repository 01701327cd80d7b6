"""Access tokens for servers that take no password: given once, or fetched afresh."""

import json
import threading
from typing import cast
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from memory.clock import monotonic_s
from memory.config import OAuth
from memory.errors import Refused, Unavailable

_ANSWER_S = 15.0
_LARGEST = 64 * 1024
_EARLY_S = 60.0
"""A token is not used in its last minute."""
_SHORT_S = 300.0
"""How long a token is taken to last when the server does not say."""


class AccessTokens:
    """The present token. Its methods may block, and may be called from any thread."""

    def __init__(self, oauth: OAuth) -> None:
        self._oauth = oauth
        self._lock = threading.Lock()
        self._token = ""
        self._until_s = 0.0
        self._refresh = oauth.refresh_token.get_secret_value()

    def present(self) -> str:
        """A token that should work now.

        Raises:
            Refused: The token server will not give one.
            Unavailable: It did not answer.
        """
        if not self._refresh:
            return self._oauth.access_token.get_secret_value()
        with self._lock:
            if monotonic_s() >= self._until_s:
                self._fetch()
            return self._token

    def forget(self) -> None:
        """The present one was refused: fetch another next time."""
        with self._lock:
            self._until_s = 0.0

    def _fetch(self) -> None:
        oauth = self._oauth
        form = {
            "grant_type": "refresh_token",
            "client_id": oauth.client_id,
            "refresh_token": self._refresh,
        }
        if secret := oauth.client_secret.get_secret_value():
            form["client_secret"] = secret
        # the configuration allows https addresses and this computer only
        request = Request(  # noqa: S310
            oauth.token_url,
            data=urlencode(form).encode(),
            headers={"Accept": "application/json"},
        )
        try:
            with urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310
                said: object = json.loads(answer.read(_LARGEST))
        except HTTPError as error:
            with error:
                if error.code in (400, 401, 403):
                    raise self._refused() from error
            raise self._gone() from error
        except (OSError, ValueError) as error:
            raise self._gone() from error
        found = cast("dict[str, object]", said) if isinstance(said, dict) else {}
        token = found.get("access_token")
        if not isinstance(token, str) or not token:
            raise self._gone()
        lasts = found.get("expires_in")
        lasts_s = float(lasts) if isinstance(lasts, int | float | str) and _is_figure(lasts) else 0
        self._token = token
        self._until_s = monotonic_s() + max((lasts_s or _SHORT_S) - _EARLY_S, 1.0)
        # some servers take an old one away when they hand out the next
        if isinstance(next_one := found.get("refresh_token"), str) and next_one:
            self._refresh = next_one

    def _refused(self) -> Refused:
        return Refused(
            "Your mail provider no longer lets me fetch an access token.",
            hint="Usually the permission was withdrawn. Allow it again with your provider, put "
            "the new refresh_token into config.toml under [mail.oauth] and start me again.",
        )

    def _gone(self) -> Unavailable:
        return Unavailable(
            "I can't fetch an access token for your mail server.",
            hint="I keep trying. If it lasts, check token_url in config.toml under [mail.oauth].",
        )


def _is_figure(value: float | str) -> bool:
    try:
        return 0 < float(value) < 1e9
    except ValueError:
        return False
