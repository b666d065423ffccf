"""Which blocks is a section made of? What may stand in different parts of a report, and what belongs together."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from report.parts import Block, Document, Frame
from report.quote import UNFOLD, Markdown, inline
from report.section import Section

_ITEM = re.compile(r"- |\d+\. ")
_HEADING = re.compile(r"#+ ")
_NO_LEAD = re.compile(r"- |\d+\. |[|#<`]")


def document(status: str, head: Iterable[str], sections: Iterable[Section]) -> tuple[Block, ...]:
    """Return the blocks of a report; every text that is not Markdown is quoted."""
    found = [Block(f"{inline(status)}\n\n")]
    found += _blocks([*map(inline, head)], (), 0)
    for section in sections:
        title, lead = inline(section.title), inline(section.lead)
        frame = Frame(opening=f"\n## {title}\n\n{lead}\n\n", again=f"\n## {title}, continued\n\n", title=title)
        lines = [inline(line) for line in section.body]
        found += _blocks(lines, (frame,), section.weight) or [Block("", (frame,), section.weight)]
    return tuple(found)


def outlined(lines: Sequence[Markdown]) -> Document:
    """Return a report that is told in lines: a heading or none, then what may stand under headings one deeper.

    As a whole it is these lines. Something stands under each heading.
    """
    heading = _HEADING.match(lines[0]) if lines else None
    mark = f"#{heading[0]}" if heading else "## "
    rest = lines[2:] if heading else lines
    starts = [i for i, line in enumerate(rest) if line.startswith(mark)]
    found = _blocks(rest[: starts[0] if starts else len(rest)], (), 0)
    for start, end in pairwise([*starts, len(rest)]):
        title, body = rest[start].removeprefix(mark), rest[start + 2 : end]
        lead = body[:2] if len(body) > 2 and not body[1] and not _NO_LEAD.match(body[0]) else ()
        opening = "".join(f"{line}\n\n" for line in (rest[start], *lead[:1]))
        frame = Frame(opening=opening, again=f"{mark}{title}, continued\n\n", title=title)
        found += _blocks(body[len(lead) :], (frame,), 0) or [Block("", (frame,))]
    return Document(lines[0] if heading else "", tuple(found))


def _blocks(lines: Sequence[str], frames: tuple[Frame, ...], weight: int) -> list[Block]:
    """Take lines apart where folds, tables, items and paragraphs begin; only our own words can begin one."""
    found: list[Block] = []
    stack = list(frames)
    pending: list[str] = []

    def flush() -> None:
        if pending:
            found.append(Block("".join(f"{line}\n" for line in pending), tuple(stack), weight))
            pending.clear()

    for i, line in enumerate(lines):
        if stack and stack[-1].rows and not line.startswith("|"):
            flush()
            stack.pop()
        if line.startswith("<details>\n"):
            flush()
            stack.append(Frame(opening=f"{line}\n", closing=f"\n{UNFOLD}\n", again=f"{line}\n"))
        elif line == UNFOLD:
            if pending and not pending[-1]:
                pending.pop()  # the blank line before it is part of the closing
            flush()
            stack.pop()
        elif line.startswith("| ") and i + 1 < len(lines) and lines[i + 1].startswith("|---"):
            flush()
            head = f"{line}\n{lines[i + 1]}\n"
            stack.append(Frame(opening=head, again=head, rows=True))
        elif not line.startswith("|---"):
            if _begins(line, pending):
                flush()
            pending.append(line)
    flush()
    return found


def _begins(line: str, pending: Sequence[str]) -> bool:
    if not pending or not line or line.startswith(" "):
        return False
    if line.startswith(("| ", "### ")) or _ITEM.match(line):
        return not pending[-1].endswith(":")
    return not pending[-1] and not pending[0].startswith("### ")
