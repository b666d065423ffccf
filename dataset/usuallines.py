"""Which lines can be read without looking at everything that JSON allows? Those that an export writes mostly.

What is not as usual is left to the reader that knows every case and every error (`dataset.jsonl`).
"""

import datetime as dt
import re

from dataset.records import LISTED, File, Release, Timestamp
from normalize.projects import LONGEST_NAME, ProjectName

_PLAIN = r"[ !#-\[\]-~]*"  # ASCII that JSON writes as it is: neither controls nor quotes nor backslashes
_LISTED_LINE = re.compile(
    r'\{"project":"([a-z0-9]+(?:-[a-z0-9]+)*)","version":"([0-9A-Za-z][0-9A-Za-z.+!_-]*)"'
    r'(?:,"uploaded":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)")?'
    rf'(?:,"yanked":"({_PLAIN})")?(?:,"requires_python":"({_PLAIN})")?,"requires":null,"unknown":"{LISTED}"\}}'
)

_NAME = r"[0-9A-Za-z_][0-9A-Za-z_.+!-]*"  # no hidden file, no ".."
_A_FILE = rf'\{{"name":"{_NAME}","path":"{_NAME}(?:/{_NAME})*","sha256":"[0-9a-f]{{64}}"\}}'
_FILES = re.compile(rf"{_A_FILE}(?:,{_A_FILE})*\]\}}")
_FILE = re.compile(r'"name":"([^"]*)","path":"([^"]*)","sha256":"([^"]*)"')


def listed_release(line: str) -> Release | None:
    """Return the release of a line that only lists it, in an export's spelling."""
    found = _LISTED_LINE.fullmatch(line)
    if found is None:
        return None
    project, version, uploaded, yanked, python = found.groups()
    if len(project) > LONGEST_NAME:
        return None
    if uploaded is not None:
        try:
            dt.datetime.fromisoformat(uploaded)
        except ValueError:
            return None
    return Release(
        project=ProjectName(project),
        version=version,
        uploaded=None if uploaded is None else Timestamp(uploaded),
        yanked=yanked,
        requires_python=python,
        unknown=LISTED,
    )


def without_files(line: str) -> tuple[str, tuple[File, ...]]:
    """Return the line without its files, and these, where a line ends with files of the usual form; else as it is.

    Quotes within JSON text are escaped, so that the key is found where it is a key and nowhere else.
    """
    head, key, tail = line.rpartition(',"files":[')
    if not key or not _FILES.fullmatch(tail) or '"files"' in head:
        return line, ()
    return head + "}", tuple(File(name=name, path=path, sha256=digest) for name, path, digest in _FILE.findall(tail))
