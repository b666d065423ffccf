"""The picture of the growth: every line is drawn within the picture, and names stay text."""

import re
import xml.etree.ElementTree as ET

from growth import drawn, series_of
from hypothesis import given
from hypothesis import strategies as st

_values = st.floats(1e-3, 1e6)
_lines = st.lists(_values, min_size=1, max_size=5).map(lambda ys: [(1000.0 * 2**i, y) for i, y in enumerate(ys)])


@given(
    st.dictionaries(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])), _lines, min_size=1, max_size=5)
)
def test_every_line_lies_within_the_picture(series):
    root = ET.fromstring(drawn("time & <memory>", series))
    _, _, width, height = map(float, root.get("viewBox").split())
    space = "{http://www.w3.org/2000/svg}"
    found = root.findall(f"{space}polyline")
    assert len(found) == len(series)
    for line, points in zip(found, series.values(), strict=True):
        pairs = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
        assert len(pairs) == len(points)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in pairs)
    assert [one.text or "" for one in root.findall(f"{space}text")[-len(series) :]] == list(series)
    assert root.find(f"{space}title").text == "time & <memory>"


def test_larger_values_stand_higher():
    text = drawn("t", {"s": [(1000, 1.0), (10_000, 10.0)]})
    ((x1, y1), (x2, y2)) = (map(float, pair.split(",")) for pair in re.search(r'points="([^"]*)"', text)[1].split())
    assert x1 < x2
    assert y1 > y2


def test_only_universes_that_differ_in_size_alone_are_drawn():
    cells = " | ".join(str(i) for i in range(1, 13))
    found = series_of(f"| head | x |\n| --- | --: |\n| 1,000 projects | {cells} |\n| 300 projects, pins | {cells} |\n")
    assert found == {"compile, s": [(1000, 3)], "optimise, s": [(1000, 5)], "memory, MB": [(1000, 9)]}
