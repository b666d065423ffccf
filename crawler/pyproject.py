"""What does a pyproject.toml say without being built? ``[project]`` where it is static, and ``[build-system]``."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from crawler.about import about_of
from crawler.metadata import Metadata, Requirements, judged
from dataset.records import About
from normalize.projects import ProjectName, extra_name
from normalize.versions import parse_version

_REQUIREMENTS = frozenset({"dependencies", "optional-dependencies"})
_LONG_KEY = re.compile(rb"""(?<![\w"'.-])(?:[\w"'-]++\s*+\.\s*+){100}""")
"""tomllib takes quadratic time for a key of many parts; honest ones have six."""


def project_table(text: bytes, project: ProjectName, version: str) -> Metadata | None:
    """Return what ``[project]`` says where it says all of the requirements (PEP 621), else None.

    A field that is listed as dynamic is not believed, even where it stands there too.
    """
    table = _tables(text).get("project")
    if not isinstance(table, dict):
        return None
    dynamic = table.get("dynamic", [])
    plain = table.get("dependencies", [])
    optional = table.get("optional-dependencies", {})
    if not _texts(dynamic) or _REQUIREMENTS & set(dynamic):
        return None
    if not _texts(plain) or not isinstance(optional, dict) or not all(map(_texts, optional.values())):
        return None
    name, stated, python = table.get("name"), table.get("version"), table.get("requires-python")
    if not isinstance(name, str) or ProjectName(extra_name(name)) != project:
        return None
    if isinstance(stated, str) and "version" not in dynamic and parse_version(stated) != parse_version(version):
        return None
    lines = [*plain, *(under(line, "", extra) for extra in optional for line in optional[extra])]
    return Metadata(
        name=name,
        version=version,
        requirements=judged(one_line(line) for line in lines),
        extras=tuple(sorted({one_line(extra) for extra in optional})),
        requires_python=one_line(python) if isinstance(python, str) and "requires-python" not in dynamic else None,
    )


def project_about(text: bytes, project: ProjectName) -> About | None:
    """Return what ``[project]`` tells people, where it is the project's."""
    table = _tables(text).get("project")
    if not isinstance(table, dict):
        return None
    name, licence = table.get("name"), table.get("license")
    if not isinstance(name, str) or ProjectName(extra_name(name)) != project:
        return None
    field = licence.get("text") if isinstance(licence, dict) else None
    classifiers, addresses = table.get("classifiers"), table.get("urls")
    classifiers = classifiers if isinstance(classifiers, list) else []
    addresses = addresses if isinstance(addresses, dict) else {}
    return about_of(
        one_line(licence) if isinstance(licence, str) else None,
        one_line(field) if isinstance(field, str) else None,
        [one for one in classifiers if isinstance(one, str) and one.startswith("License ::")],
        [(label, one_line(one)) for label, one in addresses.items() if isinstance(one, str)],
    )


def build_requirements(text: bytes) -> Requirements | None:
    """Return what ``[build-system]`` requires (PEP 518), or None where it does not say so."""
    table = _tables(text).get("build-system")
    requires = table.get("requires") if isinstance(table, dict) else None
    if requires is None or not _texts(requires):
        return None
    return judged(map(one_line, requires))


def build_backend(text: bytes) -> str | None:
    """Return the build backend, or None where none is named, which means setuptools (PEP 517)."""
    table = _tables(text).get("build-system")
    backend = table.get("build-backend") if isinstance(table, dict) else None
    return backend if isinstance(backend, str) else None


def has_project_table(text: bytes) -> bool:
    """Return whether there is a ``[project]``, which the builders then believe."""
    return "project" in _tables(text)


def under(line: str, condition: str, extra: str = "") -> str:
    """Return the requirement as METADATA would hold it: under a condition, or where an extra is asked for, or both.

    >>> under("a>1; os_name == 'nt'", "", "test"), under("a @ b:c", "os_name == 'nt' or os_name == 'x'")
    ("a>1; (os_name == 'nt') and extra == 'test'", "a @ b:c ; os_name == 'nt' or os_name == 'x'")
    """
    separator = ";" if "@" not in line else " ;"  # a direct URL may hold a semicolon
    requirement, _, marker = line.partition(separator)
    conditions = [one.strip() for one in (marker, condition) if one.strip()]
    if extra:
        quote = '"' if "'" in extra else "'"
        conditions = [*(f"({one})" for one in conditions), f"extra == {quote}{extra}{quote}"]
    elif len(conditions) > 1:
        conditions = [f"({one})" for one in conditions]
    return f"{requirement}{separator} {' and '.join(conditions)}" if conditions else requirement


def one_line(text: str) -> str:
    """Return the text without line breaks, which a line of METADATA cannot hold, and without lone surrogates."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _tables(text: bytes) -> Mapping[str, Any]:
    if _LONG_KEY.search(text):
        return {}
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
