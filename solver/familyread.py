"""How are families, differences of targets, missing extras, policy's holds and the build layer read from JSON?"""

from dataset.decode import Decoder
from normalize.errors import UsageError
from solver.answervalues import MissingExtra
from solver.edgeread import choice_of, kind, named, project_of
from solver.planlayers import BuildLayer, Family, FamilyTie, Nowhere, PartialEdge, PolicyHold
from solver.policy import NARROWING


def family(one: Decoder) -> Family:
    """Read a family."""
    one.only("projects", "aligned", "ties")
    return Family(
        projects=tuple(named(text, f"{one.where}.projects") for text in one.texts("projects")),
        aligned=one.flag("aligned", default=False),
        ties=tuple(_tie(tie) for tie in one.tables("ties")),
    )


def _tie(one: Decoder) -> FamilyTie:
    one.only("project", "version", "dependency", "names", "chosen", "aligned", "evidence")
    return FamilyTie(
        project=project_of(one),
        version=one.text("version"),
        dependency=project_of(one, "dependency"),
        names=one.optional_text("names"),
        chosen=one.optional_text("chosen"),
        aligned=one.flag("aligned", default=False),
        evidence=one.text("evidence"),
    )


def partial_edge(one: Decoder) -> PartialEdge:
    """Read a requirement that applies on some targets only."""
    one.only("project", "version", "dependency", "requires", "targets", "kind")
    return PartialEdge(
        project=project_of(one),
        version=one.text("version"),
        dependency=project_of(one, "dependency"),
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
        because.append((project_of(edge), edge.text("version"), edge.text("requires")))
    return Nowhere(project=project_of(one), because=tuple(because))


def policy_hold(one: Decoder) -> PolicyHold:
    """Read a project that policy keeps below its newest release."""
    one.only("project", "attribute", "action", "chosen", "newest", "reason")
    return PolicyHold(
        project=project_of(one),
        attribute=one.text("attribute"),
        action=choice_of(one, "action", NARROWING),
        chosen=one.text("chosen"),
        newest=one.text("newest"),
        reason=one.text("reason"),
    )


def missing_extra(one: Decoder) -> MissingExtra:
    """Read an extra that is asked for in vain."""
    one.only("project", "version", "dependency", "chosen", "extra")
    asker = one.optional_text("project")
    return MissingExtra(
        project=None if asker is None else named(asker, f"{one.where}.project"),
        version=one.optional_text("version"),
        dependency=project_of(one, "dependency"),
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
