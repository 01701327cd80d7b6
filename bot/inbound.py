"""The forwarding address: a relay on this computer hands over mail, one letter at a time."""

import asyncio
import hashlib
import logging
import secrets

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.adapter import Inbound as Message
from bot.adapter import InboundFile
from bot.intake import Intake
from bot.refusals import Refusals
from bot.shield import MEGABYTE
from jobs.outbox import Outbox
from memory.config import Inbound
from memory.errors import Trouble, Unavailable

logger = logging.getLogger(__name__)

_PERSON = "owner"
_LARGEST = 26 * MEGABYTE
_LONGEST_LINE = 64 * 1024
"""Mail programs write longer lines than the 998 characters they may."""
_NAME = "steward+"
_SILENCE_S = 60.0


class InboundDoor:
    """A door that only takes in: mail for one secret address, and never sends any on."""

    name = "inbound"

    def __init__(self, inbound: Inbound, outbox: Outbox, intake: Intake) -> None:
        """A door that is closed until `run`."""
        self._inbound = inbound
        self._outbox = outbox
        self._intake = intake
        self._refusals = Refusals(outbox, self.name)
        self._open: set[_Smtp | _Lmtp] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on; the configured one before that."""
        if self._server is None:
            return self._inbound.place[1]
        return int(self._server.sockets[0].getsockname()[1])

    async def listen(self) -> None:
        """Take the port.

        Raises:
            Unavailable: Another program has it.
        """
        if not await self._outbox.pairings(self.name):
            await self._outbox.pair(self.name, _PERSON, self.name)
        host, port = self._inbound.place
        loop = asyncio.get_running_loop()
        made = _Lmtp if self._inbound.is_lmtp else _Smtp
        try:
            self._server = await loop.create_server(lambda: made(self, self._open), host, port)
        except OSError as error:
            raise Unavailable(
                f"I can't take in mail at {host}:{port}; another program is there.",
                hint="Stop it, or write another port into config.toml under [mail.inbound].",
            ) from error

    async def run(self) -> None:
        """Take in until cancelled."""
        if self._server is None:
            await self.listen()
        try:
            await asyncio.Event().wait()
        finally:
            if self._server is not None:
                self._server.close()
            for one in tuple(self._open):
                one.hang_up()

    def is_ours(self, address: str) -> bool:
        """Whether mail for this address is for Steward: steward+TOKEN at any host."""
        local = address.strip("<>").rpartition("@")[0] or address
        # many relays write an address in small letters
        wanted = f"{_NAME}{self._inbound.token.get_secret_value()}".lower()
        return secrets.compare_digest(local.lower().encode(), wanted.encode())

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd asks for
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """Let mail for the owner's address pass, and no other."""
        if not self.is_ours(address):
            await self._refusals.note("relay", "recipient")
            return "550 5.1.1 Nobody of that name is here"
        if isinstance(server, LMTP) and envelope.rcpt_tos:
            # it would want one answer for each, and both are the same mail
            return "452 4.5.3 One at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Fine"

    async def handle_DATA(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Say that a letter was taken only once it is kept; the relay keeps it otherwise."""
        raw = envelope.original_content or b""
        name = hashlib.sha256(raw).hexdigest()
        letter = InboundFile(name="mail.eml", media_type="message/rfc822", raw=raw)
        try:
            await self._intake.receive(
                Message(
                    door=self.name,
                    native_id=name,
                    chat=self.name,
                    person=_PERSON,
                    files=(letter,),
                    forwarded=True,
                )
            )
        except Unavailable:
            logger.warning("mail waits", extra={"action": "inbound_waits", "mail": name})
            return "451 4.3.0 Not now; keep it and come again"
        logger.info("mail taken", extra={"action": "inbound_taken", "mail": name})
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever it was, the relay keeps the mail and comes again."""
        if not isinstance(error, Trouble):
            logger.error("mail waits", exc_info=error, extra={"action": "inbound_broke"})
        return "451 4.3.0 Not now; keep it and come again"


class _Smtp(SMTP):
    """One connection; the door knows of it while it is open."""

    line_length_limit = _LONGEST_LINE

    def __init__(self, door: InboundDoor, among: "set[_Smtp | _Lmtp]") -> None:
        super().__init__(
            door,
            data_size_limit=_LARGEST,
            enable_SMTPUTF8=True,
            hostname="steward",
            ident="steward",
            timeout=_SILENCE_S,
            loop=asyncio.get_running_loop(),
        )
        self._among = among

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the open ones."""
        self._among.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Leave them."""
        self._among.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """End it in the middle of whatever it is."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class _Lmtp(_Smtp, LMTP):
    """The same in the language of a relay's own deliveries."""
