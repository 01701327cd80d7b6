"""The texts that a module holds in its source, without the names it uses for itself."""

import ast
from collections.abc import Iterator
from pathlib import Path


def texts_in(module: Path) -> list[tuple[int, str]]:
    """Line and wording of every string literal that may end up before a person.

    Left out are docstrings, dictionary keys, things compared with or looked up by, and whatever
    reads like a name rather than like words ("mail.send", "hold_s").
    """
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {id(node) for node in _names(tree)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in names
        and _reads_like_words(node.value)
    ]


def _names(tree: ast.AST) -> Iterator[ast.AST | None]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from node.keys
        elif isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
            for comparator in node.comparators:
                yield from getattr(comparator, "elts", ())
        elif isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.MatchValue | ast.Expr):
            yield node.value


def _reads_like_words(literal: str) -> bool:
    return " " in literal.strip() or literal[:1].isupper()
