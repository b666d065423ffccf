"""Do the wheels of one release require the same? Compared by meaning; bytes differ for reasons that mean nothing."""

from collections.abc import Mapping

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from crawler.metadata import Metadata
from normalize.projects import extra_name
from normalize.requirements import parse_requirement

Meaning = tuple[str, tuple[str, ...], tuple[str, ...]]
"""requires-python, requirements, extras: all in their canonical form, sorted."""

_MOST_NAMED = 5


def meaning(metadata: Metadata) -> Meaning:
    """Return what the metadata asks for, the same for every spelling of the same."""
    return (
        _canonical_specifier(metadata.requires_python or ""),
        tuple(sorted({*map(_canonical_requirement, metadata.requires), *metadata.unusable})),
        tuple(sorted({extra_name(extra) for extra in metadata.extras})),
    )


def difference(told: Mapping[str, Metadata]) -> tuple[str, str] | None:
    """Return the first file and, in words, one file of each group that asks for something else; None for one group.

    Args:
        told: file -> its metadata.
    """
    if len(told) < 2:
        return None
    groups: dict[Meaning, str] = {}
    for file in sorted(told):
        groups.setdefault(meaning(told[file]), file)
    if len(groups) < 2:
        return None
    files = list(groups.values())
    named = ", ".join(files[:_MOST_NAMED]) + (" and others" if len(files) > _MOST_NAMED else "")
    return files[0], f"{len(files)} kinds of wheels require different things: {named}"


def _canonical_requirement(text: str) -> str:
    parsed = parse_requirement(text)
    assert parsed is not None, "it was judged"
    extras = f"[{','.join(parsed.extras)}]" if parsed.extras else ""
    return f"{parsed.project}{extras}{parsed.specifier}{f' @ {parsed.url}' if parsed.url else ''}; {parsed.condition}"


def _canonical_specifier(text: str) -> str:
    try:
        return str(SpecifierSet(text))
    except (InvalidSpecifier, ValueError):
        return text
