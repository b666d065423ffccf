"""What is true of a release that is told again? The better-trusted facts, and what the index says newly."""

from dataclasses import replace

from dataset.records import LISTED, Release, Trust

RANK: dict[Trust, int] = {"none": 0, "claimed": 1, "unverified": 2, "verified": 3}


def merged(known: Release, told: Release) -> Release:
    """Return one release that holds what both say.

    Requirements that are known are never replaced by unknown ones or by less trusted ones; a reason why they are
    unknown is never replaced by "nobody asked". What the index says newly of a release (whether it is yanked) always
    counts, and what is told empty does not erase what is known.
    """
    if _better(known, told):
        facts, other = known, told
    else:
        facts, other = told, known
    return replace(
        facts,
        uploaded=told.uploaded or known.uploaded,
        yanked=told.yanked,
        requires_python=facts.requires_python or other.requires_python,
        imports=told.imports or known.imports,
        imports_from=told.imports_from if told.imports else known.imports_from,
        builds=told.builds if told.builds is not None else known.builds,
        about=facts.about or other.about,
        gone=told.gone,
        files=told.files or known.files,
    )


def taken_anew(known: Release, told: Release) -> Release:
    """Return what is told in the place of what is known: that was read from files which are others now."""
    return replace(told, uploaded=told.uploaded or known.uploaded, files=told.files or known.files)


def _better(known: Release, told: Release) -> bool:
    if told.requires is None:
        return known.requires is not None or (told.unknown == LISTED and known.unknown != LISTED)
    return known.requires is not None and RANK[known.trust] > RANK[told.trust]
