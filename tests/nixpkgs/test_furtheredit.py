"""Conditions, extras, `true` made narrower and tags that are spelled out: edited where certain, else told."""

from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import DARWIN, LINUX

from nixpkgs.declarations import read_declarations
from nixpkgs.packagefile import read_packages
from nixpkgs.planedit import plan_edits
from nixpkgs.relaxneeds import Bounded
from nixpkgs.requirementchange import ExtraChange, RequirementChange, Sometimes
from nixpkgs.wanted import Relax, Wanted
from normalize.projects import project_name

TARGETS = (LINUX, DARWIN)
SET = "pkgs/top-level/python-packages.nix"
FOO = "pkgs/development/python-modules/foo/default.nix"
NAMES = ("foo", "numpy", "six", "attrs", "zstd", "idna", "django_5")
CALLS = "".join(f"  {one} = callPackage ../development/python-modules/{one} {{ }};\n" for one in NAMES)
DECLARED = f"self: super: with self; {{\n{CALLS}}}\n"

TEXT = """{
  lib,
  stdenv,
  buildPythonPackage,
  fetchFromGitHub,
  setuptools,
  numpy,
  six,
  attrs,
}:

buildPythonPackage rec {
  pname = "foo";
  version = "1.0";
  pyproject = true;

  src = fetchFromGitHub {
    owner = "o";
    repo = "foo";
    tag = "v1.0";
    hash = "sha256-AAAA";
  };

  build-system = [ setuptools ];

  # upstream pins everything
  pythonRelaxDeps = true;

  dependencies = [
    numpy
  ]
  ++ lib.optionals stdenv.hostPlatform.isLinux [
    six
  ];

  optional-dependencies = {
    fast = [ attrs ];
  };

  meta.description = "${pname}";
}
"""
MET, UNMET = Bounded("numpy", "numpy", "1.1 requires numpy<9", True), Bounded("Six", "six", "1.1 requires Six<1", False)


def some(name, condition="stdenv.hostPlatform.isLinux", where=(True, False)):
    return Sometimes(project_name(name), name, condition, where, f"it requires {name} now, but not on every target")


def want(**facts):
    project = project_name("foo")
    given_ = {"attribute": "foo", "project": project, "current": "1.0", "version": "1.1", "bounded": (UNMET,), **facts}
    return Wanted(**given_)


def apply(text, wanted):
    """Return the file after the edits, the notes, and why it is left alone."""
    files = {SET: DECLARED.encode(), FOO: text if isinstance(text, bytes) else text.encode()}
    declared, _ = read_declarations(files[SET], TARGETS)

    def edits():
        return plan_edits(declared, [wanted], files.get, TARGETS, lambda _: None)

    made = edits()
    files |= made.files()
    again = edits()
    assert again.files() == {}
    assert again.notes == () or not made.steps or made.left_alone
    return files[FOO].decode("utf-8", "replace"), [note for _, note in made.notes], dict(made.left_alone).get("foo")


