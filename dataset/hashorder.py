"""In which order do projects lie in shards? By the SHA-256 of their names, which is also the order of a crawl."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from normalize.projects import ProjectName


def by_prefix(projects: Iterable[ProjectName], digits: int) -> Iterator[tuple[str, list[ProjectName]]]:
    """Yield each hexadecimal prefix that a project's hash has, sorted, with its projects sorted by name."""
    ordered = sorted((name_hash(one)[:digits], one) for one in projects)
    for prefix, several in groupby(ordered, itemgetter(0)):
        yield prefix, [project for _, project in several]


def name_hash(project: ProjectName) -> str:
    """Return the SHA-256 of the name, hexadecimal.

    >>> name_hash(ProjectName("numpy"))[:3]
    '718'
    """
    return hashlib.sha256(project.encode()).hexdigest()
