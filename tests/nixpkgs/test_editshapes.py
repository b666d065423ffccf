"""Which shapes of package files can be edited? Those that maintainers write; others are left alone, with the reason."""

import re

import pytest
from edits import DECLARED, TYPICAL, apply, facts_of, files, gains, loses, refusal, want

from nixpkgs.editfile import edited
from nixpkgs.fitting import fitted
from nixpkgs.requirementchange import RequirementChange
from nixpkgs.splice import LeftAlone
from nixpkgs.wanted import Relax
from normalize.projects import project_name


@pytest.mark.parametrize(
    ("old", "new", "wanted", "why"),
    [
        ('"1.0"', '"1.${"0"}"', {}, "put together"),
        ('"1.0"', '"0.9"', {}, "its file has version 0.9, and the plan starts from 1.0"),
        ("six,\n}:", "six,\n}: let bar = six; in", {}, "its version is that of 'six'"),
        ('version = "1.0";', "", {}, "no version"),
        ("(finalAttrs: {", "(finalAttrs: args // {", {}, "computed"),
        ("inherit (finalAttrs) pname version;", 'pname = "foo"; version = "1.0";', {}, "does not follow its version"),
        ('hash = "sha256-AAAA";', "hash = hashes.foo;", {}, "computed"),
        ('hash = "sha256-AAAA";', "", {}, "0 hashes"),
        ("fetchPypi", "fetchurl", {}, "does not follow"),
        ("src = fetchPypi", "src = patched fetchPypi", {}, "not fetched in a way"),
        ("foo", "bar", {"files": files("baz-1.1.tar.gz")}, "no file 'bar-1.1.tar.gz', which .* baz-1.1.tar.gz"),
        ("foo", "foo", {"files": files("foo-1.1-py3-none-any.whl")}, "it has no sdist"),
        ('[ "numpy" ]', "names", {"stale": (("numpy", ""),), "relax": (Relax("a", ""),)}, "computed"),
        ("[\n    numpy\n    six\n  ]", "deps", {"requires": gains("zstd")}, "'dependencies' is computed"),
        ("  numpy,\n", "  numpy,\n  zstd ? null,\n", {"requires": gains("zstd")}, "'zstd' has a default"),
        ("{\n  lib", "{ a, ... }@given: with given; {\n  lib", {}, "."),
        ("meta = {", "cargoHash = lib.fakeHash; meta = {", {}, "'cargoHash' is computed"),
        ("meta = {", "x = 1;\r meta = {", {}, "carriage returns"),
    ],
)
def test_unknown_shapes_are_left_alone_with_the_reason(old, new, wanted, why):
    text = TYPICAL.replace(old, new)
    assert text != TYPICAL or old == new
    if "let bar" in new:
        text = text.replace('version = "1.0";', "inherit (bar) version;", 1)
    told = refusal(text, want(**{"version": "1.1", **wanted}))
    assert re.search(why, told)
    assert "\n" not in told


@pytest.mark.parametrize("size", range(0, len(TYPICAL), 61))
def test_half_written_files_are_left_alone(size):
    half = TYPICAL[:size]
    with pytest.raises(LeftAlone):
        fitted(facts_of(half), want(version="1.1"), DECLARED)


def test_what_cannot_be_decided_is_said():
    text = TYPICAL.replace("    six\n  ]", "  ]\n  ++ lib.optionals stdenv.isDarwin [ six ]")
    wanted = want(
        version="1.1",
        stale=(("six", "METADATA of 1.1 does not require it"),),
        requires=RequirementChange(
            gained=(*gains("2to3").gained, (project_name("new"), "new")), lost=loses("six").lost, unsure=("look",)
        ),
    )
    changes = fitted(facts_of(text), wanted, DECLARED)
    assert changes.gain == changes.lose == changes.unrelax == ()
    assert changes.notes == (
        "look",
        "six stays relaxed, because it is a dependency under a condition, but METADATA of 1.1 does not require it",
        "it requires 2to3 now, whose attribute '2to3' cannot be an argument",
        "it requires new now, which the set does not have",
    )
    assert changes.further.lose == ("six",)


def test_what_no_edit_can_judge_is_said():
    more = "  patches = [ ./a.patch ];\n  # nixpkgs-update: no auto update\n  passthru.skipBulkUpdate = true;\n"
    link = '    changelog = "https://a.example/1.0.1";'
    text = TYPICAL.replace('"1.0"', '"1.0.1"', 1).replace("  meta = {", f"{more}\n  meta = {{")
    text = text.replace("    maintainers", f'{link}\n    other = "11.0.1 1.0.1.2";\n    maintainers')
    facts = facts_of(text)
    wanted = want(current="1.0.1", version="1.1")
    changes = fitted(facts, wanted, DECLARED)
    assert changes.notes == ("it asks to be left out of bulk updates (skipBulkUpdate)",)
    assert edited(text.encode(), facts, wanted, changes).notes == (
        f"line {text.splitlines().index(link) + 1} of its file still says 1.0.1",
        "its patches have to apply to the new release",
        "its file says 'nixpkgs-update: no auto update'",
    )