def edited(text, **facts):
    """Return the lines that go and those that come, the version's and the source's apart; and the notes."""
    after, notes, why = apply(text, want(**facts))
    assert why is None
    usual = ('version = "1.', 'tag = "v1.', 'hash = "')
    found = [
        line
        for line in unified_diff(text.splitlines(), after.splitlines(), lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@")) and not line[1:].strip().startswith(usual)
    ]
    gone, come = ([line[1:].strip() for line in found if line[0] == sign and line[1:].strip()] for sign in "-+")
    assert all(f"  {one}" in after for one in ('version = "1.1";', 'tag = "v1.1";', 'hash = "";'))
    return gone, come, notes


def requires(**facts):
    return {"requires": RequirementChange(**facts)}


@pytest.mark.parametrize(
    ("old", "new", "facts", "gone", "come"),
    [
        # into the list under the same condition
        ("", "", requires(sometimes=(some("zstd"),)), [], ["zstd,", "zstd"]),
        # into a new one
        (
            "",
            "",
            requires(sometimes=(some("zstd", 'pythonOlder "3.14"', (True, False)),)),
            ["];"],
            ["pythonOlder,", "zstd,", "]", '++ lib.optionals (pythonOlder "3.14") [ zstd ];'],
        ),
        (
            "\n  ++ lib.optionals stdenv.hostPlatform.isLinux [\n    six\n  ]",
            "",
            requires(sometimes=(some("zstd"), some("idna"))),
            [],
            ["idna,", "zstd,", "]", "++ lib.optionals stdenv.hostPlatform.isLinux [", "idna", "zstd"],
        ),
        # out of a list under a condition, with the arguments that nothing uses any more
        (
            "",
            "",
            requires(lost=((project_name("six"), "six"),)),
            ["lib,", "stdenv,", "six,", "]", "++ lib.optionals stdenv.hostPlatform.isLinux [", "six"],
            [],
        ),
        (
            "    six\n",
            "    six\n    attrs\n",
            requires(faded=((project_name("six"), "six"),)),
            ["six,", "++ lib.optionals stdenv.hostPlatform.isLinux [", "six", "attrs", "];"],
            ["++ lib.optionals stdenv.hostPlatform.isLinux [ attrs ];"],
        ),
        (
            "lib.optionals stdenv.hostPlatform.isLinux [\n    six\n  ]",
            "lib.optional stdenv.hostPlatform.isLinux six",
            requires(lost=((project_name("six"), "six"),)),
            ["lib,", "stdenv,", "six,", "]", "++ lib.optional stdenv.hostPlatform.isLinux six;"],
            ["];"],
        ),
        # extras
        (
            "",
            "",
            requires(extras=(ExtraChange("fast", ("zstd",), ("attrs",)),)),
            ["attrs,", "fast = [ attrs ];"],
            ["zstd,", "fast = [ zstd ];"],
        ),
        *(
            (
                "optional-dependencies = {\n    fast = [ attrs ];\n  };",
                written,
                requires(extras=(ExtraChange("fast", ("zstd",), ("attrs",)),)),
                ["attrs,", written.split("\n")[-2 if "\n" in written else 0].strip()],
                ["zstd,", written.split("\n")[-2 if "\n" in written else 0].strip().replace("attrs", "zstd")],
            )
            for written in (
                "optional-dependencies.fast = [ attrs ];",
                "passthru.optional-dependencies.fast = [ attrs ];",
                "passthru.optional-dependencies = {\n    fast = [ attrs ];\n  };",
            )
        ),
        ("", "", requires(extras=(ExtraChange("slow", ("zstd",)),)), [], []),
        ("", "", requires(extras=(ExtraChange("fast", ("brotli",)),)), [], []),
        # `true`
        (
            "",
            "",
            {"bounded": (MET, UNMET)},
            ["pythonRelaxDeps = true;"],
            ["pythonRelaxDeps = [", "# 1.1 requires Six<1", '"Six"', "];"],
        ),
        ("", "", {"bounded": (MET,)}, ["# upstream pins everything", "pythonRelaxDeps = true;"], []),
        ("", "", {"bounded": (UNMET,)}, [], []),
        (
            "pythonRelaxDeps = true;",
            'pythonRelaxDeps = true;\n  pythonRemoveDeps = [ "Six" ];',
            {"bounded": (MET, UNMET)},
            ["pythonRelaxDeps = true;"],
            [],
        ),
    ],
)
def test_known_shapes(old, new, facts, gone, come):
    text = TEXT.replace(old, new) if old else TEXT
    found = edited(text, **facts)
    if "pythonRemoveDeps" in new:
        gone = ["# upstream pins everything", *gone]
    assert (sorted(found[0]), sorted(found[1])) == (sorted(gone), sorted(come))
    assert found[2] == []


@pytest.mark.parametrize(
    ("old", "new", "facts", "note"),
    [
        ("", "", requires(sometimes=(some("zstd", ""),)), "it requires zstd now, but not on every target"),
        ("", "", requires(sometimes=(some("brotli"),)), "it requires brotli now, but not on every target"),
        (
            "  dependencies = [\n    numpy\n  ]\n  ++",
            "  dependencies =\n    deps ++",
            requires(sometimes=(some("zstd", 'pythonOlder "3.9"', (False, False)),)),
            "not on every target (its dependencies are computed)",
        ),
        (
            "stdenv.hostPlatform.isLinux [",
            "withSix [",
            requires(lost=((project_name("six"), "six"),)),
            "which it has under a condition ('withSix' does not ask where it is built)",
        ),
        (
            "[\n    six\n  ];",
            "[\n    # for speed\n    six\n  ];",
            requires(lost=((project_name("six"), "six"),)),
            "(a comment stands beside what would go)",
        ),
        (
            "fast = [ attrs ];",
            "fast = lib.unique [ attrs ];",
            requires(extras=(ExtraChange("fast", ("zstd",)),)),
            "in its extra fast, zstd comes ('fast' is computed)",
        ),
        (
            "optional-dependencies = {\n    fast = [ attrs ];\n  };",
            "optional-dependencies = {\n    fast = [ attrs ];\n  } // { };",
            requires(extras=(ExtraChange("fast", ("zstd",)),)),
            "in its extra fast, zstd comes (its extra 'fast' is computed)",
        ),
        ("", "", {"bounded": None}, "pythonRelaxDeps stays true, because what its new release requires is not known"),
        (
            "pythonRelaxDeps = true",
            "pythonRelaxDeps = relaxAll",
            {"bounded": (MET,)},
            "it does not need pythonRelaxDeps = true (its 'true' stands elsewhere)",
        ),
        (
            "    numpy\n",
            "    numpy\n    (f numpy)\n",
            {"bounded": (MET,)},
            "pythonRelaxDeps stays true, because not all of its lists can be read",
        ),
    ],
)
def test_what_is_not_certain_or_has_no_shape_is_told_and_all_else_is_done(old, new, facts, note):
    text = TEXT.replace(old, new) if old else TEXT
    assert text != TEXT or not old
    if "relaxAll" in new:
        text = text.replace("buildPythonPackage rec {", "let relaxAll = true; in\nbuildPythonPackage rec {")
    if "withSix" in new:
        text = text.replace("  attrs,\n}:", "  attrs,\n  withSix ? true,\n}:")
    gone, come, notes = edited(text, **facts)
    assert (gone, come) == ([], [])
    assert note in " and ".join(notes)


def test_a_dependency_in_another_version_than_the_sets_is_not_taken_for_met():
    text = TEXT.replace("    numpy\n", "    django_5\n    numpy\n").replace("  numpy,\n", "  numpy,\n  django_5,\n")
    bounded = (MET, Bounded("django", "django", "1.1 requires django<6", True))
    _, come, _ = edited(text, bounded=bounded)
    assert come == ["pythonRelaxDeps = [", "# 1.1 requires django<6", '"django"', "];"]


def test_what_the_plan_relaxes_is_in_the_list_that_true_becomes():
    _, come, _ = edited(TEXT, bounded=(MET, UNMET), relax=(Relax("zstd", "why"),))
    assert come == ["pythonRelaxDeps = [", "# 1.1 requires Six<1", '"Six"', "# why", '"zstd"', "];"]


@pytest.mark.parametrize(
    ("tag", "after"),
    [
        ("1.0", "1.1"),
        ("v1.0", "v1.1"),
        ("foo-1.0", "foo-1.1"),
        ("refs/tags/v1.0", "refs/tags/v1.1"),
        ("v11.0", None),
        ("0.1.0", None),
        ("1.0.2", None),
        ("1.0-beta", None),
        ("1.0rc1", None),
        ("1.0/1.0", None),
        ("deadbeef", None),
    ],
)
def test_a_tag_that_spells_the_version_out_follows_it(tag, after):
    text = TEXT.replace('"v1.0"', f'"{tag}"')
    made, _, why = apply(text, want())
    if after is None:
        assert (made, why) == (text, "its source does not follow its version")
    else:
        assert (f'tag = "{after}";' in made, 'hash = "";' in made, why) == (True, True, None)


@pytest.mark.parametrize("revision", ["rev", "tag"])
def test_a_literal_revision_is_not_excused_by_an_address_that_uses_the_version(revision):
    text = TEXT.replace('tag = "v1.0";', f'{revision} = "deadbeef"; url = "https://example.org/${{version}}";')
    assert text != TEXT
    made, _, why = apply(text, want())
    assert (made, why) == (text, "its source does not follow its version")


ALL = {
    "bounded": (MET, UNMET),
    **requires(
        gained=((project_name("idna"), "idna"),),
        sometimes=(some("zstd"), some("django_5", 'pythonOlder "3.14"', (True, False))),
        lost=((project_name("six"), "six"), (project_name("numpy"), "numpy")),
        extras=(ExtraChange("fast", ("zstd",), ("attrs",)),),
    ),
}


def test_everything_at_once_reads_back():
    after, notes, why = apply(TEXT, want(**ALL))
    assert (notes, why) == ([], None)
    facts = read_packages(after.encode(), [({}, ())], TARGETS)[0]
    assert facts.problem == ""
    assert [(part.path[0], part.when and part.when.text) for part in facts.dependencies.parts] == [
        ("idna", None),
        ("zstd", "stdenv.hostPlatform.isLinux"),
        ("django_5", 'pythonOlder "3.14"'),
    ]
    assert [part.path for part in facts.relaxed.parts] == [("Six",)]
    assert facts.optional[0][1].always == ("zstd",)


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 60),
    st.sampled_from(["", "[", "]", "}", '"', "''", "${", "++", "#", "\n"]),
)
def test_a_damaged_file_gets_no_wrong_edit(start, size, inserted):
    text = TEXT[:start] + inserted + TEXT[start + size :]
    before = read_packages(text.encode(), [({}, ())], TARGETS)[0]
    made, _, why = apply(text, want(**ALL))
    if why is not None or before.problem:
        assert made == text
        return
    after = read_packages(made.encode(), [({}, ())], TARGETS)[0]
    assert after.version == ("1.1" if made != text else before.version)
    untouched = ("pname", "format", "build_system", "imports", "removed", "maintainers", "flags", "disabled", "broken")
    assert [getattr(before, one) for one in untouched] == [getattr(after, one) for one in untouched]
    asked = {"idna", "zstd", "django_5", "six", "numpy"}
    kept = [part for part in before.dependencies.parts if part.path[0] not in asked]
    assert [part for part in after.dependencies.parts if part.path[0] not in asked] == kept
    assert after.source.hash == ("" if made != text else before.source.hash)


