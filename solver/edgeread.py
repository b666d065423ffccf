"""How are a plan's relaxations and holds read from its JSON form, and the parts that its other entries share?"""

from typing import TypeVar, get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from solver.plan import Blocker, Change, Gain, Hold, Relaxation
from solver.planwords import EdgeKind, RiskClass
from solver.sentences import edge_id

RISKS: tuple[RiskClass, ...] = get_args(RiskClass)
KINDS: tuple[EdgeKind, ...] = get_args(EdgeKind)

Choice = TypeVar("Choice", bound=str)


def named(text: str, where: str) -> ProjectName:
    """Return the normalised name of a project."""
    try:
        return project_name(text)
    except UsageError as error:
        raise UsageError(f"{where}: {error.sentence}", hint=error.hint) from None


def project_of(one: Decoder, key: str = "project") -> ProjectName:
    """Read the name of a project."""
    return named(one.text(key), f"{one.where}.{key}")


def choice_of(one: Decoder, key: str, choices: tuple[Choice, ...]) -> Choice:
    """Read one of several words, which must be there."""
    one.text(key)
    return one.choice(key, choices, choices[0])


def number_of(one: Decoder, key: str) -> int:
    """Read a number that must be there."""
    value = one.number(key)
    if value is None:
        raise UsageError(f"{one.where}.{key}: missing")
    return value


def some_targets(one: Decoder) -> tuple[str, ...] | None:
    """Read the targets of an entry that some of them have, or None where all have it."""
    return one.texts("targets") if one.has("targets") else None


def kind(one: Decoder) -> EdgeKind:
    """Read whether a requirement is there to run or to build."""
    return one.choice("kind", KINDS, "run")


def relaxation(one: Decoder) -> Relaxation:
    """Read a relaxation."""
    one.only(
        *("project", "version", "dependency", "specifier", "chosen", "class"),
        *("evidence", "attribute", "spelling", "already", "extra", "marker", "id", "gain", "kind", "targets", "hits"),
    )
    project, version, dependency, specifier = (
        project_of(one),
        one.text("version"),
        project_of(one, "dependency"),
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
        risk=choice_of(one, "class", RISKS),
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
        project=project_of(one),
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


def hold(one: Decoder) -> Hold:
    """Read a hold."""
    one.only("project", "attribute", "chosen", "newest", "because", "moving")
    return Hold(
        project=project_of(one),
        attribute=one.text("attribute"),
        chosen=one.text("chosen"),
        newest=one.text("newest"),
        because=tuple(_blocker(edge) for edge in one.tables("because")),
        moving=tuple(_change(change) for change in one.tables("moving")),
    )


def _blocker(one: Decoder) -> Blocker:
    one.only(
        "project", "version", "requires", "dependency", "chosen", "class", "id", "level", "price", "kind", "policy"
    )
    _identified(one, project_of(one), one.text("version"), one.text("requires"))
    return Blocker(
        project=project_of(one),
        version=one.text("version"),
        requires=one.text("requires"),
        dependency=project_of(one, "dependency"),
        chosen=one.text("chosen"),
        kind=kind(one),
        risk=choice_of(one, "class", (*RISKS, "update-first", "missing")),
        level=one.optional_text("level") or "",
        price=one.number("price") or 0,
        policy=one.optional_text("policy") or "",
    )
