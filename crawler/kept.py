"""Which projects stay with the index that they were read from? Those that had one of their own and are given no other.

Else a crawl in which an option was forgotten would take a private project for gone, and a public one of the same name,
which anybody may have put there, for its newest release.
"""

from collections.abc import Collection
from dataclasses import replace

from crawler.commits import Result
from crawler.pagecache import Mark
from dataset.crawlstate import PageState, Problem
from dataset.records import Timestamp
from normalize.projects import ProjectName

CODE = "own-index"
"""The code of the problem that says so."""

_NAMED = 5
_DETAIL = "it was read from an index of its own, which this crawl does not name; nothing was asked"


def is_kept(mark: Mark, index: str, *, named: bool) -> bool:
    """Return whether a project is to be left as it is.

    Args:
        mark: of its page, whatever index that is from.
        index: the key of the index that this crawl would ask.
        named: whether an option of this crawl names an index for the project; the default one counts as well.
    """
    return mark.own and mark.index != index and not named


def kept_results(page: PageState, started: Timestamp) -> tuple[Result, ...]:
    """Return what to store of a project that is left: a problem, which the next crawl of its own index takes away."""
    due = replace(page, due_at=started)
    return Result(touched=(due,)), Result(problems=(Problem(page.project, "", "", CODE, _DETAIL),))


def kept_notes(projects: Collection[ProjectName]) -> list[str]:
    """Return what those who run the crawl should know."""
    if not projects:
        return []
    names = sorted(projects)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    told = f"{', '.join(names[:_NAMED])}{more}"
    told = (
        f"left as they are, because they were read from an index of their own that this crawl does not name: {told}; "
        f"name it again with --index-for '{names[0]}=URL', or name the index of this crawl so to read them from there"
    )
    return [told]
