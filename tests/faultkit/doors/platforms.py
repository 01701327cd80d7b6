"""What stands before each door, with a journal of what it believes was received.

Every platform runs in a process of its own (`python -m tests.faultkit.doors.platforms NAME PORT`),
so that whoever forks has no threads and no loops. It answers lines on standard input with JSON:

* `deliver N`   N new messages are on their way; answers their marks
* `received`    the marks that the platform's own journal says were received, in order
"""

import asyncio
import hashlib
import hmac
import http.client
import json
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, Self

from tests.doubles.imap import Imap
from tests.doubles.slack import Slack
from tests.doubles.telegram import Telegram
from tests.faultkit.house import ROOT, until

OWNER = 111
AGAIN_S = 0.05
"""A platform that was not answered waits so long before it comes again."""


class Platform(Protocol):
    """One platform as the kit plays it."""

    config: str
    """What the house's configuration says of it."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def deliver(self, name: str) -> str:
        """Send one message that nobody has sent before; returns its mark in a Source."""
        ...

    async def received(self) -> list[str]:
        """The marks of what the platform was told is received, in order."""
        ...


class TelegramPoll:
    """The Bot API; an update is received once a call names a higher offset."""

    extra = ""

    def __init__(self, _port: int) -> None:
        self._telegram = Telegram()
        self.config = ""

    async def __aenter__(self) -> Self:
        await self._telegram.__aenter__()
        self._phone = self._telegram.phone(OWNER)
        self.config = (
            f'[telegram]\ntoken = "{self._telegram.token}"\napi_url = "{self._telegram.url}"\n'
            + self.extra
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._telegram.__aexit__(None, None, None)

    async def deliver(self, name: str) -> str:
        await self._phone.send(f"note: {name}")
        return f"note: {name}"

    async def received(self) -> list[str]:
        updates = self._telegram.account.updates.confirmed
        return [str(one.payload["text"]) for one in updates if one.kind == "message"]


class TelegramHook(TelegramPoll):
    """The same, coming by itself; an update is received once it got a 2xx."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.extra = (
            f'webhook_url = "http://127.0.0.1:{port}/telegram/update"\n'
            'webhook_secret = "local-webhook-secret"\n'
        )


class SlackSocket:
    """Slack by socket; an event is received once its envelope is acknowledged."""

    def __init__(self, _port: int) -> None:
        self._slack = Slack()
        self.config = ""

    async def __aenter__(self) -> Self:
        await self._slack.__aenter__()
        # the real one gives up after a few tries and the door asks by itself; here every message
        # has to be acknowledged in the end
        self._slack.delivery.retries_s = (AGAIN_S,) * 400
        self._slack.delivery.patience_s = 1.0
        self._dana = self._slack.person("U111")
        self.config = (
            f'[slack]\nbot_token = "{self._slack.bot_token}"\napi_url = "{self._slack.url}"\n'
            + self.ways_in()
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._slack.__aexit__(None, None, None)

    def ways_in(self) -> str:
        return f'app_token = "{self._slack.app_token}"\n'

    async def deliver(self, name: str) -> str:
        await self._dana.say(f"note: {name}")
        return f"note: {name}"

    async def received(self) -> list[str]:
        sent = [one for one in self._slack.delivery.journal if one.acknowledged]
        return [str(one.body.get("event", {}).get("text", "")) for one in sent]


class SlackRequests(SlackSocket):
    """Slack by signed request; an event is received once it got a 2xx."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._slack.delivery.address = f"http://127.0.0.1:{port}"

    def ways_in(self) -> str:
        return f'signing_secret = "{self._slack.signing_secret}"\n'


class MailFolder:
    """An IMAP server; a mail is received once it is marked as seen."""

    def __init__(self, _port: int) -> None:
        self._imap = Imap()
        self.config = ""

    async def __aenter__(self) -> Self:
        await self._imap.__aenter__()
        self.config = (
            f'[mail.imap]\nhost = "{self._imap.host}"\nport = {self._imap.port}\n'
            f'username = "{self._imap.username}"\npassword = "{self._imap.password}"\n'
            'security = "none"\n'
        )
        self._marks: dict[str, str] = {}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._imap.__aexit__(None, None, None)

    async def deliver(self, name: str) -> str:
        raw = letter(name)
        uid = await asyncio.to_thread(self._imap.deliver, "Steward", raw)
        self._marks[uid] = hashlib.sha256(raw).hexdigest()
        return self._marks[uid]

    async def received(self) -> list[str]:
        flags = await asyncio.to_thread(self._imap.flags, "Steward")
        return [self._marks[uid] for uid, flag in flags.items() if "\\Seen" in flag]


class Pushing:
    """A platform that comes by itself, and comes again until it hears that it was received."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.config = ""
        self._received: list[str] = []
        self._sending: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for one in self._sending:
            one.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def deliver(self, name: str) -> str:
        mark, content = self.made(name)
        self._sending.append(asyncio.create_task(self._insist(mark, name, content)))
        return mark

    async def received(self) -> list[str]:
        return list(self._received)

    async def _insist(self, mark: str, name: str, content: bytes) -> None:
        while True:
            if await asyncio.to_thread(self.is_received, name, content):
                # the journal is written in the same breath, before anybody can ask
                self._received.append(mark)
                return
            await asyncio.sleep(AGAIN_S)

    def made(self, name: str) -> tuple[str, bytes]:
        """The mark of a message and its content."""
        raw = letter(name)
        return hashlib.sha256(raw).hexdigest(), raw

    def is_received(self, name: str, content: bytes) -> bool:
        """Send it once; whether the door says that it has it."""
        raise NotImplementedError


class Relay(Pushing):
    """A mail server that hands over what comes to the forwarding address; received is a 250."""

    token = "abcdEFGH12345678"

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._port = free_port()
        self.config = f'[mail.inbound]\nlisten = "127.0.0.1:{self._port}"\ntoken = "{self.token}"\n'

    def is_received(self, name: str, content: bytes) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self._port, timeout=10) as server:
                server.sendmail("rui@casaverde.example", f"steward+{self.token}@x.example", content)
        except (OSError, smtplib.SMTPException):
            return False
        return True


