"""What of a plan goes into an overlay, held against plans of toy universes, and against the plan of the real data."""

import hashlib
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.pylock import Pylock
from toys import current, question, registry, release

from coset.exporting import read_exported
from coset.inputs import Places
from dataset.currentset import Attribute, Recipe
from dataset.records import About, File
from nixpkgs.lockplan import lock_plan
from nixpkgs.needs import Needs
from nixpkgs.newsource import index_sdist, index_wheel, new_source
from nixpkgs.nixtext import nix_string
from nixpkgs.overlay import overlay_text
from nixpkgs.overlayjson import overlay_json
from nixpkgs.overlayplan import overlay_plan
from nixpkgs.pylock import pylock_text
from nixpkgs.recipes import Dependency, EitherSource, ForgeSource, IndexSource
from normalize.attributes import attribute_name
from normalize.projects import project_name
from normalize.targets import DEFAULT_TARGETS
from solver.curate import curate

SMALL_SET = Path(__file__).parent / "smallset" / "default.nix"


def digest(name):
    return hashlib.sha256(name.encode()).hexdigest()


def with_files(text, *names, **facts):
    """Return a release with these files; by default its sdist and a wheel for every system."""
    one = release(text, **facts)
    stem = f"{one.project.replace('-', '_')}-{one.version}"
    names = names or (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz")
    return replace(one, files=tuple(File(name=name, path=f"packages/{name}", sha256=digest(name)) for name in names))


def attribute(name, version, *, dependencies=(), fetcher=None, **facts):
    recipe = Recipe(fetcher=fetcher, source=tuple(facts.pop("source", {}).items())) if fetcher else None
    return Attribute(
        name=name, project=project_name(name), version=version, dependencies=dependencies, recipe=recipe, **facts
    )


LINK = "https://loop.example/"
NEW = {"imports": ("new",), "about": About(licence="BSD License", licence_from="classifiers")}
RELEASES = registry(
    with_files("app 1.0 @1: lib"),
    with_files("app 2.0 @2: Lib<2, loop, new>=1, base"),
    with_files("lib 1.0 @1:"),
    with_files("lib 2.0 @3: other>=1"),
    with_files("base 1.0 @1:"),
    with_files("new 1.0 @1: second; python_version < '3.14', base", builds=("hatchling", "wheel"), **NEW),
    with_files("second 1.0 @1:", "second-1.0-py3-none-any.whl"),
    with_files("loop 1.0 @1: app, base", builds=(), about=About(licence="MIT", repository=LINK, changelog=LINK)),
    with_files("other 3.0 @1:"),
    with_files("wheels 1.0 @1:", "wheels-1.0-py3-none-any.whl"),
    with_files("wheels 2.0 @1:", "wheels-2.0-cp313-cp313-manylinux_2_28_x86_64.whl"),
    with_files("kept 1.0 @1: base"),
)
CURRENT = replace(
    current(
        attribute("app", "1.0", dependencies=("lib",), fetcher="fetchPypi", relaxed=("stale",)),
        attribute("lib", "1.0", fetcher="fetchFromGitHub", source={"owner": "o", "tag": "v1.0"}),
        attribute("base", "1.0"),
        attribute("wheels", "1.0", format="wheel"),
        attribute("kept", "1.0", dependencies=("base",), relaxed=("base",)),
    ),
    elsewhere=frozenset({"other"}),
)


@pytest.fixture(scope="module")
def made():
    plan = curate(question(RELEASES, CURRENT, targets=DEFAULT_TARGETS), mode="fresh")
    versions = {one.project: one.version for one in plan.packages}
    assert (versions["app"], versions["lib"], versions["new"]) == ("2.0", "2.0", "1.0")
    return overlay_plan(plan, CURRENT, {project: tuple(several) for project, several in RELEASES.items()})


def of(several, name):
    return next(one for one in several if one.attribute == name)


def test_sources_are_those_of_the_recipes(made):
    assert of(made.overrides, "app").source == IndexSource(
        pname="app", version="2.0", hash=new_source(None, RELEASES["app"][1], from_index=True).hash
    )
    assert of(made.overrides, "lib").source == ForgeSource(argument="tag", revision="v2.0")
    assert made.to_prefetch == ("lib",)
    assert isinstance(of(made.overrides, "other").source, EitherSource)
    other = of(made.overrides, "other")
    assert str(other.stays) == ">=1"
    assert other.notes == ("nixpkgs' own version where it satisfies >=1; else 3.0", "lib requires other>=1")
    assert made.perhaps_to_prefetch == ("other",)


def test_what_is_outside_asks_beside_its_planned_version(made):
    """And in a circle always, so that Nix need not go round in it."""
    have = registry(
        with_files("app 1.0 @1:"),
        with_files("app 2.0 @2: web>=1"),
        with_files("web 2.0 @1: core==3.0, back>=1"),
        with_files("core 3.0 @1:"),
        with_files("back 1.0 @1: web>=1.5"),
    )
    now = replace(current(attribute("app", "1.0")), elsewhere=frozenset({"web", "core", "back"}))
    plan = curate(question(have, now), mode="fresh")
    found = overlay_plan(plan, now, {project: tuple(several) for project, several in have.items()})
    stays = {one.attribute: str(one.stays) for one in found.overrides if one.attribute != "app"}
    assert stays == {"web": ">=1,>=1.5", "core": "==3.0 beside web 2.0", "back": ">=1 beside web 2.0"}
    assert overlay_json(found)["overrides"][2]["unless"] == {
        "satisfies": "",
        "beside": [{"attribute": "web", "version": "2.0", "satisfies": "==3.0"}],
    }


@pytest.mark.system
def test_nixpkgs_keeps_what_goes_together(nix, tmp_path):
    """Whatever nixpkgs has outside the set: what the plan's packages require is there, and nothing moves in vain."""
    have = registry(
        with_files("app 1.0 @1:"),
        with_files("app 2.0 @2: web>=1.5,<3"),
        with_files("web 2.1 @1: core==3.1, back>=1"),
        with_files("core 3.1 @1:"),
        with_files("back 1.0 @1: web!=1.6"),
    )
    now = replace(current(attribute("app", "1.0")), elsewhere=frozenset({"web", "core", "back"}))
    plan = curate(question(have, now), mode="fresh")
    made = overlay_plan(plan, now, {project: tuple(several) for project, several in have.items()})
    (tmp_path / "overlay.nix").write_text(overlay_text(made.overrides, made.inits), encoding="utf-8")
    shutil.copy(SMALL_SET, tmp_path / "default.nix")
    place = tmp_path / "pkgs" / "top-level" / "python-packages.nix"
    place.parent.mkdir(parents=True)
    ask = tmp_path / "ask.nix"
    ask.write_text(
        "let set = (import ./. { overlays = [ (import ./overlay.nix) ]; }).python313Packages; in "
        'map (name: set.${name}.version) [ "app" "web" "core" "back" ]',
        encoding="utf-8",
    )
    for has, found in (
        ("1.0 3.0 0.1", "2.1 3.1 1.0"),  # too old
        ("1.5 3.0 0.1", "1.5 3.0 0.1"),  # good enough, and so is what it has beside it
        ("2.1.0 3.1.0 1.0.0", "2.1.0 3.1.0 1.0.0"),  # the plan's versions
        ("2.1 3.2 1.7", "2.1 3.1 1.7"),  # beside the plan's version, its pin counts
        ("3.0 3.2 1.7", "2.1 3.1 1.7"),  # too new
        ("1.6 3.0 0.1", "2.1 3.1 1.0"),  # excluded by what is in a circle with it
    ):
        named = zip(("app", "web", "core", "back"), ("1.0", *has.split()), strict=True)
        recipes = [_recipe(name, version, i) for i, (name, version) in enumerate(named)]
        place.write_text("self: super: {\n" + "\n".join(recipes) + "\n}\n", encoding="utf-8")
        assert nix.evaluate(ask) == ["2.0", *found.split()], has


def test_relaxations_are_added_and_narrowed(made):
    assert of(made.overrides, "app").relaxed == ("Lib",)  # as METADATA spells it; the stale name goes
    assert of(made.overrides, "kept").relaxed == ()
    assert of(made.overrides, "kept").version is None


def test_new_dependencies_are_added_and_cycles_cut(made):
    app = of(made.overrides, "app")
    assert app.dependencies == (Dependency(attribute="base"), Dependency(attribute="loop"), Dependency(attribute="new"))
    assert made.cut == (("loop", "app"),)
    loop = of(made.inits, "loop")
    assert loop.removed == ("app",)
    assert loop.dependencies == (Dependency(attribute="base"),)
    assert "app depends on it: left out" in loop.notes


def test_new_packages_have_the_licence_and_addresses_that_metadata_tells(made):
    second, loop, new = (of(made.inits, name) for name in ("second", "loop", "new"))
    assert (second.licences, second.homepage, second.changelog) == ((), None, None)
    assert "look at this: its licence is not known to the dataset" in second.notes
    assert (loop.licences, loop.homepage, loop.changelog) == (("MIT",), LINK, LINK)
    assert not any("licence" in note for note in loop.notes)
    assert new.licences == ()
    told = "look at this: its licence is 'BSD License' by its classifiers, which does not say which one"
    assert told in new.notes


def test_new_packages_come_after_their_needs(made):
    assert [one.attribute for one in made.inits] == ["loop", "second", "new"]
    new = of(made.inits, "new")
    assert new.build_system == ("hatchling",)
    assert [(one.attribute, one.condition and one.condition.expression()) for one in new.dependencies] == [
        ("base", None),
        ("second", 'pythonOlder "3.14"'),
    ]
    assert of(made.inits, "second").wheel
    assert of(made.inits, "loop").build_system == ()


def test_what_cannot_be_is_said(made):
    assert made.impossible == (("wheels", "2.0 has no wheel that fits the recipe on the index"),)


def test_the_json_form_says_the_same(made):
    data = overlay_json(made)
    assert [one["attribute"] for one in data["inits"]] == ["loop", "second", "new"]
    assert data["inits"][2]["message"] == "python3Packages.new: init at 1.0"
    assert data["inits"][2]["dependencies"][1] == {"attribute": "second", "where": 'pythonOlder "3.14"'}
    assert data["impossible"] == {"wheels": "2.0 has no wheel that fits the recipe on the index"}
    lib = next(one for one in data["overrides"] if one["attribute"] == "lib")
    assert lib["source"] == {"fetcher": "the recipe's own", "tag": "v2.0", "hash": None}


def test_a_name_that_the_list_covers_is_not_added_again():
    now = current(attribute("a", "1.0", dependencies=("b",), relaxed=("B",)), attribute("b", "1.0", dependencies=()))
    have = registry(with_files("a 1.0 @1: b<2"), with_files("b 1.0 @1:"), with_files("b 2.0 @2:"))
    plan = curate(question(have, now), mode="fresh")
    found = overlay_plan(plan, now, {project: tuple(several) for project, several in have.items()})
    assert plan.relaxed
    assert [one.attribute for one in found.overrides] == ["b"]


def test_a_list_that_nobody_has_read_is_added_to():
    now = current(attribute("a", "1.0", dependencies=("b",), unknown=(("relaxed", "no"),)), attribute("b", "1.0"))
    have = registry(with_files("a 1.0 @1: b<2"), with_files("b 1.0 @1:"), with_files("b 2.0 @2:"))
    plan = curate(question(have, now), mode="fresh")
    found = overlay_plan(plan, now, {project: tuple(several) for project, several in have.items()})
    assert of(found.overrides, "a").relaxed is None
    assert of(found.overrides, "a").relaxed_too == ("b",)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["A.b-1.0.tar.gz"], ("A.b", "1.0", ())),
        (["a_b-1.0.zip"], ("a_b", "1.0", (("extension", "zip"),))),
        (["a_b-1.0.zip", "a-b-1.0.tar.gz"], ("a-b", "1.0", ())),
        (["a_b-1.0-py3-none-any.whl", "other-1.0.tar.gz", "a_b-1.0.exe"], None),
    ],
)
def test_sdists_are_named_as_their_files_are(names, found):
    source = index_sdist(with_files("a-b 1.0:", *names))
    assert (source and (source.pname, source.version, source.arguments)) == found


