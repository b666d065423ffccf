"""One package file: what a plan wants is written where it belongs; unknown shapes are left alone, with the reason."""

import re

import pytest
from toys import LINUX

from dataset.records import File
from nixpkgs.editfile import edited
from nixpkgs.fitting import fitted
from nixpkgs.packagefile import read_packages
from nixpkgs.readback import misread
from nixpkgs.requirementchange import RequirementChange
from nixpkgs.splice import LeftAlone
from nixpkgs.wanted import Relax, Wanted
from normalize.projects import project_name

TARGETS = (LINUX,)
SHA = "ab" * 32
SRI = "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="
DECLARED = frozenset({"numpy", "six", "attrs", "zstd", "2to3"})

TYPICAL = """{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  numpy,
  six,
}:

buildPythonPackage (finalAttrs: {
  pname = "foo";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    inherit (finalAttrs) pname version;
    hash = "sha256-AAAA";
  };

  build-system = [ setuptools ];

  # numpy works, says upstream
  pythonRelaxDeps = [ "numpy" ];

  dependencies = [
    numpy
    six
  ];

  meta = {
    description = ''
      version = "1.0"; ''${no} code
    '';
    maintainers = with lib.maintainers; [ alice ];
  };
})
"""


def want(**facts):
    return Wanted(**{"attribute": "foo", "project": project_name("foo"), "current": "1.0", **facts})


def files(*names):
    return tuple(File(name=name, sha256=SHA) for name in names)


def gains(*names):
    return RequirementChange(gained=tuple((project_name(name), name) for name in names))


def loses(*names):
    return RequirementChange(lost=tuple((project_name(name), name) for name in names))


def facts_of(text):
    return read_packages(text.encode(), [({}, ())], TARGETS)[0]


def apply(text, wanted):
    """Return the edited text, which reads back as what was wanted."""
    facts = facts_of(text)
    changes = fitted(facts, wanted, DECLARED)
    if not changes:
        return text
    made = edited(text.encode(), facts, wanted, changes)
    after = made.data.decode()
    assert misread(facts, facts_of(after), changes, made.source) == ""
    assert not fitted(facts_of(after), wanted, DECLARED)
    return after


def changed(text, wanted):
    """Return the lines that go and those that come."""
    before, after = text.splitlines(), apply(text, wanted).splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_version_and_its_hash():
    gone, come = changed(TYPICAL, want(version="1.1", files=files("foo-1.1.tar.gz", "foo-1.1-py3-none-any.whl")))
    assert gone == ['  version = "1.0";', '    hash = "sha256-AAAA";']
    assert come == ['  version = "1.1";', f'    hash = "{SRI}";']


@pytest.mark.parametrize(
    "others",
    [(), ("foo-1.1.tar.gz",)],
    ids=["files unknown", "hash unknown"],
)
def test_a_hash_that_is_not_known_is_emptied_and_never_stays(others):
    wanted = want(version="1.1", files=tuple(File(name=name) for name in others))
    assert changed(TYPICAL, wanted)[1] == ['  version = "1.1";', '    hash = "";']
    facts = facts_of(TYPICAL)
    assert edited(TYPICAL.encode(), facts, wanted, fitted(facts, wanted, DECLARED)).prefetch == ("src",)


def test_a_source_from_elsewhere_and_what_it_locks_are_to_be_prefetched():
    text = TYPICAL.replace("fetchPypi", "fetchFromGitHub").replace(
        "inherit (finalAttrs) pname version;", 'owner = "a"; repo = "b"; tag = "v${finalAttrs.version}";'
    )
    text = text.replace(
        "  build-system",
        '  cargoDeps = fetchCargoVendor { inherit (finalAttrs) src; hash = "sha256-BBBB"; };\n  build-system',
    )
    wanted = want(version="1.1", files=files("foo-1.1.tar.gz"))
    _, come = changed(text, wanted)
    assert come == [
        '  version = "1.1";',
        '    hash = "";',
        '  cargoDeps = fetchCargoVendor { inherit (finalAttrs) src; hash = ""; };',
    ]


