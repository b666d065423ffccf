"""What a checkout has outside the set moves with a plan where it is not good enough, and is told where it cannot."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from madeplans import addition, one_package, plan_of
from packaging.specifiers import SpecifierSet
from toys import LINUX, registry, release

from dataset.records import File
from nixpkgs.declarations import read_declarations
from nixpkgs.outside import asked_of
from nixpkgs.outsidechange import Has, outside_change
from nixpkgs.outsidetree import outside_in, relaxes_in
from nixpkgs.planedit import plan_edits
from nixpkgs.treeedit import TreeEditor
from nixpkgs.wanted import wanted_changes
from normalize.projects import project_name
from normalize.versions import parse_nix_version
from solver.plan import StaleRelaxation

SET = "pkgs/top-level/python-packages.nix"
TARGETS = (LINUX,)


def path(name):
    return f"pkgs/development/python-modules/{name}/default.nix"


def package(name, version, dependencies="", more="", source="fetchPypi"):
    arguments = "".join(f", {one}" for one in dependencies.split())
    told = "inherit pname version;" if source == "fetchPypi" else 'url = "https://loop.example/fixed.tar.gz";'
    return (
        f"{{ buildPythonPackage, {source}{arguments} }}:\n\nbuildPythonPackage rec {{\n"
        f'  pname = "{name}";\n  version = "{version}";\n  pyproject = true;\n\n'
        f'  src = {source} {{\n    {told}\n    hash = "sha256-OLD";\n  }};\n\n{more}'
        f"  dependencies = [ {dependencies} ];\n}}\n"
    )


def tree(**files):
    declared = "".join(f"  {name} = callPackage ../development/python-modules/{name} {{ }};\n" for name in files)
    return {SET: f"self: super: with self; {{\n{declared}}}\n"} | {path(name): text for name, text in files.items()}


def planned(packages, added, **facts):
    """Return a plan: ``name -> (current, version)``, and ``name -> [(depender, requirement)]`` of what is added."""
    versions = {name: version for name, (_, version) in packages.items()}
    made = [
        one_package(
            *(name, version, current),
            "added" if name in added else "unchanged" if current == version else "updated",
        )
        for name, (current, version) in packages.items()
    ]
    outside = [
        addition(name, versions[name], [(one, versions[one] or "", text) for one, text in because])
        for name, because in added.items()
    ]
    return plan_of(made, outside, **facts)


def applied(files, plan, releases, only=()):
    """Return the files once a plan has come into them, the edits, and what outside the set changes."""
    declared, _ = read_declarations(files[SET].encode(), TARGETS)

    def read(name):
        return files[name].encode() if name in files else None

    editor = TreeEditor(declared, read, TARGETS)
    stuck = set()
    while True:
        outside = outside_change(plan, outside_in(editor, plan), relaxes_in(editor, plan), only, stuck)
        wanted = wanted_changes(plan, releases, TARGETS, outside.current)
        wanted = [one for one in wanted if not only or one.attribute in only]
        edits = plan_edits(declared, wanted, read, TARGETS, lambda _: None)
        if stuck == (stuck := stuck | dict(edits.left_alone).keys()):
            break
    return files | {name: data.decode() for name, data in edits.files().items()}, edits, outside


def told(edits, outside):
    """Return what is told of packages for which the checkout's versions are not good enough."""
    done = {step.attribute for step in edits.steps}
    return [f"{one.depender}: {one.note}" for one in outside.lacking if one.attribute not in done]


def versions_in(files):
    declared, _ = read_declarations(files[SET].encode(), TARGETS)
    editor = TreeEditor(declared, lambda name: files[name].encode() if name in files else None, TARGETS)
    return {one.name: editor.facts(one.name).version for one in declared}


def with_sdist(text):
    one = release(text)
    return replace(one, files=(File(name=f"{one.project}-{one.version}.tar.gz", sha256="ab" * 32),))


