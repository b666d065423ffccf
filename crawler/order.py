"""What is a crawl asked to do, and what did it do?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from dataset.records import Timestamp
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to crawl, besides the projects.

    Attributes:
        index: address of the index, without the project.
        newest: of each project, so many of the newest final releases.
        keep: versions to have besides.
        closure: at most so many further projects that the releases require.
        workers: how many things to wait for at once.
        started: the time of this crawl.
        since: what was asked for at or after this time counts as done; at most ``started``.
        files_base: where files lie; None: learned from the first page that has one.
    """

    index: str
    started: Timestamp
    since: Timestamp
    newest: int = 8
    keep: Mapping[ProjectName, frozenset[str]] = field(default_factory=dict)
    closure: int = 0
    workers: int = 4
    files_base: str | None = None


@dataclass(slots=True)
class Summary:
    """What a crawl did; it adds up.

    Attributes:
        pages: how they came to be known: ``read``, ``unchanged``, ``resumed`` or ``failed`` -> number.
        planned: releases whose metadata was wanted.
        known: of these, where it comes from -> number; ``before`` means an earlier crawl.
        unknown: of these, why it is not known -> number.
        problems: code -> number, of this crawl.
        added: the projects that the closure brought, sorted.
    """

    pages: Counter[str] = field(default_factory=Counter)
    planned: int = 0
    known: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    added: tuple[ProjectName, ...] = ()
    requests: int = 0
    received: int = 0

    def check(self, projects: int) -> None:
        """Assert that nothing was lost: whatever was planned is either known or has a reason."""
        assert sum(self.pages.values()) == projects, "every project's page was read or has a reason"
        assert self.planned == self.known.total() + self.unknown.total(), "every planned release is accounted for"
