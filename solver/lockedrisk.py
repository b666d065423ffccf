"""How risky is it to relax a bound behind an application's pins? The classes of a plan, by what the dataset shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.version import Version

from dataset.currentset import CurrentSet
from dataset.lock import LockedBound
from dataset.records import LISTED, Release
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.targets import Target
from normalize.versions import parse_version
from solver.edges import NO_EXTRA, Edge
from solver.ledger import Ledger
from solver.lockedbounds import Violated
from solver.planwords import CHEAP, RISKY
from solver.policy import Policy
from solver.question import Question
from solver.risk import UNDATED, Risk, RiskBook
from solver.setversions import SetVersions

_ORDER = (*CHEAP, *RISKY)


def graded(
    violated: Mapping[Violated, LockedBound],
    the_set: SetVersions,
    releases: Mapping[ProjectName, Sequence[Release]],
    targets: tuple[Target, ...],
) -> set[Violated]:
    """Return the violated bounds with the class of relaxing each and what shows it; lower parts have none.

    Args:
        violated: each with the bound that the lock or the dataset has.
        the_set: whose versions violate them.
        releases: what the dataset knows of the dependers, whose later releases may have lifted a bound, and of what
            they require, whose upload times show what their authors could know.
        targets: those of the set.
    """
    nothing = CurrentSet(revision="", date="", attributes=())
    risks = Ledger(Question(releases=releases, current=nothing, policy=Policy(), targets=targets)).risks
    found = set()
    for one, bound in violated.items():
        met = the_set.held[one.dependency].version
        risk = None if one.lower or met is None else _mildest(risks, bound, met, releases)
        if risk is not None:
            shown = risk.name != "deliberate" or risk.evidence != UNDATED
            one = replace(one, risk=risk.name, evidence=risk.evidence, shown=shown)  # noqa: PLW2901 -- the same bound
        found.add(one)
    return found


def _mildest(
    risks: RiskBook, bound: LockedBound, met: Version, releases: Mapping[ProjectName, Sequence[Release]]
) -> Risk | None:
    """Return the class of the specifier that is relaxed with the least risk; of several, one has to hold."""
    depender = _depender(bound, releases)
    found = []
    for text in bound.accepted:
        requirement = parse_requirement(f"{bound.dependency}{text}")
        if requirement is not None:
            edge = Edge(
                extra=NO_EXTRA, requirement=requirement, bounds=requirement.bounds, targets=1, depender=depender
            )
            found.append(risks.classify(edge, met))
    return min(found, key=lambda one: (_ORDER.index(one.name), one.evidence), default=None)


def _depender(bound: LockedBound, releases: Mapping[ProjectName, Sequence[Release]]) -> Release | None:
    """Return the release that has the bound, with what the dataset knows of it; None for the application itself."""
    if bound.depender is None or bound.version is None:
        return None
    wanted = parse_version(bound.version)
    for one in releases.get(bound.depender, ()):
        if one.version == bound.version or (wanted is not None and parse_version(one.version) == wanted):
            return one
    return Release(project=bound.depender, version=bound.version, unknown=LISTED)