PLACE = """
let
  lib.optionals = condition: list: if condition then list else [ ];
  asked = { inherit lib; buildPythonPackage = given: given; fetchFromGitHub = given: given; };
  names = { setuptools = "setuptools"; numpy = "numpy"; six = "six"; attrs = "attrs"; zstd = "zstd"; idna = "idna";
    django_5 = "django_5"; };
  on = linux: (import %s) (builtins.intersectAttrs (builtins.functionArgs (import %s)) (asked // names // {
    stdenv.hostPlatform.isLinux = linux; pythonOlder = _: linux;
  }));
in map (linux: { inherit (on linux) version dependencies pythonRelaxDeps optional-dependencies src; }) [ true false ]
"""


@pytest.mark.system
def test_real_nix_evaluates_what_was_edited(nix, tmp_path):
    text, _, why = apply(TEXT, want(**ALL))
    assert why is None
    file = tmp_path / "foo.nix"
    file.write_text(text, encoding="utf-8")
    linux, other = nix.evaluate(PLACE.replace("%s", str(file)))
    assert linux["dependencies"] == ["idna", "zstd", "django_5"]
    assert other["dependencies"] == ["idna"]
    assert linux["pythonRelaxDeps"] == ["Six"]
    assert linux["optional-dependencies"] == {"fast": ["zstd"]}
    assert linux["src"]["tag"] == "v1.1"
