"""Which projects does a closure add? Those that releases require without any extra, up to a limit."""

from collections.abc import Collection, Iterable, Iterator

from crawler.order import Options
from dataset.records import Release
from dataset.store import Store
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import DEFAULT_TARGETS


class Closure:
    """Follows what is required, level by level.

    Attributes:
        added: all projects so far.
        left_out: those that the limit left out; the same crawl, begun again, goes on with them, because those whose
            pages are known do not count.
    """

    def __init__(self, projects: Collection[ProjectName], options: Options, store: Store) -> None:
        self._begun_with = frozenset(projects) if options.closure else frozenset()
        self._wanted = options.closure
        self._store = store
        self._left = options.closure_limit
        self.added: set[ProjectName] = set()
        self.left_out: set[ProjectName] = set()

    def follow(self, required: Iterable[ProjectName]) -> set[ProjectName]:
        """Return the projects of the next level, which these requirements add; none where no closure is wanted."""
        if not self._wanted:
            return set()
        further = {*required} - self._begun_with - self.added - self.left_out
        if self._left is not None:
            fresh = [one for one in sorted(further) if self._store.page(one) is None]
            self.left_out.update(fresh[self._left :])
            self._left -= min(self._left, len(fresh))
        further -= self.left_out
        self.added |= further
        return further


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
