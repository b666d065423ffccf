"""What do ``pythonRelaxDeps`` and ``pythonRemoveDeps`` do with a name? Sed on METADATA, without an end to the name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from normalize.nameaudit import Finding
from normalize.projects import extra_name
from normalize.requirements import parse_requirement

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")

EVERYTHING = "*"
"""Stands for nixpkgs' ``true``: all dependencies."""


def also_relaxes(name: str, other: str) -> bool:
    """Return whether relaxing a name relaxes another, longer requirement too.

    The hook replaces ``Requires-Dist: $name`` without regard to case or to what follows the name, and a ``.`` in the
    name matches any character (python-relax-deps-hook.sh; nixpkgs issue 319223). The other requirement then asks for
    the name, whatever it asked for before.

    >>> also_relaxes("python", "python-dateutil"), also_relaxes("numpy", "NumPy"), also_relaxes("a.b", "a_bc")
    (True, False, True)
    """
    return len(name) < len(other) and hits(name, other)


def hits(name: str, other: str, *, removing: bool = False) -> bool:
    """Return whether the hook takes a requirement's name, as METADATA spells it, for the name that it is given.

    Only relaxing disregards case.

    >>> hits("Foo", "foo"), hits("Foo", "foo", removing=True), hits("ruamel-yaml", "ruamel.yaml")
    (True, False, False)
    """
    if len(name) > len(other):
        return False
    start = other[: len(name)]
    if not removing:
        name, start = name.lower(), start.lower()
    return all(mine in (".", its) for mine, its in zip(name, start, strict=True))


def rewritten(line: str, relaxed: Iterable[str], removed: Iterable[str] = ()) -> str | None:
    """Return what the hook leaves of a requirement line of METADATA, or None where it deletes the line.

    It relaxes first, each name in the order of the list, and removes from what is left then.

    >>> rewritten("h5py[x] >=3,<4; os_name == 'posix'", ["h5py"]), rewritten("uvicorn>=1", (), ["uv"])
    ("h5py[x] ; os_name == 'posix'", None)
    >>> rewritten("python-dateutil~=2.8.2", ["python"])
    'python'
    """
    for name in relaxed:
        line = _relaxing(name).sub(r"\1\3", line, count=1)
    return None if any(_removes(name, line) for name in removed) else line


@lru_cache(10_000)
def _relaxing(name: str) -> re.Pattern[str]:
    """Return the hook's expression, after ``Requires-Dist:`` and a blank; no part of a list is a pattern but ``.``."""
    wanted = r"[a-zA-Z0-9_.-]+" if name == EVERYTHING else re.escape(name).replace(r"\.", ".")
    return re.compile(rf"\A({wanted}\s*(\[[^]]+\])?)[^;]*(;.*)?", re.IGNORECASE | re.ASCII)


def _removes(name: str, line: str) -> bool:
    return name == EVERYTHING or re.match(re.escape(name).replace(r"\.", "."), line) is not None


def spelled_names(requirements: Iterable[str]) -> tuple[str, ...]:
    """Return the names of requirement lines as METADATA spells them, sorted; of lines that are not PEP 508, too.

    >>> spelled_names(["Foo>=1", "foo.bar[x]; extra == 'y'", "old (what)"])
    ('Foo', 'foo.bar', 'old')
    """
    found = set()
    for line in requirements:
        parsed = parse_requirement(line)
        match = _NAME.match(line)
        if parsed is not None:
            found.add(parsed.name)
        elif match is not None:
            found.add(match[1])
    return tuple(sorted(found))


def hit_beside(name: str, spelled: Iterable[str]) -> tuple[str, ...]:
    """Return the other requirements that relaxing a name hits, sorted.

    Which target or extra they are for, and whether nixpkgs removes them, is all the same to the hook.
    """
    return tuple(sorted(other for other in spelled if also_relaxes(name, other)))


def hook_findings(
    attribute: str, release: str, spelled: Sequence[str], relaxed: Sequence[str], removed: Sequence[str]
) -> Iterator[Finding]:
    """Yield the names given to the hook that it takes for another requirement, or for none.

    Args:
        attribute: whose names they are.
        release: the release whose METADATA was read, for people.
        spelled: the names of all its requirements, as METADATA spells them.
        relaxed: the names in ``pythonRelaxDeps``.
        removed: the names in ``pythonRemoveDeps``.
    """
    for what, verb, names in (("pythonRelaxDeps", "relaxes", relaxed), ("pythonRemoveDeps", "removes", removed)):
        removing = verb == "removes"
        for name in sorted(set(names) - {EVERYTHING}):
            found = [other for other in spelled if hits(name, other, removing=removing)]
            meant = [other for other in spelled if extra_name(other) == extra_name(name)]
            others = [other for other in found if other not in meant]
            if meant and not set(found) & set(meant):
                yield Finding(
                    kind="relax-spelling",
                    names=(attribute,),
                    sentence=f"{what} of {attribute} has {name}, but METADATA of {release} spells it {meant[0]}",
                    hint=f"write {meant[0]}: the hook does not normalise, and {verb} nothing",
                )
            if others:
                yield Finding(
                    kind="relax-prefix",
                    names=(attribute,),
                    sentence=f"{what} of {attribute} has {name}, which also {verb} {', '.join(others)} of {release}:"
                    " the hook does not look at a name's end",
                    hint=(
                        "look whether it is needed, for an extra or on another target, too"
                        if removing
                        else f"each of these asks for {name} then: look whether an extra or another target needs it"
                    ),
                )
