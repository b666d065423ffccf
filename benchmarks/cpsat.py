"""What does CP-SAT make of the same problem? The model of `solver.compile`, level after level, as a second opinion.

One Boolean for each value, exactly one of each node. Equal rows of a table are one row, and equal costs in a row one
indicator: ``indicator >= row + columns - 1``, which the linear relaxation likes (``linearization_level = 2``, without
which CP-SAT proves nothing on universes of this kind). CP-SAT computes objectives with doubles, so as many levels as
stay below 2^53 are folded into one objective, and the groups are minimised one after the other.
"""

from collections.abc import Sequence

from ortools.sat.python import cp_model

from solver.compile import Problem
from solver.levels import LEVELS, Costs, LevelName, order_of

_EXACT = 2**53


def optimum(problem: Problem, mode: str, seconds: float) -> dict[str, int] | None:
    """Return the value of each level of a best choice, or None where that was not proven in time.

    Args:
        problem: compiled.
        mode: as `solver.decide.decide` takes it.
        seconds: for each group of levels.
    """
    model, terms = _model(problem)
    found: dict[str, int] = {}
    for group in _groups(order_of(mode), terms):
        weights = [(literal, _folded(costs, group)) for literal, costs in terms]
        objective = sum(literal * weight for literal, weight in weights if weight)
        model.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = seconds
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        # The objective as CP-SAT reports it is a double; the sum over the model that it found is exact.
        total = sum(weight for literal, weight in weights if weight and solver.value(literal))
        model.clear_objective()
        model.add(objective <= total)
        for level, unit in group:
            found[level], total = divmod(total, unit)
    return found


def _model(problem: Problem) -> tuple[cp_model.CpModel, list[tuple[cp_model.IntVar, Costs]]]:
    model = cp_model.CpModel()
    terms: list[tuple[cp_model.IntVar, Costs]] = []
    chosen = {}
    for node, unary in problem.unary.items():
        chosen[node] = [model.new_bool_var("") for _ in unary]
        model.add_exactly_one(chosen[node])
        terms += zip(chosen[node], unary, strict=True)
    for (node, other), table in problem.tables.items():
        rows: dict[tuple[Costs, ...], list[cp_model.IntVar]] = {}
        for literal, row in zip(chosen[node], table, strict=True):
            rows.setdefault(tuple(row), []).append(literal)
        for row, literals in rows.items():
            columns: dict[Costs, list[cp_model.IntVar]] = {}
            for literal, costs in zip(chosen[other], row, strict=True):
                if any(costs):
                    columns.setdefault(costs, []).append(literal)
            for costs, paying in columns.items():
                indicator = model.new_bool_var("")
                model.add(indicator >= sum(literals) + sum(paying) - 1)
                terms.append((indicator, costs))
    return model, terms


def _groups(
    order: Sequence[LevelName], terms: Sequence[tuple[cp_model.IntVar, Costs]]
) -> list[list[tuple[LevelName, int]]]:
    """Return the levels in groups, each with its unit within the group; a group's greatest sum is exact as a double."""
    most = {level: sum(costs[LEVELS.index(level)] for _, costs in terms) + 1 for level in order}
    groups: list[list[LevelName]] = []
    size = _EXACT
    for level in order:
        if size * most[level] >= _EXACT:
            groups.append([])
            size = 1
        groups[-1].append(level)
        size *= most[level]
    found = []
    for group in groups:
        unit = 1
        units = []
        for level in reversed(group):
            units.append((level, unit))
            unit *= most[level]
        found.append(units[::-1])
    return found


def _folded(costs: Costs, group: Sequence[tuple[LevelName, int]]) -> int:
    return sum(costs[LEVELS.index(level)] * unit for level, unit in group)
