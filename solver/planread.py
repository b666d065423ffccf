"""How is a plan read from its JSON form? Errors hold the path to the bad value."""

from dataclasses import fields
from typing import Any, get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName
from solver.answervalues import Level, Unknown
from solver.conflictread import conflict_from_json
from solver.edgeread import choice_of, hold, kind, named, number_of, project_of, relaxation, some_targets
from solver.familyread import build_layer, family, missing_extra, partial_edge, policy_hold, unneeded
from solver.links import links_from_json
from solver.plan import (
    Addition,
    Difference,
    Exclusion,
    LeftOut,
    Package,
    Plan,
    StaleRelaxation,
    UpdateFirst,
    Vendoring,
)
from solver.planlayers import PolicyHold
from solver.planwords import State, Status

SCHEMA = 1

STATUSES: tuple[Status, ...] = get_args(Status)
STATES: tuple[State, ...] = get_args(State)


def plan_from_json(data: Any, where: str = "plan.json") -> Plan:
    """Read the JSON form.

    Raises:
        UsageError: the data does not have the shape; the sentence holds the path to the bad value.
    """
    root = Decoder(data, where)
    root.schema(SCHEMA)
    root.only("schema", *(field.name for field in fields(Plan)))
    status = choice_of(root, "status", STATUSES)
    if (status == "conflict") != root.has("conflict"):
        raise UsageError(f"{where}: conflict: there is one exactly where the status is 'conflict', not {status!r}")
    return Plan(
        status=status,
        mode=root.text("mode"),
        targets=root.texts("targets"),
        dataset=_dataset(root),
        levels=tuple(_level(one) for one in root.tables("levels")),
        packages=_packages(root),
        relaxed=tuple(relaxation(one) for one in root.tables("relaxed")),
        held=tuple(hold(one) for one in root.tables("held")),
        update_first=tuple(_update_first(one) for one in root.tables("update_first")),
        added=tuple(_addition(one) for one in root.tables("added")),
        left_out=tuple(_left_out(one) for one in root.tables("left_out")),
        dropped=tuple(named(text, f"{where}: dropped[{i}]") for i, text in enumerate(root.texts("dropped"))),
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
        held_by_policy=_held_by_policy(root),
        builds=build_layer(Decoder(data["builds"], f"{where}: builds")) if root.has("builds") else None,
        conflict=conflict_from_json(Decoder(data["conflict"], f"{where}: conflict")) if root.has("conflict") else None,
    )


def _dataset(root: Decoder) -> tuple[tuple[str, str], ...]:
    if root.raw("dataset") is None:
        return ()
    facts = Decoder(root.raw("dataset"), f"{root.where}: dataset")
    return tuple((key, facts.text(key)) for key in facts.keys())  # noqa: SIM118 - a Decoder is not a mapping


def _level(one: Decoder) -> Level:
    one.only("name", "value", "bound")
    return Level(name=one.text("name"), value=number_of(one, "value"), bound=number_of(one, "bound"))


def _packages(root: Decoder) -> tuple[Package, ...]:
    packages: dict[ProjectName, Package] = {}
    for name, one in root.items("packages"):
        project = named(name, one.where)
        if project in packages:
            raise UsageError(f"{one.where}: project {project!r} is there twice")
        one.only("attribute", "version", "current", "newest", "state", "targets", "links")
        packages[project] = Package(
            project=project,
            attribute=one.text("attribute"),
            version=one.optional_text("version"),
            current=one.optional_text("current"),
            newest=one.optional_text("newest"),
            state=choice_of(one, "state", STATES),
            targets=some_targets(one),
            links=links_from_json(Decoder(one.raw("links"), f"{one.where}.links")) if one.has("links") else None,
        )
    return tuple(packages[project] for project in sorted(packages))


def _update_first(one: Decoder) -> UpdateFirst:
    one.only("project", "version", "attribute", "dependency", "specifier", "chosen", "kind")
    return UpdateFirst(
        project=project_of(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=project_of(one, "dependency"),
        specifier=one.text("specifier"),
        chosen=one.text("chosen"),
        kind=kind(one),
    )


def _addition(one: Decoder) -> Addition:
    one.only("project", "attribute", "version", "because", "elsewhere")
    because = []
    for edge in one.tables("because"):
        edge.only("project", "version", "requires")
        because.append((project_of(edge), edge.text("version"), edge.text("requires")))
    return Addition(
        project=project_of(one),
        attribute=one.text("attribute"),
        version=one.optional_text("version"),
        because=tuple(because),
        elsewhere=one.flag("elsewhere", default=False),
    )


def _left_out(one: Decoder) -> LeftOut:
    one.only("project", "version", "attribute", "dependency", "requires")
    return LeftOut(
        project=project_of(one),
        version=one.text("version"),
        attribute=one.text("attribute"),
        dependency=project_of(one, "dependency"),
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
        cycles.append(tuple(named(name, f"{root.where}: {key}[{j}]") for j, name in enumerate(names)))
    return tuple(cycles)


def _stale(one: Decoder) -> StaleRelaxation:
    one.only("attribute", "name", "reason")
    return StaleRelaxation(attribute=one.text("attribute"), name=one.text("name"), reason=one.text("reason"))


def _held_by_policy(root: Decoder) -> tuple[PolicyHold, ...] | None:
    """Return the list; None where there is none, which says less than an empty one."""
    if not root.has("held_by_policy"):
        return None
    return tuple(policy_hold(one) for one in root.tables("held_by_policy"))


def _exclusion(one: Decoder) -> Exclusion:
    one.only("project", "version", "reason")
    return Exclusion(project=project_of(one), version=one.text("version"), reason=one.text("reason"))


def _vendoring(name: str, one: Decoder) -> Vendoring:
    one.only(
        *("version", "python", "uses", "exclusive", "violated", "obeyed", "newer", "coherent", "unsupported"),
        *("recommendation", "reason"),
    )
    newer, unsupported = [], []
    for new in one.tables("newer"):
        new.only("project", "together", "without")
        newer.append(Difference(project=project_of(new), together=new.text("together"), without=new.text("without")))
    for old in one.tables("unsupported"):
        old.only("project", "version", "requires_python")
        unsupported.append((project_of(old), old.text("version"), old.text("requires_python")))
    return Vendoring(
        application=name,
        version=one.text("version"),
        python=one.optional_text("python"),
        uses=number_of(one, "uses"),
        exclusive=one.texts("exclusive"),
        violated=tuple(relaxation(edge) for edge in one.tables("violated")),
        obeyed=tuple(hold(edge) for edge in one.tables("obeyed")),
        newer=tuple(newer),
        coherent=tuple(relaxation(edge) for edge in one.tables("coherent")),
        unsupported=tuple(unsupported),
        recommendation=choice_of(one, "recommendation", ("keep", "vendor")),
        reason=one.text("reason"),
    )