class WebHook(Pushing):
    """A payment provider; received is a 2xx."""

    secret = "shared with the sender"
    config = ""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.config = f'[hooks.payments]\nsecret = "{self.secret}"\nschema = "payment"\n'

    def made(self, name: str) -> tuple[str, bytes]:
        body = json.dumps({"id": name, "amount": "410.00", "currency": "EUR"}).encode()
        return hashlib.sha256(body).hexdigest(), body

    def is_received(self, name: str, content: bytes) -> bool:
        moment = str(int(time.time()))
        mark = hmac.new(self.secret.encode(), f"{moment}.".encode() + content, hashlib.sha256)
        headers = {"X-Timestamp": moment, "X-Signature": mark.hexdigest()}
        return self.posted("/hooks/payments", content, headers)

    def posted(self, path: str, body: bytes, headers: dict[str, str]) -> bool:
        """Post it once; whether it got a 2xx."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("POST", path, body, headers)
            return 200 <= link.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def letter(name: str) -> bytes:
    """A mail that nobody has sent before."""
    return (
        f"From: Rui Prata <rui@casaverde.example>\r\nSubject: {name}\r\n"
        f"Message-ID: <{name}@casaverde.example>\r\nDate: Mon, 9 Mar 2026 18:12:00 +0000\r\n\r\n"
        f"Hello Dana, this is about {name}.\r\n"
    ).encode()


PLATFORMS: dict[str, Callable[[int], Platform]] = {
    "telegram poll": TelegramPoll,
    "telegram hook": TelegramHook,
    "slack socket": SlackSocket,
    "slack requests": SlackRequests,
    "mail folder": MailFolder,
    "relay": Relay,
    "web hook": WebHook,
}


def free_port() -> int:
    """A port of this machine that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Played:
    """A platform in its own process, as the kit holds it."""

    def __init__(self, name: str, port: int) -> None:
        """Start it.

        Args:
            port: Where the house's one server listens, for platforms that push.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faultkit.doors.platforms", name, str(port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.config = str(self._line())

    def deliver(self, count: int) -> list[str]:
        return self._ask(f"deliver {count}")

    def received(self) -> list[str]:
        return self._ask("received")

    def wait_for(self, marks: list[str], within_s: float) -> None:
        """Wait until all of these are received.

        Raises:
            Overdue: They were not in time.
        """
        wanted = set(marks)
        until(lambda: wanted <= set(self.received()), "not everything was received", within_s)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def _ask(self, words: str) -> list[str]:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        return list(self._line())  # pyright: ignore[reportArgumentType]

    def _line(self) -> object:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the platform has ended"
        return json.loads(line)


async def _serve(platform: Platform) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    run = os.urandom(4).hex()
    sent = 0
    async with platform:
        _say(platform.config)
        while line := (await reader.readline()).decode().split():
            if line[0] == "deliver":
                marks: list[str] = []
                for _ in range(int(line[1])):
                    sent += 1
                    marks.append(await platform.deliver(f"item-{run}-{sent}"))
                _say(marks)
            else:
                _say(await platform.received())


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.chdir(Path(ROOT))
    asyncio.run(_serve(PLATFORMS[sys.argv[1]](int(sys.argv[2]))))
