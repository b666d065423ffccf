"""Which applications cannot follow a move, because the interpreter that they fix cannot run the new release?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataset.currentset import Application, CurrentSet
from normalize.interpreters import supports
from normalize.projects import ProjectName
from solver.candidates import Value
from solver.graph import reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """An application that cannot follow a project to a release, and so needs a private version of it.

    Attributes:
        python: the interpreter that the application fixes.
        requires_python: of the release, which refuses that interpreter.
    """

    application: str
    python: str
    project: ProjectName
    version: str
    requires_python: str

    def __str__(self) -> str:
        """Return the sentence that says so."""
        needs = f"{self.project} {self.version} requires Python {self.requires_python}"
        return f"{self.application} fixes Python {self.python}, and {needs}"


@dataclass(frozen=True, slots=True)
class Fixed:
    """An application that fixes its interpreter, and the attributes that it uses, directly or not."""

    application: Application
    python: str
    used: frozenset[str]


def fixed(current: CurrentSet) -> tuple[Fixed, ...]:
    """Return the applications of a set that fix their interpreter."""
    several = [one for one in current.applications if one.python is not None]
    graph = {one.name: one.dependencies for one in current.attributes} if several else {}
    return tuple(
        Fixed(one, one.python, reachable(graph, (one.attribute,) if one.attribute is not None else one.dependencies))
        for one in several
        if one.python is not None
    )


def left_behind(several: Iterable[Fixed], moves: Iterable[tuple[ProjectName, str, Value, Value]]) -> list[LeftBehind]:
    """Return who cannot follow which move; what an application cannot run today already is no news.

    Args:
        several: the applications.
        moves: each project that moves with its attribute, and its value before and after.
    """
    moved = list(moves)
    return [told for one in several for told in _of(one, moved)]


def _of(one: Fixed, moved: list[tuple[ProjectName, str, Value, Value]]) -> Iterator[LeftBehind]:
    for project, attribute, before, after in moved:
        if attribute in one.used and _refused(before, one.python) is None:
            needs = _refused(after, one.python)
            if needs is not None:
                yield LeftBehind(
                    application=one.application.name,
                    python=one.python,
                    project=project,
                    version=after.text or "",
                    requires_python=needs,
                )


def _refused(value: Value, python: str) -> str | None:
    """Return the requires-python of a value that refuses an interpreter."""
    needs = None if value.release is None else value.release.requires_python
    return needs if needs and not supports(needs, python) else None
