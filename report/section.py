"""What is a section of a report made of? A title, a sentence that says what it is about, and lines of Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from report.phrases import count
from report.quote import UNFOLD, Markdown, code, fold, say, series
from solver.plan import Relaxation

LONG = 25
"""Lists with more entries are folded away."""

ROW = 200
"""So many entries stand in one line; a longer line could not be split between comments."""

BLANK = Markdown("")


@dataclass(frozen=True, slots=True)
class Section:
    """One section; every text is quoted when it becomes part of a report, unless it is Markdown already.

    Attributes:
        weight: how late it comes where a report has several parts: first what must be decided, last long tables.
    """

    title: str
    lead: str
    body: Sequence[str]
    weight: int = 0


def folded(lines: Iterable[Markdown], number: int, one: str, many: str = "") -> tuple[Markdown, ...]:
    """Return the lines, which show so many entries of this name; folded away where they are many."""
    shown = list(lines)
    while shown and not shown[-1]:
        shown.pop()
    return tuple(shown) if number <= LONG else (fold(count(number, one, many)), *shown, BLANK, UNFOLD)


def in_lines(head: Markdown, entries: Sequence[Markdown]) -> tuple[Markdown, ...]:
    """Return a list item with its entries in a row; several items with the same head where they are very many."""
    rows = [entries[i : i + ROW] for i in range(0, len(entries), ROW)]
    return tuple(say("{} {}", head, series(some)) for some in rows)


def codes(texts: Iterable[str]) -> Markdown:
    """Return the texts as code spans in a row."""
    return series(code(text) for text in texts)


def release(name: str, version: str | None) -> Markdown:
    """Return a project or attribute with its version; the name alone where the version is not known."""
    return code(name if version is None else f"{name} {version}")


def releases(pairs: Iterable[tuple[str, str]]) -> Markdown:
    """Return several releases in a row."""
    return series(release(name, version) for name, version in pairs)


def edge_text(edge: Relaxation) -> Markdown:
    """Return an edge and what it meets, in one phrase."""
    needs = code(f"{edge.spelling}{edge.specifier}")
    return say("{} needs {} and meets {}", release(edge.attribute, edge.version), needs, code(edge.chosen))
