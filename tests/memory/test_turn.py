import asyncio
import multiprocessing
import time
from pathlib import Path

from memory.turn import Turn


async def test_whoever_waits_is_next_even_if_the_other_wants_in_again_at_once(tmp_path: Path):
    place = tmp_path / "steward.db"
    busy, patient = Turn(place, patience_s=5), Turn(place, patience_s=5)
    order: list[str] = []

    async def again_and_again() -> None:
        for _ in range(6):
            async with busy.taken():
                order.append("busy")
                await asyncio.sleep(0.02)

    async def once() -> None:
        await asyncio.sleep(0.03)
        async with patient.taken():
            order.append("patient")

    async with asyncio.TaskGroup() as group:
        group.create_task(again_and_again())
        group.create_task(once())

    assert order.index("patient") <= 3
    assert order.count("busy") == 6
    busy.close()
    patient.close()


async def test_only_one_is_in_at_a_time(tmp_path: Path):
    place = tmp_path / "steward.db"
    inside = 0
    most = 0

    async def enter(turn: Turn) -> None:
        nonlocal inside, most
        for _ in range(5):
            async with turn.taken():
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.002)
                inside -= 1
        turn.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(enter(Turn(place, patience_s=5)))

    assert most == 1


def _hold(place: Path, ready: "multiprocessing.Event") -> None:  # pyright: ignore[reportInvalidTypeForm]
    async def forever() -> None:
        async with Turn(place, patience_s=5).taken():
            ready.set()
            await asyncio.sleep(60)

    asyncio.run(forever())


async def test_a_process_that_stands_still_or_dies_keeps_nobody_out(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    place = tmp_path / "steward.db"
    other = context.Process(target=_hold, args=(place, ready), daemon=True)
    other.start()
    assert await asyncio.to_thread(ready.wait, 20)
    turn = Turn(place, patience_s=0.2)

    began = time.monotonic()
    async with turn.taken():
        waited = time.monotonic() - began
    other.kill()
    other.join()
    began = time.monotonic()
    async with turn.taken():
        after = time.monotonic() - began

    assert waited >= 0.2
    assert after < 0.2
    turn.close()


async def test_without_a_file_there_is_nothing_to_wait_for():
    async with Turn(None, patience_s=0).taken():
        pass
