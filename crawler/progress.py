"""What can be told of a crawl while it runs? Events for whoever watches."""

from typing import Protocol

from dataset.crawlstate import Problem
from normalize.projects import ProjectName


class Watcher(Protocol):
    """Hears what a crawl does, in the order in which it happens."""

    def pages_planned(self, count: int) -> None:
        """So many more project pages are to be read."""

    def page_done(self, project: ProjectName) -> None:
        """One project page was read, or will not be."""

    def releases_planned(self, count: int) -> None:
        """The metadata of so many more releases is to be read."""

    def release_done(self, project: ProjectName, version: str, rung: str) -> None:
        """The metadata of one release was read, or is unknown: the rung is where it comes from, or the reason."""

    def problem(self, problem: Problem) -> None:
        """Something could not be read; it is recorded."""


class Nobody:
    """Hears nothing."""

    def pages_planned(self, count: int) -> None:
        """Hear nothing."""

    def page_done(self, project: ProjectName) -> None:
        """Hear nothing."""

    def releases_planned(self, count: int) -> None:
        """Hear nothing."""

    def release_done(self, project: ProjectName, version: str, rung: str) -> None:
        """Hear nothing."""

    def problem(self, problem: Problem) -> None:
        """Hear nothing."""
