"""Scripted models, seen through pydantic-ai's own agent."""

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.output import PromptedOutput
from pydantic_ai.usage import RequestUsage

from tests.doubles.models import Call, ScriptRanOut, scripted


class Quote(BaseModel):
    amount: int
    customer: str


class Reminder(BaseModel):
    day: str


async def test_answers_come_in_order():
    agent = Agent(scripted(["one", "two"]))

    said = [(await agent.run("again")).output for _ in range(2)]

    assert said == ["one", "two"]


async def test_answers_can_be_found_by_words_of_the_prompt():
    agent = Agent(scripted({"Bluefin": "a quote", "": "no idea"}))

    assert (await agent.run("mail from Bluefin Cafe")).output == "a quote"
    assert (await agent.run("printer friday")).output == "no idea"
    assert (await agent.run("Bluefin again")).output == "a quote"


@pytest.mark.parametrize(
    "output_type", [Quote, PromptedOutput(Quote)], ids=["by a tool", "by JSON text"]
)
async def test_a_record_becomes_the_agents_output(output_type):
    agent = Agent(scripted([Quote(amount=1200, customer="Bluefin")]), output_type=output_type)

    assert (await agent.run("quote")).output == Quote(amount=1200, customer="Bluefin")


async def test_among_several_outputs_the_right_one_is_meant():
    agent = Agent(
        scripted([Reminder(day="Friday"), {"day": "Monday"}, {"amount": 1, "customer": "Tom"}]),
        output_type=[Quote, Reminder],
    )

    said = [(await agent.run("again")).output for _ in range(3)]

    assert said == [Reminder(day="Friday"), Reminder(day="Monday"), Quote(amount=1, customer="Tom")]


async def test_output_of_the_wrong_shape_is_sent_as_it_is():
    model = scripted([{"amount": "a lot"}, Quote(amount=5, customer="Tom")])
    agent = Agent(model, output_type=Quote, retries=1)

    assert (await agent.run("quote")).output.amount == 5
    assert "amount" in model.asked[1].prompt


async def test_a_tool_call_reaches_the_agents_tool():
    agent = Agent(scripted([Call("rate", {"kind": "hourly"}), "85 EUR"]))

    @agent.tool_plain
    def rate(kind: str) -> str:
        return f"{kind}: 85"

    assert (await agent.run("my rate?")).output == "85 EUR"


async def test_a_failure_is_raised():
    agent = Agent(scripted([ModelHTTPError(429, "small")]))

    with pytest.raises(ModelHTTPError):
        await agent.run("hello")


async def test_what_was_asked_is_remembered():
    model = scripted(["fine"])
    await Agent(model, instructions="Speak plainly.").run("hello")

    assert "Speak plainly." in model.asked[0].prompt
    assert "hello" in model.asked[0].prompt
    assert model.left == 0


async def test_usage_can_be_claimed():
    model = scripted(["fine"], usage=RequestUsage(input_tokens=900, output_tokens=70))

    result = await Agent(model).run("hello")

    assert (result.usage.input_tokens, result.usage.output_tokens) == (900, 70)


async def test_a_script_that_ran_out_says_so():
    with pytest.raises(ScriptRanOut, match="hello"):
        await Agent(scripted([])).run("hello")
