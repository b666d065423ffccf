"""What does each relaxation buy? The cheapest single move that would do without it, and what it would change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from normalize.projects import ExtraName
from solver.candidates import Value
from solver.decide import Decision
from solver.edges import NO_EXTRA, Edge, Node
from solver.plan import Gain, Relaxation
from solver.prices import PriceBook, position


def with_gains(decision: Decision, relaxed: Sequence[Relaxation]) -> tuple[Relaxation, ...]:
    """Return the decision's relaxations, each with what it buys: all else stays as planned.

    What more moves would do is found by solving again (:func:`solver.counterfactual.without_relaxing`).
    """
    prices = PriceBook(decision)
    return tuple(replace(one, gain=_gain(decision, prices, one)) for one in relaxed)


def _gain(decision: Decision, prices: PriceBook, relaxed: Relaxation) -> Gain | None:
    depender, dependency = (relaxed.project, NO_EXTRA), (relaxed.dependency, NO_EXTRA)
    found = [
        Gain(
            project=node[0],
            version=decision.problem.values[node][index].text or "",
            chosen=decision.value(node).text or "",
            changes=prices.changes(node, index),
        )
        for node, index in _moves(decision, relaxed, depender, dependency)
    ]
    order = ("broken", *(level.name for level in decision.levels))

    def price(gain: Gain) -> list[int]:
        by = {change.level: change.by for change in gain.changes}
        return [by.get(level, 0) for level in order]

    possible = [gain for gain in found if not any(one.level == "broken" and one.by > 0 for one in gain.changes)]
    return min(possible, key=price, default=None)


def _moves(decision: Decision, relaxed: Relaxation, depender: Node, dependency: Node) -> Iterator[tuple[Node, int]]:
    """Yield the newest version of the dependency, and of the depender, with which the two fit."""
    problem = decision.problem
    edges = _lines(decision, relaxed, decision.value(depender))
    values = problem.values[dependency]
    yield from _first((dependency, i) for i in range(len(values) - 1, -1, -1) if _fit(edges, values[i]))
    met = decision.value(dependency)
    values = problem.values[depender]
    yield from _first(
        (depender, i)
        for i in range(len(values) - 1, -1, -1)
        if values[i].release is not None and _fit(_lines(decision, relaxed, values[i]), met)
    )


def _first(moves: Iterator[tuple[Node, int]]) -> Iterator[tuple[Node, int]]:
    yield from islice(moves, 1)


def _lines(decision: Decision, relaxed: Relaxation, depender: Value) -> list[Edge]:
    """Return what a value of the depender requires of the dependency, by itself and through the relaxation's extra."""
    problem = decision.problem
    found: list[Edge] = []
    for extra in (NO_EXTRA, ExtraName(relaxed.extra)) if relaxed.extra else (NO_EXTRA,):
        node = (relaxed.project, extra)
        at = position(problem.values.get(node, ()), depender)
        if at is not None:
            found += problem.edges[node][at].get(relaxed.dependency, ())
    return found


def _fit(edges: Iterable[Edge], met: Value) -> bool:
    return met.version is not None and not any(edge.bounds.violated(met.version) for edge in edges)
