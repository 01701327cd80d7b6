"""An edited message: what its new words ask for takes the place of what the old ones filed."""

from memory.records.change import Change, Version
from memory.records.proposal import Proposal

Replaced = tuple[tuple[Change, Version], ...]
"""What the old words filed, each with the version that stands."""


def corrected(proposal: Proposal, replaced: Replaced) -> Proposal:
    """The same records in a new version, instead of new ones beside them.

    What is said no more is taken back. Where nobody understands the new words, all stays as it is.
    """
    if not replaced:
        return proposal
    if proposal.ask is not None or not proposal.changes:
        stays = "What I filed before stays; undo it there if it is wrong."
        return proposal.model_copy(update={"says": f"{proposal.says} {stays}".strip()})
    left = list(replaced)
    changes: list[Change] = []
    for change in proposal.changes:
        same = next((one for one in left if one[1].record == change.record), None)
        alike = same or next((one for one in left if _is_alike(change, one[1])), None)
        if alike is not None:
            left.remove(alike)
        changes.append(change if same or alike is None else _in_place_of(alike, change))
    changes = [one for one in changes if one.data != one.before]
    changes += [_taken_back(was, stands) for was, stands in reversed(left)]
    said = f"Corrected. {proposal.says}".strip()
    return proposal.model_copy(update={"changes": tuple(changes), "says": said})


def _is_alike(change: Change, stands: Version) -> bool:
    """Whether a record that is new can be a version of one that stands."""
    return change.before is None and change.kind == stands.kind and change.data is not None


def _in_place_of(old: tuple[Change, Version], change: Change) -> Change:
    _, stands = old
    data = {**(change.data or {})}
    if stands.data is not None and "origin" in stands.data:
        # the message is the same one, so what came of it still comes from there
        data["origin"] = stands.data["origin"]
    update = {
        "record": stands.record,
        "key": stands.key,
        "base": stands.version,
        "before": stands.data,
        "data": data,
        # the old words were a slip: what they said was never true
        "valid_from": change.valid_from or stands.valid_from,
    }
    return change.model_copy(update=update)


def _taken_back(was: Change, stands: Version) -> Change:
    """The record as it was before the old words."""
    update = {
        "data": was.before,
        "before": stands.data,
        "base": stands.version,
        "valid_from": stands.valid_from,
    }
    return was.model_copy(update=update)