@pytest.mark.parametrize(
    ("inherits", "come"),
    [
        ("inherit (finalAttrs) pname version;", ['pname = "foo_bar";', "inherit (finalAttrs) version;"]),
        ('pname = "foo-bar";\n    inherit (finalAttrs) version;', ['pname = "foo_bar";']),
    ],
)
def test_a_renamed_sdist_gets_its_new_name(inherits, come):
    text = TYPICAL.replace("inherit (finalAttrs) pname version;", inherits)
    text = text.replace('  pname = "foo";', '  pname = "foo-bar";', 1)
    _, lines = changed(text, want(version="1.1", files=files("foo_bar-1.1.tar.gz")))
    assert [line.strip() for line in lines] == ['version = "1.1";', *come, f'hash = "{SRI}";']


def test_a_wheel_has_the_hash_of_the_wheel():
    text = TYPICAL.replace("pyproject = true;", 'format = "wheel";').replace(
        "pname version;", 'pname version;\n    format = "wheel"; python = "py3"; dist = "py3";'
    )
    wheel = File(name="foo-1.1-py3-none-any.whl", sha256="00" * 32)
    come = changed(text, want(version="1.1", files=(*files("foo-1.1.tar.gz"), wheel)))[1]
    assert f'    hash = "sha256-{"A" * 43}=";' in come
    computed = text.replace('dist = "py3"', "platform = stdenv.platform")
    assert '    hash = "";' in changed(computed, want(version="1.1", files=(wheel,)))[1]


def test_relaxations_come_with_their_reason_and_go_with_their_comment():
    relax = (Relax("H5Py", "1.0 requires H5Py<3\n; } #"),)
    gone, come = changed(TYPICAL, want(relax=relax, stale=(("numpy", "it fits"),)))
    assert gone == ['  pythonRelaxDeps = [ "numpy" ];']
    assert come == ["  pythonRelaxDeps = [", "    # 1.0 requires H5Py<3 ; } #", '    "H5Py"']
    gone, come = changed(TYPICAL, want(stale=(("numpy", "it fits"),)))
    assert gone == ["  # numpy works, says upstream", '  pythonRelaxDeps = [ "numpy" ];']
    assert come == []
    assert "\n\n\n" not in apply(TYPICAL, want(stale=(("numpy", "it fits"),)))
    plain = apply(TYPICAL, want(stale=(("numpy", "it fits"),)))
    assert apply(plain, want(relax=(Relax("numpy", "why"),))).count("\n\n  pythonRelaxDeps = [\n    # why\n") == 1


def test_true_is_removed_whole_or_covers_everything():
    text = TYPICAL.replace('[ "numpy" ];', "true;")
    assert "pythonRelaxDeps" not in apply(text, want(stale=(("*", "nothing is violated"),)))
    assert apply(text, want(relax=(Relax("six", ""),))) == text


@pytest.mark.parametrize("flag", ["dontCheckRuntimeDeps = true;", 'format = "setuptools";'])
def test_nothing_is_relaxed_where_nothing_is_checked(flag):
    text = TYPICAL.replace("pyproject = true;", flag if "format" in flag else f"pyproject = true;\n  {flag}")
    assert apply(text, want(relax=(Relax("h5py", ""),))) == text


