"""How are families, differences of targets, missing extras and the build layer read from a plan's JSON form?"""

from typing import get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from solver.answervalues import MissingExtra
from solver.planlayers import BuildLayer, Family, FamilyTie, Nowhere, PartialEdge
from solver.planwords import EdgeKind

KINDS: tuple[EdgeKind, ...] = get_args(EdgeKind)


def some_targets(one: Decoder) -> tuple[str, ...] | None:
    """Read the targets of an entry that some of them have, or None where all have it."""
    return one.texts("targets") if one.has("targets") else None


def kind(one: Decoder) -> EdgeKind:
    """Read whether a requirement is there to run or to build."""
    return one.choice("kind", KINDS, "run")


def family(one: Decoder) -> Family:
    """Read a family."""
    one.only("projects", "aligned", "ties")
    return Family(
        projects=tuple(_named(text, f"{one.where}.projects") for text in one.texts("projects")),
        aligned=one.flag("aligned", default=False),
        ties=tuple(_tie(tie) for tie in one.tables("ties")),
    )


def _tie(one: Decoder) -> FamilyTie:
    one.only("project", "version", "dependency", "names", "chosen", "aligned", "evidence")
    return FamilyTie(
        project=_project(one),
        version=one.text("version"),
        dependency=_project(one, "dependency"),
        names=one.optional_text("names"),
        chosen=one.optional_text("chosen"),
        aligned=one.flag("aligned", default=False),
        evidence=one.text("evidence"),
    )


def partial_edge(one: Decoder) -> PartialEdge:
    """Read a requirement that applies on some targets only."""
    one.only("project", "version", "dependency", "requires", "targets", "kind")
    return PartialEdge(
        project=_project(one),
        version=one.text("version"),
        dependency=_project(one, "dependency"),
        requires=one.text("requires"),
        targets=one.texts("targets"),
        kind=kind(one),
    )


def unneeded(one: Decoder) -> Nowhere:
    """Read a project that no target needs."""
    one.only("project", "because")
    because = []
    for edge in one.tables("because"):
        edge.only("project", "version", "requires")
        because.append((_project(edge), edge.text("version"), edge.text("requires")))
    return Nowhere(project=_project(one), because=tuple(because))


def missing_extra(one: Decoder) -> MissingExtra:
    """Read an extra that is asked for in vain."""
    one.only("project", "version", "dependency", "chosen", "extra")
    asker = one.optional_text("project")
    return MissingExtra(
        project=None if asker is None else _named(asker, f"{one.where}.project"),
        version=one.optional_text("version"),
        dependency=_project(one, "dependency"),
        chosen=one.text("chosen"),
        extra=one.text("extra"),
    )


def build_layer(one: Decoder) -> BuildLayer:
    """Read of how many releases the build requirements are known."""
    one.only("known", "unknown")
    known, unknown = one.number("known"), one.number("unknown")
    if known is None or unknown is None:
        raise UsageError(f"{one.where}: 'known' and 'unknown' must be there", hint="both count chosen releases")
    return BuildLayer(known=known, unknown=unknown)


def _project(one: Decoder, key: str = "project") -> ProjectName:
    return _named(one.text(key), f"{one.where}.{key}")


def _named(text: str, where: str) -> ProjectName:
    try:
        return project_name(text)
    except UsageError as error:
        raise UsageError(f"{where}: {error.sentence}", hint=error.hint) from None