RELEASES = registry(
    with_sdist("app 1.0: web"),
    with_sdist("app 2.0: web<3,>=2"),
    with_sdist("web 1.0:"),
    with_sdist("web 2.1: core==2.5, more"),
    with_sdist("core 2.0:"),
    with_sdist("core 2.5:"),
    with_sdist("core 2.6:"),
    with_sdist("more 1.0:"),
)
ADDED = {"web": [("app", "web<3,>=2")], "core": [("web", "core==2.5")], "more": [("web", "more")]}
PLAN = planned({"app": ("1.0", "2.0"), "web": (None, "2.1"), "core": (None, "2.5"), "more": (None, "1.0")}, ADDED)


def town(web="1.0", core="2.6", **facts):
    return tree(
        app=package("app", "1.0", "web", facts.pop("app", "")),
        web=package("web", web, **facts),
        core=package("core", core),
        more=package("more", "0.1"),
    )


def test_what_is_not_good_enough_moves_and_so_does_what_it_pins():
    files = town()
    after, edits, outside = applied(files, PLAN, RELEASES)
    assert versions_in(after) == {"app": "2.0", "web": "2.1", "core": "2.5", "more": "0.1"}
    assert after[path("web")] == package("web", "2.1", "core more").replace(
        "[ core more ]", "[\n    core\n    more\n  ]"
    ).replace("sha256-OLD", "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=")
    assert told(edits, outside) == []
    down = "it goes down from 2.6, because the plan requires 2.5; others may need the newer one"
    assert edits.notes == (("core", down),)
    again, edits, outside = applied(after, PLAN, RELEASES)
    assert (again, edits.steps, told(edits, outside)) == (after, (), [])


@pytest.mark.parametrize("web", ["2.0", "2.1", "2.1.0", "2.9", "2.0-unstable-2026-01-01"])
def test_what_is_good_enough_stays_and_asks_for_what_is_there(web):
    files = town(web=web)
    after, edits, outside = applied(files, PLAN, RELEASES)
    assert {name for name in files if after[name] != files[name]} == {
        path(name) for name in (("app", "core") if web.startswith("2.1") else ("app",))
    }
    assert told(edits, outside) == []


@pytest.mark.parametrize(
    ("files", "lines", "left"),
    [
        (
            town(source="fetchurl"),
            ["app: it needs web<3,>=2 and the tree has 1.0"],
            {"web": "its source does not follow its version"},
        ),
        (town(web="0-unstable-2026-01-01"), ["app: it needs web<3,>=2 and the tree has 0-unstable-2026-01-01"], {}),
        (
            {name: text for name, text in town().items() if name != path("web")},
            [
                f"app: it needs web<3,>=2; in the tree, there is no file '{path('web')}'",
            ],
            {},
        ),
        (
            town() | {path("web"): town()[path("web")].replace('version = "1.0"', "version = throw 1")},
            ["app: it needs web<3,>=2; in the tree, its version cannot be read: builtins.throw ..."],
            {},
        ),
    ],
    ids=["left alone", "snapshot", "gone", "computed"],
)
def test_what_cannot_move_is_told(files, lines, left):
    after, edits, outside = applied(files, PLAN, RELEASES)
    assert told(edits, outside) == lines
    assert dict(edits.left_alone) == left
    assert after.get(path("web")) == files.get(path("web"))
    assert after[path("core")] == files[path("core")]


def test_others_are_told_where_only_some_may_change():
    files = town()
    after, edits, outside = applied(files, PLAN, RELEASES, only=("app",))
    assert versions_in(after) == {"app": "2.0", "web": "1.0", "core": "2.6", "more": "0.1"}
    assert told(edits, outside) == ["app: it needs web<3,>=2 and the tree has 1.0"]
    after, edits, outside = applied(files, PLAN, RELEASES, only=("web",))
    assert versions_in(after) == {"app": "1.0", "web": "2.1", "core": "2.6", "more": "0.1"}
    assert told(edits, outside) == ["web: it needs core==2.5 and the tree has 2.6"]


