"""How do other forms of a dataset move into SQLite on the disk, all of it or nothing?"""

import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from coset.garbage import uncollected
from coset.shardfolder import disk_failed, read_folder, read_lines
from coset.terminal import Progress, no_progress
from coset.writelock import only_writer
from dataset.jsonl import all_or_errors
from dataset.manifest import Manifest
from dataset.records import Release
from dataset.store import Store
from normalize.errors import OutsideError, UsageError


def import_sources(
    sources: Sequence[Path], db: Path, *, anew: bool = False, show: Progress = no_progress
) -> tuple[Manifest, ...]:
    """Put JSON Lines files, and folders of shards or tables, into a dataset: all, or nothing where one is bad.

    Args:
        sources: files and folders; what several say of one release is merged in this order.
        db: a dataset to add to, or a path that holds none yet.
        anew: replace what is at ``db``, if anything, instead of adding to it; several processes may do so at once.
        show: told of the progress.

    Returns:
        The manifests of the folders.

    Raises:
        UsageError: sources that cannot be used; all problems are reported together.
        OutsideError: the disk failed, or another command writes to the dataset at ``db``.
    """
    if anew:
        with appearing(db) as fresh:
            return _fill(fresh, sources, show)
    with only_writer(db, "an import"):
        if db.exists():
            return _fill(db, sources, show)
        with appearing(db) as fresh:
            return _fill(fresh, sources, show)


@contextmanager
def appearing(db: Path) -> Iterator[Path]:
    """Yield where to write a dataset that takes its place at ``db`` when it is finished, or leaves no trace.

    Raises:
        OutsideError: the disk failed.
    """
    try:
        with tempfile.TemporaryDirectory(dir=db.parent, prefix=f".{db.name}-", ignore_cleanup_errors=True) as temporary:
            fresh = Path(temporary) / db.name
            try:
                yield fresh
            except OutsideError as error:  # which names a place that the user has never heard of
                sentence = error.sentence.replace(repr(str(fresh)), repr(str(db)))
                raise OutsideError(sentence, hint=error.hint) from error
            if db.exists():
                fresh.chmod(stat.S_IMODE(db.stat().st_mode))
            for leftover in ("-wal", "-shm"):  # of a dataset that is replaced; they would not fit the new one
                db.with_name(db.name + leftover).unlink(missing_ok=True)
            fresh.replace(db)
    except OSError as error:
        raise disk_failed(db, error) from error


def _fill(db: Path, sources: Sequence[Path], show: Progress) -> tuple[Manifest, ...]:
    manifests: list[Manifest] = []
    parts: list[Iterable[Release | UsageError]] = []
    for source in sources:
        if not source.is_dir():
            parts.append(read_lines(source))
            continue
        try:
            manifest, releases = read_folder(source)
        except UsageError as error:
            parts.append([error])
        else:
            manifests.append(manifest)
            parts.append(releases)
    problems = [problem for manifest in manifests for problem in manifest.problems]
    known = sum(manifest.releases for manifest in manifests)
    total = known if len(manifests) == len(sources) else None  # a file says only at its end how much it holds
    with uncollected(), Store.create(db) as store:
        store.put(_counted(all_or_errors(chain.from_iterable(parts)), show, total), problems=problems)
        for manifest in manifests:
            if manifest.crawled is not None:
                store.keep_crawled(manifest.crawled)
        show("working out the dataset's digest")
        store.keep_digest()
    return tuple(manifests)


def _counted(releases: Iterable[Release], show: Progress, total: int | None) -> Iterator[Release]:
    for done, release in enumerate(releases):
        if done % 500 == 0:
            show("putting releases into the dataset", done, total)
        yield release
