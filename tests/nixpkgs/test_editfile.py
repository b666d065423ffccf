"""One package file: what a plan wants is written where it belongs, and everything else stays."""

import pytest
from edits import DECLARED, SRI, TARGETS, TYPICAL, apply, changed, facts_of, files, gains, loses, refusal, want

from dataset.records import File
from nixpkgs.editfile import edited
from nixpkgs.fitting import fitted
from nixpkgs.packagefile import read_packages
from nixpkgs.requirementchange import RequirementChange
from nixpkgs.wanted import Relax


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


@pytest.mark.parametrize("text", ["2\0", "2\ud800"])
def test_what_no_nix_string_can_hold_is_left_alone(text):
    said = "the plan wants a text that no Nix string can hold"
    assert refusal(TYPICAL, want(version=text)) == said
    assert refusal(TYPICAL, want(relax=(Relax(text, "why"),))) == said