def test_wheels_are_those_that_the_recipe_asks_for():
    names = ("a-1.0-py3-none-any.whl", "a-1.0-cp313-cp313-manylinux_2_28_x86_64.whl", "a-1.0-7-py2-none-any.whl")
    one = with_files("a 1.0:", *names)
    assert index_wheel(one, {}).arguments == (("format", "wheel"), ("dist", "py3"), ("python", "py3"))
    asked = {"python": "cp313", "abi": "cp313", "platform": "manylinux_2_28_x86_64"}
    assert dict(index_wheel(one, asked).arguments) == {"format": "wheel", "dist": "cp313", **asked}
    assert index_wheel(with_files("a 1.0:", "a-1.0-7-py2-none-any.whl"), {}) is None


def test_a_revision_that_does_not_hold_the_version_is_left_to_nix():
    one = attribute("lib", "1.0", fetcher="fetchFromGitHub", source={"rev": "0123abc"})
    assert isinstance(new_source(one, RELEASES["lib"][1]), EitherSource)
    said = attribute("lib", "1.0", evidence=("fetchPypi downloads 'lib'",))
    assert isinstance(new_source(said, RELEASES["lib"][1]), IndexSource)


def test_needs_order_and_cycles():
    needs = Needs({"a": {"b"}, "b": {"c"}})
    assert not needs.add("c", "a")
    assert not needs.add("c", "c")
    assert needs.add("c", "d")
    assert needs.first_needs(["a", "b", "c", "d", "e"]) == ["d", "c", "b", "a", "e"]
    assert needs.cut == {("c", "a"), ("c", "c")}


