"""What does each candidate require, on which targets and through which extra?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from dataset.records import Release
from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Bounds, Part
from solver.overridebook import OverrideBook
from solver.planwords import EdgeKind
from solver.policy import NOTHING, EdgeOverride

Node = tuple[ProjectName, ExtraName]
"""A variable of the problem: a project, or ``project[extra]``. The extra is "" for the project itself."""

NO_EXTRA = ExtraName("")
BUILD = ExtraName("build-system.requires")
"""Stands in an edge for the extra that brings what building the release requires. No extra has a dot in its name."""

EVERYTHING = "*"
"""Stands in a current set's ``relaxed`` and ``removed`` for nixpkgs' ``true``: all dependencies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement that applies on some target, whichever releases of a project have it.

    Attributes:
        extra: the depender's extra that brings the requirement, or ""; :data:`BUILD` where building needs it.
        requirement: as METADATA has it.
        bounds: what counts: the requirement's own, or what policy put in its place.
        targets: bit mask over the targets on which it applies.
        relaxed: whether nixpkgs relaxes it today.
        override: the policy's word on it, or None.
    """

    extra: ExtraName
    requirement: Requirement
    bounds: Bounds
    targets: int
    relaxed: bool = False
    override: EdgeOverride | None = None

    @property
    def forced(self) -> frozenset[Part]:
        """Return the parts that policy lets be violated at no price."""
        return NOTHING if self.override is None else self.override.forced

    @property
    def forbidden(self) -> frozenset[Part]:
        """Return the parts that policy never lets be violated."""
        return NOTHING if self.override is None else self.override.forbidden

    @property
    def kind(self) -> EdgeKind:
        """Whether the requirement is there to run the depender or to build it."""
        return "build" if self.extra == BUILD else "run"


class _Unfrozen:
    """A line that is being made: quicker than a frozen one, as :class:`dataset.facts._Unfrozen` is."""

    __slots__ = Line.__slots__

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a line
        self,
        extra: ExtraName,
        requirement: Requirement,
        bounds: Bounds,
        targets: int,
        relaxed: bool,  # noqa: FBT001
        override: EdgeOverride | None,
    ) -> None:
        self.extra = extra
        self.requirement = requirement
        self.bounds = bounds
        self.targets = targets
        self.relaxed = relaxed
        self.override = override


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge(Line):
    """One requirement of one depender release.

    Attributes:
        depender: the release that requires; None for the user's own requirements.
    """

    depender: Release | None

    def __str__(self) -> str:
        """Return the sentence that the edge's constraints stand for."""
        if self.depender is None:
            return f"{self.requirement.text} is asked for"
        if self.kind == "build":
            return f"{self.depender.project} {self.depender.version} needs {self.requirement.text} to build"
        extra = f"[{self.extra}]" if self.extra else ""
        return f"{self.depender.project}{extra} {self.depender.version} requires {self.requirement.text}"


Reach = Callable[[Requirement, ExtraName], int]
"""The targets on which a requirement applies when an extra is asked for, as a bit mask."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What nixpkgs does to the requirements of a project of its set.

    Attributes:
        relaxed, removed: the names in ``pythonRelaxDeps`` and ``pythonRemoveDeps``, normalised; ``*`` for all.
        left_out: projects that the current release requires and nixpkgs builds it without.
    """

    relaxed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    left_out: frozenset[ProjectName] = frozenset()

    def relaxes(self, project: ProjectName) -> bool:
        """Return whether nixpkgs relaxes requirements on the project."""
        return project in self.relaxed or EVERYTHING in self.relaxed

    def drops(self, project: ProjectName) -> bool:
        """Return whether a requirement on the project does not count in nixpkgs."""
        return project in self.removed or EVERYTHING in self.removed or project in self.left_out


UNTOUCHED = Treatment()
"""The treatment of a project that nixpkgs does not have."""


def names(attribute_names: tuple[str, ...]) -> frozenset[str]:
    """Return the names of ``pythonRelaxDeps`` or ``pythonRemoveDeps``, normalised."""
    return frozenset(name if name == EVERYTHING else extra_name(name) for name in attribute_names)


Lines = Mapping[ProjectName, tuple[Line, ...]]
"""What a release requires, by dependency, sorted; releases that require the same share one object."""


NO_LINES: Lines = {}


