"""How Steward runs without anybody looking: a unit, a container, a compose file, filled in."""

import json
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Recipe = Literal["systemd", "docker", "compose"]
RECIPES: tuple[Recipe, ...] = ("systemd", "docker", "compose")

_IMAGE = "steward"
_STATE = Path("/var/lib")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))


@dataclass(frozen=True)
class Machine:
    """What a recipe is filled in with."""

    program: tuple[str, ...]
    """The command that is `steward` on this machine."""
    source: Path
    """The folder that the program was installed from, with the Dockerfile if there is one."""
    data: Path
    config: Path
    user: str
    uid: int
    gid: int
    port: int
    secrets: tuple[tuple[str, Path], ...] = ()
    """Secrets in files of their own: "telegram.token" and its file."""


def recipe(kind: Recipe, machine: Machine) -> str:
    """One recipe, ready to be saved or typed."""
    made = {"systemd": _systemd, "docker": _docker, "compose": _compose}
    return made[kind](machine)


def secret_files(config: Path) -> tuple[tuple[str, Path], ...]:
    """The secrets that a configuration takes from files, in its order."""
    if not config.exists():
        return ()
    found: list[tuple[str, Path]] = []

    def look(section: dict[str, object], path: tuple[str, ...]) -> None:
        for name, value in section.items():
            if isinstance(value, dict):
                look(cast("dict[str, object]", value), (*path, name))
            elif name.endswith("_file") and isinstance(value, str):
                where = ".".join((*path, name.removesuffix("_file")))
                found.append((where, Path(value).expanduser().absolute()))

    look(tomllib.loads(config.read_text(encoding="utf-8")), ())
    return tuple(found)


def _systemd(machine: Machine) -> str:
    """A unit for the system; every path, user and port is this machine's."""
    data = machine.data
    is_state = data.parent == _STATE
    credentials = [f"LoadCredential={name}:{_unit(place)}" for name, place in machine.secrets] + [
        f'Environment="{_variable(name)}=%d/{name}"' for name, _ in machine.secrets
    ]
    example = [
        "# A secret in a file of its own (steward init --telegram-token-file FILE) would be handed",
        "# over with LoadCredential=; this configuration has none.",
    ]
    in_home = any(
        one.is_relative_to(home)
        for one in (data, machine.config, machine.source, Path(machine.program[0]))
        for home in _HOMES
    )
    lines = [
        "# /etc/systemd/system/steward.service",
        "[Unit]",
        "Description=Steward, a chief of staff for a company of one",
        "Wants=network-online.target",
        "After=network-online.target",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=simple",
        f"User={machine.user}",
        f"ExecStart={' '.join(_quoted(one) for one in (*machine.program, *_run(machine)))}",
        f"StateDirectory={data.name if is_state else 'steward'}",
        "StateDirectoryMode=0700",
        f"WorkingDirectory={_unit(_working(machine))}",
        f'Environment="STEWARD_DATA={_unit(data)}"',
        f'Environment="STEWARD_LOCAL__PORT={machine.port}"',
        *(credentials or example),
        "Restart=always",
        "RestartSec=5",
        "# a wrong configuration is not cured by another start",
        "RestartPreventExitStatus=2",
        "KillMode=mixed",
        "TimeoutStopSec=30",
        "",
        "# It writes into its own folder and nowhere else.",
        "UMask=0077",
        "ProtectSystem=strict",
        f"ProtectHome={'read-only' if in_home else 'yes'}",
        *([] if is_state else [f'ReadWritePaths="{_unit(data)}"']),
        *(
            []
            if machine.config.parent in (data, *data.parents)
            else [f'ReadWritePaths="{_unit(machine.config.parent)}"']
        ),
        "NoNewPrivileges=yes",
        "PrivateDevices=yes",
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectControlGroups=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "CapabilityBoundingSet=",
        "SystemCallArchitectures=native",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return "\n".join(lines)


def _docker(machine: Machine) -> str:
    """Two lines: the image, and the container."""
    words = [
        *("docker", "run", "--detach", "--name", "steward", "--restart", "always"),
        # the page answers on this computer's own address only, also from inside
        *("--network", "host"),
        *("--user", f"{machine.uid}:{machine.gid}"),
        *("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"),  # noqa: S108 - the container's own
        *("--security-opt", "no-new-privileges", "--stop-timeout", "30"),
        *("--volume", f"{machine.data}:/data"),
    ]
    if machine.config.parent != machine.data:
        words += ["--volume", f"{machine.config}:/data/config.toml"]
    words += ["--env", f"STEWARD_LOCAL__PORT={machine.port}"]
    for name, place in machine.secrets:
        words += ["--volume", f"{place}:/run/secrets/{name}:ro"]
        words += ["--env", f"{_variable(name)}=/run/secrets/{name}"]
    return f"docker build --tag {_IMAGE} {shlex.quote(str(machine.source))}\n" + shlex.join(
        [*words, _IMAGE]
    )


def _compose(machine: Machine) -> str:
    """A compose file. Strings are written as JSON, which YAML reads as they are meant."""
    volumes = [f"{machine.data}:/data"]
    if machine.config.parent != machine.data:
        volumes.append(f"{machine.config}:/data/config.toml")
    environment = {"STEWARD_LOCAL__PORT": str(machine.port)} | {
        _variable(name): f"/run/secrets/{name}" for name, _ in machine.secrets
    }
    lines = [
        "# compose.yaml, then: docker compose up --detach --build",
        "services:",
        "  steward:",
        f"    build: {json.dumps(str(machine.source))}",
        f"    image: {_IMAGE}",
        "    restart: always",
        "    # the page answers on this computer's own address only, also from inside",
        "    network_mode: host",
        f'    user: "{machine.uid}:{machine.gid}"',
        "    read_only: true",
        "    tmpfs:",
        '      - "/tmp"',
        "    cap_drop:",
        '      - "ALL"',
        "    security_opt:",
        '      - "no-new-privileges:true"',
        "    stop_grace_period: 30s",
        "    volumes:",
        *(f"      - {json.dumps(one)}" for one in volumes),
        "    environment:",
        *(f"      {name}: {json.dumps(value)}" for name, value in environment.items()),
    ]
    if machine.secrets:
        lines += ["    secrets:", *(f"      - {json.dumps(name)}" for name, _ in machine.secrets)]
        lines.append("secrets:")
        for name, place in machine.secrets:
            lines += [f"  {json.dumps(name)}:", f"    file: {json.dumps(str(place))}"]
    return "\n".join(lines)


def _run(machine: Machine) -> tuple[str, ...]:
    return ("run", "--data", str(machine.data), "--config", str(machine.config))


def _working(machine: Machine) -> Path:
    """Where the program finds itself; installed it may be anywhere."""
    return machine.source if "-m" in machine.program else machine.data


def _variable(name: str) -> str:
    return f"STEWARD_{name.replace('.', '__').upper()}_FILE"


def _unit(place: Path) -> str:
    """A path for a unit, where a percent sign begins something else."""
    return str(place).replace("%", "%%")


def _quoted(word: str) -> str:
    plain = word.replace("%", "%%").replace("$", "$$")
    if not any(one in plain for one in " \t\"'\\;"):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
