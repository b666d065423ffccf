"""What does each pair of values of two nodes cost?"""

from collections.abc import Sequence
from dataclasses import dataclass

from dataset.records import Release
from normalize.specifiers import Part
from normalize.versionladder import NOTHING, Parts
from solver.candidates import Kind, Value
from solver.edges import Line, Lines, Node
from solver.families import out_of_step
from solver.ledger import Ledger, Table
from solver.levels import FREE, UNALIGNED, Costs
from solver.question import Question

BROKEN: Costs = (1, *FREE[1:])
"""A requirement that no plan may violate is violated."""

_UPDATE_FIRST: Costs = (0, 1, *FREE[2:])

_LOWER_ONLY = frozenset({Part.LOWER})
_UPPER_ONLY = frozenset({Part.UPPER})
_LOWER_AT_MOST = {NOTHING, _LOWER_ONLY}
_USUAL = {NOTHING, _LOWER_ONLY, _UPPER_ONLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A node and one that it requires.

    Args:
        question, ledger: what is asked and what was worked out for it.
        depender: the node that requires, with its values as ``rows`` and what each of them requires as ``lines``.
        dependency: the node that is required, with its values as ``columns``.
    """

    question: Question
    ledger: Ledger
    depender: Node
    rows: tuple[Value, ...]
    lines: Sequence[Lines]
    dependency: Node
    columns: tuple[Value, ...]


def costs_nothing(
    ledger: Ledger, depender: Node, groups: Sequence[Sequence[Line]], dependency: Node, columns: tuple[Value, ...]
) -> bool:
    """Return whether a table of these lines would be free: quickly told of most pairs, which need none then.

    Args:
        ledger: what was worked out already.
        depender: the node that requires.
        groups: the distinct lines of its values on the dependency.
        dependency: the node that is required.
        columns: its values.
    """
    if columns and columns[0].kind is Kind.ABSENT:  # which precedes all other values
        return False
    violated = ledger.ladder(columns).violated
    for lines in groups:
        for line in lines:
            if violated(line.bounds):
                return False
    return bool(depender[1]) or not ledger.tied(depender[0], dependency[0])


def edge_table(pair: Pair) -> Table | None:
    """Return the costs of the requirements between two nodes, or None where there are none."""
    groups = {id(lines): lines for one in pair.lines if (lines := one.get(pair.dependency[0]))}
    if costs_nothing(pair.ledger, pair.depender, tuple(groups.values()), pair.dependency, pair.columns):
        return None
    return priced_table(pair)


def priced_table(pair: Pair) -> Table | None:
    """Return the same, where :func:`costs_nothing` was asked already."""
    ledger, columns, project = pair.ledger, pair.columns, pair.dependency[0]
    several: list[tuple[Line, ...] | None] = []
    groups: dict[int, tuple[Line, ...]] = {}
    before, lines = None, None
    for by_dependency in pair.lines:
        if by_dependency is not before:  # releases with the same lines are neighbours
            before, lines = by_dependency, by_dependency.get(project)
            if lines:
                groups[id(lines)] = lines
        several.append(lines)
    ladder = ledger.ladder(columns)
    violated = {at: [ladder.violated(line.bounds) for line in group] for at, group in groups.items()}
    tied = not pair.depender[1] and ledger.tied(pair.depender[0], project)
    absent = bool(columns) and columns[0].kind is Kind.ABSENT
    free = ledger.shared((FREE,) * len(columns))
    dated = {
        at: [line for line, one in zip(group, violated[at], strict=True) if one and _upper(one)]
        for at, group in groups.items()
    }
    known: dict[object, tuple[Costs, ...]] = {}
    standing = ledger.risks.standing
    table: Table = []
    for value, lines in zip(pair.rows, several, strict=True):
        if not lines:
            table.append(free)
            continue
        at = id(lines)
        key: object = at
        if (risky := dated[at]) and value.release is not None:  # what relaxing risks depends on dates
            key = (key, *[standing(value.release, line) for line in risky])
        row = known.get(key)
        if row is None:
            parts = violated[at]
            cells = _cells(pair, value.release, lines, parts) if absent or any(parts) else free
            if tied:
                out = out_of_step(lines, columns)
                cells = [sum_of(cell, UNALIGNED) if late else cell for cell, late in zip(cells, out, strict=True)]
            row = known[key] = free if cells is free else ledger.shared(tuple(cells))
        table.append(row)
    return table if any(row is not free for row in table) else None


def _upper(parts: Parts) -> bool:
    """Return whether some value violates more than a lower part."""
    return not set(parts) <= _LOWER_AT_MOST


def extra_table(pair: Pair) -> Table | None:
    """Return the costs that make an extra present where the node's value asks for it."""
    project, extra = pair.dependency
    wanted = pair.ledger.shared(tuple(BROKEN if value.kind is Kind.ABSENT else FREE for value in pair.columns))
    free = pair.ledger.shared((FREE,) * len(pair.columns))
    return [
        wanted if any(extra in line.requirement.extras for line in by_dependency.get(project, ())) else free
        for by_dependency in pair.lines
    ]


def tie_table(pair: Pair) -> Table | None:
    """Return the costs that keep ``project[extra]`` at the version of its project."""
    return [
        pair.ledger.shared(
            tuple(FREE if row.kind is Kind.ABSENT or row is column else BROKEN for column in pair.columns)
        )
        for row in pair.rows
    ]


def sum_of(a: Costs, b: Costs) -> Costs:
    """Return the sum of two costs, level by level."""
    return (
        *(a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]),
        *(a[6] + b[6], a[7] + b[7], a[8] + b[8]),
    )


