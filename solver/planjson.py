"""How is a plan written as JSON? ``plan.json``, described by ``docs/plan.schema.json``.

A key whose value is the default of :mod:`solver.plan` is left out, except the lists that every reader may count on.
"""

import json
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from solver.plan import (
    Addition,
    Blocker,
    Conflict,
    Difference,
    Exclusion,
    Hold,
    LeftOut,
    Level,
    Package,
    Plan,
    Relaxation,
    RiskClass,
    StaleRelaxation,
    State,
    Status,
    Unknown,
    UpdateFirst,
    Vendoring,
)

SCHEMA = 1

STATUSES: tuple[Status, ...] = get_args(Status)
STATES: tuple[State, ...] = get_args(State)
RISKS: tuple[RiskClass, ...] = get_args(RiskClass)

Choice = TypeVar("Choice", bound=str)


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
        "levels": _json(plan.levels),
        "packages": {one.project: _table(one, without="project") for one in packages},
        "relaxed": _json(plan.relaxed),
        "held": _json(plan.held),
        "update_first": _json(plan.update_first),
        "added": [
            _table(one) | {"because": _rows(("project", "version", "requires"), one.because)} for one in plan.added
        ],
        "left_out": _json(plan.left_out),
        "dropped": list(plan.dropped),
        "unknown": _json(plan.unknown),
        "cycles": _json(plan.cycles),
        "stale_relaxations": _json(plan.stale_relaxations),
    }
    if plan.excluded:
        data["excluded"] = _json(plan.excluded)
    if plan.vendoring:
        applications = sorted(plan.vendoring, key=lambda one: one.application)
        data["vendoring"] = {
            one.application: _table(one, without="application")
            | {"unsupported": _rows(("project", "version", "requires_python"), one.unsupported)}
            for one in applications
        }
    if plan.conflict is not None:
        data["conflict"] = _table(plan.conflict)
    return data


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    return _table(value) if is_dataclass(value) else value


def _table(one: Any, without: str = "") -> dict[str, Any]:
    """Return a value's fields without those that hold their default; ``risk`` is called ``class`` in the file."""
    return {
        "class" if field.name == "risk" else field.name: _json(value)
        for field in fields(one)
        if field.name != without and (value := getattr(one, field.name)) != field.default
    }


