"""The locks name every version and its hashes, and no place to download from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-extras.lock",
    "requirements-bench.lock",
)
SETUP_FILES = (*LOCKS, "pyproject.toml", "Makefile", "Dockerfile", ".ci/run")

PLACE = re.compile(
    r"\w+://|file:|--(?:default-|extra-)?index(?:-url)?\b|--find-links|--trusted-host"
    r"|\bcurl\b|\bwget\b|(?:^|\s)(?:-c|-r) /"
)


def entries(lock: str) -> list[str]:
    """The requirements of a lock, each with its continued lines joined, without comments."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", "", text).splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def pins(lock: str) -> dict[str, set[str]]:
    """Versions by package. Two of one name differ by Python version, and a marker chooses."""
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split(" --hash")[0])
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return found


def wanted(lock: str) -> list[str]:
    groups = PROJECT["dependency-groups"]
    project = PROJECT["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    return {
        "requirements.lock": [*project["dependencies"], *groups["build"]],
        "requirements-dev.lock": groups["dev"],
        "requirements-extras.lock": [*project["dependencies"], *extras],
        "requirements-bench.lock": groups["bench"],
    }[lock]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_has_one_version_and_its_hashes(lock: str):
    loose = [
        entry
        for entry in entries(lock)
        if not re.match(r"[a-z0-9-]+==\S+ ", entry) or not re.search(r"sha256:[0-9a-f]{64}", entry)
    ]

    assert entries(lock) != []
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_project_asks_for_is_locked_in_a_version_it_accepts(lock: str):
    for line in wanted(lock):
        requirement = Requirement(line)
        versions = pins(lock)[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version[2:]) for version in versions), line


def test_a_package_has_the_same_version_in_every_lock():
    base = pins("requirements.lock")
    for lock in LOCKS[1:]:
        shared = {name: pinned for name, pinned in pins(lock).items() if name in base}
        assert shared == {name: base[name] for name in shared}, lock


def test_the_build_backend_is_the_locked_one():
    requires = PROJECT["build-system"]["requires"]

    assert requires == PROJECT["dependency-groups"]["build"]
    assert requires == [
        f"setuptools{version}" for version in pins("requirements.lock")["setuptools"]
    ]


@pytest.mark.parametrize("name", SETUP_FILES)
def test_no_file_names_a_place_to_download_from(name: str):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if PLACE.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url somewhere",
        "a @ " + "https" + "://host.example/a.whl",
        "# via -c /home/someone/requirements.lock",
        "pip install --find-links wheels",
        "curl -O host.example/python.tar.gz",
    ],
)
def test_a_place_to_download_from_is_recognised(line: str):
    assert PLACE.search(line)


def test_there_is_no_lock_that_records_addresses():
    kept = [path.name for path in ROOT.iterdir()]

    assert not {"uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock"} & set(kept)
