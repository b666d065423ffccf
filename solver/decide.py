"""Which plan is best? A compiled problem is folded into one network, solved, and unfolded into levels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from normalize.projects import ProjectName
from solver.answervalues import Level
from solver.candidates import Kind, Value
from solver.compile import Problem
from solver.edges import NO_EXTRA, Edge, Node
from solver.effort import USUAL, Effort
from solver.folding import Folding, make_folding
from solver.levels import LEVELS, Fold, LevelName, order_of
from solver.optimise import optimise

_SHOWN: tuple[LevelName, ...] = ("update_first", "risky", "unaligned", "staleness", "cheap", "changed")
"""The levels that a plan reports; ``broken`` above 0 is a conflict, and the last two only break ties. ``unaligned`` is
reported where projects of the problem are released together."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The best choice found for a problem.

    Attributes:
        choice: the index of the chosen value of each node.
        levels: value and bound per level, in the order of the mode.
        broken: how many requirements that no plan may violate it violates; above 0, no set exists.
        proven: whether no better choice exists.
        refuted: whether it is proven that every choice breaks something.
        searched: how many nodes the reductions left to search.
        near: the projects whose edges, in either direction, are looked at; None for all.
        folding: the numbers that the costs were compared by; None where they were not kept.
    """

    problem: Problem
    choice: dict[Node, int]
    levels: tuple[Level, ...]
    broken: int
    proven: bool
    searched: int
    near: frozenset[ProjectName] | None = None
    folding: Folding | None = None
    refuted: bool = False

    def value(self, node: Node) -> Value:
        """Return the chosen value of a node."""
        return self.problem.values[node][self.choice[node]]

    def present(self) -> Iterator[tuple[Node, Value]]:
        """Yield the projects (not their extras, not the user) that are in the plan, in order."""
        for node in self.choice:
            value = self.value(node)
            if node[0] and not node[1] and value.kind is not Kind.ABSENT:
                yield node, value

    def edges(self) -> Iterator[tuple[Node, Edge, Value]]:
        """Yield each edge of each chosen release with the chosen value of its dependency, in sorted order."""
        near = self.near
        for node, i in self.choice.items():
            whole = near is None or node[0] in near
            if not whole and near is not None and near.isdisjoint(self.problem.lines[node][i]):
                continue
            for dependency, edges in self.problem.edges[node][i].items():
                if dependency == node[0] or not (whole or (near is not None and dependency in near)):
                    continue
                chosen = self.value((dependency, NO_EXTRA))
                for edge in edges:
                    yield node, edge, chosen


def decide(
    problem: Problem,
    mode: str,
    effort: Effort = USUAL,
    show: Callable[[str], None] = lambda _: None,
    like: Folding | None = None,
) -> Decision:
    """Return the best choice by the levels of the mode.

    Args:
        problem: what is to be decided.
        mode: the order of the levels.
        effort: how hard to try.
        show: told how far the search is, in words.
        like: the numbers of a problem that this one was made from and that costs no less anywhere.

    Raises:
        UsageError: there is no such mode.
    """
    order = order_of(mode)
    folding = like if like is not None and like.fold.order == order else make_folding(problem, order)
    fold = folding.fold

    def tell(cost: int, bound: int) -> None:
        effort.tell(cost, bound)
        show(_gap(fold, cost, bound))

    solution = optimise(folding.network(problem), replace(effort, tell=tell))
    values, bounds = fold.unfold(solution.cost), fold.unfold(solution.bound)
    levels = []
    proven_so_far = True
    for name in order:
        # A later level's bound holds only among the plans that are best on all earlier levels.
        bound = bounds[name] if proven_so_far else 0
        proven_so_far = proven_so_far and bound == values[name]
        if name in _SHOWN and (name != "unaligned" or folding.greatest[LEVELS.index(name)]):
            levels.append(Level(name=name, value=values[name], bound=bound))
    return Decision(
        problem=problem,
        choice={node: solution.choice[node] for node in problem.values},
        levels=tuple(levels),
        broken=values["broken"],
        proven=solution.cost == solution.bound,
        searched=solution.searched,
        folding=folding,
        refuted=bounds["broken"] > 0,
    )


def _gap(fold: Fold, cost: int, bound: int) -> str:
    """Say the first level on which a better choice may still be found."""
    values, bounds = fold.unfold(cost), fold.unfold(bound)
    level = next((one for one in fold.order if values[one] != bounds[one]), None)
    if level is None:
        return "solving: proven"
    return f"solving: {level.replace('_', ' ')} {values[level]}, at least {bounds[level]}"
