"""What does a plan require of an attribute that nixpkgs has outside the set? The versions that are good enough."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.currentset import Attribute
from normalize.projects import ProjectName
from normalize.relaxhook import EVERYTHING, hits
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Part
from normalize.versions import parse_version
from solver.plan import Addition, Plan
from solver.planwords import read_kind

Relaxes = Callable[[ProjectName, str], bool]
"""Whether a depender relaxes a requirement already, which is named as METADATA spells it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one of the plan's packages asks of it.

    Attributes:
        depender: the package.
        clauses: the versions that are good enough for it; empty where every version is.
    """

    depender: ProjectName
    clauses: SpecifierSet


def relaxed_nowhere(_depender: ProjectName, _spelling: str) -> bool:
    """Relax nothing."""
    return False


def relaxed_in(attributes: Iterable[Attribute], plan: Plan) -> Relaxes:
    """Return what is relaxed in a current set before the plan comes into it and also afterwards."""
    known = {one.name: one for one in attributes}

    def names(attribute: str) -> Collection[str]:
        one = known.get(attribute)
        if one is not None and one.points_to is not None:
            one = known.get(one.points_to)
        return () if one is None else one.relaxed

    return relaxed_by(plan, names)


def relaxed_by(plan: Plan, names: Callable[[str], Collection[str]]) -> Relaxes:
    """Return what is relaxed before the plan and also afterwards, asked of the plan's attribute of each project.

    Args:
        plan: what it calls stale is not relaxed afterwards.
        names: returns the ``pythonRelaxDeps`` of an attribute.
    """
    attributes = {one.project: one.attribute for one in plan.packages}
    stale = {(one.attribute, one.name) for one in plan.stale_relaxations}

    def relaxes(depender: ProjectName, spelling: str) -> bool:
        attribute = attributes.get(depender, "")
        return _is_relaxed({name for name in names(attribute) if (attribute, name) not in stale}, spelling)

    return relaxes


def _is_relaxed(names: Collection[str], spelling: str) -> bool:
    """Return whether a ``pythonRelaxDeps`` relaxes a requirement."""
    return EVERYTHING in names or any(hits(name, spelling) for name in names)


def asked_of(one: Addition, relaxes: Relaxes = relaxed_nowhere) -> tuple[Asked, ...]:
    """Return what is asked of an attribute, requirement by requirement.

    Lower parts always count. An upper part does not where the plan's own version violates it, or where it is relaxed.
    Nor does an exclusion that the plan's own version hits, or that is relaxed.

    Args:
        one: the attribute.
        relaxes: what is relaxed already.
    """
    chosen = None if one.version is None else parse_version(one.version)
    found = []
    for depender, _, told in one.because:
        text, kind = read_kind(told)
        required = parse_requirement(text)
        if required is None:
            continue
        hooked = kind == "run" and relaxes(depender, required.name)
        clauses = _left(required, chosen, hooked=hooked) if hooked or not _met(required, chosen) else required.specifier
        found.append(Asked(depender, clauses))
    return tuple(found)


def enough(several: Iterable[Asked]) -> SpecifierSet:
    """Return which versions are good enough for all of them; empty where every version is.

    >>> str(enough([Asked("a", SpecifierSet(">=2")), Asked("b", SpecifierSet(">=1,<3")), Asked("c", SpecifierSet())]))
    '<3,>=1,>=2'
    """
    return SpecifierSet(",".join(sorted({str(clause) for one in several for clause in one.clauses})))


def _met(required: Requirement, chosen: Version | None) -> bool:
    """Return whether the plan's version violates no upper part; a lower part may be violated, and counts then."""
    return chosen is None or required.bounds.violated(chosen) <= {Part.LOWER}


def _left(required: Requirement, chosen: Version | None, *, hooked: bool) -> SpecifierSet:
    """Return what counts without the upper parts: lower parts, and exclusions unless the hook drops the requirement."""
    found = []
    for one in required.specifier:
        if one.operator in (">", ">="):
            found.append(str(one))
        elif one.operator in ("~=", "==") and (least := parse_version(one.version.removesuffix(".*"))) is not None:
            found.append(f">={least.public}")  # which takes no local version
        elif one.operator == "!=" and not hooked and (chosen is None or one.contains(chosen, prereleases=True)):
            found.append(str(one))
    return SpecifierSet(",".join(found))
