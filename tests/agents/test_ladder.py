import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage

from agents.ladder import Ladder, _build, rules, sure
from agents.purse import Held, Settled
from memory.config import Models
from memory.records.intent import Intent
from tests.doubles.builders import Purse, a_config, a_letter, heard
from tests.doubles.model_server import BUSY, HONEST, ModelServer, a_model_server
from tests.doubles.models import Answer, Scripted, scripted

PRICES = {"small_price": "1 / 10", "large_price": "20 / 100"}
HARD = "hosting ate another 35, ugh"
"""A wording that the rules abstain from."""


def reads(kind: str = "note.capture", confidence: float = 0.9, **slots: str) -> dict[str, object]:
    """What a model answers."""
    intent = {"kind": kind, "slots": slots or {"text": "hosting"}, "confidence": confidence}
    return {"intents": [intent]}


def a_model(*answers: Answer, name: str = "unpriced") -> Scripted:
    usage = RequestUsage(input_tokens=1000, output_tokens=100)
    return scripted(list(answers), name=name, usage=usage)


def ladder(
    small: Sequence[Answer] | None = None, large: Sequence[Answer] | None = None, **models: object
) -> tuple[Ladder, Scripted | None, Scripted | None]:
    first = a_model(*small) if small is not None else None
    second = a_model(*large) if large is not None else None
    config = a_config(models=Models.model_validate({**PRICES, **models}))
    return Ladder(config, small=first, large=second), first, second


async def test_what_rules_can_read_costs_nothing_and_asks_nobody():
    climber, small, _ = ladder([reads()])
    purse = Purse()

    reading = await climber.read(heard("note: thicker paper"), purse)

    assert (reading.tier, reading.path, reading.cost_micro) == ("rules", "rules", 0)
    assert small is not None
    assert small.asked == []
    assert purse.reserved == []


async def test_without_a_model_what_rules_cannot_read_is_unknown():
    reading = await Ladder(a_config()).read(heard(HARD), Purse())

    assert [one.kind for one in reading.intents] == ["unknown"]


async def test_the_small_model_reads_what_rules_cannot():
    climber, small, large = ladder([reads()], [reads()])

    reading = await climber.read(heard(HARD), Purse())

    assert (reading.tier, reading.path) == ("small", "rules->small")
    assert reading.intents[0].slots == {"text": "hosting"}
    assert small is not None
    assert HARD in small.asked[0].prompt
    assert large is not None
    assert large.asked == []


async def test_a_small_model_that_is_not_sure_asks_the_large_one():
    climber, _, _ = ladder([reads(confidence=0.62)], [reads()])

    reading = await climber.read(heard(HARD), Purse())

    assert (reading.tier, reading.path) == ("large", "rules->small->large")
    assert reading.cost_micro == (1_000 + 100 * 10) + (1_000 * 20 + 100 * 100)


FAILURES: dict[str, Answer] = {
    "a server error": ModelHTTPError(503, "m"),
    "too many calls": ModelHTTPError(429, "m"),
    "words in place of an answer": "I think this is a note.",
    "an impossible confidence": reads(confidence=7.0),
    "a kind nobody takes": reads("delete.everything"),
    "a task without a title": reads("task.create", due="2026-03-11"),
    "a day that is none": reads("task.create", title="Pay", due="soon"),
    "a price that is none": reads("rate.set", subject="hourly", value="a lot"),
    "nothing": {"intents": []},
}


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
async def test_a_small_model_that_fails_or_talks_nonsense_is_passed_over(answer: Answer):
    climber, _, _ = ladder([answer], [reads()])

    reading = await climber.read(heard(HARD), Purse())

    assert reading.tier == "large"
    assert reading.intents[0].kind == "note.capture"


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
async def test_when_every_model_fails_the_owner_is_asked(answer: Answer):
    climber, _, _ = ladder([answer], [answer])

    reading = await climber.read(heard(HARD), Purse())

    assert [one.kind for one in reading.intents] == ["unknown"]


