"""Lists: elements come and go, sorted lists stay sorted, comments stay with what they are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixpkgs.listedit import Element, list_edits, sort_key
from nixpkgs.splice import LeftAlone, spliced
from nixpkgs.syntax import parse_nix

names = st.sampled_from(("aiohttp", "attrs", "h5py", "numpy", "pyyaml", "Scipy", "six", "zope-interface"))
comments = st.sampled_from(("", "", "  # why\n", "  # one\n  # two\n"))
trailing = st.sampled_from(("", "", " # for tests"))


@st.composite
def written_lists(draw):
    """Draw a list as maintainers write it: (its elements, its text)."""
    elements = draw(st.lists(names, unique=True, max_size=6))
    if draw(st.booleans()):
        elements.sort(key=sort_key)
    if len(elements) < 2 and draw(st.booleans()):
        return elements, f"[ {''.join(f'{one} ' for one in elements)}]"
    lines = "".join(f"{draw(comments)}  {one}{draw(trailing)}\n" for one in elements)
    return elements, f"[\n{lines}{draw(st.sampled_from(('', '  # the end' + chr(10))))}]"


@given(written_lists(), st.lists(names, unique=True, max_size=3), st.sets(names, max_size=3), st.booleans())
def test_elements_come_and_go_and_sorted_lists_stay_sorted(written, add, remove, windows):
    elements, text = written
    data = text.replace("\n", "\r\n" if windows else "\n").encode()
    new = [one for one in add if one not in elements]
    made = spliced(data, list_edits(parse_nix(data), remove, [Element(one) for one in new]))
    found = [one.text for one in parse_nix(made).children()]
    kept = [one for one in elements if one not in remove]
    assert sorted(found) == sorted([*kept, *new])
    assert [one for one in found if one in kept] == kept
    if kept == sorted(kept, key=sort_key):
        assert found == sorted(found, key=sort_key)
    if b"\n" in made:
        assert (b"\r\n" in made) == (windows and b"\n" in data)
        assert b"\n" not in made.replace(b"\r\n", b"") or not (windows and b"\n" in data)
    if not new and not remove & set(elements):
        assert made == data


@pytest.mark.parametrize(
    ("before", "remove", "add", "after"),
    [
        ("[ a ]", (), [Element("b")], "[\n  a\n  b\n]"),
        ("[ b ]", (), [Element("a")], "[\n  a\n  b\n]"),
        ("[ ]", (), [Element("a")], "[ a ]"),
        ("[\n  a\n  b\n]", {"b"}, [], "[ a ]"),
        ("[\n  a # x\n  b # y\n  c\n]", {"b"}, [], "[\n  a # x\n  c\n]"),
        ("[\n  # about a\n  a\n\n  # about b\n  b\n]", {"b"}, [], "[\n  # about a\n  a\n]"),
        ("[\n  # x\n  a\n\n  # y\n  b\n\n  # z\n  c\n]", {"b"}, [], "[\n  # x\n  a\n\n  # z\n  c\n]"),
        ("[\n  # these\n  a\n  b\n]", {"a"}, [], "[\n  # these\n  b\n]"),
        ("[\n  c\n  a\n]", (), [Element("b")], "[\n  c\n  a\n  b\n]"),
        ("[\n  # about c\n  c\n]", (), [Element("b")], "[\n  b\n  # about c\n  c\n]"),
        ("[ a ]", (), [Element("b", "why")], "[\n  a\n  # why\n  b\n]"),
        (
            "[\n  # keep-sorted start\n  b\n  c\n  # keep-sorted end\n]",
            (),
            [Element("a"), Element("d")],
            "[\n  # keep-sorted start\n  a\n  b\n  c\n  d\n  # keep-sorted end\n]",
        ),
        ("[\n  a\n  b # x\n  c\n]", {"b"}, [Element("bb")], "[\n  a\n  bb\n  c\n]"),
    ],
)
def test_it_looks_as_nixpkgs_formats_it(before, remove, add, after):
    data = before.encode()
    assert spliced(data, list_edits(parse_nix(data), remove, add)).decode() == after


@pytest.mark.parametrize("text", ["[ a /* x */ b ]", "[\n  a b # x\n  c\n]", "[ a\n  # x\n  b ]"])
def test_unusual_layouts_are_left_alone(text):
    with pytest.raises(LeftAlone, match="list"):
        list_edits(parse_nix(text.encode()), {"a"}, [Element("z")])


@given(st.text())
def test_comments_stay_comments(text):
    data = b"[ a ]"
    made = spliced(data, list_edits(parse_nix(data), (), [Element("b", text)]))
    assert [one.text for one in parse_nix(made).children()] == ["a", "b"]
