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
        serial: of the page, where the index numbers its changes.
        due_at: when to ask again although nothing says that it changed; None for no such time.
        fails: so many crawls in a row could not read it.
        gone: when the index was first seen without the project; None while it is there.
    """

    project: ProjectName
    fetched_at: Timestamp
    etag: str | None = None
    sha256: str | None = None
    problem: str | None = None
    content: bytes | None = None
    serial: int | None = None
    due_at: Timestamp | None = None
    fails: int = 0
    gone: Timestamp | None = None


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What the index says otherwise than before.

    Attributes:
        project: whose page says it.
        version: as the index spells it; "" where it concerns the whole project.
        kind: a stable word: ``yanked``, ``unyanked``, ``file-added``, ``file-replaced``, ``file-gone``,
            ``release-gone``, ``release-back``, ``project-gone``, ``project-back``, ``requires-python``.
        before, after: what was said, "" for nothing.
        seen: when the change was seen.
    """

    project: ProjectName
    version: str
    kind: str
    before: str
    after: str
    seen: Timestamp

    def facts(self) -> tuple[str, ...]:
        """Return everything but the project."""
        return (self.version, self.kind, self.before, self.after, self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A text that facts of a release were read from, kept so that newer rules can read it again without the index.

    Attributes:
        file: the name of the wheel or sdist that holds it, or beside which it lies.
        kind: ``sidecar``, ``metadata`` (of a wheel), ``members`` (the importable members of a wheel, a line each),
            ``pkg-info``, ``pyproject``, ``setup-cfg``, ``setup-py`` (beside a setup.cfg that tells requirements),
            ``requires-txt``, ``top-level``.
        content: the text as it was, of METADATA and PKG-INFO the header part only.
    """

    project: ProjectName
    version: str
    file: str
    kind: str
    content: bytes


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
        gone: when the index was first seen without the release; None while it is there.
    """

    unknown: str | None
    attempted: Timestamp | None
    gone: Timestamp | None = None


@dataclass(frozen=True, slots=True)
class Crawled:
    """When the index was asked: the first and the last page of a dataset."""

    first: Timestamp
    last: Timestamp

    def and_also(self, other: "Crawled") -> "Crawled":
        """Return when the index was asked for the content of both datasets."""
        return Crawled(min(self.first, other.first), max(self.last, other.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a dataset holds.

    Attributes:
        projects, releases: all of them.
        known: releases whose requirements are known.
        listed: releases whose metadata nobody asked for.
        unknown: reason -> releases that were asked for and could not be read, sorted by reason.
        problems: code -> problems, sorted by code.
    """

    projects: int
    releases: int
    known: int
    listed: int
    unknown: tuple[tuple[str, int], ...]
    problems: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """How much a dataset knows beyond its releases.

    Attributes:
        requirements: distinct requirement strings of all releases.
        repaired: requirement lines of all releases that are usable only repaired.
        gone: releases that the index no longer has.
        imports_from: what shows the import names ("" for nothing) -> releases whose import names are known, sorted.
        about: what people are told -> releases that tell it: a licence and each kind of address, in a fixed order.
        changes: kind -> what the index says otherwise than before, sorted.
        texts: kind -> stored texts that facts were read from, sorted.
    """

    requirements: int
    repaired: int
    gone: int
    imports_from: tuple[tuple[str, int], ...]
    about: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, int], ...]