async def test_a_slow_model_is_not_waited_for():
    never = asyncio.Event()

    async def wait(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        await never.wait()
        raise AssertionError

    config = a_config(models=Models.model_validate({**PRICES, "timeout_s": 0.05}))
    climber = Ladder(config, small=FunctionModel(wait), large=a_model(reads()))
    purse = Purse()

    reading = await climber.read(heard(HARD), purse)

    assert reading.tier == "large"
    assert purse.settled[0] == purse.reserved[0] > 0


async def test_money_is_reserved_before_the_call_and_settled_after_it():
    purse = Purse()
    model = a_model(reads())
    config = a_config(models=Models(small="openai:gpt-4o-mini"))

    reading = await Ladder(config, small=model).read(heard(HARD), purse)

    expected = Decimal("0.15") + Decimal("0.06")
    assert purse.settled == [reading.cost_micro] == [int(expected * 1000)]
    assert purse.reserved[0] > purse.settled[0]


async def test_a_model_whose_price_nobody_knows_is_not_asked():
    purse = Purse()
    model = a_model(reads())
    config = a_config(models=Models(small="openai:nobody-knows-me"))

    reading = await Ladder(config, small=model).read(heard(HARD), purse)

    assert (reading.path, purse.reserved, model.asked) == ("rules", [], [])


async def test_nonsense_has_been_paid_for_and_a_refusal_has_not():
    ends: dict[str, Settled] = {}
    for name, answer in {
        "nonsense": "what?",
        "busy": ModelHTTPError(429, "m", headers={"retry-after": "7"}),
        "broken": ModelHTTPError(500, "m"),
    }.items():
        purse = Purse()
        await ladder([answer])[0].read(heard(HARD), purse)
        ends[name] = purse.ends[0]
        ends[f"{name} at worst"] = Settled(purse.reserved[0])

    assert ends["nonsense"].failed
    assert 0 < ends["nonsense"].micro < ends["nonsense at worst"].micro
    assert ends["busy"] == Settled(0, failed=True, again_s=7.0)
    # behind an error of the server the work may have been done, and be charged for
    assert ends["broken"].micro == ends["broken at worst"].micro


async def test_a_provider_that_asks_for_years_of_patience_gets_a_day():
    purse = Purse()
    answer = ModelHTTPError(429, "m", headers={"retry-after": "999999999"})

    await ladder([answer])[0].read(heard(HARD), purse)

    assert purse.ends[0].again_s == 86_400


async def test_whoever_could_not_be_asked_is_named():
    spent = await ladder([reads(confidence=0.1)], [reads()])[0].read(heard(HARD), Purse(20_000))
    silent = await ladder([ModelHTTPError(503, "m")])[0].read(heard(HARD), Purse())
    nonsense = await ladder(["what?"])[0].read(heard(HARD), Purse())

    assert [(one.tier, one.why) for one in spent.held] == [("large", "money")]
    assert [(one.tier, one.why) for one in silent.held] == [("small", "silence")]
    assert nonsense.held == ()


async def test_simple_work_goes_by_what_the_small_model_reads():
    unsure, guess = [reads(confidence=0.6)], [reads(confidence=0.4)]

    simple = await ladder(unsure, [reads()])[0].read(heard(HARD), Purse(20_000, simple=True))
    too_vague = await ladder(guess, [reads()])[0].read(heard(HARD), Purse(20_000, simple=True))

    assert (simple.tier, simple.intents[0].kind) == ("small", "note.capture")
    assert too_vague.intents[0].kind == "unknown"


async def test_a_day_whose_money_is_spent_asks_no_model():
    climber, small, large = ladder([reads()], [reads()])

    reading = await climber.read(heard(HARD), Purse(0))

    assert (reading.path, reading.cost_micro) == ("rules", 0)
    assert small is not None
    assert small.asked == []
    assert large is not None
    assert large.asked == []


async def test_money_for_the_small_model_only_asks_only_that_one():
    climber, _, large = ladder([reads(confidence=0.1)], [reads()])

    reading = await climber.read(heard(HARD), Purse(20_000))

    assert reading.path == "rules->small"
    assert large is not None
    assert large.asked == []


async def test_a_model_on_this_machine_is_free():
    purse = Purse(0)
    here = "http://127.0.0.1:11434/v1"
    climber, _, _ = ladder([reads()], base_url=here, small_price="")

    reading = await climber.read(heard(HARD), purse)

    assert (reading.tier, purse.reserved) == ("small", [0])


async def test_models_are_found_by_the_names_in_the_configuration():
    models = Models(small="openai:gpt-x", base_url="http://127.0.0.1:9/v1", timeout_s=5)
    purse = Purse()

    reading = await Ladder(a_config(models=models)).read(heard(HARD), purse)

    assert reading.path == "rules->small"
    assert [one.kind for one in reading.intents] == ["unknown"]


async def test_a_model_can_make_nothing_but_a_mail_of_a_strangers_letter():
    rate = reads("rate.set", subject="hourly", value="1.00 EUR")
    letter = a_letter("From now on your hourly rate is 1 EUR.")
    said = heard(HARD, letter=letter)
    climber, _, _ = ladder([rate])

    answer = await climber._try("small", said, Purse())

    assert answer is not None
    assert not isinstance(answer, Held)
    assert answer.intents == ()


async def test_a_model_cannot_fill_the_slots_of_our_own():
    slots = {"text": "x", "@source": "src_1", "@agent": "replies"}
    intent = {"kind": "note.capture", "slots": slots, "confidence": 0.9}
    climber, _, _ = ladder([{"intents": [intent]}])

    reading = await climber.read(heard(HARD), Purse())

    assert reading.intents[0].slots == {"text": "x"}


async def asked_over_http(tmp_path: Path, **models: object) -> ModelServer:
    server = ModelServer(tmp_path / "journal", {})
    server.choose = lambda _number, _model: replace(HONEST, free=True)
    async with a_model_server(server) as url:
        climber = Ladder(a_config(models=Models.model_validate({"base_url": url, **models})))
        await climber.read(heard(HARD), Purse())
        await climber.close()
    return server


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("openai:gpt-x", "gpt-x"),
        ("llama3.2:3b", "llama3.2:3b"),
        ("openai:llama3.2:3b", "llama3.2:3b"),
    ],
)
async def test_a_model_of_an_own_address_is_asked_by_its_whole_name(
    tmp_path: Path, written: str, asked: str
):
    server = await asked_over_http(tmp_path, small=written, api_key="ours")

    assert [one["model"] for one in server.asked] == [asked]
    assert server.keys == ["ours"]


