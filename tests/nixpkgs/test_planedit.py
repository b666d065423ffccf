"""A whole set: in every form of declaration, an edited tree says what was wanted, and nothing else changes."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from nixtree import FORMS, MODULES, PYTHON_PACKAGES, made_records, write_tree
from realnix import let_coset_ask
from toys import LINUX

from dataset.records import File
from nixpkgs.declarations import read_declarations
from nixpkgs.evaluated import set_from_evaluation
from nixpkgs.evaluation import evaluate_set
from nixpkgs.planedit import plan_edits
from nixpkgs.relaxneeds import Bounded
from nixpkgs.requirementchange import ExtraChange, RequirementChange, Sometimes
from nixpkgs.staticparse import jobs, linked, read_file
from nixpkgs.wanted import Relax, Wanted
from normalize.projects import project_name

SMALL_SET = Path(__file__).parent / "smallset" / "default.nix"
TARGETS = (LINUX,)
HOSTILE = ('1"; x = throw "', "${throw 1}", "''${x}", "1\\", "1\n2", "$$${a}", "*/ # \x1b[2J")
CONDITIONS = ("stdenv.hostPlatform.isLinux", 'pythonOlder "3.20"')
MET, UNMET = Bounded("numpy", "numpy", "why", True), Bounded("Six", "six", "why not", False)


def edits(files, wanted):
    declared, _ = read_declarations(files[PYTHON_PACKAGES].encode(), TARGETS)
    return plan_edits(declared, wanted, reader(files), TARGETS, lambda _: None)


def reader(files):
    return lambda path: files[path].encode() if path in files else None


def parsed(files):
    """Return the attributes by name, as the static parse reads them."""
    declared, problems = read_declarations(files[PYTHON_PACKAGES].encode(), TARGETS)
    assert problems == ()
    read = [(job, read_file(job.file, [job], reader(files), TARGETS)[0]) for job in jobs(declared)]
    # the line of a package may move, when the head of its file grows
    return {
        one.name: one if one.recipe is None else replace(one, recipe=replace(one.recipe, line=None))
        for one in linked(declared, read, TARGETS).attributes
    }


def names_in(listed):
    """Return the names that a record's list has; ``True`` is none."""
    return [] if listed is True else listed or []


def want(name, current, **facts):
    return Wanted(attribute=name, project=project_name(name.split("_")[0]), current=current, **facts)


@st.composite
def plans(draw):
    """Draw a tree of all forms, and what a plan wants of some of its attributes."""
    records = made_records(20, seed=draw(st.integers(0, 50)))
    records |= {name: {**records[name], "pythonRelaxDeps": True} for name in sorted(records)[::5]}
    tree = write_tree(records)
    assert set(tree.forms.values()) >= set(FORMS) - {"renamed", "plain", "other file"}
    wanted = []
    for name in draw(st.sets(st.sampled_from(sorted(records)), max_size=8)):
        record = records[name]
        version = draw(st.sampled_from((None, "31.1.0", *HOSTILE)))
        others = sorted(records.keys() - {name, *record["dependencies"]})
        conditional = {one["attr"] for one in record["conditional_dependencies"]}
        gained = [one for one in draw(st.sets(st.sampled_from(others), max_size=2)) if one not in conditional]
        lost = [one for one in record["dependencies"] if one not in conditional and draw(st.booleans())]
        relaxed = names_in(record["pythonRelaxDeps"])
        some = [one for one in draw(st.sets(st.sampled_from(others), max_size=1)) if one not in {*conditional, *gained}]
        faded = sorted(one for one in conditional if draw(st.booleans()))
        extras = {
            extra: (draw(st.sampled_from(others)), draw(st.booleans()))
            for extra in record["optional_dependencies"] or {}
        }
        wanted.append(
            want(
                name,
                record["version"],
                version=version,
                files=(File(name=f"{name}-{version}.tar.gz", sha256="ab" * 32),),
                relax=tuple(
                    Relax(one, f"why {one}") for one in draw(st.sets(st.sampled_from(("zz", *HOSTILE)), max_size=2))
                ),
                stale=tuple((one, "it fits") for one in relaxed if draw(st.booleans())),
                requires=RequirementChange(
                    gained=tuple((project_name(one), one) for one in sorted(gained)),
                    lost=tuple((project_name(one), one) for one in lost),
                    sometimes=tuple(
                        Sometimes(project_name(one), one, draw(st.sampled_from(CONDITIONS)), (True,), f"{one} on linux")
                        for one in some
                    ),
                    faded=tuple((project_name(one), one) for one in faded),
                    extras=tuple(
                        ExtraChange(extra, (new,), tuple(record["optional_dependencies"][extra][: int(loses)]))
                        for extra, (new, loses) in sorted(extras.items())
                    ),
                )
                if version
                else RequirementChange(),
                bounded=draw(st.sampled_from((None, (MET,), (UNMET,), (MET, UNMET)))),
            )
        )
    return tree, sorted(wanted, key=lambda one: one.attribute)


