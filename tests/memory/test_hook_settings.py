"""Web hooks in the configuration; their faults are told with all others in test_config.py."""

from pathlib import Path

import pytest

from memory.config import load
from memory.errors import Misconfigured
from memory.hook_settings import shape_in


def written(folder: Path, text: str) -> Path:
    place = folder / "config.toml"
    place.write_text(text)
    return place


def test_the_file_of_a_hooks_secret_is_remembered_so_that_it_can_be_read_again(tmp_path: Path):
    (tmp_path / "secret").write_text("s3cret\n")
    file = written(tmp_path, f'[hooks.shop]\nsecret_file = "{tmp_path}/secret"\n')

    hook = load(file, {}).hooks["shop"]

    assert hook.secret.get_secret_value() == "s3cret"
    assert hook.secret_file == f"{tmp_path}/secret"


@pytest.mark.parametrize("text", ["[]", "{", '{"type": 5}', "\udcff"])
def test_a_file_that_is_no_json_schema_is_a_fault(tmp_path: Path, text: str):
    (tmp_path / "shape.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    file = written(tmp_path, f'[hooks.shop]\nsecret = "x"\nschema = "{tmp_path}/shape.json"\n')

    with pytest.raises(Misconfigured) as wrong:
        load(file, {})
    (fault,) = wrong.value.faults

    assert "[hooks.shop] schema: " in fault
    assert "JSON" in fault


def test_the_shape_of_what_comes_in_may_lie_in_a_file(tmp_path: Path):
    (tmp_path / "shape.json").write_text('{"type": "object", "required": ["order"]}')

    assert shape_in(str(tmp_path / "shape.json")) == {"type": "object", "required": ["order"]}


@pytest.mark.parametrize("where", ["http://elsewhere.example/a.json", "other.json", "file:///a"])
def test_a_shape_is_never_fetched_from_elsewhere(tmp_path: Path, where: str):
    (tmp_path / "shape.json").write_text(f'{{"properties": {{"a": [{{"$ref": "{where}"}}]}}}}')
    (tmp_path / "good.json").write_text(f'{{"items": {{"allOf": [{{"$ref": "{where}"}}]}}}}')

    with pytest.raises(ValueError, match="JSON Schema"):
        shape_in(str(tmp_path / "shape.json"))
    with pytest.raises(ValueError, match="points to another file"):
        shape_in(str(tmp_path / "good.json"))
