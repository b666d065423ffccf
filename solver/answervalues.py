"""What do a plan and the answer to an ad hoc list both tell? Levels, unknowns, and extras asked for in vain.

Apart from `solver.plan`, so that an answer does not wait for all the values of a plan.
"""

from dataclasses import dataclass

from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the objective: the plan's value and the bound below which no plan can be."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A chosen release of which something is not known, with the reason.

    Attributes:
        requirement: the requirement line that could not be used, or None where all requirements are unknown.
    """

    project: ProjectName
    version: str | None
    reason: str
    requirement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingExtra:
    """An extra that is asked for and that the chosen release does not have.

    Attributes:
        project, version: the depender that asks for it; None for the user.
        dependency, chosen: the release that does not have it.
    """

    project: ProjectName | None
    version: str | None
    dependency: ProjectName
    chosen: str
    extra: str
