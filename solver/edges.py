"""What does each candidate require, on which targets and through which extra?"""

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from dataset.currentset import Attribute
from dataset.records import Release
from normalize.projects import ExtraName, ProjectName, extra_name
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target
from solver.policy import EdgeOverride, Policy

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


def edges_of(
    release: Release, attribute: Attribute | None, policy: Policy, targets: tuple[Target, ...]
) -> Mapping[ExtraName, tuple[Edge, ...]]:
    """Return a release's edges by the extra that brings them; the key "" holds those that no extra brings.

    Requirements that nixpkgs removes (``pythonRemoveDeps``) or that policy drops are no edges. Requirements on the
    project itself without an extra say nothing and are left out.
    """
    found: dict[ExtraName, list[Edge]] = {NO_EXTRA: []}
    extras = sorted({extra_name(extra) for extra in release.extras})
    relaxed = _names(attribute.relaxed) if attribute else frozenset()
    removed = _names(attribute.removed) if attribute else frozenset()
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is None or requirement.project in removed or EVERYTHING in removed:
            continue
        if requirement.project == release.project and not requirement.extras:
            continue
        override = policy.for_edge(release.project, release.version, requirement.project)
        if override is not None and override.action == "drop":
            continue
        specifier = requirement.specifier
        if override is not None and override.replacement is not None:
            specifier = override.replacement
        everywhere = applies(requirement.marker, targets)
        for extra in (NO_EXTRA, *extras):
            mask = everywhere if not extra else _only_with(requirement, targets, extra, everywhere)
            if mask:
                found.setdefault(extra, []).append(
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
    return {extra: tuple(edges) for extra, edges in found.items()}


def _only_with(requirement: Requirement, targets: tuple[Target, ...], extra: ExtraName, everywhere: int) -> int:
    """Return the targets on which the requirement applies because of the extra, and not without it."""
    if requirement.marker is None:
        return 0
    return applies(requirement.marker, targets, extra) & ~everywhere


def _names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name if name == EVERYTHING else extra_name(name) for name in names)
