"""Which relaxations come and go between two sides? Of plans by edge, of snapshots by the names in the list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dataset.currentset import CurrentSet
from normalize.errors import UsageError
from normalize.projects import project_name
from solver.plan import Plan, StaleRelaxation
from solver.planwords import EdgeKind, RiskClass
from solver.proposalparts import RelaxList

_ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxationChange:
    """A relaxation that comes, goes, or is about another requirement than before.

    Attributes:
        name: the dependency as the list spells it; ``*`` for every one.
        requirement, risk: what is relaxed, and its class; None where only a snapshot knows of it.
        edge: whether it is required to run or to build.
        reason: the evidence of one that comes, or why one that goes is not needed; None where nobody says.
    """

    kind: Literal["new", "gone", "changed"]
    attribute: str
    name: str
    requirement: str | None = None
    risk: RiskClass | None = None
    edge: EdgeKind = "run"
    reason: str | None = None


_Key = tuple[str, str, EdgeKind]
_Told = tuple[str, str | None, RiskClass | None, str | None]


def relaxation_changes(old: Plan | CurrentSet, new: Plan | CurrentSet) -> tuple[RelaxationChange, ...]:
    """Return the changes, sorted by attribute and name.

    Beside a plan, a snapshot's names stay unless the plan says that they are stale.
    """
    before, after = _relaxed(old, new), _relaxed(new, old)
    stale = {(one.attribute, _spelled(one.name)): one.reason for one in _stale(new)}
    found = []
    for key in sorted(before.keys() | after.keys()):
        attribute, dependency, edge = key
        was, now = before.get(key), after.get(key)
        told = now or was
        assert told is not None
        name, requirement, risk, _ = told
        if was is None:
            found.append(_change("new", attribute, edge, told))
        elif now is None:
            why = stale.get((attribute, dependency))
            found.append(_change("gone", attribute, edge, (name, requirement, risk, why)))
        elif None not in (was[1], requirement) and was[1:3] != now[1:3]:
            found.append(_change("changed", attribute, edge, now))
    return tuple(found)


def relax_lists(old: Plan | CurrentSet, new: Plan | CurrentSet) -> tuple[RelaxList, ...]:
    """Return the lists of ``pythonRelaxDeps`` that change, whole; of a plan, as far as it needs them."""
    lists: list[dict[str, list[str]]] = [{}, {}]
    for found, (one, other) in zip(lists, ((old, new), (new, old)), strict=True):
        for (attribute, _, edge), (name, *_rest) in _relaxed(one, other).items():
            if edge == "run":
                found.setdefault(attribute, []).append(name)
    changed = {one.attribute for one in relaxation_changes(old, new) if one.edge == "run" and one.kind != "changed"}
    before, after = lists
    return tuple(
        RelaxList(attribute=name, before=_sorted(before.get(name, ())), after=_sorted(after.get(name, ())))
        for name in sorted(changed)
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda name: (name.lower(), name)))


def _change(kind: Literal["new", "gone", "changed"], attribute: str, edge: EdgeKind, told: _Told) -> RelaxationChange:
    name, requirement, risk, reason = told
    return RelaxationChange(
        kind=kind, attribute=attribute, name=name, requirement=requirement, risk=risk, edge=edge, reason=reason
    )


def _relaxed(side: Plan | CurrentSet, other: Plan | CurrentSet) -> dict[_Key, _Told]:
    if isinstance(side, CurrentSet):
        return _names(side)
    found: dict[_Key, _Told] = {}
    there: dict[_Key, _Told] = {}
    if isinstance(other, CurrentSet):
        gone = {(one.attribute, _spelled(one.name)) for one in side.stale_relaxations}
        there = {key: told for key, told in _names(other).items() if key[:2] not in gone}
        found |= there
    for one in side.relaxed:
        every = (one.attribute, _ALL, one.kind) in there
        if not every and not (one.already and isinstance(other, CurrentSet)):
            requirement = f"{one.spelling}{one.specifier}"
            found[one.attribute, one.dependency, one.kind] = (one.spelling, requirement, one.risk, one.evidence)
    return found


def _names(side: CurrentSet) -> dict[_Key, _Told]:
    return {
        (one.name, _spelled(name), "run"): (name, None, None, None) for one in side.attributes for name in one.relaxed
    }


def _stale(side: Plan | CurrentSet) -> tuple[StaleRelaxation, ...]:
    return side.stale_relaxations if isinstance(side, Plan) else ()


def _spelled(name: str) -> str:
    try:
        return project_name(name)
    except UsageError:
        return name  # "*", or what no project is called
