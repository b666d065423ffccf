"""What is a line of the page made of? Our own words, links to projects, and text to copy, as plain values.

A segment is text, the number of a project (shown as a link with its name), a list of one text (shown as code), or a
table ``{"away": [text, address]}`` (a link away from the page) or ``{"more": [text, line]}`` (a line that opens when a
reader asks for it). A line is a list of segments; its last item may be a table ``{"lines": [...]}`` of the lines below
it. The page's script puts all of them into the document as text, never as markup.
"""

from collections.abc import Iterable
from itertools import chain, repeat
from typing import Any, LiteralString

from normalize.addresses import is_address
from normalize.projects import ProjectName
from report.quote import visible
from solver.plan import Plan

LONGEST = 1_000
"""Longer outside text is cut: a name of 100,000 characters must not be what a reader has to scroll through."""

Segment = str | int | list[str] | dict[str, list[Any]]
Line = list[Any]


class Names:
    """The numbers of a plan's projects, in the order of its packages."""

    def __init__(self, plan: Plan) -> None:
        self.numbers = {one.project: i for i, one in enumerate(plan.packages)}
        self.by_attribute = {one.attribute: i for i, one in enumerate(plan.packages)}

    def link(self, project: ProjectName) -> Segment:
        """Return a link to the project; what the plan does not hold is only named."""
        number = self.numbers.get(project)
        return code(project) if number is None else number

    def release(self, project: ProjectName, version: str | None) -> Line:
        """Return a link to the project, with a version behind it."""
        return [self.link(project), *([" ", code(version)] if version is not None else [])]

    def of_attribute(self, attribute: str) -> Segment:
        """Return a link to the project that has the attribute."""
        number = self.by_attribute.get(attribute)
        return code(attribute) if number is None else number


def shown(text: str) -> str:
    """Return outside text as the page shows it: nothing invisible, nothing endless.

    >>> shown("npm\u202e") == "npm" + chr(92) + "u202e"
    True
    """
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text):,} characters)"
    return visible(text)


def code(text: str) -> list[str]:
    """Return text that a reader may want to copy."""
    return [shown(text) or "(empty)"]


def away(text: str, address: str) -> Segment:
    """Return our own words as a link to an address that may be linked; the words alone for any other."""
    return {"away": [text, address]} if is_address(address) else text


def line(form: LiteralString, *values: Segment | Line, below: Iterable[Line] = ()) -> Line:
    """Return our own words with values in the places ``{}``: segments, or the segments of a line.

    >>> line("{} needs {}", 3, code("numpy<3"))
    [3, ' needs ', ['numpy<3']]
    """
    words = form.split("{}")
    assert len(words) == len(values) + 1, form
    found: Line = []
    for word, value in zip(words, chain(values, repeat(None)), strict=False):
        put(found, word)
        if value is None:
            continue
        if isinstance(value, list) and not _is_code(value):
            for one in value:
                put(found, one)
        else:
            put(found, value)
    lower = list(below)
    return [*found, {"lines": lower}] if lower else found


def series(lines: Iterable[Line | Segment]) -> Line:
    """Return several lines or segments in one, with commas between."""
    found: Line = []
    for i, one in enumerate(lines):
        put(found, ", " if i else "")
        for segment in one if isinstance(one, list) and not _is_code(one) else [one]:
            put(found, segment)
    return found


def put(found: Line, segment: Any) -> None:
    """Add a segment to a line; words that follow words are joined."""
    if isinstance(segment, str) and found and isinstance(found[-1], str):
        found[-1] += segment
    elif segment != "":
        found.append(segment)


def _is_code(value: list[Any]) -> bool:
    """Tell code, a list of one text, from a line; a line of nothing but words is made by nobody."""
    return len(value) == 1 and isinstance(value[0], str)
