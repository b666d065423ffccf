"""How does what is measured grow with the number of projects? One picture: both axes logarithmic, drawn as SVG.

Run as a program it draws the solver's table in RESULTS.md as growth.svg; `results.py` does so after measuring it.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path

_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 30, 50
_COLOURS = ("#0b6e99", "#b5400e", "#4a7c1c", "#6b3fa0", "#7a6a00")
_DASHES = ("none", "8 4", "2 3", "8 3 2 3", "12 3")

Series = Mapping[str, Sequence[tuple[float, float]]]
"""What is drawn: a name for each line -> points (projects, value), ascending."""


def drawn(title: str, series: Series) -> str:
    """Return the picture; lines differ in their dashes too, so that it can be read without colours.

    Args:
        title: above the picture.
        series: at least one line; all numbers above 0.
    """
    points = [point for line in series.values() for point in line]
    low_x, high_x = (log10(pick(x for x, _ in points)) for pick in (min, max))
    low_y, high_y = int(log10(min(y for _, y in points)) // 1), int(-(-log10(max(y for _, y in points)) // 1))
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def across(x: float) -> float:
        return _LEFT + wide * (log10(x) - low_x) / ((high_x - low_x) or 1)

    def down(y: float) -> float:
        return _TOP + high * (1 - (log10(y) - low_y) / ((high_y - low_y) or 1))

    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    for power in range(low_y, high_y + 1):
        y = down(10.0**power)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    parts += [
        f'<text x="{across(x):.1f}" y="{_HEIGHT - 28}" text-anchor="middle">{x:,g}</text>'
        for x in sorted({x for x, _ in points})
    ]
    middle = _LEFT + wide / 2
    parts.append(f'<text x="{middle:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">projects</text>')
    for (name, line), colour, dash in zip(series.items(), _COLOURS, _DASHES, strict=False):
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in line)
        style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{path}" {style}/>')
        x, y = line[-1]
        parts.append(f'<text x="{across(x) + 8:.1f}" y="{down(y) + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


_COLUMNS = {"compile, s": 3, "optimise, s": 5, "memory, MB": 9}
"""Of the table that `bench_solver.py` prints."""


def series_of(results: str) -> Series:
    """Return the lines of the universes that differ in their size alone."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in results.split("\n")]
    sizes = [(int(row[0].split()[0].replace(",", "")), row) for row in rows if re.fullmatch(r"[\d,]+ projects", row[0])]
    return {name: [(size, float(row[at])) for size, row in sizes] for name, at in _COLUMNS.items()}


def main() -> None:
    """Draw the picture."""
    here = Path(__file__).parent
    found = re.search(r"<!-- bench_solver -->(.*?)(?=<!--|\Z)", (here / "RESULTS.md").read_text("utf-8"), re.DOTALL)
    assert found is not None, "the solver was not measured yet"
    title = "Solving generated universes: time and memory by size"
    (here / "growth.svg").write_text(drawn(title, series_of(found[1])), encoding="utf-8")


if __name__ == "__main__":
    main()
