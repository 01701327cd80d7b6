"""A real IMAP server with the folders INBOX, Steward and Sent: pymap, or Dovecot where it is."""

import asyncio
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from imap_tools import BaseMailBox, MailBoxUnencrypted

DOVECOT = Path("/usr/sbin/dovecot")
ROOT = Path(__file__).parents[2]
APPENDED = re.compile(rb"APPENDUID \d+ (\d+)")
FOLDERS = ("INBOX", "Steward", "Sent")
START_S = 10
POLL_S = 0.02


class Imap:
    """pymap as a child process; mails live in its memory, and it keeps the system flags only.

    Usable with `with` and `async with`. What a test does to the mailbox (`deliver`, `flags` ...)
    blocks for a few milliseconds; the server does not depend on the test's loop.
    """

    host = "127.0.0.1"
    username = "dana"
    password = "not-a-secret"

    def __init__(self, *, port: int = 0) -> None:
        """With a port it speaks to a server that runs already, and need not be entered."""
        self.port = port

    def deliver(self, folder: str, raw: bytes, *, seen: bool = False) -> str:
        """Put a mail into a folder, as a mail server or a move by the owner would; its uid."""
        with self.mailbox() as box:
            answer = box.append(raw, folder, flag_set=["\\Seen"] if seen else None)
        appended = APPENDED.search(answer[1][0])
        assert appended is not None, answer
        return appended.group(1).decode()

    def flags(self, folder: str) -> dict[str, frozenset[str]]:
        """The flags of every mail in a folder, by uid."""
        with self.mailbox() as box:
            box.folder.set(folder, readonly=True)
            return {
                mail.uid: frozenset(flag for flag in mail.flags if flag != "\\Recent")
                for mail in box.fetch(mark_seen=False, headers_only=True)
                if mail.uid
            }

    def mails(self, folder: str) -> tuple[bytes, ...]:
        """Every mail in a folder as it was delivered, oldest first."""
        with self.mailbox() as box:
            box.folder.set(folder, readonly=True)
            return tuple(_content(box, uid) for uid in box.uids())

    def uid_validity(self, folder: str) -> int:
        with self.mailbox() as box:
            return box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]

    def recreate(self, folder: str) -> None:
        """Delete and make a folder anew: it is empty and its UIDVALIDITY is another."""
        with self.mailbox() as box:
            box.folder.delete(folder)
            box.folder.create(folder)

    @contextmanager
    def mailbox(self) -> Generator[BaseMailBox]:
        """A client of its own, logged in."""
        box = MailBoxUnencrypted(self.host, self.port, timeout=START_S)
        with box.login(self.username, self.password):
            yield box

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="imap-"))
        try:
            self._start()
            self._wait_until_it_answers()
            self._make_folders()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, at)

    def _start(self) -> None:
        """Start `_process` and learn its `port`; it may write below `_folder`."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.doubles.imap_server", self.username, self.password],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log(),
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline() or 0)

    def _log(self) -> int:
        return os.open(self._folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def _wait_until_it_answers(self) -> None:
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up and self._process.poll() is None:
            with suppress(OSError), socket.create_connection((self.host, self.port)) as probe:
                probe.settimeout(START_S)
                if probe.recv(4) == b"* OK":
                    return
            time.sleep(POLL_S)
        raise RuntimeError((self._folder / "log").read_text() or "the IMAP server did not start")

    def _make_folders(self) -> None:
        with self.mailbox() as box:
            for name in FOLDERS:
                if not box.folder.exists(name):
                    box.folder.create(name)

    def _stop(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class Dovecot(Imap):
    """The same with Dovecot: mails are files in a temporary folder. Needs `DOVECOT` to exist."""

    def __init__(
        self,
        *,
        port: int = 0,
        introspection_url: str = "",
        idles: bool = True,
    ) -> None:
        """As `Imap`.

        Args:
            introspection_url: Where access tokens are asked about; empty takes passwords only.
            idles: Whether it says that it can tell of new mail by itself.
        """
        super().__init__(port=port)
        self._introspection_url = introspection_url
        self._idles = idles

    def _start(self) -> None:
        self.port = _free_port()
        (self._folder / "oauth2.conf").write_text(
            f"introspection_url = {self._introspection_url}\n"
            "introspection_mode = get\n"
            "username_attribute = username\n"
            "active_attribute = active\n"
            "active_value = true\n"
        )
        config = self._folder / "dovecot.conf"
        config.write_text(self._config())
        if os.geteuid() == 0:
            _give_to_nobody(self._folder)
        self._process = subprocess.Popen(
            [str(DOVECOT), "-F", "-c", str(config)],
            stdin=subprocess.DEVNULL,
            stderr=self._log(),
        )

    def _config(self) -> str:
        # Dovecot never serves mail as root, and as anybody else it can only be itself.
        me = pwd.getpwuid(os.geteuid()).pw_name
        mail_user = pwd.getpwuid(65534) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        login_user = "dovenull" if os.geteuid() == 0 else me
        internal_user = "dovecot" if os.geteuid() == 0 else me
        return f"""
base_dir = {self._folder}/run
state_dir = {self._folder}/run
log_path = /dev/stderr
ssl = no
auth_mechanisms = plain login {"xoauth2" if self._introspection_url else ""}
{"" if self._idles else "imap_capability = IMAP4rev1 UIDPLUS LITERAL+"}
disable_plaintext_auth = no
auth_failure_delay = 0
protocols = imap
listen = {self.host}
default_internal_user = {internal_user}
default_internal_group = {internal_user}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:{self._folder}/mail
mailbox_list_index = no
maildir_stat_dirs = yes
{self._token_settings()}
passdb {{
  driver = static
  args = password={self.password}
  mechanisms = plain login
}}
userdb {{
  driver = static
  args = uid={mail_user.pw_uid} gid={mail_user.pw_gid} home={self._folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = {self.host}
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  # No waiting after a wrong password.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

    def _token_settings(self) -> str:
        if not self._introspection_url:
            return ""
        place = self._folder / "oauth2.conf"
        return f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {place}\n}}"


def _content(box: BaseMailBox, uid: str) -> bytes:
    """The bytes of one mail, not parsed on the way."""
    _, answer = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
    return bytes(answer[0][1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _give_to_nobody(folder: Path) -> None:
    mail = folder / "mail"
    mail.mkdir()
    nobody = pwd.getpwuid(65534)
    os.chown(mail, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o755)