HEAD = "{ buildPythonPackage, fetchurl, fetchPypi, lib, numpy }:\n"
RELAX = {"relax": (Relax("zz", ""),)}
STALE = {"stale": (("a", ""),)}


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        (
            'buildPythonPackage { pname = "foo"; version = "1.0"; pyproject = true; }',
            RELAX,
            'buildPythonPackage { pname = "foo"; version = "1.0"; pyproject = true; pythonRelaxDeps = [ "zz" ]; }',
        ),
        (
            'buildPythonPackage { version = "1.0"; pyproject = true; pythonRelaxDeps = [ "a" ]; meta = { }; }',
            STALE,
            'buildPythonPackage { version = "1.0"; pyproject = true; meta = { }; }',
        ),
        (
            'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n\n  pythonRelaxDeps = [ "a" ];\n}',
            STALE,
            'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n}',
        ),
        (
            'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n}',
            RELAX,
            'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n  pythonRelaxDeps = [ "zz" ];\n}',
        ),
        (
            'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n  # all\n  pythonRemoveDeps = [ ];\n}',
            RELAX,
            (
                'buildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n  pythonRelaxDeps = [ "zz" ];\n'
                "  # all\n  pythonRemoveDeps = [ ];\n}"
            ),
        ),
        (
            (
                'let names = [ "a" "b" ]; in\nbuildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n'
                "  pythonRelaxDeps = names ++ [ ];\n}"
            ),
            STALE,
            (
                'let names = [ "b" ]; in\nbuildPythonPackage {\n  version = "1.0";\n  pyproject = true;\n'
                "  pythonRelaxDeps = names ++ [ ];\n}"
            ),
        ),
        (
            'let v = "1.0"; in with lib; let w = v; in (buildPythonPackage (rec { version = (w); pyproject = true; }))',
            {"version": "1.1"},
            'let v = "1.1"; in with lib; let w = v; in (buildPythonPackage (rec { version = (w); pyproject = true; }))',
        ),
        (
            'let v = { version = "1.0"; }; version = "1.0"; in buildPythonPackage (f: { inherit version; })',
            {"version": "1.1"},
            'let v = { version = "1.0"; }; version = "1.1"; in buildPythonPackage (f: { inherit version; })',
        ),
        (
            (
                'buildPythonPackage rec { version = "1.0"; pyproject = true;\n'
                '  src = fetchurl { url = "https://a.example/${version}.zip"; sha256 = "0abc"; }; }'
            ),
            {"version": "1.1"},
            (
                'buildPythonPackage rec { version = "1.1"; pyproject = true;\n'
                '  src = fetchurl { url = "https://a.example/${version}.zip"; sha256 = ""; }; }'
            ),
        ),
        (
            'buildPythonPackage { version = "1.0"; cargoDeps = f { src = 1; hash = "x"; }; cargoHash = "y"; }',
            {"version": "1.1"},
            'buildPythonPackage { version = "1.1"; cargoDeps = f { src = 1; hash = ""; }; cargoHash = ""; }',
        ),
    ],
)
def test_shapes_that_maintainers_write(before, wanted, after):
    assert apply(HEAD + before, want(**wanted)) == HEAD + after


@pytest.mark.parametrize(
    ("body", "wanted", "why"),
    [
        ("let inherit (lib) version; in buildPythonPackage { inherit version; pyproject = true; }", {}, "version"),
        ('buildPythonPackage { version = "1.0"; pyproject = true; } // { }', {}, "no Python package"),
        (
            (
                'let a = buildPythonPackage { version = "1.0"; pyproject = true; }; in builtins.seq '
                "(buildPythonPackage { }) a"
            ),
            {},
            "no Python package|made by|told from others",
        ),
        ('buildPythonPackage { version = "1.0"; pyproject = true; cargoDeps = f { }; }', {}, "'cargoDeps' has no hash"),
        ('buildPythonPackage { version = "1.0"; pyproject = true; pythonRelaxDeps = [ "a" ] ++ lib.x; }', STALE, "."),
        ('buildPythonPackage { version = "1.0"; pyproject = true; src.x = 1; }', {}, "put together|not fetched"),
    ],
)
def test_further_shapes_are_left_alone(body, wanted, why):
    assert re.search(why, refusal(HEAD + body, want(**{"version": "1.1", **wanted})))
