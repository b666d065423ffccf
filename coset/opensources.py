"""How is a dataset in any form opened for reading? A SQLite file as it is, everything else as if it were imported."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from coset.exchange import import_sources
from coset.shardfolder import disk_failed
from coset.terminal import Progress
from dataset.store import Store
from normalize.errors import UsageError

_SQLITE = b"SQLite format 3\x00"


@contextmanager
def open_sources(sources: Sequence[Path], show: Progress) -> Iterator[list[Store]]:
    """Yield the datasets, opened for reading, in the order in which they are named.

    Args:
        sources: SQLite files, folders with a manifest, and files of JSON Lines.
        show: told of the progress.

    Raises:
        UsageError: one of them is no dataset.
        OutsideError: the disk failed.
    """
    with ExitStack() as stack:
        found = []
        for source in sources:
            if source.is_file() and _is_sqlite(source):
                found.append(stack.enter_context(Store.open(source)))
                continue
            if not source.exists():
                raise UsageError(
                    f"there is no dataset at {str(source)!r}",
                    hint="name a SQLite file, a folder that 'coset dataset export' wrote, or a file of JSON Lines",
                )
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="coset-", ignore_cleanup_errors=True))
            unpacked = Path(folder) / "dataset.sqlite"
            import_sources([source], unpacked, show=show)
            found.append(stack.enter_context(Store.open(unpacked)))
        yield found


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as content:
            return content.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise disk_failed(path, error) from error