def test_an_empty_plan_changes_no_byte_of_any_form():
    records = made_records(40)
    tree = write_tree(records)
    assert set(tree.forms.values()) >= set(FORMS) - {"renamed", "plain", "other file"}
    wanted = [want(name, record["version"]) for name, record in sorted(records.items())]
    made = edits(tree.files, wanted)
    assert made.files() == {}
    assert made.left_alone == made.notes == ()
    assert sorted(made.already) == sorted(records)


@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # to shrink a tree takes minutes
@given(plans())
def test_an_edited_tree_parses_as_the_plan_and_nothing_else_changes(drawn):
    tree, wanted = drawn
    made = edits(tree.files, wanted)
    after = tree.files | {path: data.decode() for path, data in made.files().items()}
    before, found = parsed(tree.files), parsed(after)
    done = {step.attribute: step for step in made.steps}
    left = dict(made.left_alone)
    assert done.keys() | left.keys() | set(made.already) == {one.attribute for one in wanted}
    assert not done.keys() & left.keys()
    for name, one in before.items():
        step = done.get(name)
        if step is None:
            pointed = one.points_to or next((other.name for other in before.values() if other.points_to == name), None)
            assert found[name] == one or pointed in done, name
            continue
        new = found[name]
        assert new.version == (step.version if step.changes.version else one.version)
        further = step.changes.further
        come, gone = (
            {*step.changes.gain, *(each.attribute for each in further.gain)},
            {*step.changes.lose, *further.lose},
        )
        assert set(new.dependencies) == {*one.dependencies, *come} - gone
        assert {name for name, _ in new.conditional} == {name for name, _ in one.conditional} - come - gone
        relaxed = {*one.relaxed, *(each.name for each in step.changes.relax)} - set(step.changes.unrelax)
        if further.narrowed is not None:
            relaxed = relaxed - {"*"} | {each.name for each in further.narrowed}
        assert set(new.relaxed) == relaxed
        extras = {extra: set(names) for extra, names in one.optional_dependencies}
        for each in further.extras:
            extras[each.name] = (extras[each.name] - {*each.lose}) | {*each.gain}
        assert {extra: set(names) for extra, names in new.optional_dependencies} == extras
        changed = {"version", "dependencies", "conditional", "optional_dependencies", "relaxed", "recipe"}
        fields = [field for field in one.__slots__ if field not in changed]
        assert [getattr(one, field) for field in fields] == [getattr(new, field) for field in fields]
        if step.changes.version is None:
            assert one.recipe.hash == new.recipe.hash
        elif one.recipe.fetcher == "fetchFromGitHub":
            assert new.recipe.hash == ""
            assert step.prefetch == ("src",)
        else:
            assert new.recipe.hash == "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="
    again = edits(after, wanted)
    assert again.files() == {}
    assert dict(again.left_alone) == left


