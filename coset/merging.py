"""How do several datasets become one on the disk, all of it or nothing?"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from coset.exchange import appearing
from coset.garbage import uncollected
from coset.opensources import open_sources
from coset.terminal import Progress
from coset.writelock import only_writer
from dataset.mergestores import merge_stores
from dataset.store import Store
from normalize.errors import OutsideError, UsageError


def merge_sources(sources: Sequence[Path], db: Path, show: Progress) -> int:
    """Merge datasets in any form into the one at ``db``; return of how many releases they disagree.

    Args:
        sources: SQLite files, folders with a manifest, and files of JSON Lines.
        db: a dataset to merge into, or a path that holds none yet.
        show: told of the progress.

    Raises:
        UsageError: one of them is no dataset, or damaged.
        OutsideError: the disk failed, or another command writes to the dataset at ``db``.
    """
    with only_writer(db, "a merge"):
        _check_replaceable(db)
        several = [db, *sources] if db.exists() else sources
        with (
            open_sources(several, show) as stores,
            appearing(db) as fresh,
            uncollected(),
            Store.create(fresh) as target,
        ):
            try:
                return merge_stores(stores, target, show)
            except ValueError as error:
                raise UsageError(
                    f"a stored text in one of the datasets is damaged: {error}",
                    hint="'coset dataset doctor --repair --db FILE' forgets damaged texts",
                ) from error


def _check_replaceable(db: Path) -> None:
    """Make sure that who protects a dataset does not find another in its place; renaming asks for no permission."""
    if db.exists() and not (db.stat().st_mode & stat.S_IWUSR and os.access(db, os.W_OK)):
        raise OutsideError(
            f"the dataset {str(db)!r} cannot be written: it is read-only",
            hint="make it writable, or merge it into another file: 'coset dataset merge THIS OTHER --db FILE'",
        )