def _rows(keys: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    return [dict(zip(keys, row, strict=True)) for row in rows]


def plan_from_json(data: Any, where: str = "plan.json") -> Plan:
    """Read the JSON form.

    Raises:
        UsageError: the data does not have the shape; the sentence holds the path to the bad value.
    """
    root = Decoder(data, where)
    root.schema(SCHEMA)
    root.only("schema", *(field.name for field in fields(Plan)))
    status = _choice(root, "status", STATUSES)
    if (status == "conflict") != root.has("conflict"):
        raise UsageError(f"{where}: conflict: there is one exactly where the status is 'conflict', not {status!r}")
    return Plan(
        status=status,
        mode=root.text("mode"),
        targets=root.texts("targets"),
        dataset=_dataset(root),
        levels=tuple(_level(one) for one in root.tables("levels")),
        packages=_packages(root),
        relaxed=tuple(_relaxation(one) for one in root.tables("relaxed")),
        held=tuple(_hold(one) for one in root.tables("held")),
        update_first=tuple(_update_first(one) for one in root.tables("update_first")),
        added=tuple(_addition(one) for one in root.tables("added")),
        left_out=tuple(_left_out(one) for one in root.tables("left_out")),
        dropped=tuple(_normalised(text, f"{where}: dropped[{i}]") for i, text in enumerate(root.texts("dropped"))),
        unknown=tuple(_unknown(one) for one in root.tables("unknown")),
        cycles=_cycles(root),
        stale_relaxations=tuple(_stale(one) for one in root.tables("stale_relaxations")),
        excluded=tuple(_exclusion(one) for one in root.tables("excluded")),
        vendoring=tuple(
            sorted(
                (_vendoring(name, one) for name, one in root.items("vendoring", optional=True)),
                key=lambda one: one.application,
            )
        ),
        conflict=_conflict(Decoder(data["conflict"], f"{where}: conflict")) if root.has("conflict") else None,
    )


def _normalised(text: str, where: str) -> ProjectName:
    try:
        return project_name(text)
    except UsageError as error:
        raise UsageError(f"{where}: {error.sentence}", hint=error.hint) from None


def _project(one: Decoder, key: str = "project") -> ProjectName:
    return _normalised(one.text(key), f"{one.where}.{key}")


def _choice(one: Decoder, key: str, choices: tuple[Choice, ...]) -> Choice:
    one.text(key)  # it must be there
    return one.choice(key, choices, choices[0])


def _number(one: Decoder, key: str) -> int:
    value = one.number(key)
    if value is None:
        raise UsageError(f"{one.where}.{key}: missing")
    return value


def _dataset(root: Decoder) -> tuple[tuple[str, str], ...]:
    if root.raw("dataset") is None:
        return ()
    facts = Decoder(root.raw("dataset"), f"{root.where}: dataset")
    return tuple((key, facts.text(key)) for key in facts.keys())  # noqa: SIM118 - a Decoder is not a mapping


def _level(one: Decoder) -> Level:
    one.only("name", "value", "bound")
    return Level(name=one.text("name"), value=_number(one, "value"), bound=_number(one, "bound"))


def _packages(root: Decoder) -> tuple[Package, ...]:
    packages: dict[ProjectName, Package] = {}
    for name, one in root.items("packages"):
        project = _normalised(name, one.where)
        if project in packages:
            raise UsageError(f"{one.where}: project {project!r} is there twice")
        one.only("attribute", "version", "current", "newest", "state")
        packages[project] = Package(
            project=project,
            attribute=one.text("attribute"),
            version=one.optional_text("version"),
            current=one.optional_text("current"),
            newest=one.optional_text("newest"),
            state=_choice(one, "state", STATES),
        )
    return tuple(packages[project] for project in sorted(packages))


def _relaxation(one: Decoder) -> Relaxation:
    one.only(
        *("project", "version", "dependency", "specifier", "chosen", "class"),
        *("evidence", "attribute", "spelling", "already", "extra", "marker"),
    )
    return Relaxation(
        project=_project(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=_project(one, "dependency"),
        spelling=one.text("spelling"),
        specifier=one.text("specifier"),
        chosen=one.text("chosen"),
        risk=_choice(one, "class", RISKS),
        evidence=one.text("evidence"),
        already=one.flag("already", default=False),
        extra=one.optional_text("extra"),
        marker=one.optional_text("marker"),
    )


def _hold(one: Decoder) -> Hold:
    one.only("project", "attribute", "chosen", "newest", "because")
    return Hold(
        project=_project(one),
        attribute=one.text("attribute"),
        chosen=one.text("chosen"),
        newest=one.text("newest"),
        because=tuple(_blocker(edge) for edge in one.tables("because")),
    )


def _blocker(one: Decoder) -> Blocker:
    one.only("project", "version", "requires", "dependency", "chosen", "class")
    return Blocker(
        project=_project(one),
        version=one.text("version"),
        requires=one.text("requires"),
        dependency=_project(one, "dependency"),
        chosen=one.text("chosen"),
        risk=_choice(one, "class", (*RISKS, "update-first", "missing")),
    )


def _update_first(one: Decoder) -> UpdateFirst:
    one.only("project", "version", "attribute", "dependency", "specifier", "chosen")
    return UpdateFirst(
        project=_project(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=_project(one, "dependency"),
        specifier=one.text("specifier"),
        chosen=one.text("chosen"),
    )


def _addition(one: Decoder) -> Addition:
    one.only("project", "attribute", "version", "because", "elsewhere")
    because = []
    for edge in one.tables("because"):
        edge.only("project", "version", "requires")
        because.append((_project(edge), edge.text("version"), edge.text("requires")))
    return Addition(
        project=_project(one),
        attribute=one.text("attribute"),
        version=one.optional_text("version"),
        because=tuple(because),
        elsewhere=one.flag("elsewhere", default=False),
    )


def _left_out(one: Decoder) -> LeftOut:
    one.only("project", "version", "attribute", "dependency", "requires")
    return LeftOut(
        project=_project(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=_project(one, "dependency"),
        requires=one.text("requires"),
    )


def _unknown(one: Decoder) -> Unknown:
    one.only("project", "version", "reason", "requirement")
    return Unknown(
        project=ProjectName(one.text("project")),  # the attribute where the project itself is not known
        version=one.optional_text("version"),
        reason=one.text("reason"),
        requirement=one.optional_text("requirement"),
    )


def _cycles(root: Decoder) -> tuple[tuple[ProjectName, ...], ...]:
    rows = root.raw("cycles") or []
    if not isinstance(rows, list):
        raise UsageError(f"{root.where}: cycles: expected a list of lists of projects")
    cycles = []
    for i, row in enumerate(rows):
        key = f"cycles[{i}]"
        names = Decoder({key: row}, root.where).texts(key)
        cycles.append(tuple(_normalised(name, f"{root.where}: {key}[{j}]") for j, name in enumerate(names)))
    return tuple(cycles)


def _stale(one: Decoder) -> StaleRelaxation:
    one.only("attribute", "name", "reason")
    return StaleRelaxation(attribute=one.text("attribute"), name=one.text("name"), reason=one.text("reason"))


def _exclusion(one: Decoder) -> Exclusion:
    one.only("project", "version", "reason")
    return Exclusion(project=_project(one), version=one.text("version"), reason=one.text("reason"))


def _vendoring(name: str, one: Decoder) -> Vendoring:
    one.only(
        *("version", "python", "uses", "exclusive", "violated", "obeyed", "newer", "coherent", "unsupported"),
        *("recommendation", "reason"),
    )
    newer, unsupported = [], []
    for new in one.tables("newer"):
        new.only("project", "together", "without")
        newer.append(Difference(project=_project(new), together=new.text("together"), without=new.text("without")))
    for old in one.tables("unsupported"):
        old.only("project", "version", "requires_python")
        unsupported.append((_project(old), old.text("version"), old.text("requires_python")))
    return Vendoring(
        application=name,
        version=one.text("version"),
        python=one.optional_text("python"),
        uses=_number(one, "uses"),
        exclusive=one.texts("exclusive"),
        violated=tuple(_relaxation(edge) for edge in one.tables("violated")),
        obeyed=tuple(_hold(hold) for hold in one.tables("obeyed")),
        newer=tuple(newer),
        coherent=tuple(_relaxation(edge) for edge in one.tables("coherent")),
        unsupported=tuple(unsupported),
        recommendation=_choice(one, "recommendation", ("keep", "vendor")),
        reason=one.text("reason"),
    )


def _conflict(one: Decoder) -> Conflict:
    one.only("core", "correction")
    return Conflict(core=one.texts("core"), correction=one.texts("correction"))
