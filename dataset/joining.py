"""What is true of a release of which several datasets speak? The same, in whatever order they are asked.

Each fact is taken from the dataset that knows it best: requirements from the better-trusted one, what only the index
says (whether a release is yanked, its files) from the one that asked the index last. Where neither decides, the
greater text does, which is arbitrary but the same everywhere. Joining a result once more with what went into it changes
nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from dataset.facts import facts_of, facts_to_text
from dataset.merge import RANK
from dataset.records import LISTED, ImportsFrom, Release
from normalize.projects import extra_name
from normalize.requirements import parse_requirement

CONFLICT = "merge-conflict"
"""The code of the problem that two datasets, equally trusted, disagree about what a release requires."""

_SHOWN: dict[ImportsFrom, int] = {"": 0, "top-level": 1, "members": 2, "declared": 3}
_LONGEST_DETAIL = 300

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Told:
    """What one dataset says of a release.

    Attributes:
        seen: when it asked the index last; "" for never.
    """

    seen: str
    release: Release


@dataclass(frozen=True, slots=True)
class Joined:
    """What several datasets say of a release together.

    Attributes:
        agreed: for each of what was told, whether it says of the requirements what is now held to be true.
        conflicts: what equally trusted datasets say otherwise, in words, sorted.
    """

    release: Release
    agreed: tuple[bool, ...]
    conflicts: tuple[str, ...]


def joined(told: Sequence[Told]) -> Joined:
    """Return what is true of a release, of which at least one dataset speaks."""
    first = told[0].release
    if all(one.release == first for one in told):
        return Joined(first, (True,) * len(told), ())
    best = max(told, key=_trusted).release
    found = replace(
        best,
        requires_python=_latest([one for one in told if _rank(one) == _rank_of_python(told)], _requires_python),
        uploaded=_latest(told, lambda one: one.uploaded),
        yanked=max(
            told, key=lambda one: (one.seen, one.release.yanked is not None, one.release.yanked or "")
        ).release.yanked,
        gone=max(told, key=lambda one: (one.seen, one.release.gone is not None, one.release.gone or "")).release.gone,
        files=_latest(told, lambda one: one.files or None, repr) or (),
        builds=_latest(told, lambda one: one.builds),
        about=_latest(told, lambda one: one.about, repr),
    )
    imports = max(told, key=_shown).release
    found = replace(found, imports=imports.imports, imports_from=imports.imports_from)
    rivals = {
        facts_to_text(facts_of(one.release))[:_LONGEST_DETAIL]
        for one in told
        if best.requires is not None and _rank(one) == _rank_of(best) and not _mean_the_same(one.release, best)
    }
    conflicts = tuple(sorted(f"an equally trusted dataset says {text}" for text in rivals))
    return Joined(found, tuple(_says(one.release) == _says(best) for one in told), conflicts)


def _rank(one: Told) -> tuple[bool, int, bool]:
    return _rank_of(one.release)


def _rank_of(release: Release) -> tuple[bool, int, bool]:
    return (release.requires is not None, RANK[release.trust], release.unknown != LISTED)


def _trusted(one: Told) -> tuple[Any, ...]:
    return (_rank(one), one.seen, repr(_says(one.release)))


def _says(release: Release) -> tuple[Any, ...]:
    """Return what goes together of a release because one text said it."""
    return (
        *(release.requires, release.unusable, release.unknown, release.extras),
        *(release.source, release.trust, release.repaired),
    )


def _requires_python(release: Release) -> str | None:
    return release.requires_python


def _rank_of_python(told: Sequence[Told]) -> tuple[bool, int, bool]:
    """Return the rank of the best dataset that knows the interpreters, else of any."""
    known = [one for one in told if one.release.requires_python is not None]
    return max(map(_rank, known or told))


def _latest(
    told: Sequence[Told], value: Callable[[Release], Value | None], order: Callable[[Value], Any] = lambda one: one
) -> Value | None:
    known = [(one.seen, found) for one in told if (found := value(one.release)) is not None]
    return max(known, key=lambda pair: (pair[0], order(pair[1])))[1] if known else None


def _shown(one: Told) -> tuple[Any, ...]:
    release = one.release
    return (bool(release.imports), _SHOWN[release.imports_from], one.seen, release.imports)


def _mean_the_same(one: Release, other: Release) -> bool:
    pythons = {"".join(text.split()) for text in (one.requires_python, other.requires_python) if text is not None}
    return len(pythons) < 2 and set(_meaning(one)) == set(_meaning(other))


def _meaning(release: Release) -> Iterator[tuple[Any, ...]]:
    """Yield what the requirements mean, however they are spelled."""
    for text in release.requires or ():
        one = parse_requirement(text)
        if one is None:
            yield ("unusable", text)
        else:
            yield (one.project, one.extras, str(one.specifier), one.condition, one.url)
    yield from (("unusable", text) for text in release.unusable)
    yield from (("extra", extra_name(text)) for text in release.extras)
