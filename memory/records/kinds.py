"""Which class a kind's name stands for. Found by being there: one file here is one kind."""

from functools import cache

from memory.plugins import modules
from memory.records.effect import Effect
from memory.records.kept import Kept


@cache
def kept_kinds() -> dict[str, type[Kept]]:
    """Every kind of record by its name."""
    return {
        cls.kind: cls
        for module in modules("memory.records")
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, Kept) and cls is not Kept
    }


@cache
def effect_kinds() -> dict[str, type[Effect]]:
    """Every kind of effect by its name."""
    found: dict[str, type[Effect]] = {}
    for module in modules("memory.records"):
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, Effect) and cls is not Effect:
                found[str(cls.model_fields["kind"].default)] = cls
    return found


def kept_of(kind: str, data: object) -> Kept:
    """The record of this kind with this data.

    Raises:
        KeyError: There is no such kind.
        pydantic.ValidationError: The data does not fit the kind.
    """
    return kept_kinds()[kind].model_validate(data)


def effect_of(value: object) -> object:
    """The effect that plain data describes; anything else is passed on for pydantic to judge.

    Raises:
        ValueError: There is no such kind.
    """
    if not isinstance(value, dict) or "kind" not in value:
        return value  # pyright: ignore[reportUnknownVariableType]
    kind = str(value["kind"])  # pyright: ignore[reportUnknownArgumentType]
    if kind not in effect_kinds():
        message = f"there is no effect called {kind}"
        raise ValueError(message)
    return effect_kinds()[kind].model_validate(value)
