"""A recipe is filled in, parses, and loads."""

import json
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.recipes import Machine, recipe, secret_files

SECRET = ("telegram.token", Path("/etc/steward/telegram"))


def a_machine(folder: Path, **fields) -> Machine:
    program = folder / "bin" / "steward"
    program.parent.mkdir(exist_ok=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    data = folder / "company"
    data.mkdir(exist_ok=True)
    machine = Machine(
        program=(str(program),),
        source=folder,
        data=data,
        config=data / "config.toml",
        user="root",
        uid=1000,
        gid=1001,
        port=8484,
    )
    return replace(machine, **fields)


def keys(unit: str) -> dict[str, list[str]]:
    """The unit's settings; every line must be one, a section, a comment or empty."""
    found: dict[str, list[str]] = {}
    for line in unit.splitlines():
        if not line or line.startswith(("#", "[")):
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        found.setdefault(key, []).append(value)
    return found


def test_the_unit_has_this_machines_paths_user_and_port(tmp_path: Path):
    unit = keys(recipe("systemd", a_machine(tmp_path, user="dana", secrets=(SECRET,))))

    data = tmp_path / "company"
    assert unit["ExecStart"] == [
        f"{tmp_path}/bin/steward run --data {data} --config {data}/config.toml"
    ]
    assert unit["User"] == ["dana"]
    assert unit["Type"] == ["simple"]
    assert unit["Restart"] == ["always"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["StateDirectory"] == ["steward"]
    assert unit["ReadWritePaths"] == [f'"{data}"']
    assert unit["LoadCredential"] == ["telegram.token:/etc/steward/telegram"]
    assert unit["Environment"] == [
        f'"STEWARD_DATA={data}"',
        '"STEWARD_LOCAL__PORT=8484"',
        '"STEWARD_TELEGRAM__TOKEN_FILE=%d/telegram.token"',
    ]


def test_a_folder_of_the_system_is_the_units_state():
    unit = keys(recipe("systemd", a_machine_of_the_system()))

    assert unit["StateDirectory"] == ["chief"]
    assert "ReadWritePaths" not in unit
    assert unit["ProtectHome"] == ["yes"]


def a_machine_of_the_system() -> Machine:
    data = Path("/var/lib/chief")
    return Machine(
        program=("/usr/bin/steward",), source=Path("/opt/steward"), data=data,
        config=data / "config.toml", user="chief", uid=900, gid=900, port=8484,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["company", "the 50% company; $HOME"])
@pytest.mark.parametrize("secrets", [(), (SECRET,)], ids=["no secret", "a secret"])
def test_the_unit_is_right_for_systemd_itself(tmp_path: Path, name: str, secrets: tuple):
    data = tmp_path / name
    data.mkdir()
    machine = a_machine(tmp_path, data=data, config=data / "config.toml", secrets=secrets)
    unit = tmp_path / "steward.service"
    unit.write_text(recipe("systemd", machine))
    assert keys(unit.read_text())["ExecStart"]

    program = shutil.which("systemd-analyze")
    if program is not None:
        done = subprocess.run(
            [program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
        )
        about = [line for line in done.stderr.splitlines() if "steward.service" in line]
        assert about == []


def test_docker_runs_the_same_company(tmp_path: Path):
    build, run = recipe("docker", a_machine(tmp_path, secrets=(SECRET,))).splitlines()
    words = shlex.split(run)

    assert shlex.split(build) == ["docker", "build", "--tag", "steward", str(tmp_path)]
    assert words[:3] == ["docker", "run", "--detach"]
    assert words[-1] == "steward"
    for given in (
        f"{tmp_path}/company:/data",
        "1000:1001",
        "always",
        "STEWARD_LOCAL__PORT=8484",
        "/etc/steward/telegram:/run/secrets/telegram.token:ro",
        "STEWARD_TELEGRAM__TOKEN_FILE=/run/secrets/telegram.token",
    ):
        assert given in words


@pytest.mark.parametrize("secrets", [(), (SECRET,)], ids=["no secret", "a secret"])
def test_the_compose_file_loads(tmp_path: Path, secrets: tuple):
    loaded = loads(recipe("compose", a_machine(tmp_path, secrets=secrets)))

    service = loaded["services"]["steward"]
    assert service["build"] == str(tmp_path)
    assert service["user"] == "1000:1001"
    assert service["restart"] == "always"
    assert service["network_mode"] == "host"
    assert service["volumes"] == [f"{tmp_path}/company:/data"]
    assert service["environment"]["STEWARD_LOCAL__PORT"] == "8484"
    if secrets:
        assert service["secrets"] == ["telegram.token"]
        assert loaded["secrets"] == {"telegram.token": {"file": "/etc/steward/telegram"}}


def test_a_configuration_elsewhere_is_brought_along(tmp_path: Path):
    config = tmp_path / "etc" / "config.toml"
    machine = a_machine(tmp_path, config=config)

    assert f"{config}:/data/config.toml" in recipe("docker", machine)
    assert f"{config}:/data/config.toml" in recipe("compose", machine)


def test_secrets_in_files_are_found(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text(
        '[telegram]\ntoken_file = "/a"\n[mail.smtp]\nhost = "x"\npassword_file = "/b"\n'
    )

    assert secret_files(file) == (
        ("telegram.token", Path("/a")),
        ("mail.smtp.password", Path("/b")),
    )
    assert secret_files(tmp_path / "none.toml") == ()


def loads(text: str) -> dict:
    """The part of YAML that a compose file of ours uses: maps, lists, plain and quoted scalars."""
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    value, rest = block(lines, lines[0][0])
    assert rest == []
    assert isinstance(value, dict)
    return value


def block(lines: list[tuple[int, str]], depth: int) -> tuple[dict | list, list[tuple[int, str]]]:
    """One block of this depth, and the lines after it."""
    items: list = []
    entries: dict = {}
    while lines and lines[0][0] == depth:
        _, line = lines.pop(0)
        if line.startswith("- "):
            items.append(scalar(line[2:]))
            continue
        key, colon, value = line.partition(":" if line.endswith(":") else ": ")
        assert colon, line
        if value:
            entries[scalar(key)] = scalar(value)
        else:
            entries[scalar(key)], lines = block(lines, lines[0][0])
    assert not (items and entries)
    return items or entries, lines


def scalar(word: str) -> str:
    return json.loads(word) if word.startswith('"') else word


def test_the_template_of_a_configuration_is_toml():
    template = Path(__file__).parents[2] / "bot" / "first_config.toml"

    assert tomllib.loads(template.read_text())["owner"]["timezone"] == "UTC"
