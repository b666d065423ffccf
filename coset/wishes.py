"""Which projects does a file ask a crawl for? A current set, or the requirements that a solve missed."""

import json
from pathlib import Path
from typing import Any

from coset.givenfiles import read_given, read_snapshot
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.versions import parse_nix_version


def current_versions(path: Path) -> dict[ProjectName, frozenset[str]]:
    """Return the projects of a current set, each with the releases that nixpkgs has of it.

    Raises:
        UsageError: the file is no current set.
        OutsideError: it cannot be read.
    """
    current = read_snapshot(path, where=str(path))
    found: dict[ProjectName, frozenset[str]] = {}
    for attribute in current.attributes:
        if attribute.project is not None:
            release = None if attribute.version is None else parse_nix_version(attribute.version).release
            versions = frozenset() if release is None else frozenset({str(release)})
            found[attribute.project] = found.get(attribute.project, frozenset()) | versions
    return found


def wanted_requirements(path: Path) -> dict[ProjectName, tuple[str, ...]]:
    """Return the projects that a file asks for, each with the specifiers whose newest releases are wanted.

    A line holds a requirement, bare or as JSON: a text, or an object with ``requirement``, or with ``project`` and
    ``specifier``. Empty lines and those that begin with ``#`` say nothing.

    Raises:
        UsageError: lines that cannot be read; all of them are named.
        OutsideError: the file cannot be read.
    """
    hint = "write one requirement in each line, such as numpy>=2"
    found: dict[ProjectName, set[str]] = {}
    bad: list[str] = []
    for number, line in enumerate(read_given(path, hint).splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        requirement = parse_requirement(_requirement(text))
        if requirement is None:
            bad.append(f"{path} line {number}: {text[:80]!r} is not a requirement")
        else:
            found.setdefault(requirement.project, set()).add(str(requirement.specifier))
    if bad:
        raise UsageError("\n".join(bad), hint=hint)
    return {project: tuple(sorted(texts)) for project, texts in sorted(found.items())}


def _requirement(text: str) -> str:
    if text[0] not in '{"':
        return text
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if isinstance(data, dict):
        data = data.get("requirement", f"{data.get('project', '')} {data.get('specifier') or ''}")
    return data if isinstance(data, str) else ""
