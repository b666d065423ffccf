"""What is the name map made of, and which file keeps it? As text, for what cannot wait for pathlib."""

import os
import zlib

from coset.locations import cache_path, code_path, data_path

LAYOUT = b"!coset names "
"""How a file of the map begins, which sorts before all its lines."""

_CODE = ("namescache.py", "namesdata.py")
"""The modules of coset that say what the map is made of, and what its lines look like."""


def kept_file(dataset: str | None) -> str | None:
    """Return the file that keeps the map, whether or not it is there; None where platformdirs must be asked.

    Args:
        dataset: another dataset than coset's own.
    """
    folder = cache_path()
    return None if folder is None else os.path.join(folder, file_name(dataset))


def file_name(dataset: str | None) -> str:
    """Return the name of the file; should two datasets ever share it, they replace each other's map."""
    place = data_path() if dataset is None else _absolute(dataset)
    return f"names-{zlib.crc32(place.encode(errors='surrogateescape')):08x}.lines"


def first_line(dataset: str | None) -> bytes:
    """Return the first line of the file: what stands for the present content of all that the map is made of."""
    return state(made_of(dataset))


def made_of(dataset: str | None = None) -> list[str]:
    """Return the files that the map comes from: the data, then the code that reads them."""
    data, code = data_path(), code_path()
    dataset = os.path.join(data, "dataset", "manifest.json") if dataset is None else _absolute(dataset)
    files = [os.path.join(data, "nixpkgs", "nixpkgs.json"), os.path.join(data, "names.toml"), dataset, f"{dataset}-wal"]
    for folder in (os.path.join(code, "normalize"), os.path.join(code, "dataset")):
        files += [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    return files + [os.path.join(code, "coset", name) for name in _CODE]


def state(files: list[str]) -> bytes:
    """Return what stands for the present content of files, as one line: their sizes and when they were last written."""
    words = []
    for file in files:
        try:
            found = os.stat(file)
            words.append(f"{file} {found.st_size} {found.st_mtime_ns}")
        except OSError:
            words.append(f"{file} is missing")
    return LAYOUT + "\0".join(words).replace("\n", "\0").encode(errors="surrogateescape") + b"\n"


def _absolute(file: str) -> str:
    return os.path.join(os.getcwd(), file)
