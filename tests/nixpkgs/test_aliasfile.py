"""Reading ``python-aliases.nix``: every form that it has, and what is no alias."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixpkgs.aliases import alias_lines
from nixpkgs.aliasfile import read_aliases
from nixpkgs.syntax import NixSyntaxError
from normalize.aliases import Alias

FILE = r"""
# aliases of the Python set
lib: self: super:
with self;
let
  warnAlias = msg: x: lib.warn msg x;
  inner = { hidden = numpy; };
in
mapAliases ({
  # keep-sorted start
  abjad = throw "'abjad' was removed due to lack of maintenance"; # Added 2026-03-24
  bare = "'bare' has been renamed to 'other'"; # Converted to throw 2025-10-29
  fetchPypi = pkgs.fetchPypi; # added 2023-05-25
  gpgme = gpg; # added 2026-06-26
  "2to3" = self."two-to-three";
  scikitlearn = throw "'scikitlearn' has been renamed to/replaced by 'scikit-learn'"; # Converted to throw 2025-10-29
  slackclient = throw "slackclient is replaced by slack-sdk"; # 2024-01-01
  typer-slim = warnAlias "typer-slim is typer" typer;
  # keep-sorted end
  odd = numpy.override { };
  a.b = numpy;
  gpgme = gpg;
} // {
  python3 = throw "do not remove"; # do not remove
})
"""


def test_every_form_of_an_alias_is_read():
    aliases, problems = read_aliases(FILE.encode())
    assert list(aliases) == [
        Alias(name="2to3", target="two-to-three"),
        Alias(name="abjad", fatal=True, date="2026-03-24", reason="'abjad' was removed due to lack of maintenance"),
        Alias(name="bare", fatal=True, date="2025-10-29", reason="'bare' has been renamed to 'other'"),
        Alias(name="fetchPypi", target="pkgs.fetchPypi", date="2023-05-25"),
        Alias(name="gpgme", target="gpg", date="2026-06-26"),
        Alias(name="python3", fatal=True, reason="do not remove"),
        Alias(name="scikitlearn", target="scikit-learn", fatal=True, date="2025-10-29"),
        Alias(
            name="slackclient",
            target="slack-sdk",
            fatal=True,
            date="2024-01-01",
            reason="slackclient is replaced by slack-sdk",
        ),
        Alias(name="typer-slim", target="typer", reason="typer-slim is typer"),
    ]
    assert problems == (
        "line 20: odd is numpy.override { }, which is no alias",
        "line 21: a.b is no name of an alias",
        "line 22: gpgme is there twice",
    )


@pytest.mark.parametrize("text", ["", "{", "lib: self: {a = ;}", "\0"])
def test_what_is_no_nix_is_refused(text):
    with pytest.raises(NixSyntaxError):
        read_aliases(text.encode())


@pytest.mark.parametrize("text", ["1", "x", "lib: self: { }", "lib: import ./x.nix"])
def test_a_file_without_aliases_has_none(text):
    assert read_aliases(text.encode()) == ((), ())


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
DAYS = st.none() | st.dates().map(str)


@given(st.lists(st.tuples(NAMES, NAMES, DAYS, st.booleans()), max_size=5, unique_by=lambda one: one[0]))
def test_what_is_written_reads_the_same(rows):
    aliases = [Alias(name=name, target=target, fatal=fatal, date=day) for name, target, day, fatal in rows]
    lines, _ = alias_lines(aliases)
    text = "self: super: with self; {\n" + "\n".join(lines) + "\n}\n"
    found, problems = read_aliases(text.encode())
    assert problems == ()
    assert list(found) == sorted(aliases, key=lambda one: one.name)