PACKAGE = (
    "{{ buildPythonPackage, fetchFromGitHub }}: buildPythonPackage rec {{\n"
    '  pname = "p";\n  version = "{}";\n  pyproject = true;\n'
    '  src = fetchFromGitHub {{ owner = "o"; repo = "r"; tag = "v${{version}}"; hash = "sha256-A"; }};\n}}\n'
)


def pointers(declared="p = p7;", **versions):
    files = {f"{MODULES}/{name}/default.nix": PACKAGE.format(version) for name, version in versions.items()}
    lines = "".join(f"  {name} = callPackage ../development/python-modules/{name} {{ }};\n" for name in versions)
    files[PYTHON_PACKAGES] = f"self: super: with self; {{\n  # a comment\n  {declared} # why\n{lines}}}\n"
    return files


@pytest.mark.parametrize(
    ("declared", "version", "pointer", "files"),
    [
        ("p = p7;", "6.1", "p = p6; # why", {PYTHON_PACKAGES}),
        ("p = self.p7;", "6.1", "p = self.p6; # why", {PYTHON_PACKAGES}),
        ("p = p7;", "6.2", "p = p6; # why", {PYTHON_PACKAGES, f"{MODULES}/p6/default.nix"}),
        ("p = p7;", "7.2", "p = p7; # why", {f"{MODULES}/p7/default.nix"}),
    ],
)
def test_a_default_pointer_leads_to_the_planned_version(declared, version, pointer, files):
    before = pointers(declared, p6="6.1", p7="7.1")
    made = edits(before, [want("p", "7.1", version=version)])
    assert made.left_alone == ()
    assert made.files().keys() == files
    after = before | {path: data.decode() for path, data in made.files().items()}
    assert f"  # a comment\n  {pointer}\n" in after[PYTHON_PACKAGES]
    assert parsed(after)["p"].version == version
    assert edits(after, [want("p", "7.1", version=version)]).files() == {}


@pytest.mark.parametrize(
    ("declared", "versions", "version", "why"),
    [
        (
            "p = p7;",
            {"p7": "7.1", "p6": "6.1"},
            "5.0",
            "it points to 'p7', and no attribute of the set has the series of 5.0",
        ),
        (
            "p = p7;",
            {"p7": "7.1", "p6": "6.3"},
            "6.2",
            "'p6', which it would point to, has 6.3, and the plan wants 6.2",
        ),
        ("p = p7;", {"p7": "7.3", "p6": "6.1"}, "6.1", "it points to version 7.3, and the plan starts from 7.1"),
        ("p = pkgs.p;", {"p7": "7.1"}, "7.2", "a native package, 'pkgs.p'"),
        ("p = p8;", {"p7": "7.1"}, "7.2", "it is not in python-packages.nix"),
        ("q = p7;", {"p7": "7.1"}, "7.2", "it is not in python-packages.nix"),
        ("p = p7.override { };", {"p7": "7.1"}, "7.2", "'p7.override' in python-packages.nix"),
    ],
)
def test_pointers_that_cannot_be_moved_are_left_alone(declared, versions, version, why):
    made = edits(pointers(declared, **versions), [want("p", "7.1", version=version)])
    assert made.left_alone == (("p", why),)
    assert made.files() == {}


FAMILY = (
    '{ buildPythonPackage, fetchPypi }:\nlet\n  version = "1.0";\n  make = pname: hash: 1;\nin\n{\n'
    + "".join(
        f'  {name} = buildPythonPackage {{\n    pname = "{name}"; inherit version; pyproject = true;\n'
        f'    src = fetchPypi {{ pname = "{name}"; inherit version; hash = "sha256-A"; }};\n  }};\n'
        for name in ("a", "b")
    )
    + "}\n"
)
FAMILY_FILES = {
    PYTHON_PACKAGES: "self: super: with self; {\n  inherit (callPackage ../development/python-modules/f { }) a b;\n}\n",
    f"{MODULES}/f/default.nix": FAMILY,
}