class Reader:
    """Reads the requirements that an extra of a project brings, each distinct line once.

    Requirements that nixpkgs or policy drop are no lines. Requirements on the project itself without an extra say
    nothing and are left out. A direct URL is no line either: no version meets or violates it.

    Args:
        node: the depender and its extra; "" stands for what no extra brings, :data:`BUILD` for what building needs.
        treatment: what nixpkgs does to the depender's requirements.
        overrides: what policy does to them.
        reach: where they apply.
    """

    def __init__(self, node: Node, treatment: Treatment, overrides: OverrideBook, reach: Reach) -> None:
        self._project, self._extra = node
        self._treatment = treatment
        self._overrides = overrides
        self._reach = reach
        self._known: dict[str | None, dict[str, tuple[Line, ...]]] = {}
        self._groups: dict[tuple[int, ...], tuple[Line, ...]] = {}
        self._read: dict[tuple[tuple[str, ...], str | None], Lines] = {}

    def lines(self, release: Release) -> Lines:
        """Return what the extra brings; nothing where the release does not declare it."""
        return self.rows([release])[0]

    def rows(self, releases: Sequence[Release | None]) -> list[Lines]:
        """Return the same of several releases, which mostly require the same; nothing of None."""
        versioned = self._overrides.by_version(self._project)
        read = self._read
        found: list[Lines] = []
        for release in releases:
            if release is None:
                found.append(NO_LINES)
                continue
            if not self._extra:
                texts = release.requires or ()
            elif self._extra == BUILD:
                texts = release.builds or ()
            else:
                declared = self._extra in {extra_name(declared) for declared in release.extras}
                texts = (declared and release.requires) or ()
            version = release.version if versioned else None
            lines = read.get((texts, version))
            if lines is None:
                lines = read[texts, version] = self._grouped(texts, version)
            found.append(lines)
        return found

    def _grouped(self, texts: tuple[str, ...], version: str | None) -> Lines:
        found: dict[ProjectName, tuple[Line, ...]] = {}
        several: list[ProjectName] = []
        known = self._known.setdefault(version, {})
        for text in texts:
            alone = known.get(text)
            if alone is None:
                line = self._line(text, version)
                alone = known[text] = () if line is None else (line,)
            if alone:
                project = alone[0].requirement.project
                if project in found:
                    found[project] += alone
                    several.append(project)
                else:
                    found[project] = alone
        for project in several:
            found[project] = self._shared(found[project])
        return {project: found[project] for project in sorted(found)}

    def _shared(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return self._groups.setdefault(tuple(map(id, lines)), lines)

    def _line(self, text: str, version: str | None) -> Line | None:
        requirement = parse_requirement(text)
        if requirement is None or requirement.url is not None or self._treatment.drops(requirement.project):
            return None
        if requirement.project == self._project and not requirement.extras:
            return None
        mask = self._reach(requirement, NO_EXTRA)
        if self._extra not in {NO_EXTRA, BUILD}:
            mask = self._reach(requirement, self._extra) & ~mask
        override = self._overrides.find(self._project, version, requirement.project)
        bounds = requirement.bounds if override is None else override.left(requirement.bounds)
        if not mask or bounds is None:
            return None
        made = _Unfrozen(self._extra, requirement, bounds, mask, self._treatment.relaxes(requirement.project), override)
        made.__class__ = Line  # type: ignore[assignment]
        return made  # type: ignore[return-value]  # now it is one


class EdgeRows(Sequence[Mapping[ProjectName, tuple[Edge, ...]]]):
    """The edges of each value of a node, by dependency; made when they are asked for, which few ever are."""

    def __init__(self, releases: Sequence[Release | None], lines: Sequence[Lines]) -> None:
        self._releases = releases
        self._lines = lines
        self._made: dict[int, Mapping[ProjectName, tuple[Edge, ...]]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> Mapping[ProjectName, tuple[Edge, ...]]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[ProjectName, tuple[Edge, ...]]]: ...

    def __getitem__(
        self, at: int | slice
    ) -> Mapping[ProjectName, tuple[Edge, ...]] | Sequence[Mapping[ProjectName, tuple[Edge, ...]]]:
        """Return the edges of a value."""
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        if at not in self._made:
            self._made[at] = {
                project: tuple(edge_of(line, self._releases[at]) for line in lines)
                for project, lines in self._lines[at].items()
            }
        return self._made[at]


def edge_of(line: Line, depender: Release | None) -> Edge:
    """Return a line as an edge of a release."""
    return Edge(
        depender=depender,
        extra=line.extra,
        requirement=line.requirement,
        bounds=line.bounds,
        targets=line.targets,
        relaxed=line.relaxed,
        override=line.override,
    )
