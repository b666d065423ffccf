"""What does a requirement ask for? PEP 508 strings, parsed once each."""

from dataclasses import dataclass
from functools import cache

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as _Pep508
from packaging.specifiers import SpecifierSet

from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.targets import MARKER_VARIABLES, Target


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
    what, semicolon, where = text.partition(";")
    apart = bool(semicolon) and "@" not in what  # a direct URL may hold a semicolon
    try:
        parsed = _Pep508(what if apart else text)
        marker, condition = _marker(where) if apart else (parsed.marker, str(parsed.marker or ""))
    except (InvalidRequirement, InvalidMarker):
        return None
    return Requirement(
        project=ProjectName(extra_name(parsed.name)),  # PEP 508's grammar has already refused everything else
        extras=tuple(sorted({extra_name(extra) for extra in parsed.extras})),
        specifier=parsed.specifier,
        marker=marker,
        url=parsed.url,
        name=parsed.name,
        text=text,
        condition=condition,
    )


@cache
def _marker(text: str) -> tuple[Marker, str]:
    """Return the parsed marker and its canonical text; there are far fewer markers than requirements."""
    marker = Marker(text)
    return marker, str(marker)


def applies(requirement: Requirement, targets: tuple[Target, ...], extra: str = "") -> int:
    """Return the targets on which a requirement applies as a bit mask: bit ``i`` stands for ``targets[i]``.

    Args:
        requirement: without a marker it applies everywhere.
        targets: at most a few; the mask has one bit for each.
        extra: the extra that is asked for, normalised; "" for none.
    """
    if requirement.marker is None:
        return (1 << len(targets)) - 1
    named = [variable for variable in MARKER_VARIABLES if variable in requirement.condition]
    known: dict[tuple[str, ...], bool] = {}  # most markers name one variable, on which most targets agree
    mask = 0
    for i, target in enumerate(targets):
        environment = target.environment()
        key = tuple(environment[variable] for variable in named)
        if key not in known:
            known[key] = requirement.marker.evaluate({**environment, "extra": extra})
        mask |= known[key] << i
    return mask