def test_packages_that_share_a_version_change_together_or_not_at_all():
    both = [want("a", "1.0", version="1.1"), want("b", "1.0", version="1.1")]
    made = edits(FAMILY_FILES, both)
    (data,) = made.files().values()
    assert data.decode() == FAMILY.replace('"1.0"', '"1.1"').replace("sha256-A", "")
    assert [step.attribute for step in made.steps] == ["a", "b"]
    alone = edits(FAMILY_FILES, both[:1])
    assert alone.files() == {}
    assert alone.left_alone == (
        ("a", "'b' would change with 'a', and is left alone: the plan does not move it to the same version"),
    )
    other = edits(FAMILY_FILES, [both[0], replace(both[1], files=(File(name="x.whl"),))])
    assert other.files() == {}
    assert dict(other.left_alone)["b"].startswith("the release has no file 'b-1.1.tar.gz'")


def test_variants_of_one_package_move_along():
    files = pointers("p = callPackage ../development/python-modules/p7 { }; full = p.override { };", p7="7.1")
    files[PYTHON_PACKAGES] = files[PYTHON_PACKAGES].replace(
        "full = p.override { }", "full = callPackage ../development/python-modules/p7 { full = true; }"
    )
    made = edits(files, [want("p", "7.1", version="7.2")])
    assert made.left_alone == ()
    assert len(made.files()) == 1


@pytest.mark.system
def test_real_nix_reads_what_was_edited(nix, monkeypatch, tmp_path):
    let_coset_ask(monkeypatch, tmp_path)
    records = made_records(30)
    records |= {name: {**records[name], "pythonRelaxDeps": True} for name in sorted(records)[::5]}
    tree = write_tree(records)
    names = sorted(records)
    wanted = [
        want(
            name,
            records[name]["version"],
            version=HOSTILE[number % len(HOSTILE)] if number % 3 else "31.0",
            files=tuple(File(name=f"{name}-{version}.tar.gz", sha256="ab" * 32) for version in ("31.0", *HOSTILE)),
            relax=tuple(Relax(text, text) for text in HOSTILE if number % 2),
            stale=tuple((one, "") for one in names_in(records[name]["pythonRelaxDeps"])),
            requires=RequirementChange(
                gained=tuple((project_name(one), one) for one in {names[number - 1], "setuptools"} - {name}),
                lost=tuple((project_name(one), one) for one in records[name]["dependencies"][:2]),
                sometimes=tuple(
                    Sometimes(project_name(one), one, CONDITIONS[number % 2], (True,), "")
                    for one in {names[number - 2]} - {name, *records[name]["dependencies"]}
                ),
                faded=tuple(
                    (project_name(one["attr"]), one["attr"]) for one in records[name]["conditional_dependencies"]
                ),
                extras=tuple(
                    ExtraChange(extra, (names[number - 3],), tuple(had[:1]))
                    for extra, had in (records[name]["optional_dependencies"] or {}).items()
                ),
            ),
            bounded=(MET, UNMET) if number % 2 else (MET,),
        )
        for number, name in enumerate(names)
        if number % 8
    ]
    made = edits(tree.files, wanted)
    assert len(made.steps) > 20
    further = [step.changes.further for step in made.steps]
    for field in ("gain", "lose", "extras", "narrowed"):
        assert sum(bool(getattr(one, field)) for one in further) > 0, field
    after = tree.files | {path: data.decode() for path, data in made.files().items()}
    folder = tmp_path / "nixpkgs"
    for path, text in after.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
    shutil.copy(SMALL_SET, folder / "default.nix")
    for path in sorted(made.files())[:6]:
        nix.parse(folder / path)
    reading = set_from_evaluation(evaluate_set(str(folder), TARGETS), str(folder))
    found, read = {one.name: one for one in reading.attributes}, parsed(after)
    for step in made.steps:
        one, other = found[step.attribute], read[step.attribute]
        assert (one.version, one.dependencies, sorted(one.relaxed), one.optional_dependencies) == (
            other.version,
            other.dependencies,
            sorted(other.relaxed),
            other.optional_dependencies,
        )
