"""Which releases are to be read anew, because the index shows other files of them than those they were read from?

A release is read anew where one of the files that a reading asks (`witnesses`) was not there before, has another
advertised metadata, or is gone; where any file is another under the same name; where the index gives it another
requires-python; and where it was gone and is back. What is read then takes the place of what was known, as if the
release were seen for the first time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crawler.depth import PageRelease, stored_file
from crawler.ladder import MOST_WHEELS
from crawler.locations import path_below
from crawler.pages import PageFile
from dataset.crawlstate import Problem, Progress
from dataset.merge import RANK
from dataset.records import LISTED, File, Release, Trust


@dataclass(frozen=True, slots=True)
class Anew:
    """What became of the files of releases that are stored.

    Attributes:
        versions: of the releases to read anew.
        lost: of these, those read from a file that is no longer there as it was, so that what is known of them does
            not hold any more -> the problems of files that are others under the same name.
        files: version -> the files of releases that were read, where they are others than before.
    """

    versions: frozenset[str] = frozenset()
    lost: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[File, ...]] = field(default_factory=dict)


def read_anew(
    before: Iterable[PageRelease],
    now: Iterable[PageRelease],
    progress: Mapping[str, Progress],
    stored: Callable[[], Iterable[Release]],
    base: str,
) -> Anew:
    """Compare what a page shows with what is stored.

    Args:
        before: the releases on the former page; nothing where there was none.
        now: those on the page as it is.
        progress: what the store knows of the project's releases.
        stored: returns these releases; it is called where one of them was not on the former page.
        base: where files lie.
    """
    old = {one.version: one for one in before}
    versions: set[str] = set()
    lost: dict[str, tuple[Problem, ...]] = {}
    files: dict[str, tuple[File, ...]] = {}
    there: dict[str, Release] | None = None
    for new in now:
        version, known, former = new.version, progress.get(new.version), old.get(new.version)
        if known is None or (former is not None and former.files == new.files):
            continue
        was_read, shown = known.unknown != LISTED, stored_files(new, base)
        if former is not None:
            problems, gone, other = _compared(former, new)
            was = stored_files(former, base)
        elif was_read:
            if there is None:
                there = {one.version: one for one in stored()}
            problems, missing, other = _compared_with_stored(there[version], new, imported=known.attempted is None)
            was, gone = there[version].files, missing and known.gone is not None
            other = other or missing or known.gone is not None
        else:
            problems, gone, other, was = (), False, known.gone is not None, ()
        if problems or gone or other:
            versions.add(version)
        if was_read and (problems or gone):
            lost[version] = problems
        if was_read and shown != was:
            files[version] = shown
    return Anew(frozenset(versions), lost, files)


def witnesses(release: PageRelease) -> tuple[PageFile, ...]:
    """Return the files that a reading asks for requirements, as far as it may have to."""
    wheels = [one for one, said in release.files if said.kind == "wheel"]
    sdists = [one for one, said in release.files if said.kind == "sdist"]
    return (*wheels[:MOST_WHEELS], *sdists[:1])


def stored_files(release: PageRelease, base: str) -> tuple[File, ...]:
    """Return the files of a release on a page as the dataset keeps them."""
    files = (stored_file(one, path_below(one.url, base)) for one, _ in release.files)
    return tuple(sorted(files, key=lambda one: one.name))


def _compared(old: PageRelease, new: PageRelease) -> tuple[tuple[Problem, ...], bool, bool]:
    """Return the problems of replaced files, whether a witness is gone, and whether one is new or says otherwise."""
    was = {file.name: file for file, _ in old.files}
    names = {file.name for file, _ in new.files}
    problems = _replaced(new, {name: file.sha256 for name, file in was.items()})
    gone = any(file.name not in names for file in witnesses(old))
    other = any(
        file.name not in was or file.metadata_sha256 not in (None, was[file.name].metadata_sha256)
        for file in witnesses(new)
    )
    return problems, gone, other or old.listed().requires_python != new.listed().requires_python


def _compared_with_stored(
    release: Release, new: PageRelease, *, imported: bool
) -> tuple[tuple[Problem, ...], bool, bool]:
    """Return the problems of replaced files, whether one is missing, and whether they tell more than what is stored.

    Where no former page says what was there, the files of the release do. One that no crawl has read, such as one of an
    import, is also read where the page has a better witness than the one that it rests on.
    """
    hashes = {file.name: file.sha256 for file in release.files}
    names = {file.name for file, _ in new.files}
    other = any(file.name not in hashes for file in witnesses(new))
    worse = imported and RANK[release.trust] < RANK[_best(new)]
    return _replaced(new, hashes), not hashes.keys() <= names, other or worse


def _best(release: PageRelease) -> Trust:
    """Return how far requirements could be trusted that the best file tells."""
    wheels = [one for one, said in release.files if said.kind == "wheel"][:MOST_WHEELS]
    if any(one.metadata_sha256 is not None for one in wheels):
        return "verified"
    return "unverified" if wheels else "claimed" if witnesses(release) else "none"


def _replaced(new: PageRelease, before: Mapping[str, str | None]) -> tuple[Problem, ...]:
    return tuple(
        Problem(new.project, new.version, file.name, "file-replaced", f"was {before[file.name]}, is {file.sha256}")
        for file, _ in new.files
        if file.name in before and differ(before[file.name], file.sha256)
    )


def differ(one: str | None, other: str | None) -> bool:
    """Return whether two hashes are known and not the same."""
    return one is not None and other is not None and one != other
