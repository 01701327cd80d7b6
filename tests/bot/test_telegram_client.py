"""What the client's errors mean to us, and what may go wrong without a word."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.telegram_client import RECEIVED, Courtesies, Courtesy, courteously, translated
from memory.errors import Refused, Unavailable


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (NetworkError("gone"), Unavailable),
        (TimedOut(), Unavailable),
        (BadRequest("chat not found"), Refused),
        (Forbidden("bot was blocked by the user"), Refused),
        (InvalidToken("the token 42:secret was rejected"), Refused),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
def test_every_refusal_of_telegram_is_one_of_ours(error, meaning):
    with pytest.raises(meaning), translated():
        raise error


def test_a_refused_token_is_not_repeated():
    with pytest.raises(Refused) as told, translated():
        raise InvalidToken("the token 42:secret was rejected")

    assert "secret" not in f"{told.value} {told.value.hint}"
    assert told.value.__suppress_context__


async def test_a_courtesy_that_fails_stops_nothing():
    done: list[str] = []

    async def fail() -> None:
        raise BadRequest("query is too old")

    async def work() -> None:
        done.append("done")

    await courteously([Courtesy("answer", fail), Courtesy("received", work)])

    assert done == ["done"]


async def test_courtesies_go_side_by_side():
    met = asyncio.Barrier(2)

    async def meet() -> None:
        async with asyncio.timeout(1):
            await met.wait()

    await courteously([Courtesy("one", meet), Courtesy("other", meet)])

    assert met.n_waiting == 0
    assert not met.broken


async def test_of_many_reactions_the_newest_are_done_and_nobody_waits_for_them():
    done: list[int] = []
    last = asyncio.Event()
    courtesies = Courtesies()

    def reaction(number: int) -> Courtesy:
        async def react() -> None:
            done.append(number)
            if number == 99:
                last.set()

        return Courtesy(RECEIVED, react)

    await courtesies.follow([reaction(number) for number in range(100)])
    before = list(done)
    async with courtesies.beside(), asyncio.timeout(2):
        await last.wait()

    assert before == []
    assert done == list(range(70, 100))


async def test_an_answer_to_a_press_is_waited_for():
    done: list[str] = []

    async def answer() -> None:
        await asyncio.sleep(0.01)
        done.append("answer")

    await Courtesies().follow([Courtesy("answer", answer)])

    assert done == ["answer"]


async def test_what_breaks_beside_reactions_comes_out_as_it_is():
    with pytest.raises(InvalidToken):
        async with Courtesies().beside():
            raise InvalidToken
