"""How does a folder of shards come from the disk and go to it?"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from dataset.records import MANIFEST, Release
from dataset.shards import SHARD_NAME, Manifest, from_shards, read_manifest
from normalize.errors import OutsideError, UsageError


def read_folder(folder: Path) -> tuple[Manifest, Iterator[Release | UsageError]]:
    """Return the manifest, and the releases and errors as they are read.

    Raises:
        UsageError: there is no usable manifest.
        OutsideError: the disk failed.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.jsonl"))}
    except FileNotFoundError:
        raise UsageError(
            f"{str(folder)!r} holds no {MANIFEST}", hint="name the .jsonl files themselves to import them without one"
        ) from None
    except OSError as error:
        raise disk_failed(folder, error) from error
    manifest = read_manifest(content, str(folder / MANIFEST))
    return manifest, from_shards(manifest, files, str(folder))


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder hold exactly these files; it is written beside its place and appears whole or not at all.

    Raises:
        UsageError: the folder exists and holds something else than shards, which replacing it would delete.
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
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            if folder.exists():
                folder.rename(old)
            try:
                fresh.rename(folder)
            except OSError:
                if old.exists():
                    old.rename(folder)
                raise
    except OSError as error:
        raise disk_failed(folder, error) from error


def _ours(path: Path) -> bool:
    return path.is_file() and (path.name == MANIFEST or SHARD_NAME.fullmatch(path.name) is not None)


def disk_failed(path: Path, error: OSError) -> OutsideError:
    """Return what to tell the user when the operating system refuses a file."""
    return OutsideError(
        f"{os.fspath(path)!r} cannot be read or written: {error.strerror or error}",
        hint="check that it exists, its permissions, and the space on the disk",
    )