def _cells(
    pair: Pair, depender: Release | None, lines: Sequence[Line], parts: Sequence[Parts | None]
) -> Sequence[Costs]:
    """Return what the lines of one release cost at each value of the dependency.

    Lines to run and lines to build are relaxed by different means, so both count.
    """
    if depender is not None and len(lines) == 1 and not (pair.question.ad_hoc or pair.question.strict):
        cells = _plain_cells(pair, depender, lines[0], parts[0])
        if cells is not None:
            return cells
    cells = _unviolated(pair.columns)
    some = [(line, part) for line, part in zip(lines, parts, strict=True) if part is not None]
    kinds = sorted({line.kind for line, _ in some})
    for j, value in enumerate(pair.columns):
        violated = [(line, part[j]) for line, part in some if part[j]]
        if not violated:
            continue
        if len(kinds) == 1:
            cells[j] = _cost(pair, depender, violated, value)
            continue
        for kind in kinds:
            mine = [one for one in violated if one[0].kind == kind]
            cells[j] = sum_of(cells[j], _cost(pair, depender, mine, value)) if mine else cells[j]
    return cells


def _unviolated(columns: Sequence[Value]) -> list[Costs]:
    """Return what lines cost that no version violates."""
    cells = [FREE] * len(columns)
    if columns and columns[0].kind is Kind.ABSENT:
        cells[0] = BROKEN
    return cells


def _plain_cells(pair: Pair, depender: Release, line: Line, parts: Parts | None) -> Sequence[Costs] | None:
    """Return the cells of the one line that there usually is, or None where policy or an exclusion has a say."""
    if line.override is not None:
        return None
    kinds = set(parts or ())
    if not kinds <= _USUAL:
        return None
    cells = _unviolated(pair.columns)
    if _LOWER_ONLY in kinds:
        cells = [_UPDATE_FIRST if part == _LOWER_ONLY else cell for part, cell in zip(parts or (), cells, strict=True)]
    if _UPPER_ONLY in kinds and not line.relaxed:
        places = [j for j, part in enumerate(parts or ()) if part == _UPPER_ONLY]
        versions = [version for j in places if (version := pair.columns[j].version) is not None]
        risks = pair.ledger.risks.grades(depender, line, versions)
        for j, risk in zip(places, risks, strict=True):
            cells[j] = pair.ledger.relaxing[risk]
    return cells


def _cost(pair: Pair, depender: Release | None, lines: Sequence[tuple[Line, frozenset[Part]]], value: Value) -> Costs:
    """Return what the violated lines of one depender release on one dependency cost at a value of the dependency.

    One pair of projects is relaxed once, however many of its requirement lines are violated (``pythonRelaxDeps`` names
    the dependency, not the line), so a pair costs what its dearest line costs.
    """
    assert value.version is not None
    question = pair.question
    broken = update_first = risky = cheap = 0
    for line, every in lines:
        violated = every - line.forced if line.override else every
        if not violated:
            continue
        if Part.LOWER in violated:
            update_first = 1
            broken = int(broken or depender is None or question.ad_hoc)
        if line.override and violated & line.forbidden:
            broken = 1
        if violated <= _LOWER_ONLY:
            continue
        if Part.EXCLUSION in violated or depender is None:
            broken = 1
        elif not line.relaxed:
            if question.strict:
                broken = 1
            price = pair.ledger.relaxing[pair.ledger.risks.grades(depender, line, [value.version])[0]]
            risky, cheap = max(risky, price[2]), max(cheap, price[4])
    if question.strict and update_first:
        broken = 1
    return (broken, update_first, risky, 0, 0 if risky else cheap, 0, 0, 0, 0)
