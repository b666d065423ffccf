"""How is a plan written as JSON? ``plan.json``, described by ``docs/plan.schema.json``; read in :mod:`solver.planread`.

A key whose value is the default of :mod:`solver.plan` is left out, except the lists that every reader may count on.
``held_by_policy`` is one of them, and left out only of a plan that was read without it.
"""

import json
from dataclasses import fields, is_dataclass
from typing import Any

from normalize.errors import UsageError
from normalize.projects import ProjectName
from solver.conflictjson import conflict_to_json, table, told
from solver.plan import Hold, Plan, Relaxation
from solver.planread import SCHEMA, plan_from_json
from solver.sentences import edge_id


def plan_to_text(plan: Plan) -> str:
    """Return the canonical text of ``plan.json``: the same plan gives the same bytes.

    It is ASCII, so that no terminal that shows the file meets a control character of outside text.
    """
    return json.dumps(plan_to_json(plan), indent=1) + "\n"


def plan_from_text(text: str, where: str = "plan.json") -> Plan:
    """Read the text of a ``plan.json``.

    Raises:
        UsageError: the text is not JSON, or does not have the shape of a plan.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{where}: not JSON ({error})", hint="a plan is the plan.json that coset solve writes"
        ) from None
    return plan_from_json(data, where)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the JSON form, with packages sorted by project and vendoring by application."""
    packages = sorted(plan.packages, key=lambda one: one.project)
    assert len({one.project for one in packages}) == len(packages), "a plan holds each project once"
    data = {
        "schema": SCHEMA,
        "status": plan.status,
        "mode": plan.mode,
        "targets": list(plan.targets),
        "dataset": dict(plan.dataset),
        "levels": told(plan.levels),
        "packages": {one.project: table(one, without="project") for one in packages},
        "relaxed": [_relaxation(one) for one in plan.relaxed],
        "held": [_hold(one) for one in plan.held],
        "update_first": told(plan.update_first),
        "added": [
            table(one) | {"because": _rows(("project", "version", "requires"), one.because)} for one in plan.added
        ],
        "left_out": told(plan.left_out),
        "dropped": list(plan.dropped),
        "unknown": told(plan.unknown),
        "cycles": told(plan.cycles),
        "stale_relaxations": told(plan.stale_relaxations),
    }
    if plan.excluded:
        data["excluded"] = told(plan.excluded)
    if plan.vendoring:
        applications = sorted(plan.vendoring, key=lambda one: one.application)
        data["vendoring"] = {
            one.application: table(one, without="application")
            | {
                "violated": [_relaxation(edge) for edge in one.violated],
                "obeyed": [_hold(hold) for hold in one.obeyed],
                "coherent": [_relaxation(edge) for edge in one.coherent],
                "unsupported": _rows(("project", "version", "requires_python"), one.unsupported),
            }
            for one in applications
        }
    for key in ("families", "partial", "missing_extras"):
        if rows := getattr(plan, key):
            data[key] = told(rows)
    if plan.held_by_policy is not None:
        data["held_by_policy"] = told(plan.held_by_policy)
    if plan.nowhere:
        data["nowhere"] = [
            {"project": one.project, "because": _rows(("project", "version", "requires"), one.because)}
            for one in plan.nowhere
        ]
    if plan.builds is not None:
        data["builds"] = table(plan.builds)
    if plan.conflict is not None:
        data["conflict"] = conflict_to_json(plan.conflict)
    return data


def _relaxation(one: Relaxation) -> dict[str, Any]:
    return {"id": edge_id(one.project, one.version, f"{one.dependency}{one.specifier}"), **table(one)}


def _hold(one: Hold) -> dict[str, Any]:
    because = [{"id": edge_id(edge.project, edge.version, edge.requires), **table(edge)} for edge in one.because]
    return table(one) | {"because": because}


def facts(plan: Plan, project: ProjectName) -> dict[str, Any]:
    """Return what the plan says of one project: itself, and the holds and relaxations that it is part of."""
    return {
        "project": project,
        "package": next((table(one, without="project") for one in plan.packages if one.project == project), None),
        "held": [_hold(one) for one in plan.held if one.project == project],
        "relaxed": [_relaxation(one) for one in plan.relaxed if project in (one.project, one.dependency)],
    }


def plain(value: Any) -> Any:
    """Return any value of this package as JSON has it, relaxations with their ids."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Relaxation):
        return _relaxation(value)
    if not is_dataclass(value):
        return value
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def _rows(keys: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    return [dict(zip(keys, row, strict=True)) for row in rows]