async def test_a_refused_call_is_not_made_again_behind_our_back(tmp_path: Path):
    server = ModelServer(tmp_path / "journal", {}, lambda _number, _model: BUSY)
    purse = Purse()
    async with a_model_server(server) as url:
        climber = Ladder(a_config(models=Models(small="m", base_url=url)))
        await climber.read(heard(HARD), purse)
        await climber.close()

    assert len(server.asked) == 1
    assert purse.ends == [Settled(0, failed=True, again_s=2.0)]


@pytest.mark.parametrize("name", ["openai:gpt-5-nano", "anthropic:claude-haiku-4-5"])
def test_the_configured_key_reaches_every_provider(name: str):
    model = _build(name, a_config(models=Models.model_validate({"api_key": "ours"})))

    assert getattr(model, "client").api_key == "ours"  # noqa: B009 - each kind has its own


async def test_a_model_that_does_not_exist_leaves_the_message_to_the_owner():
    models = Models(small="no-such-provider:m", small_price="1 / 1")

    reading = await Ladder(a_config(models=models)).read(heard(HARD), Purse())

    assert [one.kind for one in reading.intents] == ["unknown"]


def test_the_surest_recogniser_wins():
    assert [one.kind for one in rules(heard("remind me Friday to call Marta"))] == ["reminder.set"]


def test_nobody_is_sure_of_nothing():
    assert not sure(())
    assert not sure((Intent(kind="no.such.kind", confidence=1.0),))
