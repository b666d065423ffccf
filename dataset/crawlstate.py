"""What does a crawl leave behind besides releases? Page states, problems, and how far each release has come."""

from dataclasses import dataclass

from dataset.records import Timestamp
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What is known of one project's page on the index.

    Attributes:
        fetched_at: when the index last answered for it, or last failed for good.
        etag: the validator to send next time, or None where the index gives none.
        sha256: of the body, hexadecimal; None where there is no body.
        problem: the code of the problem that stands in the page's place, or None.
        content: the page as the crawler reads it back, opaque to the store; None where there is none.
    """

    project: ProjectName
    fetched_at: Timestamp
    etag: str | None = None
    sha256: str | None = None
    problem: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that a crawl could not read, or read and did not believe.

    Attributes:
        project: whose page or release it concerns.
        version: as the index spells it; "" where it concerns the whole page.
        file: the file's name; "" where it concerns no file.
        code: a stable word such as ``hash-mismatch``.
        detail: what was found, in words; never holds a host name.
    """

    project: ProjectName
    version: str
    file: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the metadata of one release has come.

    Attributes:
        unknown: why its requirements are unknown; None where they are known.
        attempted: when a crawl last tried to read them; None where none did.
    """

    unknown: str | None
    attempted: Timestamp | None


@dataclass(frozen=True, slots=True)
class Crawled:
    """When the index was asked: the first and the last page of a dataset."""

    first: Timestamp
    last: Timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a dataset holds.

    Attributes:
        projects, releases: all of them.
        known: releases whose requirements are known.
        listed: releases whose metadata nobody asked for.
        unknown: reason -> releases that were asked for and could not be read, sorted by reason.
        requirements: distinct requirement strings of all releases.
        problems: code -> problems, sorted by code.
    """

    projects: int
    releases: int
    known: int
    listed: int
    unknown: tuple[tuple[str, int], ...]
    requirements: int
    problems: tuple[tuple[str, int], ...]
