"""Which requirements of a release say nothing that another one of it does not say?"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from packaging.specifiers import Specifier

from normalize.projects import ExtraName, ProjectName
from normalize.requirements import parse_requirement

_MOST = 100
"""Where a release has more requirements of one project than this, all stay: each is compared with each."""


class _Said(NamedTuple):
    text: str
    clauses: frozenset[Specifier]
    extras: frozenset[ExtraName]


def implied(texts: Collection[str]) -> frozenset[str]:
    """Return the requirements that another one contains: as many clauses and extras or more, wherever it applies.

    Of two that say the same in two spellings, the one that sorts first is kept. What is no requirement implies nothing,
    and of a project that more than a hundred requirements name, none is left out.

    >>> sorted(implied(["lib<3,>=2", "lib>=2", "lib>=1", "lib>=2; os_name == 'nt'", "lib[x]>=2"]))
    ['lib>=2', "lib>=2; os_name == 'nt'"]
    """
    projects: defaultdict[ProjectName, defaultdict[str, list[_Said]]] = defaultdict(lambda: defaultdict(list))
    once: dict[Specifier, Specifier] = {}  # the same object, for equal ones are slow to compare
    for text in sorted(set(texts)):
        found = parse_requirement(text)
        if found is not None and found.url is None:
            clauses = frozenset(once.setdefault(one, one) for one in found.specifier)
            projects[found.project][found.condition].append(_Said(text, clauses, frozenset(found.extras)))
    return frozenset(
        text
        for by_condition in projects.values()
        if sum(map(len, by_condition.values())) <= _MOST
        for text in _contained(by_condition)
    )


def _contained(by_condition: dict[str, list[_Said]]) -> Iterator[str]:
    """Yield, of one project's requirements, those that another one contains: with their condition, or without any."""
    everywhere = by_condition.get("", [])
    for condition, alike in by_condition.items():
        for one in alike:
            if any(_contains(other, one) for other in everywhere if condition) or any(
                _contains(other, one) and (one.text > other.text or not _contains(one, other))
                for other in alike
                if other.text != one.text
            ):
                yield one.text


def _contains(whole: _Said, part: _Said) -> bool:
    return part.extras <= whole.extras and part.clauses <= whole.clauses
