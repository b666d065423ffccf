"""Aliases as Nix text, judged by real Nix: they parse, and lead where they should, whatever they are called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nixpkgs.aliases import alias_line, alias_lines
from normalize.aliases import Alias
from normalize.errors import UsageError

NASTY = "'; in builtins.abort \"x\" ${builtins.abort ''x''} \\ # */ $${y}\x1b[2J\n\u202e"
TARGETS = ("numpy", "with", "2to3", "true", "throw", "builtins", "self", "lib", "map", "or", "__curPos", "inherit")


def test_aliases_are_written_as_nixpkgs_writes_them():
    lines, unspellable = alias_lines(
        [
            Alias(name="z3", target="z3-solver", fatal=True, date="2025-10-29"),
            Alias(name="gpgme", target="gpg", date="2026-06-26"),
            Alias(name="abjad", fatal=True, date="2026-03-24", reason="'abjad' was removed due to lack of maintenance"),
            Alias(name="fetchPypi", target="pkgs.fetchPypi"),
        ]
    )
    assert unspellable == ()
    assert lines == (
        "abjad = throw \"'abjad' was removed due to lack of maintenance\"; # Added 2026-03-24",
        "fetchPypi = pkgs.fetchPypi;",
        "gpgme = gpg; # added 2026-06-26",
        "z3 = throw \"'z3' has been renamed to/replaced by 'z3-solver'\"; # Converted to throw 2025-10-29",
    )


@pytest.mark.system
def test_hostile_names_are_attributes_and_nothing_else(nix):
    aliases = [
        Alias(name=f"{name}{i}" if target else name, target=target)
        for i, target in enumerate(TARGETS)
        for name in ("a${b}", 'a"', "with", "2to3", "x y", "a.b", "\\", "'q", "-x", "__x")
    ]
    lines, unspellable = alias_lines(aliases)
    assert unspellable == ()
    have = " ".join(f'"{name}" = "is {name}";' for name in TARGETS)
    text = f"let self = {{ {have} }}; in with self; {{\n" + "\n".join(lines) + "\n}\n"
    found = nix.evaluate(text)
    assert found == {one.name: f"is {one.target}" for one in aliases}


@pytest.mark.system
def test_hostile_reasons_and_dates_stay_in_their_strings_and_comments(nix):
    aliases = [
        Alias(name="gone", fatal=True, reason=NASTY, date="2026-01-01\n}"),
        Alias(name="old", target="numpy", fatal=True, reason=NASTY, date=NASTY),
        Alias(name="live", target="numpy", date="*/ ${x}"),
    ]
    lines, _ = alias_lines(aliases)
    assert all(line.isprintable() for line in lines)
    text = 'let numpy = "is numpy"; in {\n' + "\n".join(lines) + "\n}\n"
    nix.parse(text)
    names = f"builtins.attrNames ({text})"
    assert nix.evaluate(names) == ["gone", "live", "old"]
    for name in ("gone", "old"):
        assert nix.evaluate(f"(builtins.tryEval (({text}).{name})).success") is False


@pytest.mark.parametrize("name", ["", "a\nb", "a\x1b[2J", "\u0430bc", "naïve", "\0", "a\u202eb"])
def test_names_that_no_attribute_has_are_told_apart(name):
    lines, unspellable = alias_lines([Alias(name=name, target="numpy"), Alias(name="x", target=name or "a..b")])
    assert lines == ()
    assert sorted(unspellable) == sorted([name, "x"])
    with pytest.raises(UsageError):
        alias_line(Alias(name=name, target="numpy"))


@settings(max_examples=settings.default.max_examples // 3)
@given(st.text(), st.text(), st.none() | st.text(), st.none() | st.text(), st.booleans())
def test_a_line_is_one_harmless_line_or_refused(name, target, day, reason, fatal):
    try:
        line = alias_line(Alias(name=name, target=target, date=day, reason=reason, fatal=fatal))
    except UsageError:
        return
    assert line.isprintable()
    code, _, comment = line.rpartition(";")
    assert not set(comment) - set("# abcdefghijklmnopqrstuvwxyzAC0123456789-")
    assert "${" not in code.replace("\\\\", "").replace("\\$", "")
