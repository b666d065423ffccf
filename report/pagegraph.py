"""Which edges do the pictures of a project and of a conflict show? As numbers and labels, which the script draws."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from report.nearby import Nearby
from report.pagelines import Line, Names, code, line, shown
from solver.plan import Plan
from solver.planconflict import Conflict

RELAXED, HOLDS, FIRST, NEW = 1, 2, 3, 4
"""What marks an edge; edges without a mark are plain dependencies."""

POLICY, YOU = "the policy", "what is asked for"

_POLICY = re.compile(r"policy (?:pins|holds|excludes) ([a-z0-9][a-z0-9-]*)(.*)", re.DOTALL)
_ASKED = re.compile(r"(.+) is asked for", re.DOTALL)
_FURTHER = re.compile(r"(?=, (?:and would meet|and policy forbids|(?:whose (?:upper|lower) part|which) policy) )")
_REQUIRES = re.compile(r"(?:every candidate of )?([a-z0-9][a-z0-9-]*)\S*(?: .*?)? requires? (.+)", re.DOTALL)


def dependencies(plan: Plan, names: Names, near: Nearby) -> list[list[int]]:
    """Return the numbers of the projects that each project requires: in the plan, else in the current set."""
    known: Mapping[Any, int] = names.by_attribute if near.required is None else names.numbers
    found = []
    for i, one in enumerate(plan.packages):
        those: Sequence[str] = (
            near.dependencies.get(one.attribute, ()) if near.required is None else near.required.get(one.project, ())
        )
        found.append(sorted({known[name] for name in those if name in known} - {i}))
    return found


def marks(plan: Plan, names: Names) -> list[tuple[int, int, int, str]]:
    """Return the edges that the plan says something about: depender, dependency, mark, requirement."""
    found = set()
    for depender, dependency, mark, text in _marks(plan):
        one, other = names.numbers.get(depender), names.numbers.get(dependency)
        if one is not None and other is not None and one != other:
            found.add((one, other, mark, shown(text)))
    return sorted(found)


def _marks(plan: Plan) -> Iterator[tuple[Any, Any, int, str]]:
    for edge in plan.relaxed:
        yield edge.project, edge.dependency, RELAXED, edge.spelling + edge.specifier
    for hold in plan.held:
        for blocker in hold.because:
            yield blocker.project, blocker.dependency, HOLDS, blocker.requires
    for first in plan.update_first:
        yield first.project, first.dependency, FIRST, f"{first.dependency}{first.specifier}"
    for added in plan.added:
        for depender, _, text in added.because:
            yield depender, added.project, NEW, text


def conflict_edges(conflict: Conflict) -> list[list[tuple[str, str, str]]]:
    """Return for each core the edges ``(who, whom, what)`` that its sentences speak of; others are left out."""
    cores = [[one.sentence for one in core.reasons] for core in conflict.cores] or [list(conflict.core)]
    return [edges for core in cores if (edges := sorted({edge for text in core for edge in _edges(text)}))]


def reason(text: str, names: Names) -> Line:
    """Return a sentence of a conflict, with a link to the project that it is about and its requirement as code.

    >>> from solver.plan import Plan
    >>> plan = Plan(status="conflict", mode="fresh", targets=(), dataset=(), levels=(), packages=())
    >>> reason("a 1.0 requires b<2", Names(plan))
    [['a'], ' 1.0 requires ', ['b<2']]
    """
    if match := _POLICY.fullmatch(text):
        specifier, colon, why = match[2].partition(": ")
        return line(
            "policy {} {}{}", match[0].split()[1], names.link(ProjectName(match[1])), shown(specifier + colon + why)
        )
    if match := _REQUIRES.fullmatch(text):
        start, end = match.span(1)
        before, between = text[:start], text[end : match.start(2)]
        what, *rest = _FURTHER.split(match[2], maxsplit=1)
        needs = line("{}{}{}", names.link(ProjectName(match[1])), shown(between), code(what))
        return line("{}{}{}", shown(before), needs, shown("".join(rest)))
    return [shown(text)]


def _edges(text: str) -> Iterator[tuple[str, str, str]]:
    if match := _POLICY.fullmatch(text):
        yield POLICY, match[1], shown(match[1] + match[2].partition(": ")[0])
    elif match := _ASKED.fullmatch(text):
        wanted = parse_requirement(match[1])
        if wanted is not None:
            yield YOU, wanted.project, shown(match[1])
    elif match := _REQUIRES.fullmatch(text):
        for one in _FURTHER.split(match[2], maxsplit=1)[0].split(" and "):
            wanted = parse_requirement(one)
            if wanted is not None:
                yield match[1], wanted.project, shown(one)
