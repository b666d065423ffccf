"""What does a requirement ask for? PEP 508 strings, parsed once each."""

from dataclasses import dataclass
from functools import cache

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as _Pep508
from packaging.specifiers import SpecifierSet

from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One parsed requirement.

    Attributes:
        project: the dependency.
        extras: the dependency's extras that are asked for, sorted.
        specifier: the accepted versions; empty accepts all.
        marker: where the requirement applies; None means everywhere.
        url: a direct URL, which no version satisfies or violates, or None.
        name: the dependency as METADATA spells it, which is what ``pythonRelaxDeps`` must repeat.
        text: the whole requirement as METADATA spells it.
        condition: the marker's canonical text, "" where there is none.
    """

    project: ProjectName
    extras: tuple[ExtraName, ...]
    specifier: SpecifierSet
    marker: Marker | None
    url: str | None
    name: str
    text: str
    condition: str = ""


@cache
def parse_requirement(text: str) -> Requirement | None:
    """Return the parsed requirement, or None where the text is not PEP 508.

    Each distinct string is parsed once in a process, because parsing dominates the loading of a dataset.
    """
    try:
        parsed = _Pep508(text)
    except InvalidRequirement:
        return None
    return Requirement(
        project=ProjectName(_canonical(parsed.name)),
        extras=tuple(sorted({extra_name(extra) for extra in parsed.extras})),
        specifier=parsed.specifier,
        marker=parsed.marker,
        url=parsed.url,
        name=parsed.name,
        text=text,
        condition="" if parsed.marker is None else str(parsed.marker),
    )


def _canonical(name: str) -> str:
    return extra_name(name)  # PEP 508's grammar has already refused everything else


def applies(requirement: Requirement, targets: tuple[Target, ...], extra: str = "") -> int:
    """Return the targets on which a requirement applies as a bit mask: bit ``i`` stands for ``targets[i]``.

    Args:
        requirement: without a marker it applies everywhere.
        targets: at most a few; the mask has one bit for each.
        extra: the extra that is asked for, normalised; "" for none.
    """
    if requirement.marker is None:
        return (1 << len(targets)) - 1
    marker = requirement.marker
    return sum(1 << i for i, target in enumerate(targets) if marker.evaluate({**target.environment(), "extra": extra}))
