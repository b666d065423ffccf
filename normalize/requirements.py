"""What does a requirement ask for? PEP 508 strings, parsed once each."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as _Pep508
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.specifiers import Bounds, parse_bounds
from normalize.targets import MARKER_VARIABLES, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One parsed requirement.

    Attributes:
        project: the dependency.
        extras: the dependency's extras that are asked for, sorted.
        bounds: the accepted versions.
        url: a direct URL, which no version satisfies or violates, or None.
        name: the dependency as METADATA spells it, which is what ``pythonRelaxDeps`` must repeat.
        text: the whole requirement as METADATA spells it.
        condition: the marker's canonical text, "" where there is none.
    """

    project: ProjectName
    extras: tuple[ExtraName, ...]
    bounds: Bounds
    url: str | None
    name: str
    text: str
    condition: str = ""

    @property
    def marker(self) -> Marker | None:
        """Where the requirement applies; None means everywhere. Parsed here, for most are never evaluated."""
        if not self.condition:
            return None
        return _Pep508(self.text).marker if self.url is not None else _marker(self.text.partition(";")[2])[0]

    @property
    def specifier(self) -> SpecifierSet:
        """The accepted versions, as packaging has them; empty accepts all."""
        return self.bounds.specifiers


class _Unfrozen:
    """A requirement that is being made."""

    __slots__ = Requirement.__slots__


@cache
def parse_requirement(text: str) -> Requirement | None:
    """Return the parsed requirement, or None where the text is not PEP 508.

    Each distinct string is parsed once in a process, because parsing dominates the loading of a dataset.
    """
    if absurd(text):
        return None
    what, semicolon, where = text.partition(";")
    usual = _USUAL.fullmatch(what)
    if usual is None:
        return _any_requirement(text)
    try:
        condition = _condition(where) if semicolon else ""
        bounds = parse_bounds(usual["bounds"] or usual["inside"] or "")
    except (InvalidMarker, InvalidSpecifier):
        return None
    extras = usual["extras"]
    # As in dataset.facts, fields are set while they are open: there are tens of thousands of distinct requirements.
    made: Any = _Unfrozen()
    made.project = ProjectName(extra_name(usual["name"]))
    made.extras = tuple(sorted({extra_name(extra.strip()) for extra in extras.split(",")})) if extras else ()
    made.bounds = bounds
    made.url = None
    made.name = usual["name"]
    made.text = text
    made.condition = condition
    made.__class__ = Requirement
    return cast("Requirement", made)


def absurd(text: str) -> bool:
    """Return whether a text is made to break its readers: numbers and nesting beyond what Python itself reads.

    packaging takes such requirements and raises ValueError or RecursionError when they are compared or evaluated.
    """
    if text.count("(") > _DEEPEST:
        depth = 0
        for character in text:
            depth += (character == "(") - (character == ")")
            if depth > _DEEPEST:
                return True
    return len(text) > _DIGITS and _NUMBER.search(text) is not None


_DEEPEST = 50
_DIGITS = 4_000
_NUMBER = re.compile(r"[0-9]{4000}")

_GAP = r"[ \t]*+"  # possessive: blanks that three patterns in a row could share take cubic time to refuse
_IDENTIFIER = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = rf"(?:==|!=|<=|>=|<|>|~=){_GAP}[A-Za-z0-9!+._*-]+"
_CLAUSES = rf"{_CLAUSE}(?:{_GAP},{_GAP}{_CLAUSE})*"
_USUAL = re.compile(
    rf"{_GAP}(?P<name>{_IDENTIFIER}){_GAP}(?:\[{_GAP}(?P<extras>{_IDENTIFIER}(?:{_GAP},{_GAP}{_IDENTIFIER})*){_GAP}\])?"
    rf"{_GAP}(?:\({_GAP}(?P<inside>{_CLAUSES}){_GAP}\)|(?P<bounds>{_CLAUSES}))?{_GAP}",
    re.ASCII,
)
"""What nearly all requirements look like before the marker. packaging's parser takes a tenth of a millisecond each, and
nixpkgs' projects have hundreds of thousands; their specifiers and markers, which packaging still parses, are few. A
property test holds both ways to the same answers."""


def _any_requirement(text: str) -> Requirement | None:
    try:
        parsed = _Pep508(text)
    except InvalidRequirement:
        return None
    return Requirement(
        project=ProjectName(extra_name(parsed.name)),  # PEP 508's grammar has already refused everything else
        extras=tuple(sorted({extra_name(extra) for extra in parsed.extras})),
        bounds=parse_bounds(str(parsed.specifier)),
        url=parsed.url,
        name=parsed.name,
        text=text,
        condition=str(parsed.marker or ""),
    )


@cache
def _condition(text: str) -> str:
    """Return the canonical text of a marker.

    Raises:
        InvalidMarker: it is none.
    """
    alone = _EXTRA_ALONE.fullmatch(text)
    return f'extra == "{extra_name(alone["extra"])}"' if alone else _marker(text)[1]


_EXTRA = r"""extra[ \t]*==[ \t]*(?P<quote>['"])(?P<extra>[A-Za-z]{2}(?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?P=quote)[ \t]*"""
_EXTRA_ALONE = re.compile(rf"[ \t]*{_EXTRA}", re.ASCII)
_EXTRA_TOO = re.compile(rf"[ \t]and[ \t]+{_EXTRA}\Z", re.ASCII)
"""Half of all markers ask for an extra and nothing else, and most others for one too. Two letters begin no version, so
that no packaging compares these names as versions."""

_OR = re.compile(r"\bor\b")


def _needed_extra(requirement: Requirement) -> str | None:
    """Return an extra without which the marker never holds; None where that is not told quickly.

    Without "or", and with one kind of quotes, so that these words are no text in quotes.
    """
    where = requirement.text.partition(";")[2]
    if requirement.url is not None or _OR.search(where) or ('"' in where and "'" in where):
        return None
    found = _EXTRA_ALONE.fullmatch(where) or _EXTRA_TOO.search(where)
    return extra_name(found["extra"]) if found else None


@cache
def _marker(text: str) -> tuple[Marker, str]:
    """Return the parsed marker and its canonical text; there are far fewer markers than requirements."""
    marker = Marker(text)
    return marker, str(marker)


def forget_requirements() -> None:
    """Forget what was parsed: a crawl of an index meets more texts than fit into memory."""
    for cached in (parse_requirement, parse_bounds, _condition, _marker):
        cached.cache_clear()


def applies(requirement: Requirement, targets: tuple[Target, ...], extra: str = "") -> int:
    """Return the targets on which a requirement applies as a bit mask: bit ``i`` stands for ``targets[i]``.

    Args:
        requirement: without a marker it applies everywhere.
        targets: at most a few; the mask has one bit for each.
        extra: the extra that is asked for, normalised; "" for none.
    """
    if not requirement.condition:
        return (1 << len(targets)) - 1
    needed = _needed_extra(requirement)
    if needed is not None and needed != extra:
        return 0
    marker = requirement.marker
    assert marker is not None
    named = [variable for variable in MARKER_VARIABLES if variable in requirement.condition]
    known: dict[tuple[str, ...], bool] = {}  # most markers name one variable, on which most targets agree
    mask = 0
    for i, target in enumerate(targets):
        environment = target.environment()
        key = tuple(environment[variable] for variable in named)
        if key not in known:
            known[key] = marker.evaluate({**environment, "extra": extra})
        mask |= known[key] << i
    return mask
