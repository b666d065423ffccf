"""What does nixpkgs do to the requirements that building states? What its current set shows, for none is written down.

nixpkgs undoes a build requirement by a patch of ``pyproject.toml`` or by building with ``--skip-dependency-check``;
``pythonRelaxDeps`` is about the METADATA of what was built. So a build requirement that the current release has and the
current set violates is one that nixpkgs undoes already: its upper part is free, and it is left out where ``!=`` is
violated, as is one on a project that no attribute provides.
"""

from collections.abc import Callable, Iterable

from packaging.version import Version

from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import Requirement, parse_requirement
from normalize.specifiers import Part
from solver.edges import Treatment


def build_treatment(
    release: Release | None,
    now: Callable[[ProjectName], Version | None],
    members: Iterable[ProjectName],
    applies: Callable[[Requirement], int],
) -> Treatment:
    """Return how nixpkgs treats the build requirements of an attribute's project.

    Args:
        release: nixpkgs' current release, or None where the index has none.
        now: the current version of a project of the set; None where it is not known.
        members: the projects of the set.
        applies: the targets on which a requirement applies, as a bit mask.
    """
    known = frozenset(members)
    relaxed, left_out = set(), set()
    for text in (release.builds if release else None) or ():
        requirement = parse_requirement(text)
        if requirement is None or not applies(requirement):
            continue
        if requirement.project not in known:
            left_out.add(requirement.project)
            continue
        version = now(requirement.project)
        violated = requirement.bounds.violated(version) if version is not None else frozenset()
        if Part.EXCLUSION in violated:
            left_out.add(requirement.project)
        elif violated:
            relaxed.add(requirement.project)
    return Treatment(relaxed=frozenset(relaxed), left_out=frozenset(left_out))
