"""What did the user ask a crawl to do, and may it be done like that?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dataset.records import Timestamp
from normalize.errors import UsageError
from normalize.projects import ProjectName

MOST_WITHOUT_CONTACT = 1_000
"""A crawl that may plan for so many requests should say who asks; one that does not, and comes to so many, ends."""


CONTACT_HINT = "give an address at which those who run the index reach you, such as --contact me@mail.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The options of ``coset crawl``, read.

    Attributes:
        named: the projects on the command line.
        keep: those of the current set, with its versions.
        accepted: those that only requirements ask for.
        index, index_for, indexes: as given; they may hold passwords.
    """

    named: frozenset[ProjectName]
    keep: Mapping[ProjectName, frozenset[str]]
    accepted: Mapping[ProjectName, tuple[str, ...]]
    whole: bool
    closure: bool
    closure_limit: int | None
    newest: int
    since: Timestamp | None
    all_releases: bool
    builds: bool
    audit: bool
    index: str | None = field(repr=False)
    index_for: tuple[str, ...] = field(repr=False)
    indexes: Path | None
    contact: str
    max_requests: int | None
    max_bytes: int | None
    until: str | None
    rate: float | None
    connections: int

    @property
    def projects(self) -> frozenset[ProjectName]:
        """All projects to begin with, besides those of a whole index."""
        return self.named | self.keep.keys() | self.accepted.keys()

    def most_requests(self) -> int:
        """Return how many project pages and releases there may be to ask for, as far as the options tell.

        What a closure takes, and how many releases a day or all of them are, only the index knows.
        """
        kept = sum(len(versions) for versions in self.keep.values())
        depths = (max(1, len(self.accepted.get(one, ()))) * self.newest for one in self.projects)
        planned = len(self.projects) + sum(depths) + kept
        return planned if self.max_requests is None else min(planned, self.max_requests)

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: there is nothing to crawl, or an option changes nothing.
        """
        if self.closure_limit is not None and not self.closure:
            raise UsageError(
                "--closure-limit says how far --closure goes, and that is not given",
                hint="add --closure, or leave --closure-limit out",
            )
        if not self.projects and not self.whole:
            raise UsageError(
                "there is no project to crawl",
                hint="name projects, a current set with --from nixpkgs.json, or requirements with --want FILE",
            )

    def check_contact(self) -> None:
        """Refuse what is not polite.

        Raises:
            UsageError: a contact is missing.
        """
        if self.contact or self.is_folder:
            return
        hint = CONTACT_HINT
        if self.whole:
            raise UsageError("a crawl of a whole index should say who asks, and there is no --contact", hint=hint)
        if self.most_requests() >= MOST_WITHOUT_CONTACT:
            raise UsageError(
                f"a crawl of up to {self.most_requests():,} requests should say who asks, and there is no --contact",
                hint=hint,
            )

    @property
    def is_folder(self) -> bool:
        """Whether nobody is asked, because the only index is a folder of this machine."""
        alone = not self.index_for and self.indexes is None
        return alone and self.index is not None and (self.index.startswith("file:") or Path(self.index).is_dir())
