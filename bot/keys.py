"""Who may open the page: one-time links, and the cookies they are exchanged for."""

import hashlib
import json
import secrets

from jobs.outbox import Outbox
from memory.ids import new_token

_LINKS = 8
"""Links that were made and not opened yet; an older one stops working."""
_COOKIES = 32
"""Browsers that stay let in; the oldest has to come with a fresh link."""
_KEPT = "page:cookies"


class Keys:
    """The page's links and cookies. The database holds digests of cookies, never a cookie."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._links: list[str] = []
        self._cookies: list[str] | None = None

    def fresh(self) -> str:
        """A token for one link; it opens the page once."""
        token = new_token()
        self._links = [*self._links, token][-_LINKS:]
        return token

    async def exchanged(self, token: str) -> str | None:
        """A cookie for an unused token, which is used up by it; None for any other."""
        known = next((one for one in self._links if secrets.compare_digest(one, token)), None)
        if known is None:
            return None
        self._links.remove(known)
        cookie = secrets.token_urlsafe(32)
        self._cookies = [*await self._known(), _digest(cookie)][-_COOKIES:]
        await self._outbox.remember(_KEPT, json.dumps(self._cookies))
        return cookie

    async def admits(self, cookie: str | None) -> bool:
        """Whether a browser that shows this cookie was let in."""
        return bool(cookie) and _digest(cookie or "") in await self._known()

    async def _known(self) -> list[str]:
        if self._cookies is None:
            kept = await self._outbox.recall(_KEPT)
            self._cookies = [str(one) for one in json.loads(kept)] if kept else []
        return self._cookies


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
