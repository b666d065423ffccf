"""What does policy say of a requirement that contradicts others, and would it be as hard without that?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.version import Version

from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.compile import Problem
from solver.edges import NO_EXTRA, Edge, Line, Node
from solver.levels import LEVELS, Costs
from solver.policy import EdgeOverride

_BROKEN, _UPDATE_FIRST = LEVELS.index("broken"), LEVELS.index("update_first")

_WHOSE = {"upper": ", whose upper part policy", "lower": ", whose lower part policy", "both": ", which policy"}
_FORBIDS = {"upper": "relax it", "lower": "violate its lower part", "both": "violate it"}


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of the policy about requirements that contradict others.

    Attributes:
        decides: whether some choice is impossible that would be possible without the entry.
        forbids: whether the entry never lets be violated what some choice would violate.
    """

    entry: EdgeOverride
    decides: bool
    forbids: bool

    @property
    def clause(self) -> str:
        """Return what a sentence adds to the requirement."""
        return clause(self.entry)


def clause(entry: EdgeOverride) -> str:
    """Return what a sentence about a requirement adds where an entry decides what counts of it; outside text."""
    if entry.action == "forbid":
        return f", and policy forbids to {_FORBIDS[entry.part]}: {entry.reason}"
    done = {"drop": "drops", "force": "lets be violated"}.get(entry.action, f"replaces with {entry.replacement}")
    return f"{_WHOSE[entry.part]} {done}: {entry.reason}"


def would_meet(edge: Edge, version: Version | None, met: str) -> str:
    """Return that a requirement is violated, and what policy says of it, as a sentence.

    Args:
        edge: the requirement.
        version: of what it would meet, if there is any.
        met: the same in words.
    """
    said = f"{edge}, and would meet {met}"
    entry = edge.override
    if entry is None or version is None:
        return said
    if entry.action == "forbid":
        return said + clause(entry) if edge.bounds.violated(version) & edge.forbidden else said
    return f"{edge}{clause(entry)}, and would meet {met}" if entry.action == "replace" else said


def word_on(problem: Problem, node: Node, index: int, lines: Sequence[Line]) -> Word | None:
    """Return policy's word on what a value of a node requires of a project; None where it is none of the reasons.

    Args:
        problem: what cannot be satisfied.
        node: the depender.
        index: which of its values.
        lines: its requirements on the project, which have one entry in common.
    """
    entry = lines[0].override if lines else None
    if entry is None:
        return None
    other = (lines[0].requirement.project, NO_EXTRA)
    table = problem.tables.get((node, other))
    decides = forbids = False
    for cost, met in zip(table[index] if table else (), problem.values.get(other, ()), strict=False):
        if cost[_BROKEN] and met.kind is not Kind.ABSENT and met.version is not None:
            forbids = forbids or any(line.bounds.violated(met.version) & line.forbidden for line in lines)
            decides = decides or not _broken_without(problem, cost, met, lines)
    matters = forbids if entry.action == "forbid" else _counts(entry, lines, problem.values.get(other, ()))
    return Word(entry, decides, forbids) if matters else None


def _counts(entry: EdgeOverride, lines: Iterable[Line], values: Iterable[Value]) -> bool:
    """Return whether what counts of the requirements is not what METADATA says."""
    if entry.action != "force":
        return any(line.bounds.text != line.requirement.bounds.text for line in lines)
    versions = [one.version for one in values if one.version is not None]
    return any(line.bounds.violated(version) & line.forced for line in lines for version in versions)


def _broken_without(problem: Problem, cost: Costs, met: Value, lines: Iterable[Line]) -> bool:
    """Return whether no plan might have this choice either if policy said nothing of the requirements."""
    assert met.version is not None
    question = problem.question
    hard = question.strict or question.ad_hoc
    for line in lines:
        parts = line.requirement.bounds.violated(met.version)
        if Part.EXCLUSION in parts or (Part.LOWER in parts and (hard or _lower_is_hard(cost, lines))):
            return True
        if question.strict and Part.UPPER in parts and not line.relaxed:
            return True
    return False


def _lower_is_hard(cost: Costs, lines: Iterable[Line]) -> bool:
    """Return whether the problem counts lower parts as what no plan may violate, though no entry forbids that."""
    forbidden = any(line.forbidden for line in lines)
    return bool(cost[_UPDATE_FIRST]) and cost[_BROKEN] > int(forbidden)
