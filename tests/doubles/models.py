"""Language models that answer from a script, behind the same interface as real ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage


@dataclass(frozen=True)
class Call:
    """The model calls a tool of the agent instead of finishing."""

    tool: str
    arguments: Mapping[str, object]


Answer = str | BaseModel | Mapping[str, object] | Call | Exception
"""What the model says: text; structured output, whole; a tool call; or a failure to raise."""


@dataclass(frozen=True)
class Asked:
    """One request as the model saw it."""

    prompt: str
    """Everything in the messages, line by line: instructions, user, tools."""
    info: AgentInfo
    messages: tuple[ModelMessage, ...]


class ScriptRanOut(AssertionError):
    """The product asked more than the script has answers for."""


class Scripted(FunctionModel):
    """A model that plays its answers and remembers what it was asked."""

    def __init__(
        self,
        answers: Sequence[Answer] | Mapping[str, Answer],
        *,
        name: str,
        usage: RequestUsage | None,
    ) -> None:
        super().__init__(self._respond, model_name=name)
        self.asked: list[Asked] = []
        self._by_words = dict(answers) if isinstance(answers, Mapping) else {}
        self._in_order = [] if isinstance(answers, Mapping) else list(answers)
        self._usage = usage

    @property
    def left(self) -> int:
        """How many answers of a list are still to be played."""
        return len(self._in_order)

    async def _respond(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        asked = Asked(_prompt(messages, info), info, tuple(messages))
        self.asked.append(asked)
        response = _response(self._pick(asked.prompt), info)
        if self._usage is not None:
            response.usage = self._usage
        return response

    def _pick(self, prompt: str) -> Answer:
        if self._in_order:
            return self._in_order.pop(0)
        for words, answer in self._by_words.items():
            if words in prompt:
                return answer
        raise ScriptRanOut(f"no answer for request {len(self.asked)}: {prompt!r}")


def scripted(
    answers: Sequence[Answer] | Mapping[str, Answer],
    *,
    name: str = "scripted",
    usage: RequestUsage | None = None,
) -> Scripted:
    """A model that answers from a list, in order, or from a table by words of the prompt.

    Args:
        answers: A list is used up; a table answers as often as it is asked, first match first.
        usage: The tokens that every answer claims to have cost; None estimates them.
    """
    return Scripted(answers, name=name, usage=usage)


def _response(answer: Answer, info: AgentInfo) -> ModelResponse:
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, str):
        return ModelResponse(parts=[TextPart(answer)])
    if isinstance(answer, Call):
        return ModelResponse(parts=[ToolCallPart(answer.tool, dict(answer.arguments))])
    if isinstance(answer, BaseModel):
        return _structured(answer.model_dump(mode="json"), type(answer).__name__, info)
    return _structured(dict(answer), "", info)


def _structured(output: dict[str, object], kind: str, info: AgentInfo) -> ModelResponse:
    """The output in the form that the agent asked for: an output tool, else JSON text.

    With several output tools, the one whose name ends in `kind` is meant, else the first whose
    schema has all the keys.
    """
    if not info.output_tools:
        return ModelResponse(parts=[TextPart(_json(output))])
    fitting = [tool for tool in info.output_tools if kind and tool.name.endswith(kind)] or [
        tool
        for tool in info.output_tools
        if set(output) <= set(tool.parameters_json_schema.get("properties", {}))
    ]
    # An answer that fits nowhere is sent all the same: models do that too.
    tool = (fitting or info.output_tools)[0]
    return ModelResponse(parts=[ToolCallPart(tool.name, output)])


def _json(output: dict[str, object]) -> str:
    return ToolCallPart("output", output).args_as_json_str()


def _prompt(messages: list[ModelMessage], info: AgentInfo) -> str:
    lines = [info.instructions] if info.instructions else []
    for message in messages:
        if isinstance(message, ModelRequest):
            lines += [_words(part) for part in message.parts]
    return "\n".join(line for line in lines if line)


def _words(part: object) -> str:
    match part:
        case UserPromptPart(content=str() as text):
            return text
        case UserPromptPart(content=pieces):
            return "\n".join(piece for piece in pieces if isinstance(piece, str))
        case SystemPromptPart(content=text):
            return text
        case ToolReturnPart():
            return part.model_response_str()
        case RetryFeedbackPart(content=trouble):
            return str(trouble)
        case _:
            return ""