def test_dependencies_come_and_go_with_their_arguments():
    gone, come = changed(TYPICAL, want(version="1.1", requires=gains("attrs", "zstd")))
    assert gone == ['  version = "1.0";', '    hash = "sha256-AAAA";']
    assert come == ["  attrs,", "  zstd,", '  version = "1.1";', '    hash = "";', "    attrs", "    zstd"]
    after = apply(TYPICAL, want(version="1.1", requires=gains("attrs", "zstd")))
    assert "  # dependencies\n  numpy,\n  six,\n  zstd,\n}" in after
    assert "[\n    attrs\n    numpy\n    six\n    zstd\n  ]" in after
    after = apply(TYPICAL, want(version="1.1", requires=loses("six")))
    assert "  # dependencies\n  numpy,\n}" in after
    assert "dependencies = [ numpy ];" in after
    used = TYPICAL.replace("  meta", "  nativeCheckInputs = [ six ];\n\n  meta")
    assert "  six,\n}" in apply(used, want(version="1.1", requires=loses("six")))
    both = RequirementChange(gained=gains("zstd").gained, lost=loses("numpy", "six").lost)
    assert "  # dependencies\n  zstd,\n}" in (after := apply(TYPICAL, want(version="1.1", requires=both))) or (
        "  zstd,\n" in after and "numpy,\n" not in after
    )


def test_a_package_without_dependencies_gets_some_in_their_place():
    text = TYPICAL.replace("  dependencies = [\n    numpy\n    six\n  ];\n\n", "").replace("  numpy,\n  six,\n", "")
    after = apply(text, want(version="1.1", requires=gains("numpy")))
    assert '"numpy" ];\n\n  dependencies = [ numpy ];\n\n  meta' in after


@pytest.mark.parametrize(
    ("head", "after"),
    [
        ("{ buildPythonPackage, numpy, six }:", "{ buildPythonPackage, numpy, six, zstd }:"),
        ("{ buildPythonPackage\n, numpy # it\n, six\n}:", "{ buildPythonPackage\n, numpy # it\n, six\n, zstd\n}:"),
        ("{\n  buildPythonPackage,\n  numpy,\n  six\n}:", "{\n  buildPythonPackage,\n  numpy,\n  six,\n  zstd\n}:"),
        ("{ six, buildPythonPackage, ... }@args:", "{ six, zstd, buildPythonPackage, ... }@args:"),
        ("args@{ numpy ? 1, six, buildPythonPackage }:", "args@{ numpy ? 1, six, zstd, buildPythonPackage }:"),
    ],
)
def test_every_layout_of_the_head(head, after):
    body = (
        '\nbuildPythonPackage { pname = "foo"; version = "1.0"; pyproject = true;\n  dependencies = [ numpy six ];\n}\n'
    )
    made = apply(head + body, want(version="1.1", requires=gains("zstd")))
    assert made.startswith(after)
    assert made.endswith("dependencies = [\n    numpy\n    six\n    zstd\n  ];\n}\n")
    if "?" not in head:
        again = want(current="1.1", version="1.2", requires=loses("zstd"))
        assert "zstd" not in apply(made, again)


def test_line_ends_and_everything_else_stay():
    data = TYPICAL.replace("\n", "\r\n").encode()
    facts = read_packages(data, [({}, ())], TARGETS)[0]
    wanted = want(version="1.1", relax=(Relax("zstd", "why"),), requires=gains("attrs"))
    made = edited(data, facts, wanted, fitted(facts, wanted, DECLARED)).data
    assert b"\n" not in made.replace(b"\r\n", b"")
    assert made.replace(b"\r\n", b"\n").decode() == apply(TYPICAL, wanted)


@pytest.mark.parametrize("hostile", ['1"; x = throw "', "${throw 1}", "''", "1\\", "1\n2", "1\r2", "a$${b}", "$" * 3])
def test_hostile_text_stays_text(hostile):
    wanted = want(version=hostile, relax=(Relax(hostile, hostile),))
    facts = facts_of(apply(TYPICAL, wanted))
    assert facts.version == hostile
    assert hostile in [part.path[0] for part in facts.relaxed.parts]


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


def refusal(text, wanted):
    """Return why a file is left alone."""
    facts = facts_of(text)
    try:
        changes = fitted(facts, wanted, DECLARED)
        made = edited(text.encode(), facts, wanted, changes)
    except LeftAlone as answer:
        return answer.why
    return misread(facts, facts_of(made.data.decode()), changes, made.source)


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
