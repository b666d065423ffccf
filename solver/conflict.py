"""Why is there no set? A minimal core of requirements, and the cheapest way out."""

from collections.abc import Sequence

from solver.candidates import Kind
from solver.compile import Problem
from solver.decide import Decision
from solver.edges import Edge, Node
from solver.plan import Conflict
from solver.sat import make_engine, minimal_core

BROKEN = 0
"""The position of the level ``broken`` in costs."""


def explain_conflict(decision: Decision) -> Conflict:
    """Return why the decision breaks requirements that no plan may violate.

    The core is found among the requirements alone: each selector stands for the equal requirements of one project's
    candidates on one dependency (``cosmos 1.1 and 1.2 require void<2``), and every project has exactly one value.
    """
    problem = decision.problem
    picks: dict[Node, list[int]] = {}
    clauses: list[list[int]] = []
    count = 0
    for node, values in problem.values.items():
        picks[node] = list(range(count + 1, count + 1 + len(values)))
        count += len(values)
        clauses.append(list(picks[node]))
        clauses += [[-a, -b] for k, a in enumerate(picks[node]) for b in picks[node][:k]]
    sentences: dict[int, str] = {}
    for (node, other), table in problem.tables.items():
        groups: dict[tuple[str, ...], list[int]] = {}
        for i, row in enumerate(table):
            if any(cost[BROKEN] for cost in row):
                groups.setdefault(_texts(problem, node, other, i), []).append(i)
        for texts, rows in sorted(groups.items()):
            count += 1
            if texts:
                sentences[count] = _sentence(problem, node, rows, texts)
            selector = [-count] if texts else []
            for i in rows:
                allowed = [picks[other][j] for j, cost in enumerate(table[i]) if not cost[BROKEN]]
                clauses.append([*selector, -picks[node][i], *allowed])
    engine = make_engine()
    for clause in clauses:
        engine.add(clause)
    found = minimal_core(engine, list(sentences)) or []
    return Conflict(core=tuple(sentences[selector] for selector in found), correction=_correction(decision))


def _texts(problem: Problem, node: Node, other: Node, i: int) -> tuple[str, ...]:
    """Return the requirement texts behind a row; none for the tie between a project and its extra."""
    edges = problem.edges[node][i].get(other[0], ())
    if other[1]:
        edges = tuple(edge for edge in edges if other[1] in edge.requirement.extras)
    return tuple(sorted({edge.requirement.text for edge in edges}))


def _sentence(problem: Problem, node: Node, rows: Sequence[int], texts: tuple[str, ...]) -> str:
    wanted = " and ".join(texts)
    if not node[0]:
        return f"{wanted} is asked for"
    versions = [problem.values[node][i].text or "?" for i in rows]
    extra = f"[{node[1]}]" if node[1] else ""
    every = len(rows) == sum(value.kind is not Kind.ABSENT for value in problem.values[node])
    if every and len(versions) > 1:
        return f"every candidate of {node[0]}{extra} ({versions[0]} to {versions[-1]}) requires {wanted}"
    return f"{node[0]}{extra} {_listed(versions)} {'requires' if len(versions) == 1 else 'require'} {wanted}"


def _listed(versions: Sequence[str]) -> str:
    return versions[0] if len(versions) == 1 else f"{', '.join(versions[:-1])} and {versions[-1]}"


def _correction(decision: Decision) -> tuple[str, ...]:
    """Return the requirements that the cheapest choice breaks."""
    problem = decision.problem
    found: set[str] = set()
    for (node, other), table in problem.tables.items():
        i, j = decision.choice[node], decision.choice[other]
        if table[i][j][BROKEN]:
            edges: tuple[Edge, ...] = problem.edges[node][i].get(other[0], ())
            chosen = problem.values[other][j]
            met = f"{other[0]} {chosen.text}" if chosen.kind is not Kind.ABSENT else f"no release of {other[0]}"
            broken = [edge for edge in edges if chosen.version is None or edge.bounds.violated(chosen.version)]
            found.update(f"{edge}, and would meet {met}" for edge in broken)
    return tuple(sorted(found))
