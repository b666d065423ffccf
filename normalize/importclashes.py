"""Which distributions of one set install the same import name? Fatal where all of them lie on one PYTHONPATH."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from normalize.confidence import Confidence
from normalize.importnames import is_beside, is_import_name
from normalize.nameaudit import Finding
from normalize.namespelling import parents
from normalize.projects import ProjectName, extra_name

Depth = Literal["modules", "top-level"]
"""``modules``: each name is a module or package with code of its own. ``top-level``: only the first part is known to
be the distribution's; a package may be a namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """What one attribute installs.

    Attributes:
        attribute, project: whose it is.
        imports: import names that it installs.
        depth: how far the names reach.
        current: whether they are those of the version in the set.
        because: where they are from.
    """

    attribute: str
    project: ProjectName
    imports: tuple[str, ...]
    depth: Depth
    current: bool
    because: str


def import_findings(distributions: Iterable[Distribution]) -> Iterator[Finding]:
    """Yield the clashes, distributions that share several names once, and what a package of another hides.

    A package that holds parts of several distributions is a namespace and no clash. Files below a package are not
    known, so that two that share a namespace may still clash there.
    """
    every = list(distributions)
    spaces = _namespaces(every)
    shared: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    owners: defaultdict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(every):
        for name in sorted({name for name in one.imports if is_import_name(name)}):
            owners[name].append(i)
    for name, several in sorted(owners.items()):
        if len({every[i].project for i in several}) > 1 and not _is_namespace(
            name, [every[i] for i in several], spaces
        ):
            shared[tuple(several)].append(name)
    for together, names in shared.items():
        yield _clash([every[i] for i in together], names)
    yield from _hidden(every, owners)


def _namespaces(every: Sequence[Distribution]) -> frozenset[str]:
    """Return the packages that some distribution shows to be namespaces: it has parts in them and not the package."""
    return frozenset(
        parent for one in every if one.depth == "modules" for name in one.imports for parent in parents(name)
    )


def _is_namespace(name: str, owners: Sequence[Distribution], spaces: frozenset[str]) -> bool:
    return name in spaces and any(one.depth == "top-level" for one in owners)


def _clash(several: Sequence[Distribution], names: Sequence[str]) -> Finding:
    attributes = tuple(sorted(one.attribute for one in several))
    strength, doubt = _strength(several, names)
    mistake = all(is_beside(name) and not name.startswith("_") for name in names)
    what = " and ".join(sorted({one.because for one in several}))
    kept = "both" if len(several) == 2 else "all"
    return Finding(
        kind="import-clash",
        names=attributes,
        sentence=f"{', '.join(attributes)} {kept} install {', '.join(names)} ({what}){doubt}",
        hint=(
            "remove what was packed by mistake after the installation"
            if mistake
            else "never put them into one closure: one hides the other, and it depends on their order which"
        ),
        strength=strength,
    )


def _strength(several: Sequence[Distribution], names: Sequence[str]) -> tuple[Confidence, str]:
    if any(one.depth == "top-level" for one in several) and not all("." in name for name in names):
        return "guess", "; only the top level is known, so that it may be a namespace that they share"
    if all(one.project.startswith(f"{extra_name(name)}-") for one in several for name in names):
        return "guess", "; by their names it is a namespace of the old kind, with an __init__.py in each"
    if not all(one.current for one in several):
        return "likely", "; not all of these are the releases in the set"
    return "certain", ""


def _hidden(every: Sequence[Distribution], owners: dict[str, list[int]]) -> Iterator[Finding]:
    """Yield the parts of namespaces that nobody can import while a package of the same name is there."""
    for one in every:
        if one.depth != "modules":
            continue
        by_owner: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for name in sorted(set(one.imports)):
            for parent in parents(name):
                for i in owners.get(parent, ()):
                    if every[i].depth == "modules" and every[i].project != one.project:
                        by_owner[i, parent].append(name)
        for (i, parent), names in sorted(by_owner.items()):
            other = every[i]
            yield Finding(
                kind="import-hidden",
                names=tuple(sorted((one.attribute, other.attribute))),
                sentence=f"{other.attribute} installs {parent} as a package, and {one.attribute} installs"
                f" {', '.join(names)} in a namespace of that name ({other.because}; {one.because})",
                hint=f"look whether {parent} extends its path; else it hides the other where they lie in two folders",
                strength="guess",
            )
