"""What every process of one company shares: its folder, settings, store, ledger and files."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from memory.anchors import Anchors
from memory.blobs import Blobs
from memory.clock import Clock, WallClock
from memory.config import Config
from memory.ledger import Ledger
from memory.store import Store


@dataclass(frozen=True)
class Company:
    """One company's memory, as a process reaches it."""

    data: Path
    """The data folder."""
    config: Config
    store: Store
    ledger: Ledger
    blobs: Blobs

    @property
    def clock(self) -> Clock:
        """The company's clock."""
        return self.store.clock

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone."""
        return self.config.owner.zone

    @property
    def anchors(self) -> Anchors:
        """What is kept of the ledger outside the database."""
        return Anchors(self.data, self.ledger.mark)

    @property
    def stop_file(self) -> Path:
        """While this file exists, nothing leaves the house."""
        return self.data / "STOP"


def database_url(config: Config, data: Path) -> str:
    """The configured database, else the SQLite file in the data folder."""
    return config.storage.database_url or f"sqlite+aiosqlite:///{data.absolute()}/steward.db"


@contextlib.asynccontextmanager
async def opened(config: Config, data: Path, *, busy_s: float = 10.0) -> AsyncGenerator[Company]:
    """The company while this process works for it. The schema must be up to date."""
    store = Store(database_url(config, data), WallClock(), busy_s=busy_s)
    async with store.running():
        yield Company(
            data=data,
            config=config,
            store=store,
            ledger=Ledger.with_key_in(data),
            blobs=Blobs(data / "blobs"),
        )
