"""How do edits change a file's bytes? What lies between them stays as it is, line ends included."""

from collections.abc import Iterable
from dataclasses import dataclass

_BLANK = b" \t"


class LeftAlone(Exception):  # noqa: N818 -- it is no error, but an answer
    """The file is left as it is.

    Args:
        why: as a phrase.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Edit:
    r"""One replacement.

    Attributes:
        start, end: the bytes that go.
        text: what comes in their place; its lines end in ``\n``, whatever the file's do.
    """

    start: int
    end: int
    text: str


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    r"""Return the file with the edits made; the same edit given twice is made once.

    >>> spliced(b"a\r\nb", [Edit(3, 4, "c\n"), Edit(0, 0, "x")])
    b'xa\r\nc\r\n'

    Raises:
        LeftAlone: edits overlap.
    """
    first = data.find(b"\n")
    ending = "\r\n" if first > 0 and data[first - 1 : first] == b"\r" else "\n"
    parts, done = [], 0
    for edit in sorted(dict.fromkeys(edits), key=lambda one: (one.start, one.end)):
        if edit.start < done:
            raise LeftAlone("the edits overlap")
        parts += [data[done : edit.start], edit.text.replace("\n", ending).encode()]
        done = edit.end
    return b"".join((*parts, data[done:]))


def line_start(data: bytes, at: int) -> int:
    """Return where the line of a byte begins."""
    return data.rfind(b"\n", 0, at) + 1


def line_end(data: bytes, at: int) -> int:
    """Return where the line of a byte ends, before its line end."""
    found = data.find(b"\n", at)
    if found < 0:
        return len(data)
    return found - 1 if found > at and data[found - 1 : found] == b"\r" else found


def next_line(data: bytes, at: int) -> int:
    """Return where the line after that of a byte begins."""
    found = data.find(b"\n", at)
    return len(data) if found < 0 else found + 1


def indentation(data: bytes, at: int) -> str:
    """Return what the line of a byte begins with."""
    line = data[line_start(data, at) : line_end(data, at)]
    return line[: len(line) - len(line.lstrip(_BLANK))].decode()


def begins_line(data: bytes, at: int) -> bool:
    """Return whether nothing but blanks stands before a byte in its line."""
    return not data[line_start(data, at) : at].strip(_BLANK)


def ends_line(data: bytes, at: int) -> bool:
    """Return whether nothing but a comment stands in its line from a byte on."""
    rest = data[at : line_end(data, at)].strip(_BLANK)
    return not rest or rest.startswith(b"#")


def has_own_lines(data: bytes, start: int, end: int) -> bool:
    """Return whether the lines of these bytes hold nothing else, comments apart."""
    return begins_line(data, start) and ends_line(data, end)


def comments_above(data: bytes, at: int) -> int:
    """Return where the comment that stands directly above the line of a byte begins; the line itself without one."""
    found = line_start(data, at)
    while found:
        above = line_start(data, found - 1)
        text = data[above:found].strip()
        if not text.startswith(b"#") or b"keep-sorted" in text:
            break
        found = above
    return found


def lines_of(data: bytes, start: int, end: int) -> tuple[int, int]:
    r"""Return the lines that go where these bytes go, with the comment above where it is for them alone.

    >>> data = b"[\n  # one\n  a\n  # two\n  b\n  c\n]"
    >>> [data[slice(*lines_of(data, data.index(one), data.index(one) + 1))] for one in (b"a\n", b"b\n")]
    [b'  # one\n  a\n', b'  b\n']
    """
    after = next_line(data, end)
    following = data[after : line_end(data, after)].strip()
    if following and following[:1] not in b"#]}":
        return line_start(data, start), after
    first = comments_above(data, start)
    if first and not data[line_start(data, first - 1) : first].strip():  # a blank line stays one, or goes
        if not following:
            return first, next_line(data, after)
        if following[:1] in b"]}":
            return line_start(data, first - 1), after
    return first, after
