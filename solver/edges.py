"""What does each candidate require, on which targets and through which extra?"""

from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from dataset.currentset import Attribute
from dataset.records import Release
from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.requirements import Requirement, applies, parse_requirement
from solver.policy import EdgeOverride
from solver.question import Question

Node = tuple[ProjectName, ExtraName]
"""A variable of the problem: a project, or ``project[extra]``. The extra is "" for the project itself."""

NO_EXTRA = ExtraName("")
EVERYTHING = "*"
"""Stands in a current set's ``relaxed`` and ``removed`` for nixpkgs' ``true``: all dependencies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One requirement of one depender release that applies on some target.

    Attributes:
        depender: the release that requires; None for the user's own requirements.
        extra: the depender's extra that brings the requirement, or "".
        requirement: as METADATA has it.
        specifier: what counts: the requirement's own specifier, or what policy put in its place.
        targets: bit mask over the targets on which it applies.
        relaxed: whether nixpkgs relaxes it today.
        override: the policy's word on it, or None.
    """

    depender: Release | None
    extra: ExtraName
    requirement: Requirement
    specifier: SpecifierSet
    targets: int
    relaxed: bool = False
    override: EdgeOverride | None = None

    def __str__(self) -> str:
        """Return the sentence that the edge's constraints stand for."""
        if self.depender is None:
            return f"{self.requirement.text} is asked for"
        extra = f"[{self.extra}]" if self.extra else ""
        return f"{self.depender.project}{extra} {self.depender.version} requires {self.requirement.text}"


def edges_of(release: Release, extra: ExtraName, attribute: Attribute | None, question: Question) -> tuple[Edge, ...]:
    """Return the edges of a release that an extra brings; the extra "" stands for those that no extra brings.

    Requirements that nixpkgs removes (``pythonRemoveDeps``) or that policy drops are no edges. Requirements on the
    project itself without an extra say nothing and are left out, and so is an extra that the release does not declare.
    """
    if extra and extra not in {extra_name(declared) for declared in release.extras}:
        return ()
    found: list[Edge] = []
    relaxed = _names(attribute.relaxed) if attribute else frozenset()
    removed = _names(attribute.removed) if attribute else frozenset()
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is None or requirement.project in removed or EVERYTHING in removed:
            continue
        if requirement.project == release.project and not requirement.extras:
            continue
        mask = applies(requirement, question.targets)
        if extra:
            mask = applies(requirement, question.targets, extra) & ~mask
        override = question.policy.for_edge(release.project, release.version, requirement.project)
        if not mask or (override is not None and override.action == "drop"):
            continue
        specifier = requirement.specifier
        if override is not None and override.replacement is not None:
            specifier = override.replacement
        found.append(
            Edge(
                depender=release,
                extra=extra,
                requirement=requirement,
                specifier=specifier,
                targets=mask,
                relaxed=requirement.project in relaxed or EVERYTHING in relaxed,
                override=override,
            )
        )
    return tuple(found)


def _names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name if name == EVERYTHING else extra_name(name) for name in names)
