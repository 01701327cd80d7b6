"""Members are found by being there: one file in a folder is one more specialist, guard or kind."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: str) -> Iterator[ModuleType]:
    """Every module directly inside `package`, imported, in the order of their names."""
    parent = importlib.import_module(package)
    for found in sorted(pkgutil.iter_modules(parent.__path__), key=lambda one: one.name):
        yield importlib.import_module(f"{package}.{found.name}")


def members(package: str, name: str, kind: type[T]) -> tuple[T, ...]:
    """The constant `name` of every module in `package` that has one.

    Raises:
        TypeError: A module's constant is not a `kind`.
    """
    found: list[T] = []
    for module in modules(package):
        member = getattr(module, name, None)
        if member is None:
            continue
        if not isinstance(member, kind):
            message = f"{module.__name__}.{name} is not a {kind.__name__}"
            raise TypeError(message)
        found.append(member)
    return tuple(found)
