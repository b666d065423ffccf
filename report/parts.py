"""How does a long report become comments that GitHub takes? Numbered parts, each whole in itself, nothing cut.

A report is a row of blocks (a list item with what belongs to it, a row of a table, a paragraph), each within frames
(a section, a fold, the head of a table). A part that begins within frames opens them again, and each part closes what
it opened. Where parts are needed, blocks of less weight come later, so that the first part has what must be decided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from report.quote import fence

COMMENT_LIMIT = 65_536
"""GitHub refuses longer comments (characters)."""

_FRAME_SHARE = 8
"""A frame that takes more than this share of a part is shown once instead of around its blocks."""

_CONTENTS_SHARE = 4
"""A list of contents that takes more than this share of a part is left out."""

_RESERVED = len("Part 1,000 of 1,000.\n\nSections: .\n\n") + 20


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stands around blocks; the same value stands around several of them once.

    Attributes:
        opening, closing: the text before and behind the blocks.
        again: the opening in parts that go on with it.
        rows: whether only rows of a table may stand in it.
        title: of a section, for the list of contents.
    """

    opening: str
    closing: str = ""
    again: str = ""
    rows: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Text that stays together, the frames around it (outermost first), and how late it may come."""

    text: str
    frames: tuple[Frame, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A report that can be told whole or in parts: its heading, a line of Markdown or nothing, and its blocks."""

    heading: str
    blocks: tuple[Block, ...]


def whole(report: Document) -> str:
    """Return the report as one text, whatever its length."""
    part = _Part(_head(report), set())
    for block in report.blocks:
        part.add(block)
    return part.closed()


def numbered(report: Document, limit: int = COMMENT_LIMIT) -> tuple[str, ...]:
    """Return the report as parts within the limit; one that is short enough is one part without a number.

    A block that no part could hold is shown as it is written, in fences, because there is no other safe place in it to
    go on elsewhere.

    Args:
        report: its heading stands in each part.
        limit: characters, at least 2,000.
    """
    single = whole(report)
    if len(single) <= limit:
        return (single,)
    blocks = report.blocks
    titles = dict.fromkeys(frame.title for block in blocks for frame in block.frames if frame.title)
    contents = sum(len(one) + 30 for one in titles)
    listed = contents <= limit // _CONTENTS_SHARE
    room = limit - _RESERVED - len(report.heading) - (contents if listed else 0)
    seen: set[Frame] = set()
    made = [_Part("", seen)]
    for block in _fitting(sorted(blocks, key=lambda one: one.weight), room):
        if made[-1].size_with(block) > room and made[-1].blocks:
            made.append(_Part("", seen))
        made[-1].add(block)
    heads = [f"{_head(report)}Part {i:,} of {len(made):,}.\n\n" for i in range(1, len(made) + 1)]
    heads[0] += _contents(made) if listed else ""
    return tuple(head + part.closed().lstrip() for head, part in zip(heads, made, strict=True))


def _head(report: Document) -> str:
    return f"{report.heading}\n\n" if report.heading else ""


class _Part:
    """A part that is being written: what is open in it, and how long it is."""

    def __init__(self, head: str, seen: set[Frame]) -> None:
        self._texts = [head]
        self._size = len(head)
        self._open: tuple[Frame, ...] = ()
        self._seen = seen
        self.blocks = 0
        self.titles: dict[str, None] = {}

    def _moves(self, block: Block) -> tuple[list[str], list[Frame]]:
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(self._open, block.frames, strict=False)))
        return [frame.closing for frame in reversed(self._open[kept:])], list(block.frames[kept:])

    def size_with(self, block: Block) -> int:
        """Return how long the part would be with the block, and closed."""
        closings, opened = self._moves(block)
        openings = sum(len(self._opening(frame)) for frame in opened)
        behind = sum(len(frame.closing) for frame in block.frames)
        return self._size + sum(map(len, closings)) + openings + len(block.text) + behind

    def _opening(self, frame: Frame) -> str:
        return frame.again if frame in self._seen and frame.again else frame.opening

    def add(self, block: Block) -> None:
        """Write the block, within its frames."""
        closings, opened = self._moves(block)
        new = [*closings, *map(self._opening, opened), block.text]
        self._seen.update(opened)
        self._texts += new
        self._size += sum(map(len, new))
        self._open = block.frames
        self.blocks += 1
        self.titles.update(dict.fromkeys(frame.title for frame in opened if frame.title))

    def closed(self) -> str:
        """Return the part's text with everything closed."""
        return "".join((*self._texts, *(frame.closing for frame in reversed(self._open))))


def _contents(parts: Sequence[_Part]) -> str:
    """Return which section is in which parts."""
    where: dict[str, list[int]] = {}
    for number, part in enumerate(parts, 1):
        for title in part.titles:
            where.setdefault(title, []).append(number)
    told = [
        f"{title} {numbers[0]:,}" + (f"–{numbers[-1]:,}" if len(numbers) > 1 else "")
        for title, numbers in where.items()
    ]
    return f"Sections: {', '.join(told)}.\n\n" if told else ""


def _fitting(blocks: Sequence[Block], room: int) -> Iterator[Block]:
    """Yield the blocks; those that fit nowhere, and what frames of such size say, as pieces in fences."""
    wide: set[Frame] = set()
    for block in blocks:
        for frame in block.frames:
            if frame not in wide and max(len(frame.opening), len(frame.again)) > room // _FRAME_SHARE:
                wide.add(frame)
                yield from _pieces(frame.opening, (), block.weight, room)
        frames = tuple(frame for frame in block.frames if frame not in wide)
        around = sum(max(len(one.opening), len(one.again)) + len(one.closing) for one in frames)
        if around + len(block.text) <= room:
            yield Block(block.text, frames, block.weight)
        else:
            yield from _pieces(block.text, tuple(one for one in frames if not one.rows), block.weight, room)


def _pieces(text: str, frames: tuple[Frame, ...], weight: int, room: int) -> Iterator[Block]:
    size = room // 6  # as many ticks as a piece is long may surround it, before and behind
    for at in range(0, len(text), size):
        piece = fence(text[at : at + size].splitlines(), "text")
        yield Block(f"\n{piece}\n\n", frames, weight)
