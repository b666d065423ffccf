"""Unified diffs: what git applies gives the new file, whatever the lines."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.unified import unified_diff

lines = st.lists(st.sampled_from(("", "a", "b", "}", "  x = 1;", "é\r")), max_size=40)


def patched(before, diff):
    """Apply a diff as its format says."""
    old = before.split("\n")
    found, at = [], 0
    for line in diff.split("\n")[2:]:
        if line.startswith("@@"):
            start, _, length = line.split()[1][1:].partition(",")
            start = int(start) - (length != "0")
            found += old[at:start]
            at = start
        elif line.startswith("+"):
            found.append(line[1:])
        elif line.startswith(("-", " ")):
            assert old[at] == line[1:]
            found += [line[1:]] * (line[0] == " ")
            at += 1
    return "\n".join(found + old[at:])


@given(lines, lines)
def test_applying_a_diff_gives_the_new_text(before, after):
    one, other = ("".join(f"{line}\n" for line in texts) for texts in (before, after))
    diff = unified_diff("f", one, other)
    assert (diff == "") == (one == other)
    if diff:
        assert patched(one, diff) == other


def test_a_change_shows_where_it_was_made():
    block = ["{", "  a", "}", ""] * 300
    after = [*block[:600], "new", *block[600:]]
    diff = unified_diff("f", "\n".join(block), "\n".join(after))
    assert [line for line in diff.split("\n")[2:] if line[:1] in "+-" and line] == ["+new"]


@pytest.mark.parametrize(
    ("before", "after"), [("a\nb", "a\nc"), ("a\n", "a"), ("", "x\n"), ("a\r\nb\r\n", "a\r\nc\r\n")]
)
def test_git_applies_it(before, after, tmp_path):
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    (tmp_path / "f").write_bytes(before.encode())
    done = subprocess.run(
        ["git", "apply", "-"],
        check=False,
        cwd=tmp_path,
        input=unified_diff("f", before, after).encode(),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "f").read_bytes() == after.encode()
