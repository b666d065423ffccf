"""Nix text, judged by real Nix: whatever outside text holds, evaluation returns it as a plain string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixpkgs.nixtext import assignment, nix_string

pytestmark = pytest.mark.system

HOSTILE = (
    "h5py",
    "",
    '"; builtins.abort "x',
    "${builtins.abort ''x''}",
    "$${x}",
    "$\\{x}",
    "\\",
    "\\\\${",
    "''",
    "''${x}",
    "a\nb\r\n\tc",
    "# comment /* */",
    "</script>",
    "naïve \u202e",
    "\x01\x1b[2J",
    "$" * 7 + "{",
)


def test_nix_returns_hostile_text_as_plain_strings(nix):
    assert nix.evaluate(f"[ {' '.join(map(nix_string, HOSTILE))} ]") == list(HOSTILE)


@pytest.mark.parametrize("count", [0, 1, 2, 16])
def test_an_assignment_is_a_list_of_these_strings(nix, count):
    names = HOSTILE[:count]
    lines = "\n".join(assignment("pythonRelaxDeps", names))
    assert nix.evaluate("{\n" + lines + "\n}") == {"pythonRelaxDeps": list(names)}


def test_lists_are_formatted_as_nixpkgs_formats_them():
    assert assignment("pythonRelaxDeps", ["h5py"]) == ('pythonRelaxDeps = [ "h5py" ];',)
    assert assignment("pythonRelaxDeps", ["a", "b"]) == ("pythonRelaxDeps = [", '  "a"', '  "b"', "];")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_no_string_can_be_left_or_interpolated(text):
    inside = nix_string(text)[1:-1]
    assert '"' not in inside.replace("\\\\", "").replace('\\"', "")
    assert "$" not in inside.replace("\\\\", "").replace("\\$", "")


def test_a_nul_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        nix_string("a\0b")
