"""Which facts does the page's script need? One value that becomes JSON, with the text from outside made visible."""

from collections import Counter
from typing import Any

from report.nearby import Nearby
from report.pageblocks import AT_ONCE
from report.pagedocuments import documents
from report.pagegraph import conflict_edges, dependencies, marks
from report.pagelines import Names, shown
from report.pagetables import RISKS, tables
from report.phrases import judged
from report.words import STATES
from solver.plan import Plan

CHANGED = ("updated", "downgraded")
"""The states of projects that change their version."""


def page_data(plan: Plan, names: Names, near: Nearby) -> dict[str, Any]:
    """Return the facts.

    ``projects`` are names in the order of their numbers, and all else refers to these numbers. What is said of each
    project is in blocks of its own, ``at_once`` projects in each. ``edges`` says whose the dependencies are:
    the plan's, those of nixpkgs today where nobody read the plan's releases, or nobody's.
    """
    edges = dependencies(plan, names, near)
    today = near.required is None
    dependers = Counter(number for row in edges for number in row)
    known = bool(near.dependencies) or not today
    counted = [dependers[i] for i in range(len(plan.packages))] if known else None
    maintainers, maintained = _numbered([near.maintainers.get(one.attribute, ()) for one in plan.packages])
    users = dict(sorted(near.applications.items()))
    _, used = _numbered([[name for name in users if one.attribute in users[name]] for one in plan.packages], [*users])
    return {
        "projects": [one.project for one in plan.packages],
        "states": list(STATES),
        "changed": [STATES.index(one) for one in CHANGED],
        "risks": [[risk, judged(risk)] for risk in RISKS],
        "maintainers": [shown(one) for one in maintainers],
        "maintained": maintained,
        "applications": [shown(one) for one in users],
        "used": used,
        "dependencies": edges,
        "edges": ("today" if today else "plan") if known else "",
        "marks": marks(plan, names),
        "tables": tables(plan, names, counted, today=today),
        "documents": list(documents(plan, names)),
        "conflicts": conflict_edges(plan.conflict) if plan.conflict is not None else [],
        "at_once": AT_ONCE,
    }


def _numbered(rows: list[Any], known: list[str] | None = None) -> tuple[list[str], list[list[int]]]:
    """Return the names that occur, sorted, and the rows with their numbers; no rows where nobody has a name."""
    every = sorted({name for row in rows for name in row}) if known is None else known
    numbers = {name: i for i, name in enumerate(every)}
    return every, [sorted(numbers[name] for name in row) for row in rows] if every else []
