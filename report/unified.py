"""Which lines of a file change? A unified diff, as ``git apply`` takes it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

_SMALL = 250_000
"""The product of the numbers of lines up to which every pair of lines is compared."""

_CONTEXT = 3


def unified_diff(path: str, before: str, after: str) -> str:
    r"""Return the diff of a file; "" where nothing changes.

    Lines keep their ends, so that a patch of a file with CR LF applies to it.

    >>> print(unified_diff("a", "x\ny\n", "x\nz\n"), end="")
    --- a/a
    +++ b/a
    @@ -1,2 +1,2 @@
     x
    -y
    +z
    """
    old, new = _lines(before), _lines(after)
    if old == new:
        return ""
    parts = [f"--- a/{path}\n+++ b/{path}\n"]
    for group in _Patience(old, new).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        parts.append(f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n")
        for kind, one, two, three, four in group:
            if kind == "equal":
                parts += [_line(" ", line) for line in old[one:two]]
                continue
            parts += [_line("-", line) for line in old[one:two]]
            parts += [_line("+", line) for line in new[three:four]]
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only LF ends one, as for git."""
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def _line(mark: str, line: str) -> str:
    return f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(start: int, stop: int) -> str:
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


class _Patience(SequenceMatcher[str]):
    """Matches lines that both files have once first, so that a change shows where it was made."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._old, self._new = old, new
        self._found: list[Match] | None = None

    def get_matching_blocks(self) -> list[Match]:
        """Return the ranges of equal lines, in order, and an empty one at the end."""
        if self._found is None:
            found: list[Match] = []
            for one, other in _pairs(self._old, self._new, (0, len(self._old), 0, len(self._new))):
                last = found[-1] if found else None
                if last is not None and last.a + last.size == one and last.b + last.size == other:
                    found[-1] = Match(last.a, last.b, last.size + 1)
                else:
                    found.append(Match(one, other, 1))
            self._found = [*found, Match(len(self._old), len(self._new), 0)]
        return self._found


def _pairs(old: Sequence[str], new: Sequence[str], bounds: tuple[int, int, int, int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of equal lines between these bounds, in order."""
    one, one_end, other, other_end = bounds
    while one < one_end and other < other_end and old[one] == new[other]:
        yield one, other
        one, other = one + 1, other + 1
    same = 0
    while one < one_end - same and other < other_end - same and old[one_end - same - 1] == new[other_end - same - 1]:
        same += 1
    one_end, other_end = one_end - same, other_end - same
    anchors = _anchors(old, new, (one, one_end, other, other_end))
    if anchors:
        for here, there in [*anchors, (one_end, other_end)]:
            yield from _pairs(old, new, (one, here, other, there))
            if here < one_end:
                yield here, there
            one, other = here + 1, there + 1
    elif 0 < (one_end - one) * (other_end - other) <= _SMALL:
        matcher = SequenceMatcher(None, old[one:one_end], new[other:other_end], autojunk=False)
        for match in matcher.get_matching_blocks():
            yield from ((one + match.a + i, other + match.b + i) for i in range(match.size))
    yield from ((one_end + i, other_end + i) for i in range(same))


def _anchors(old: Sequence[str], new: Sequence[str], bounds: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Return the longest rising sequence of lines that both sides have exactly once."""
    one, one_end, other, other_end = bounds
    once = {line for line, count in Counter(old[one:one_end]).items() if count == 1}
    there = {line for line, count in Counter(new[other:other_end]).items() if count == 1}
    places = {line: i for i, line in enumerate(new[other:other_end], other) if line in there}
    pairs = [(i, places[line]) for i, line in enumerate(old[one:one_end], one) if line in once and line in places]
    tops: list[int] = []
    chains: list[tuple[tuple[int, int], int | None]] = []
    last: list[int] = []
    for pair in pairs:
        at = bisect_left(tops, pair[1])
        chains.append((pair, last[at - 1] if at else None))
        tops[at : at + 1] = [pair[1]]
        last[at : at + 1] = [len(chains) - 1]
    found = []
    link = last[-1] if last else None
    while link is not None:
        pair, link = chains[link]
        found.append(pair)
    return found[::-1]
