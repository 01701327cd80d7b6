"""The tally of a test run: how many per room, and whether anything was left out.

With `CI=true` the run is strict: a skipped, expected-to-fail or deselected test fails it, because
a test that did not run has not passed.
"""

from collections import Counter
from typing import TypedDict, cast

import pytest

ROOMS = ("memory", "agents", "jobs", "bot", "journeys", "faultkit", "house", "contracts")
"""Printed in this order, with a zero when a room has none. Other folders follow when they have."""


class Passed(TypedDict, total=False):
    """What a worker of pytest-xdist hands to the process that started it."""

    tally_left_out: list[str]


class Tally:
    """A pytest plugin that counts what ran and remembers what did not."""

    def __init__(self, config: pytest.Config, *, strict: bool) -> None:
        self.config = config
        self.strict = strict
        self.counts: Counter[str] = Counter()
        self.left_out: set[str] = set()

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out |= {f"deselected: {item.nodeid}" for item in items}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.left_out.add(f"skipped: {report.nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.counts[room_of(report.nodeid)] += 1
        if hasattr(report, "wasxfail"):
            self.left_out.add(f"expected to fail: {report.nodeid}")
        elif report.skipped:
            self.left_out.add(f"skipped: {report.nodeid}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        # Deselection and a skipped file are seen by the workers alone.
        passed = cast("Passed", getattr(node, "workeroutput", {}))
        self.left_out |= set(passed.get("tally_left_out", []))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        workeroutput = getattr(self.config, "workeroutput", None)
        if workeroutput is not None:
            workeroutput["tally_left_out"] = sorted(self.left_out)
        elif self.strict and self.left_out and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        others = sorted(set(self.counts) - set(ROOMS))
        counted = [f"{room} {self.counts[room]}" for room in (*ROOMS, *others)]
        terminalreporter.write_line(f"tests per room: {', '.join(counted)}")
        if self.strict and self.left_out:
            terminalreporter.section("left out, so this run fails", red=True)
            for line in sorted(self.left_out):
                terminalreporter.write_line(line)


def room_of(nodeid: str) -> str:
    """The folder below tests/ that a test lives in: "memory" for tests/memory/test_when.py."""
    parts = nodeid.split("::")[0].split("/")
    return parts[1] if len(parts) > 2 else parts[0]
