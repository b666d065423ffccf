"""How is a plan read from its JSON form? Errors hold the path to the bad value."""

from dataclasses import fields
from typing import Any, TypeVar, get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from solver.answervalues import Level, Unknown
from solver.conflictread import conflict_from_json
from solver.familyread import build_layer, family, kind, missing_extra, partial_edge, some_targets, unneeded
from solver.links import links_from_json
from solver.plan import (
    Addition,
    Blocker,
    Change,
    Difference,
    Exclusion,
    Gain,
    Hold,
    LeftOut,
    Package,
    Plan,
    Relaxation,
    StaleRelaxation,
    UpdateFirst,
    Vendoring,
)
from solver.planwords import RiskClass, State, Status
from solver.sentences import edge_id

SCHEMA = 1

STATUSES: tuple[Status, ...] = get_args(Status)
STATES: tuple[State, ...] = get_args(State)
RISKS: tuple[RiskClass, ...] = get_args(RiskClass)

Choice = TypeVar("Choice", bound=str)


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
        families=tuple(family(one) for one in root.tables("families")),
        partial=tuple(partial_edge(one) for one in root.tables("partial")),
        nowhere=tuple(unneeded(one) for one in root.tables("nowhere")),
        missing_extras=tuple(missing_extra(one) for one in root.tables("missing_extras")),
        builds=build_layer(Decoder(data["builds"], f"{where}: builds")) if root.has("builds") else None,
        conflict=conflict_from_json(Decoder(data["conflict"], f"{where}: conflict")) if root.has("conflict") else None,
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
        one.only("attribute", "version", "current", "newest", "state", "targets", "links")
        packages[project] = Package(
            project=project,
            attribute=one.text("attribute"),
            version=one.optional_text("version"),
            current=one.optional_text("current"),
            newest=one.optional_text("newest"),
            state=_choice(one, "state", STATES),
            targets=some_targets(one),
            links=links_from_json(Decoder(one.raw("links"), f"{one.where}.links")) if one.has("links") else None,
        )
    return tuple(packages[project] for project in sorted(packages))


def _relaxation(one: Decoder) -> Relaxation:
    one.only(
        *("project", "version", "dependency", "specifier", "chosen", "class"),
        *("evidence", "attribute", "spelling", "already", "extra", "marker", "id", "gain", "kind", "targets", "hits"),
    )
    project, version, dependency, specifier = (
        _project(one),
        one.text("version"),
        _project(one, "dependency"),
        one.text("specifier"),
    )
    _identified(one, project, version, f"{dependency}{specifier}")
    return Relaxation(
        project=project,
        version=version,
        attribute=one.text("attribute"),
        dependency=dependency,
        spelling=one.text("spelling"),
        specifier=specifier,
        chosen=one.text("chosen"),
        risk=_choice(one, "class", RISKS),
        evidence=one.text("evidence"),
        already=one.flag("already", default=False),
        extra=one.optional_text("extra"),
        kind=kind(one),
        targets=some_targets(one),
        hits=one.texts("hits"),
        marker=one.optional_text("marker"),
        gain=_gain(Decoder(one.raw("gain"), f"{one.where}.gain")) if one.has("gain") else None,
    )


def _gain(one: Decoder) -> Gain:
    one.only("project", "version", "chosen", "changes")
    return Gain(
        project=_project(one),
        version=one.text("version"),
        chosen=one.text("chosen"),
        changes=tuple(_change(change) for change in one.tables("changes")),
    )


def _change(one: Decoder) -> Change:
    one.only("level", "by")
    by = one.raw("by")
    if type(by) is not int:
        raise UsageError(f"{one.where}.by: expected a whole number, above or below 0")
    return Change(level=one.text("level"), by=by)


def _identified(one: Decoder, project: ProjectName, version: str, requires: str) -> None:
    """Check that the id, where there is one, is that of the requirement."""
    if one.has("id") and one.text("id") != edge_id(project, version, requires):
        raise UsageError(f"{one.where}.id: it is not the id of {requires!r} of {project} {version}")


def _hold(one: Decoder) -> Hold:
    one.only("project", "attribute", "chosen", "newest", "because", "moving")
    return Hold(
        project=_project(one),
        attribute=one.text("attribute"),
        chosen=one.text("chosen"),
        newest=one.text("newest"),
        because=tuple(_blocker(edge) for edge in one.tables("because")),
        moving=tuple(_change(change) for change in one.tables("moving")),
    )


def _blocker(one: Decoder) -> Blocker:
    one.only("project", "version", "requires", "dependency", "chosen", "class", "id", "level", "price", "kind")
    _identified(one, _project(one), one.text("version"), one.text("requires"))
    return Blocker(
        project=_project(one),
        version=one.text("version"),
        requires=one.text("requires"),
        dependency=_project(one, "dependency"),
        chosen=one.text("chosen"),
        kind=kind(one),
        risk=_choice(one, "class", (*RISKS, "update-first", "missing")),
        level=one.optional_text("level") or "",
        price=one.number("price") or 0,
    )


def _update_first(one: Decoder) -> UpdateFirst:
    one.only("project", "version", "attribute", "dependency", "specifier", "chosen", "kind")
    return UpdateFirst(
        project=_project(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=_project(one, "dependency"),
        specifier=one.text("specifier"),
        chosen=one.text("chosen"),
        kind=kind(one),
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
