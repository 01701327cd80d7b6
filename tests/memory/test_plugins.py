"""Plugins: a member is found by being there."""

from pathlib import Path

import pytest

from memory.plugins import members, modules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = "house_of_" + request.node.name.replace("[", "_").replace("]", "")
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "violet.py").write_text("FLOWER = 'violet'\n")
    (folder / "aster.py").write_text("FLOWER = 'aster'\n")
    (folder / "soil.py").write_text("DEPTH = 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_every_module_is_found_in_the_order_of_names(package: str):
    assert [one.__name__ for one in modules(package)] == [
        f"{package}.{name}" for name in ("aster", "soil", "violet")
    ]


def test_members_are_the_modules_that_have_the_constant(package: str):
    assert members(package, "FLOWER", str) == ("aster", "violet")


def test_a_member_of_the_wrong_kind_is_refused(package: str):
    with pytest.raises(TypeError, match=r"soil\.DEPTH is not a str"):
        members(package, "DEPTH", str)
