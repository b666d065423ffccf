"""What does an application carry for itself, and why? Private versions, what is built around them; as values."""

from dataclasses import dataclass

from normalize.projects import ProjectName
from normalize.targets import Target
from solver.planconflict import Conflict

PYTHON = ProjectName("(python)")
"""Stands for the interpreter; no project is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a version will not do: a requirement that it would violate, or an interpreter that cannot run it.

    Attributes:
        project, version: the depender; where it is the application, ``reason`` says what asks for a pin of it.
        requires: the requirement, as METADATA spells it; or the specifier of requires-python.
        dependency, met: what the requirement names, and the version that it would meet; None where there is none.
    """

    project: ProjectName
    version: str
    requires: str
    dependency: ProjectName
    met: str | None
    reason: str | None = None

    @property
    def interpreter(self) -> bool:
        """Return whether it is the interpreter that will not do."""
        return self.dependency == PYTHON


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateVersion:
    """A version that the application carries for itself.

    Attributes:
        shared: the set's version; None where the set does not have the project.
        elsewhere: whether nixpkgs has the attribute, though this current set (an extract) does not hold it.
        distance: how many candidates it is away from the set's version.
        causes: why the set's version will not do; at most a few, the first of them the nearest to the application.
        nearer: why the candidate that is one step nearer to the set's version will not do; None where that is the
            set's version itself, or where the set has none.
        step: how many private versions lead to it: 1 where the application itself, or a shared project, asks.
        unread: whether nobody has read what this version requires.
    """

    project: ProjectName
    attribute: str
    version: str
    shared: str | None
    elsewhere: bool
    distance: int
    causes: tuple[Cause, ...]
    nearer: Cause | None
    step: int
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """A project at the set's version that must be built once more, because something that it uses is private.

    Attributes:
        against: the projects that it uses directly and that are private or rebuilt themselves.
    """

    project: ProjectName
    attribute: str
    version: str | None
    against: tuple[ProjectName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A project that the application uses, with its private version or the set's.

    Attributes:
        version: None where it is not known.
        targets: those on which it is needed, where these are not all; None for all.
    """

    project: ProjectName
    version: str | None
    targets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateSet:
    """What the application would have if it carried its own.

    Attributes:
        targets: the interpreter, on all systems of the question.
        versions: the private versions, by the step that they follow from.
        rebuilds: what stands between the application and a private version, the application itself left aside.
        closure: everything that the application then uses, by project; itself where it is on the index.
        unknown: projects of which the dataset knows no requirements at the version that is used.
        conflict: why not even private versions satisfy it; None where they do.
        proven: whether no smaller and no nearer set exists.
    """

    targets: tuple[Target, ...]
    versions: tuple[PrivateVersion, ...]
    rebuilds: tuple[Rebuild, ...]
    closure: tuple[Used, ...]
    unknown: tuple[ProjectName, ...]
    conflict: Conflict | None
    proven: bool

    @property
    def builds(self) -> int:
        """How many packages are built for the application alone, itself left aside."""
        return len(self.versions) + len(self.rebuilds)
