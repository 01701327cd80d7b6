"""What many points found: one line a row of code, and the sums."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.faultkit.lane import CLEAN, Result

COLUMNS = ("lost", "doubled", "unknown", "other")


def counted(results: Iterable[Result]) -> list[Result]:
    """Those that died; a line that did not run again proves nothing."""
    return [one for one in results if one.verdict != "missed"]


def summary(results: Iterable[Result]) -> dict[str, Any]:
    """Everything as data: sums, per file, per stratum, how far the reply was, and every fault."""
    every = list(results)
    died = counted(every)
    return {
        "points": len(died),
        "missed": len(every) - len(died),
        **_sums(died),
        "seconds": round(sum(one.took_s for one in every), 1),
        "files": _grouped(died, lambda one: one.point.where),
        "strata": _grouped(died, lambda one: one.point.stratum),
        "phases": dict(Counter(one.phase for one in died)),
        "between claim and receipt": sum(one.phase.startswith("between") for one in died),
        "power cut": sum(one.point.power for one in died),
        "unclean": [json.loads(one.text()) for one in died if one.verdict not in CLEAN],
    }


def table(found: dict[str, Any]) -> str:
    """The summary as a person reads it."""
    lines: list[str] = []
    for title, name in (("file", "files"), ("part", "strata")):
        rows: dict[str, dict[str, int]] = found[name]
        width = max(map(len, (*rows, title)))
        heads = "".join(f"{column:>9}" for column in ("points", *COLUMNS))
        lines.append(f"{title:<{width}}{heads}")
        for where, row in sorted(rows.items()):
            lines.append(f"{where:<{width}}" + "".join(f"{row[one]:>9}" for one in row))
        lines.append("")
    lines += [f"{count:>5}  died {phase}" for phase, count in sorted(found["phases"].items())]
    lines.append("")
    sums = ", ".join(f"{found[one]} {one}" for one in COLUMNS)
    lines.append(
        f"{found['points']} points: {sums}. {found['between claim and receipt']} of them between "
        f"claim and receipt, {found['power cut']} with the whole house; "
        f"{found['missed']} more whose line did not run again."
    )
    lines += [f"{one['verdict']}: {one['died']}: {one['faults']}" for one in found["unclean"]]
    return "\n".join(lines)


def _grouped(results: list[Result], name: Callable[[Result], str]) -> dict[str, dict[str, int]]:
    return {
        group: {"points": len(members), **_sums(members)}
        for group in sorted({name(one) for one in results})
        if (members := [one for one in results if name(one) == group])
    }


def _sums(results: list[Result]) -> dict[str, int]:
    verdicts = Counter(one.verdict for one in results)
    return {column: verdicts[column] for column in COLUMNS}
