"""Which answers about names lie ready to be printed? Those that `coset.namesanswers` wrote, of coset's own data.

``coset names show`` looks here first. The answer to an exactly spelled name takes hardly longer than Python's own
start, because this module imports nothing that Python has not imported already.
"""

import os

from coset.locations import cache_path, code_path, data_path

FILE = "names-ready.txt"
"""In the cache folder. The first line stands for what the answers were made of; then comes a line for each name: the
name, the answer as lines, and as JSON, with tabs between them and ``\\0`` for line ends."""


def ready_answer(words: list[str]) -> str | None:
    """Return what ``coset names show`` prints where all answers lie ready; None where it must look the names up.

    Args:
        words: names, and perhaps ``--json``.
    """
    names = [word for word in words if word != "--json"]
    if not names or not all(name.isascii() and name.isprintable() and name[:1] != "-" for name in names):
        return None
    folder = cache_path()
    content = None if folder is None else answers_in(os.path.join(folder, FILE))
    if content is None:
        return None
    found = [_answer(content, name, as_json="--json" in words) for name in names]
    answers = [one for one in found if one is not None]
    if len(answers) < len(names):
        return None
    return "[\n" + ",\n".join(answers) + "\n]\n" if "--json" in words else "\n\n".join(answers) + "\n"


def answers_in(file: str) -> bytes | None:
    """Return the content of a file of answers; None where it is not there, or made of other data than today's."""
    try:
        with open(file, "rb") as stream:
            if stream.readline() != state():
                return None
            return b"\n" + stream.read()
    except OSError:
        return None


def _answer(content: bytes, name: str, *, as_json: bool) -> str | None:
    start = content.find(f"\n{name}\t".encode())
    if start < 0:
        return None
    end = content.index(b"\n", start + 1)
    _, text, data = content[start + 1 : end].split(b"\t")
    return (data if as_json else text).replace(b"\0", b"\n").decode()


def state() -> bytes:
    """Return what stands for what the answers are made of today, as the first line of their file."""
    data, code = made_of()
    return first_line([*data, *code])


def made_of(dataset: str | None = None) -> tuple[list[str], list[str]]:
    """Return the files that answers about names come from: the data, and the code that reads them.

    Args:
        dataset: another dataset than coset's own.
    """
    data, code = data_path(), code_path()
    dataset = os.path.join(data, "dataset", "manifest.json") if dataset is None else dataset
    current, table = os.path.join(data, "nixpkgs", "nixpkgs.json"), os.path.join(data, "names.toml")
    files = [os.path.join(code, "report", "lookups.py"), os.path.join(code, "coset", "namesanswers.py")]
    for folder in (os.path.join(code, "normalize"), os.path.join(code, "dataset")):
        files += [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    return [current, table, dataset, f"{dataset}-wal"], files


def first_line(files: list[str]) -> bytes:
    """Return what stands for the present content of files, as one line: their sizes and when they were last written."""
    words = []
    for file in files:
        try:
            found = os.stat(file)
            words.append(f"{file} {found.st_size} {found.st_mtime_ns}")
        except OSError:
            words.append(f"{file} is missing")
    return "\0".join(words).replace("\n", "\0").encode(errors="surrogateescape") + b"\n"