@pytest.fixture(scope="module")
def given():
    """Return the plan of the main job, with what exports need."""
    return read_exported(None, Places(), quiet=True)


def test_the_real_plan_is_locked_but_for_what_no_index_has(given):
    lock = lock_plan(given.plan, given.releases)
    left_out = {project: why for project, _, why in lock.left_out}
    assert left_out == {
        "clang": "its version is not known",
        "cython": "the index has no such release",
        "html5lib": "nixpkgs has a snapshot of it, which is no release",
    }
    data = tomllib.loads(pylock_text(lock.packages, "https://files.example/", lock.targets))
    locked = {one.name: one for one in Pylock.from_dict(data).packages}
    assert locked.keys() | left_out.keys() == {one.project for one in given.plan.packages}
    assert {project for project, _ in lock.gaps} == {"tensorflow"}  # it has wheels for 3.13 alone
    assert all(one.sdist or one.wheels for one in locked.values())


@pytest.mark.system
def test_the_overlay_of_the_real_plan_brings_every_attribute_to_its_version(nix, tmp_path, given):
    """Against a set with every attribute of the real one, whose recipes download from the index and from forges."""
    made = overlay_plan(given.plan, given.current, given.releases)
    assert made.impossible == ()
    (tmp_path / "overlay.nix").write_text(overlay_text(made.overrides, made.inits), encoding="utf-8")
    shutil.copy(SMALL_SET, tmp_path / "default.nix")
    recipes = [_recipe(one.name, one.version or "0", i) for i, one in enumerate(given.current.attributes)]
    recipes += [_recipe(name, "0", 0) for name in sorted(given.current.elsewhere)]
    recipes += [_recipe(name, "0", 0) for one in made.inits for name in one.build_system or () if name == "hatchling"]
    place = tmp_path / "pkgs" / "top-level" / "python-packages.nix"
    place.parent.mkdir(parents=True)
    place.write_text("self: super: {\n" + "\n".join(recipes) + "\n}\n", encoding="utf-8")
    wanted = {one.attribute: one.version for one in given.plan.packages if one.version is not None}
    names = " ".join(map(nix_string, wanted))
    ask = tmp_path / "ask.nix"
    ask.write_text(
        "let set = (import ./. { overlays = [ (import ./overlay.nix) ]; }).python313Packages; in builtins.listToAttrs "
        "(map (name: { inherit name; value = { inherit (set.${name}) version; src = set.${name}.src.outputHash; "
        "dependencies = map (one: one.pname) (set.${name}.dependencies or [ ]); }; }) "
        f"[ {names} ])",
        encoding="utf-8",
    )
    found = nix.evaluate(ask)
    assert {name: one["version"] for name, one in found.items()} == wanted
    changed = {one.attribute for one in made.overrides if one.version is not None}
    for i, one in enumerate(given.current.attributes):
        if one.name in changed:
            expected = "sha256-" if i % 2 or any("fetchPypi downloads" in text for text in one.evidence) else ""
            assert found[one.name]["src"].startswith(expected), one.name
            assert bool(found[one.name]["src"]) == bool(expected), one.name
    for each in given.plan.added:
        for depender, _, _ in each.because:
            holder = next(one.attribute for one in given.plan.packages if one.project == depender)
            if holder in changed and not any(one.project == depender and one.elsewhere for one in given.plan.added):
                assert attribute_name(each.project) in found[holder]["dependencies"], (depender, each.project)


def _recipe(name, version, number):
    """Return a recipe that downloads from the index, or from a forge by its tag where the number is even."""
    if number % 2:
        source = 'self.pkgs.fetchPypi { pname = "x"; inherit version; hash = "sha256-old"; }'
    else:
        source = 'self.pkgs.fetchFromGitHub { owner = "o"; repo = "r"; tag = "v${version}"; hash = "sha256-old"; }'
    return (
        f"{nix_string(name)} = self.buildPythonPackage rec {{ pname = {nix_string(name)}; "
        f"version = {nix_string(version)}; pyproject = true; src = {source}; }};"
    )
