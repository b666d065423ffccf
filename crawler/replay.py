"""What would a crawl say today of texts that were read long ago? The same rules on stored texts, without the index."""

from collections.abc import Collection
from dataclasses import replace

from crawler.facts import OF_REQUIREMENTS, Facts, facts
from dataset.crawlstate import Problem, SourceText
from dataset.records import LISTED, SDIST_SOURCES, Release, Source, Trust


def replayed(
    release: Release, texts: tuple[SourceText, ...], hosts: Collection[str] = frozenset()
) -> tuple[Release, tuple[Problem, ...]]:
    """Return the release as its texts tell it by the rules of today, and the problems that the texts show.

    What only the index can tell stays as it is, and so does everything where there are no texts. Trust stays where
    the same kind of text tells the requirements; where another one does, no hash is known to vouch for it.

    Args:
        release: as stored.
        texts: all that are stored of it, in any order.
        hosts: of indexes; an address there is not kept.
    """
    if not texts or release.unknown == LISTED:
        return release, ()
    found = facts(release.project, release.version, texts, hosts)
    if not OF_REQUIREMENTS & {text.kind for text in texts}:
        return replace(release, imports=found.imports, imports_from=found.imports_from), tuple(found.problems)
    unknown = release.unknown or found.unknown or "wheel-unreadable"
    return found.on(release, release.files, _trust(release, found), unknown), tuple(found.problems)


def _trust(release: Release, found: Facts) -> tuple[Source, Trust]:
    if found.source in SDIST_SOURCES:
        return found.source, "claimed"
    if release.source == found.source or (release.source, found.source) == ("file", "wheel"):
        return release.source, release.trust
    return found.source, "unverified"
