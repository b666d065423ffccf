"""In which pieces does the page carry what it says of each project? In blocks, of which one is read when it is wanted.

A browser reads a block of a document in one go, and nobody can type meanwhile. So there are many, they come last, and
the script parses one when somebody asks for a project that is in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

AT_ONCE = 200
"""So many projects are in a block: some 100 kilobytes where each has a lot to say."""

Parts = list[list[Any]]
"""What is said of one project: ``[title, lines]``."""


def story_blocks(stories: Mapping[int, Parts], projects: int) -> Iterator[list[Parts]]:
    """Yield what is said of the projects 0, 1, 2 ...: of so many of them in each block, nothing left out.

    A line that two projects have is written for the first of them. The other says ``{"see": [project, part, line]}``.
    """
    written: dict[int, tuple[int, int, int]] = {}
    for start in range(0, projects, AT_ONCE):
        yield [
            _once(number, stories.get(number, []), written) for number in range(start, min(start + AT_ONCE, projects))
        ]


def _once(number: int, parts: Parts, written: dict[int, tuple[int, int, int]]) -> Parts:
    """Return the parts with lines that were written before only named; lines are told apart as objects."""
    found: Parts = []
    for i, (title, lines) in enumerate(parts):
        told = []
        for j, line in enumerate(lines):
            place = written.setdefault(id(line), (number, i, j))
            told.append(line if place == (number, i, j) else {"see": list(place)})
        found.append([title, told])
    return found
