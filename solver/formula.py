"""How is a constraint network said in clauses? One-hot variables and thresholds, with soft literals for the costs."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from solver.network import Matrix, Network

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Formula:
    """Clauses, and literals that cost their weight where they are false.

    Args:
        variables: the number of variables; they are numbered from 1.
        clauses: what must hold.
        soft: the weight of each literal that should be true.
    """

    variables: int = 0
    clauses: list[list[int]] = field(default_factory=list)
    soft: dict[int, int] = field(default_factory=dict)

    def new_variable(self) -> int:
        """Return the next variable's number."""
        self.variables += 1
        return self.variables

    def cost(self, model: Sequence[bool]) -> int:
        """Return the weight of the soft literals that are false in the model."""
        return sum(weight for literal, weight in self.soft.items() if model[abs(literal)] != (literal > 0))


@dataclass(slots=True)
class Encoding(Generic[Key]):
    """A formula together with the way back from its models.

    Args:
        picks: for each variable of the network the formula's variable of each position.
    """

    formula: Formula
    picks: dict[Key, list[int]]

    def decode(self, model: Sequence[bool]) -> dict[Key, int]:
        """Return the position that the model picks for each variable of the network."""
        return {key: next(i for i, pick in enumerate(picks) if model[pick]) for key, picks in self.picks.items()}


def encode(network: Network[Key], component: Sequence[Key]) -> Encoding[Key]:
    """Encode one component of the network.

    * exactly one value: ``pick[0] | pick[1] | ...`` and ``-pick[i] | -pick[j]`` for each pair, because a set has one
      version of each project;
    * the cost of a value: ``-pick[i]`` is soft with that weight;
    * the cost of a pair: thresholds ``t[1] < t[2] < ...`` are the distinct costs of a matrix, the variable ``over[k]``
      says that the pair costs at least ``t[k]``, ``-over[k]`` is soft with weight ``t[k] - t[k-1]``, ``-over[k] |
      over[k-1]``, and ``-pick[i] | over[k] | (the neighbour's picks that cost less than t[k])`` makes it pay.
    """
    formula = Formula()
    picks = {key: [formula.new_variable() for _ in network.values[key]] for key in component}
    for key in component:
        own = picks[key]
        formula.clauses.append(list(own))
        formula.clauses += [[-own[i], -own[j]] for i in range(len(own)) for j in range(i)]
        formula.soft.update({-pick: cost for pick, cost in zip(own, network.unary[key], strict=True) if cost})
    position = {key: i for i, key in enumerate(component)}
    for key in component:
        for other in network.pairs[key]:
            if position[other] > position[key]:
                _encode_pair(formula, picks[key], picks[other], network.matrix(key, other))
    return Encoding(formula, picks)


def _encode_pair(formula: Formula, rows: list[int], columns: list[int], matrix: Matrix) -> None:
    below, below_over = 0, 0
    for threshold in sorted({cost for row in matrix for cost in row if cost}):
        over = formula.new_variable()
        formula.soft[-over] = threshold - below
        if below_over:
            formula.clauses.append([-over, below_over])
        for pick, row in zip(rows, matrix, strict=True):
            if any(cost >= threshold for cost in row):
                cheaper = [column for column, cost in zip(columns, row, strict=True) if cost < threshold]
                formula.clauses.append([-pick, over, *cheaper])
        below, below_over = threshold, over
