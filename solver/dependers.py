"""Who requires whom in a plan, with which bounds, and whom would a project's next release leave behind?"""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

from dataset.records import Release
from normalize.projects import ExtraName, ProjectName
from normalize.versions import parse_nix_version
from solver.candidates import Kind
from solver.edges import NO_EXTRA, Line, Lines, Node
from solver.ledger import Ledger
from solver.plan import Plan
from solver.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Depender:
    """A requirement on a project.

    Attributes:
        project, version: the release that requires.
        extra: the extra of it that brings the requirement, or "".
        requires: as METADATA spells it.
        specifier: the accepted versions.
        relaxed: whether nixpkgs relaxes it today.
    """

    project: ProjectName
    version: str
    extra: ExtraName
    requires: str
    specifier: str
    relaxed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A release that may come, and who would not accept it.

    Attributes:
        kind: which number of the version would be raised.
        version: what it would be called.
        breaks: the dependers whose bounds exclude it and that accept every smaller step.
    """

    kind: str
    version: str
    breaks: tuple[Depender, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What depends on a project in a plan.

    Attributes:
        dependers: by name.
        following: the patch, minor and major release that may come after the plan's version.
    """

    dependers: tuple[Depender, ...]
    following: tuple[Next, ...]


def dependence(question: Question, plan: Plan, project: ProjectName) -> Dependence:
    """Return what depends on a project of a plan.

    Args:
        question: whose releases and current set the plan is of.
        plan: the versions.
        project: one that the plan holds.
    """
    version = next((one.version for one in plan.packages if one.project == project), None)
    found = sorted(_lines_on(question, plan, project), key=lambda one: (one[0].project, one[0].extra, one[0].requires))
    dependers = tuple(dict.fromkeys(depender for depender, _ in found))
    nix = None if version is None else parse_nix_version(version)
    if nix is None or nix.release is None:
        return Dependence(dependers=dependers, following=())
    behind = {depender for depender, line in found if line.bounds.violated(nix.release)}
    following = []
    for kind, after in _bumps(nix.release):
        breaks = tuple(
            depender
            for depender in dependers
            if depender not in behind and any(one == depender and line.bounds.violated(after) for one, line in found)
        )
        behind.update(breaks)
        following.append(Next(kind=kind, version=str(after), breaks=breaks))
    return Dependence(dependers=dependers, following=tuple(following))


def required(question: Question, plan: Plan) -> dict[ProjectName, tuple[ProjectName, ...]]:
    """Return the other projects that each project of a plan requires, sorted.

    These are the edges that ``dependence`` tells one project's dependers by.
    """
    held = {one.project for one in plan.packages}
    found: dict[ProjectName, set[ProjectName]] = {project: set() for project in held}
    for (project, _), _, lines in _chosen(question, plan):
        found[project].update((lines.keys() & held) - {project})
    return {project: tuple(sorted(found[project])) for project in sorted(found)}


def _bumps(version: Version) -> Iterator[tuple[str, Version]]:
    epoch = f"{version.epoch}!" if version.epoch else ""
    major, minor, patch = (*version.release, 0, 0)[:3]
    yield "patch", Version(f"{epoch}{major}.{minor}.{patch + 1}")
    yield "minor", Version(f"{epoch}{major}.{minor + 1}")
    yield "major", Version(f"{epoch}{major + 1}")


def _lines_on(question: Question, plan: Plan, project: ProjectName) -> Iterator[tuple[Depender, Line]]:
    for (depender, extra), version, by_dependency in _chosen(question, plan):
        if depender != project:
            for line in by_dependency.get(project, ()):
                yield (
                    Depender(
                        project=depender,
                        version=version,
                        extra=extra,
                        requires=line.requirement.text,
                        specifier=line.bounds.text,
                        relaxed=line.relaxed,
                    ),
                    line,
                )


def _chosen(question: Question, plan: Plan) -> Iterator[tuple[Node, str, Lines]]:
    """Yield the chosen versions, and those extras of them that others ask for, with the lines that each brings."""
    ledger = Ledger(question)
    chosen = {one.project: one.version for one in plan.packages}
    queue: list[Node] = [(one.project, NO_EXTRA) for one in plan.packages]
    seen: set[Node] = set()
    while queue:
        node = queue.pop()
        if node in seen or node[0] not in chosen:
            continue
        seen.add(node)
        release = _release(ledger, question, node[0], chosen[node[0]])
        by_dependency = ledger.lines(release, node[1], question.members.get(node[0]))
        for lines in by_dependency.values():
            queue += [(line.requirement.project, extra) for line in lines for extra in line.requirement.extras]
        yield node, chosen[node[0]] or "", by_dependency


def _release(ledger: Ledger, question: Question, project: ProjectName, text: str | None) -> Release | None:
    """Return the release of a version, also where it is no candidate here: plans may be made with another policy."""
    domain = ledger.domain(project, question.members.get(project))
    several = (*domain.values, *((domain.current,) if domain.current else ()))
    known = next((one for one in several if one.kind is not Kind.ABSENT and one.text == text), None)
    if known is not None:
        release: Release | None = known.release
        return release
    return next((one for one in domain.left_out if one.version == text), None)
