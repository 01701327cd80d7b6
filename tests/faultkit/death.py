"""Watches for one death, notes what was written by then, and lets more die with it."""

import os
import signal
import socket
import threading
import time
from contextlib import closing, suppress

from bot.embedded import socket_of
from tests.faultkit.house import LOOK_S, House
from tests.faultkit.points import Point
from tests.faultkit.story import Story


class Death(threading.Thread):
    """Waits, beside the story, until a point's process has died at it."""

    def __init__(self, house: House, story: Story, point: Point) -> None:
        super().__init__(name=f"death {point.number}")
        self.where = ""
        """Where it died; empty while it has not."""
        self.kept = False
        """Whether the message was committed by then."""
        self.events: tuple[str, ...] = ()
        """What the ledger said of the reply by then."""
        self.trouble: Exception | None = None
        self._house = house
        self._story = story
        self._point = point
        self._over = threading.Event()

    def __enter__(self) -> "Death":
        if self._point.process == "redis":
            self._commands = Commands(self._house)
        else:
            self._house.set_trap(self._point.process, self._point.plan())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()
        if self._point.process == "redis":
            self._commands.close()
            self._house.wait_for("redis")
        else:
            self._end_watch()
        if self.trouble is not None:
            raise self.trouble

    def run(self) -> None:
        try:
            if self._point.process == "redis":
                self._end_redis()
            else:
                self._await_death()
        except Exception as error:  # noqa: BLE001 - handed to the story's thread
            self.trouble = error

    def _end_watch(self) -> None:
        """Let the process live on undisturbed, or let its successor begin."""
        if not self.where:
            self._house.lift_trap(self._point.process)
            # at its line in the very moment in which the trap was lifted
            self.where = self._house.died(self._point.process) or ""
            if self.where:
                self._others_too()
        if self.where and not self._point.power:
            self._house.mourn(self._point.process)

    def _await_death(self) -> None:
        while not self._over.is_set() and not self.where:
            self.where = self._house.died(self._point.process) or ""
            time.sleep(LOOK_S / 4)
        if self.where:
            self._others_too()

    def _others_too(self) -> None:
        """Note what was written, and let the whole house die where the point says so."""
        if self._point.power:
            self._house.cut_power()
        self._note()
        if self._point.power:
            self._house.start_again()

    def _end_redis(self) -> None:
        while not self._over.is_set() and self._commands.seen < self._point.hit:
            self._commands.listen()
        if self._commands.seen < self._point.hit:
            return
        self.where = f"command {self._commands.seen}"
        if self._point.stratum == "redis killed":
            os.kill(self._commands.pid, signal.SIGKILL)
        else:
            with closing(self._house.redis()) as client:
                client.flushall()
        self._note()

    def _note(self) -> None:
        self.kept = self._story.is_kept()
        self.events = self._story.events()


class Commands:
    """Counts what a house's redis is told."""

    def __init__(self, house: House) -> None:
        self.pid = house.redis_pid()
        self.seen = 0
        self._ear = socket.socket(socket.AF_UNIX)
        self._ear.connect(str(socket_of(house.data)))
        self._ear.settimeout(LOOK_S)
        self._ear.sendall(b"MONITOR\r\n")
        # The first line only says that we may listen.
        self._ear.recv(len(b"+OK\r\n"), socket.MSG_WAITALL)

    def listen(self) -> None:
        """Take in what was said within the next moment."""
        with suppress(TimeoutError):
            self.seen += self._ear.recv(65536).count(b"\n")

    def close(self) -> None:
        self._ear.close()
