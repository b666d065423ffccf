"""What does a project page say otherwise than before? Nothing that is gone is dropped; it is marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.anew import differ
from crawler.depth import PageRelease
from dataset.crawlstate import Change, Progress
from dataset.records import LISTED, Release, Timestamp


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a project's releases.

    Attributes:
        changes: sorted.
        gone: the releases that the page no longer has, marked.
    """

    changes: tuple[Change, ...] = ()
    gone: tuple[Release, ...] = ()


def compared(
    before: Iterable[PageRelease], now: Iterable[PageRelease], progress: Mapping[str, Progress], seen: Timestamp
) -> Difference:
    """Compare two states of one project's page.

    Args:
        before: the releases on the former page; nothing where there was none.
        now: those on the page as it is.
        progress: what the store knows of the project's releases, with those that are gone.
        seen: the time of this crawl.
    """
    old = {one.version: one for one in before}
    new = {one.version: one for one in now}
    changes: list[Change] = []
    for version in sorted(new):
        release, known = new[version], progress.get(version)
        if known is not None and known.gone is not None:
            changes.append(Change(release.project, version, "release-back", known.gone, "", seen))
        if version in old:
            changes += _of_release(old[version], release, seen)
    gone = []
    for version in sorted(old.keys() - new.keys()):
        if version in progress and progress[version].gone is None:
            changes.append(Change(old[version].project, version, "release-gone", "", "", seen))
            gone.append(marked_gone(old[version].listed(), seen))
    return Difference(tuple(sorted(changes)), tuple(gone))


def missing(stored: Iterable[Release], now: Iterable[PageRelease], seen: Timestamp) -> Difference:
    """Compare a page with what the store holds of a project whose page was never read, such as after an import."""
    there = {one.version for one in now}
    gone = [one for one in stored if one.version not in there and one.gone is None]
    changes = [Change(one.project, one.version, "release-gone", "", "", seen) for one in gone]
    return Difference(tuple(sorted(changes)), tuple(marked_gone(one, seen) for one in gone))


def marked_gone(release: Release, seen: Timestamp) -> Release:
    """Return what says of a release that it is gone, and nothing otherwise than before."""
    return Release(
        project=release.project,
        version=release.version,
        uploaded=release.uploaded,
        yanked=release.yanked,
        requires_python=release.requires_python,
        unknown=LISTED,
        gone=seen,
    )


def _of_release(old: PageRelease, new: PageRelease, seen: Timestamp) -> Iterable[Change]:
    before, after = old.listed(), new.listed()
    if before.yanked != after.yanked:
        kind = "unyanked" if after.yanked is None else "yanked"
        yield Change(new.project, new.version, kind, before.yanked or "", after.yanked or "", seen)
    if before.requires_python != after.requires_python:
        texts = (before.requires_python or "", after.requires_python or "")
        yield Change(new.project, new.version, "requires-python", *texts, seen)
    hashes = {file.name: file.sha256 for file, _ in new.files}
    for file, _ in old.files:
        if file.name not in hashes:
            yield Change(new.project, new.version, "file-gone", file.name, "", seen)
        elif differ(file.sha256, hashes[file.name]):
            texts = (f"{file.name} {file.sha256}", f"{file.name} {hashes[file.name]}")
            yield Change(new.project, new.version, "file-replaced", *texts, seen)
    there = {file.name for file, _ in old.files}
    for file, _ in new.files:
        if file.name not in there:
            yield Change(new.project, new.version, "file-added", "", file.name, seen)
