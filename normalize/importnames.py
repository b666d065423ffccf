"""How are import names spelled? Dotted identifiers, their parents, and the few that stand for a whole list."""

import keyword
import re
from collections.abc import Iterable

from normalize.namespelling import parents

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")

_BESIDE = frozenset(
    {"benchmark", "benchmarks", "build", "conftest", "dist", "doc", "docs", "example", "examples", "sample", "samples"}
    | {"script", "scripts", "test", "testing", "tests", "tools"}
)
"""Top-level folders that wheels carry along by mistake; such a name says nothing about the project."""


def is_import_name(text: str) -> bool:
    """Return whether ``import text`` is possible: dotted ASCII identifiers, none of them a keyword.

    >>> is_import_name("google.protobuf"), is_import_name("scikit-learn"), is_import_name("foo.class")
    (True, False, False)
    """
    return _DOTTED.fullmatch(text) is not None and not any(keyword.iskeyword(part) for part in text.split("."))


def roots(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that no other of them contains, sorted, without private parts where others remain.

    >>> roots(["lxml.etree", "lxml", "google._upb._message", "google.protobuf"])
    ('google.protobuf', 'lxml')
    """
    every = set(names)
    top = {name for name in every if not any(parent in every for parent in parents(name))}
    public = {name for name in top if not any(part.startswith("_") for part in name.split("."))}
    return tuple(sorted(public or top))


def is_beside(name: str) -> bool:
    """Return whether a top-level name found in a wheel is private or a folder carried along by mistake.

    >>> is_beside("tests"), is_beside("_distutils_hack"), is_beside("numpy")
    (True, True, False)
    """
    return name.startswith("_") or name.lower() in _BESIDE
