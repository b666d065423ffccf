"""What does a plan require of an attribute that nixpkgs has outside the set? The versions that are good enough."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from dataset.currentset import Attribute
from normalize.projects import ProjectName
from normalize.relaxhook import EVERYTHING, hits
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Part, floor
from normalize.versions import parse_version
from solver.plan import Addition
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


def relaxed_in(attributes: Iterable[Attribute]) -> Relaxes:
    """Return what the attributes of a current set relax."""
    known = {one.project: one.relaxed for one in attributes if one.points_to is None}
    return lambda depender, spelling: is_relaxed(known.get(depender, ()), spelling)


def is_relaxed(names: Collection[str], spelling: str) -> bool:
    """Return whether a ``pythonRelaxDeps`` relaxes a requirement."""
    return EVERYTHING in names or any(hits(name, spelling) for name in names)


def asked_of(one: Addition, relaxes: Relaxes = relaxed_nowhere) -> tuple[Asked, ...]:
    """Return what is asked of an attribute, requirement by requirement.

    Lower parts always count. An upper part does not where the plan's own version violates it, or where it is relaxed.

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
        whole = kind == "build" or not relaxes(depender, required.name)
        found.append(Asked(depender, required.specifier if whole and _met(required, chosen) else _lower(required)))
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


def _lower(required: Requirement) -> SpecifierSet:
    least = floor(required.specifier)
    return SpecifierSet("" if least is None else f">={least}")
