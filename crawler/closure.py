"""What do releases require without any extra? The projects that a closure follows."""

from collections.abc import Iterable, Iterator

from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import DEFAULT_TARGETS


def required_projects(releases: Iterable[Release]) -> set[ProjectName]:
    """Return the projects that these releases require on some target, without any extra."""
    return {project for one in releases for project in _unconditional(one)}


def _unconditional(release: Release) -> Iterator[ProjectName]:
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is not None and _holds_somewhere(requirement):
            yield requirement.project


def _holds_somewhere(requirement: Requirement) -> bool:
    try:
        return applies(requirement, DEFAULT_TARGETS) != 0
    except ValueError:  # a comparison that PEP 508 leaves undefined
        return True
