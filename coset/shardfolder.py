"""How does a folder of shards or tables come from the disk and go to it?"""

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path

from dataset.jsonl import releases_from_lines
from dataset.manifest import SHARD_NAME, TABLE_NAME, Manifest, read_manifest
from dataset.parquet import read_tables
from dataset.records import MANIFEST, Release
from dataset.shards import from_shards, to_shards
from dataset.store import Store
from normalize.errors import OutsideError, UsageError

_SQLITE = b"SQLite format 3\x00"

_WAITING = 8
"""Files in memory that wait to be written."""


def read_folder(folder: Path) -> tuple[Manifest, Iterator[Release | UsageError]]:
    """Return the manifest, and the releases and errors as they are read.

    Raises:
        UsageError: there is no usable manifest.
        OutsideError: the disk failed.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        there = {path.name for path in folder.glob("*.jsonl")}
    except FileNotFoundError:
        raise UsageError(
            f"{str(folder)!r} holds no {MANIFEST}", hint="name the .jsonl files themselves to import them without one"
        ) from None
    except OSError as error:
        raise disk_failed(folder, error) from error
    manifest = read_manifest(content, str(folder / MANIFEST))
    if manifest.digits is None:
        return manifest, _tables(manifest, folder)
    return manifest, from_shards(manifest, there, lambda name: _content(folder / name), str(folder))


def _tables(manifest: Manifest, folder: Path) -> Iterator[Release | UsageError]:
    try:
        yield from read_tables(manifest, folder)
    except OSError as error:
        raise disk_failed(folder, error) from error


def read_lines(path: Path) -> Iterator[Release | UsageError]:
    """Yield the releases and errors of one file of JSON Lines as they are read; that it holds none is an error.

    Raises:
        OutsideError: the disk failed.
    """
    hint = "name a file of JSON Lines, or a folder that 'coset dataset export' wrote"
    empty = True
    try:
        with path.open("rb") as lines:
            first = lines.readline()
            if first.startswith(_SQLITE):
                sentence = f"{str(path)!r} is a dataset in SQLite, not JSON Lines"
                yield UsageError(sentence, hint="'coset dataset merge OTHER --db FILE' puts it into another dataset")
                return
            if first.strip() in {b"{", b"["}:
                sentence = f"{str(path)!r} is one JSON document, such as a plan or a snapshot, and holds no releases"
                yield UsageError(sentence, hint=hint)
                return
            for one in releases_from_lines(chain([first] if first else [], lines), str(path)):
                empty = False
                yield one
    except FileNotFoundError:
        yield UsageError(f"there is no file or folder {str(path)!r}", hint=hint)
        return
    except OSError as error:
        raise disk_failed(path, error) from error
    if empty:
        yield UsageError(f"{str(path)!r} holds no release", hint=hint)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise disk_failed(path, error) from error


def write_shards(folder: Path, store: Store) -> dict[str, int]:
    """Write the dataset as shards of JSON Lines; see :func:`write_folder`."""

    def write(fresh: Path) -> dict[str, int]:
        with closing(to_shards(store)) as files:  # while the store is open, also where the disk is full
            return _write_all(fresh, files)

    return write_folder(folder, write)


def write_folder(folder: Path, write: Callable[[Path], dict[str, int]]) -> dict[str, int]:
    """Make the folder hold exactly what is written; it is written beside its place and appears whole or not at all.

    Args:
        folder: to be made, or replaced.
        write: puts files into an empty folder and returns the size of each.

    Returns:
        The size of each file.

    Raises:
        UsageError: the folder exists and holds something else than a dataset, which replacing it would delete.
        OutsideError: the disk failed.
    """
    folder = folder.resolve()
    try:
        foreign = sorted(path.name for path in folder.iterdir() if not _ours(path)) if folder.exists() else []
    except NotADirectoryError:
        raise UsageError(f"{str(folder)!r} is not a folder", hint="name a folder for the shards") from None
    except OSError as error:
        raise disk_failed(folder, error) from error
    if foreign:
        raise UsageError(
            f"{str(folder)!r} holds {foreign[0]!r}, which is no part of a dataset and would be lost",
            hint="name a new or empty folder, or one that an export wrote",
        )
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
            fresh, old = Path(temporary) / "fresh", Path(temporary) / "old"
            fresh.mkdir()
            sizes = write(fresh)
            for path in (*map(fresh.joinpath, sizes), fresh):
                _reach_the_disk(path)
            if folder.exists():
                folder.rename(old)
            try:
                fresh.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
            return sizes
    except OSError as error:
        raise disk_failed(folder, error) from error


def _write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """Write the files, while the next ones are put together, and wait until the disk holds them all."""
    sizes: dict[str, int] = {}
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1) as pool:
        for name, content in files:
            sizes[name] = len(content)
            waiting.append(pool.submit(_write, folder / name, content))
            if len(waiting) > _WAITING:
                waiting.popleft().result()
        for one in waiting:
            one.result()
    return sizes


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _reach_the_disk(path)


def _reach_the_disk(path: Path) -> None:
    """Wait until the disk holds what was written, so that what is renamed after it is whole even if the power fails."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ours(path: Path) -> bool:
    known = path.name == MANIFEST or SHARD_NAME.fullmatch(path.name) or TABLE_NAME.fullmatch(path.name)
    return path.is_file() and bool(known)


def disk_failed(path: Path, error: OSError) -> OutsideError:
    """Return what to tell the user when the operating system refuses a file."""
    return OutsideError(
        f"{os.fspath(path)!r} cannot be read or written: {error.strerror or error}",
        hint="check that it exists, its permissions, and the space on the disk",
    )