@pytest.mark.parametrize(
    ("names", "stale", "moves"),
    [('"web"', (), False), ("true", (), True), ('"web"', ("web",), True), ('"other"', (), True)],
)
def test_what_stays_relaxed_has_no_upper_part(names, stale, moves):
    listed = f"  pythonRelaxDeps = {names if names == 'true' else f'[ {names} ]'};\n\n"
    plan = replace(
        PLAN, stale_relaxations=tuple(StaleRelaxation(attribute="app", name=name, reason="") for name in stale)
    )
    files = town(web="3.5", app=listed)
    after, _, _ = applied(files, plan, RELEASES)
    assert versions_in(after)["web"] == ("2.1" if moves else "3.5")
    assert applied(after, plan, RELEASES)[0] == after


def test_a_version_that_would_not_do_is_not_taken():
    because = {"web": [("app", "web>=3")]}
    plan = planned({"app": ("1.0", "2.0"), "web": (None, "2.1")}, because)
    change = outside_change(plan, {project_name("web"): Has("1.0")}, lambda *_: False)
    assert change.current == {}
    assert [one.note for one in change.lacking] == ["it needs web>=3 and the tree has 1.0"]


NAMES = ("a", "b", "c", "d", "e")
VERSIONS = ("1.0", "2.0", "3.0", "0-unstable-2026-01-01")
CLAUSES = ("", ">=1", ">=2", ">=3", "<2", "<3,>=1", "==2.0", "!=1.0")


@st.composite
def universes(draw):
    """Draw a plan of two members and three others, which satisfies all its requirements, and a tree of all."""
    chosen = {name: draw(st.sampled_from(VERSIONS[:3])) for name in NAMES}
    added = {}
    for name in NAMES[2:]:
        good = [one for one in CLAUSES if SpecifierSet(one).contains(chosen[name])]
        dependers = draw(st.sets(st.sampled_from([one for one in NAMES if one != name]), min_size=1))
        added[name] = [(one, f"{name}{draw(st.sampled_from(good))}") for one in sorted(dependers)]
    has = {name: draw(st.sampled_from(VERSIONS[: 4 if name in added else 3])) for name in NAMES}
    sources = {name: draw(st.sampled_from(("fetchPypi", "fetchPypi", "fetchurl"))) for name in NAMES}
    files = tree(**{name: package(name, has[name], source=sources[name]) for name in NAMES})
    packages = {name: (None if name in added else has[name], chosen[name]) for name in NAMES}
    needs = {name: [text for each in added.values() for one, text in each if one == name] for name in NAMES}
    releases = registry(
        *(with_sdist(f"{name} {version}: {', '.join(needs[name])}") for name in NAMES for version in VERSIONS[:3])
    )
    return files, planned(packages, added), releases


@given(universes())
@settings(max_examples=60, deadline=None)
def test_all_that_the_plans_packages_require_is_there_or_told(drawn):
    files, plan, releases = drawn
    after, edits, outside = applied(files, plan, releases)
    has, planned = versions_in(after), {one.attribute: one.version for one in plan.packages}
    lines = told(edits, outside)
    steps = {step.attribute for step in edits.steps}
    for one in plan.added:
        moved = versions_in(files)[one.attribute] != has[one.attribute]
        assert not moved or (has[one.attribute] == one.version and one.attribute in steps)
        release_there = parse_nix_version(has[one.attribute]).release
        for asked in asked_of(one):
            if has[asked.depender] != planned[asked.depender] or not len(asked.clauses):
                continue
            good = release_there is not None and asked.clauses.contains(release_there)
            note = f"{asked.depender}: it needs {one.attribute}{asked.clauses} and the tree has {has[one.attribute]}"
            assert good or note in lines
    again, edits, outside = applied(after, plan, releases)
    assert again == after
    assert edits.steps == ()


def test_a_plan_that_adds_nothing_looks_at_nothing():
    plan = planned({"app": ("1.0", "1.0")}, {})
    files = town()
    after, edits, outside = applied(files, plan, RELEASES)
    assert (after, edits.steps, outside.lacking, dict(outside.current)) == (files, (), (), {})
