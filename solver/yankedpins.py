"""Is each yanked release that was chosen pinned by something that was chosen too? Else the answer is looked for again.

A yanked release may be installed where a requirement that counts pins it (PEP 592). Whether one counts depends on what
else is chosen, which no cost of a pair says; so an answer that breaks the rule, which few do, is taken apart: the
release is not chosen, or one of those that pin it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from normalize.projects import ProjectName
from solver.candidates import Kind, Value
from solver.compile import ASKED, Problem
from solver.decide import Decision, decide
from solver.edges import NO_EXTRA, EdgeRows, Lines, Node
from solver.effort import Effort
from solver.ledger import pinned_by
from solver.whatif import only

_DEEPEST = 6
"""So many times an answer is taken apart; then the yanked release is not chosen, whoever pins it."""


def decide_ad_hoc(problem: Problem, effort: Effort, show: Callable[[str], None], deep: int = _DEEPEST) -> Decision:
    """Return the best choice for an ad hoc list in which no yanked release is chosen that nothing pins."""
    decision = decide(problem, "fresh", effort, show)
    found = next(_unpinned(decision), None) if not decision.broken else None
    if found is None:
        return decision
    best = decide_ad_hoc(without_value(problem, found, decision.choice[found]), effort, show, deep)
    for node, index in _pinning(problem, found, decision.value(found)) if deep else ():
        other = decide_ad_hoc(only(problem, node, index), effort, show, deep - 1)
        if not other.broken and node in _needed(other) and (best.broken or _rank(other) < _rank(best)):
            best = other
    return best


def _unpinned(decision: Decision) -> Iterator[Node]:
    """Yield the projects of which a yanked release is chosen that nothing pins."""
    needed = _needed(decision)
    for node, value in decision.present():
        if value.release is not None and value.release.yanked is not None:
            pins = (_pins(decision.problem.lines[one][decision.choice[one]], node[0], value) for one in needed)
            if not any(pins):
                yield node


def _pins(lines: Lines, project: ProjectName, value: Value) -> bool:
    return any(pin == value.version for line in lines.get(project, ()) for pin in pinned_by(line.requirement))


def _pinning(problem: Problem, node: Node, value: Value) -> Iterator[tuple[Node, int]]:
    """Yield the values of nodes that pin a release."""
    for other, lines in problem.lines.items():
        for index, one in enumerate(lines):
            if problem.values[other][index].kind is not Kind.ABSENT and _pins(one, node[0], value):
                yield other, index


def _needed(decision: Decision) -> set[Node]:
    """Return the nodes that what is asked for leads to; a project that was put there without need is none."""
    found: set[Node] = set()
    waiting = [ASKED]
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        for project, lines in decision.problem.lines[node][decision.choice[node]].items():
            waiting += [(project, extra) for line in lines for extra in (NO_EXTRA, *line.requirement.extras)]
    return found


def _rank(decision: Decision) -> tuple[int, ...]:
    return tuple(level.value for level in decision.levels)


def without_value(problem: Problem, node: Node, index: int) -> Problem:
    """Return the problem in which a node lacks one of its values, which has others."""
    values, lines = list(problem.values[node]), list(problem.lines[node])
    unary = list(problem.unary[node])
    for several in (values, lines, unary):
        del several[index]
    tables = dict(problem.tables)
    for pair, table in problem.tables.items():
        if pair[0] == node:
            tables[pair] = [*table[:index], *table[index + 1 :]]
        elif pair[1] == node:
            tables[pair] = [(*row[:index], *row[index + 1 :]) for row in table]
    return replace(
        problem,
        values={**problem.values, node: tuple(values)},
        unary={**problem.unary, node: unary},
        tables=tables,
        lines={**problem.lines, node: lines},
        edges={**problem.edges, node: EdgeRows([value.release for value in values], lines)},
    )
