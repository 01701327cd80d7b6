"""The supervisor and its children, as real processes."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.embedded import answers, end, socket_of
from tests.doubles.steward import ROOT, Steward


@contextlib.asynccontextmanager
async def started(data: Path, *arguments: str):
    """A Steward without a sample company, killed at the end if it still runs."""
    steward = Steward(data)
    await steward.start(*arguments)
    try:
        yield steward
    finally:
        await steward.kill()
        await end(data)


async def gone(pids: list[int]) -> bool:
    """Whether all of these processes end within some seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            while any(lives(pid) for pid in pids):  # noqa: ASYNC110 - a process tells only its parent
                await asyncio.sleep(0.05)
            return True
    return False


def lives(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""


def child(steward: Steward, words: str) -> int:
    """The one child whose command line has these words."""
    (found,) = [pid for pid in steward.family() if words in command_of(pid)]
    return found


async def another(steward: Steward, words: str, than: int) -> int:
    """The process that takes the place of a child."""
    async with asyncio.timeout(15):
        while True:
            found = [one for one in steward.family() if words in command_of(one) and one != than]
            if found:
                return found[0]
            await asyncio.sleep(0.05)


async def at_work(steward: Steward) -> None:
    """Wait until the doors answer, with a worker behind them."""
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(ConnectionError, AssertionError):
                if (await steward.look("health"))[0]["worker"]:
                    return
            await asyncio.sleep(0.1)


async def test_what_falls_over_is_started_again_and_sigterm_ends_it_all(tmp_path):
    async with started(tmp_path) as steward:
        for words in ("jobs worker", "bot doors", "unixsocket"):
            pid = child(steward, words)
            os.kill(pid, signal.SIGKILL)
            assert await another(steward, words, pid) != pid
        await at_work(steward)
        family = steward.family()

        process = steward._process
        await steward.stop()

        assert process is not None
        assert process.returncode == 0
        assert await gone(family)
        assert not socket_of(tmp_path).exists()
        assert not (tmp_path / "door.json").exists()


async def test_new_settings_renew_the_doors_and_the_worker_and_nobody_else(tmp_path):
    async with started(tmp_path) as steward:
        await at_work(steward)
        doors, worker = child(steward, "bot doors"), child(steward, "jobs worker")
        redis, port = child(steward, "unixsocket"), steward.link.split(":")[2].split("/")[0]

        # as the doors end by themselves when the owner has kept something
        os.kill(doors, signal.SIGTERM)
        await another(steward, "bot doors", doors)
        await another(steward, "jobs worker", worker)
        await at_work(steward)
        (link,) = await asyncio.to_thread(steward.run, "link")

        assert child(steward, "unixsocket") == redis
        assert link["link"].startswith(f"http://127.0.0.1:{port}/")
        assert "child ended" not in (tmp_path / "errors.log").read_text()


async def test_a_second_one_on_the_same_folder_is_refused(tmp_path):
    async with started(tmp_path, "--no-worker") as steward:
        assert [pid for pid in steward.family() if "jobs worker" in command_of(pid)] == []

        second = await asyncio.to_thread(run, "--data", str(tmp_path))

        assert second.returncode == 2
        assert second.stderr == (
            f"Steward already runs in {tmp_path}. Stop it, or name another folder.\n"
        )


async def test_children_end_with_a_killed_parent_and_its_redis_is_adopted(tmp_path):
    async with started(tmp_path) as steward:
        redis = child(steward, "unixsocket")
        children = [child(steward, "bot doors"), child(steward, "jobs worker")]
        os.kill(steward.family()[0], signal.SIGKILL)

        assert await gone(children)
        assert lives(redis)

        await steward.start("--no-worker")
        adopted = await answers(tmp_path)
        started_anew = [pid for pid in steward.family() if "unixsocket" in command_of(pid)]
        await steward.stop()

        assert adopted
        assert started_anew == []
        assert await gone([redis])


def test_a_bad_configuration_tells_every_fault_and_starts_nothing(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[owner]\ntimezone = "Mars"\ncurrency = "euros"\n[telegrm]\ntoken = "x"\n')

    ended = run("--data", str(tmp_path / "data"), "--config", str(config))

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 3
    assert f"{config}, line 2: [owner] timezone" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_used_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")

    ended = run("--data", str(tmp_path / "file" / "below"))

    assert ended.returncode == 2
    assert ended.stderr.endswith("cannot be used (Not a directory).\n")


@pytest.mark.parametrize("sign", [signal.SIGINT])
async def test_ctrl_c_ends_it_like_sigterm(tmp_path, sign):
    async with started(tmp_path, "--no-worker") as steward:
        family, process = steward.family(), steward._process
        assert process is not None
        process.send_signal(sign)

        async with asyncio.timeout(15):
            assert await process.wait() == 0
        assert await gone(family)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "run", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
