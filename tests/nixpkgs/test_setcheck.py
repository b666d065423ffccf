"""The check of the current set, case by case: what is found, what is told of it, and what nobody can judge."""

from dataclasses import replace

import pytest
from setchecks import TARGETS, check, told
from toys import LINUX, current, registry, release

from dataset.currentset import Attribute, Recipe
from nixpkgs.buildenvironment import Described
from nixpkgs.checkedrelease import read_release
from nixpkgs.checkfindings import Finding
from nixpkgs.setcheck import check_set
from normalize.projects import project_name


def test_lower_parts_upper_parts_and_exclusions_are_told_apart():
    found = check(
        ["a<2", "ab>=2", "abc!=1.5", 'a-b==1.0; sys_platform == "darwin"'],
        dict.fromkeys(("a", "ab", "abc", "a-b"), "1.5"),
    )
    assert [(one.sentence, one.parts) for one in found] == [
        ('app 1.0 requires a-b==1.0; sys_platform == "darwin" on 3.14; a-b 1.5 violates the upper part', ("upper",)),
        ("app 1.0 requires ab>=2; ab 1.5 violates the lower part", ("lower",)),
        ("app 1.0 requires abc!=1.5; abc 1.5 violates an exclusion", ("exclusion",)),
    ]
    assert all(one.kind == "violated" and one.mend and one.line == 7 for one in found)
    assert found[0].hint == "write a-b in pythonRelaxDeps, or hold a-b"
    assert found[1].hint.startswith("update ab first")
    assert found[2].hint.startswith("take another version of abc")
    lines = check(["a<1", "abc>=1"], {"a": "1", "abc": "1"})
    assert lines[0].hint == "write a in pythonRelaxDeps, which also hits abc, or hold a"


def test_each_name_in_a_list_is_told_once_and_says_why():
    versions = {"h5py": "3.15.1", "numpy": "2.5", "numpydoc": "1.0", "uv": "1.0", "uvicorn": "1.0", "ruamel-yaml": "1"}
    lines = [
        "h5py<3.15,>=3",
        "numpy>=1",
        "uv>=1",
        "uvicorn",
        "keras>=3",
        "ruamel.yaml<1",
        "gone; python_version < '3.8'",
    ]
    relaxed = ("h5py", "numpy", "cachetools", "ruamel-yaml", "gone", "keras")
    found = check(lines, versions, relaxed=relaxed, removed=("keras", "uv", "flask", "uvi"))
    assert told(found) == [
        ("violated", "app 1.0 requires ruamel.yaml<1; ruamel-yaml 1 violates the upper part"),
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 has numpy; numpy 2.5 meets numpy>=1"),
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 has cachetools; METADATA does not require it"),
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 has ruamel-yaml; METADATA spells it ruamel.yaml"),
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 has gone; no target has gone; python_version < '3.8'"),
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 has keras, which pythonRemoveDeps deletes as well"),
        ("stale-removal", "pythonRemoveDeps of app 1.0 has uv; uv 1.0 meets uv>=1; it also hits uvicorn"),
        ("stale-removal", "pythonRemoveDeps of app 1.0 has flask; METADATA does not require it"),
        ("stale-removal", "pythonRemoveDeps of app 1.0 has uvi; uvicorn sets no bounds"),
        ("relaxed", "pythonRelaxDeps of app 1.0 has h5py; h5py 3.15.1 violates the upper part of h5py<3.15,>=3"),
        ("removed", "pythonRemoveDeps of app 1.0 has keras; no dependency brings keras"),
    ]
    assert [one.kind for one in found if not one.mend] == ["relaxed", "removed"]
    assert found[3].hint == "write ruamel.yaml, or take it out: the hook does not normalise"


def test_names_that_hit_another_requirement():
    versions = {"python": "3.0", "python-dateutil": "2.9", "pkg1": "1.0", "pkg10": "3.0", "uv": "1", "uvicorn": "1"}
    lines = ["python<3", "python-dateutil<3", "pkg1", "pkg10<3", "uv<1", "uvicorn"]
    found = check(lines, versions, relaxed=("python", "pkg1", "uv"))
    assert told(found) == [
        ("prefix", "pythonRelaxDeps of app 1.0 has python, which also makes python of python-dateutil<3"),
        ("prefix", "pythonRelaxDeps of app 1.0 has pkg1, which itself needs nothing, and makes pkg1 of pkg10<3"),
        ("prefix", "pythonRelaxDeps of app 1.0 has uv, which also makes uv of uvicorn"),
        ("relaxed", "pythonRelaxDeps of app 1.0 has python; python 3.0 violates the upper part of python<3"),
        ("relaxed", "pythonRelaxDeps of app 1.0 has uv; uv 1 violates the upper part of uv<1"),
    ]
    assert found[1].hint == "write pkg10 instead"
    docs = [f'a{i}; extra == "x"' for i in range(5)]
    (stale,) = check(["a", *docs], {"a": "1"}, relaxed=("a",))
    assert stale.sentence == "pythonRelaxDeps of app 1.0 has a; a sets no bounds; it also hits a0, a1, a2 and 2 more"
    renamed = check(["python-dateutil<2"], {"python-dateutil": "2.9"}, relaxed=("python",))
    assert renamed[0].kind == "not-installed"
    assert (
        "python-dateutil<2, of which pythonRelaxDeps makes python; no dependency brings python" in renamed[0].sentence
    )


def test_what_is_wider_than_needed():
    versions = {"a": "2.0", "ab": "2.0", "abc": "2.0"}
    found = check(["a<2", "ab>=1", "abc>=3"], versions, relaxed=("*",))
    assert [(one.kind, one.name) for one in found] == [("update-first", "*"), ("wider", "*"), ("relaxed", "*")]
    assert found[1].sentence == "pythonRelaxDeps of app 1.0 is true; 1 of its 3 requirements do not need it"
    assert found[1].hint == 'write pythonRelaxDeps = [ "a" "abc" ];'
    assert told(check(["ab>=1", "a"], versions, relaxed=("*",))) == [
        ("stale-relaxation", "pythonRelaxDeps of app 1.0 is true; every requirement is met without it")
    ]
    (found,) = check(["a<2"], versions, removed=("a",))
    assert (found.kind, found.hint) == ("wider", "write a in pythonRelaxDeps instead")
    found = check(["a>=1", "b>=1"], versions, removed=("*",))
    assert told(found) == [
        ("wider", "pythonRemoveDeps of app 1.0 is true; 1 of its 2 requirements do not need it"),
        ("removed", "pythonRemoveDeps of app 1.0 is true; no dependency brings b"),
    ]


def test_a_relaxed_lower_part_is_to_be_mended_by_an_update():
    (found,) = check(["a>=2,<3"], {"a": "1.0"}, relaxed=("a",))
    assert told([found]) == [
        (
            "update-first",
            "pythonRelaxDeps of app 1.0 has a, which hides that a 1.0 violates the lower part of a>=2,<3",
        )
    ]
    assert found.hint == "update a first: a lower part says what the code needs"
    assert found.mend


def test_what_only_an_extra_asks_for_is_judged_by_what_the_set_has():
    line = 'a<2; extra == "x"'
    kinds = [check([line], versions, relaxed=("a",))[0].kind for versions in ({"a": "2"}, {"a": "1"}, {})]
    assert kinds == ["relaxed", "stale-relaxation", "unknown"]
    assert check([line], {}) == ()


def test_an_address_is_a_reason_to_relax():
    (found,) = check(["a @ https://host.example/a.zip"], {"a": "1"}, relaxed=("a",))
    assert found.kind == "relaxed"
    assert "takes the address from a @ https://host.example/a.zip" in found.sentence


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"format": "setuptools", "checks_dependencies": False}, ["unchecked", "unchecked"]),
        ({"format": "setuptools"}, ["unchecked", "unchecked"]),
        ({"checks_dependencies": False}, ["unchecked", "unchecked"]),
        ({"format": "wheel"}, ["violated", "not-installed"]),
    ],
)
def test_only_what_the_hook_runs_for_fails(facts, kinds):
    found = check(["a<1", "b"], {"a": "1"}, **facts)
    assert [one.kind for one in found] == kinds
    assert all(one.mend == (one.kind != "unchecked") for one in found)


def test_a_switched_off_check_that_would_find_nothing():
    assert told(check(["a", 'b; extra == "x"'], {"a": "1"}, checks_dependencies=False)) == [
        ("stale-switch", "dontCheckRuntimeDeps of app 1.0 is not needed; every requirement is met")
    ]
    for line in ("b", "a<1"):
        assert [one.kind for one in check([line], {"a": "1"}, checks_dependencies=False)] == ["unchecked"]
    assert check(["a"], {"a": "1"}, checks_dependencies=False, format="setuptools") == ()
    assert told(check(["a>1"], {"a": None}, checks_dependencies=False))[0][0] == "unknown"


def test_what_the_build_system_or_a_dependency_s_dependency_brings_is_there():
    lib = Attribute(name="lib", project=project_name("lib"), version="1", dependencies=("deep",))
    deep = Attribute(name="deep", project=project_name("deep"), version="1")
    build = Attribute(name="build-it", project=project_name("build-it"), version="1")
    made = registry(release("app 1.0: deep<2, build-it, wheel, wheel<2, packaging, gone, half"))

    def found(**facts):
        app = Attribute(
            name="app",
            project=project_name("app"),
            version="1.0",
            confidence="certain",
            **{"dependencies": ("lib",), **facts},
        )
        return check_set(current(app, lib, deep, build), made, (LINUX,), ["app"]).findings

    recipe = Recipe(build_system=("build-it",))
    certain = found(recipe=recipe, conditional=(("half", "enableHalf"),))
    assert [(one.kind, one.mend) for one in certain] == [
        ("not-installed", True),
        ("not-installed", False),
        ("unknown", False),
    ]
    assert certain[0].sentence == "app 1.0 requires gone; no dependency brings gone"
    assert certain[1].doubt == "the package file has it where: enableHalf"
    assert certain[2].sentence == "app 1.0 requires wheel<2; this set does not say which version wheel has"
    assert {one.doubt for one in found() if one.kind == "not-installed"} == {"its build system was not read"}
    lib = replace(lib, unknown=(("dependencies", "whether cuda"),))
    half = [one.doubt for one in found(recipe=recipe) if one.kind == "not-installed"]
    assert set(half) == {"not all dependencies of lib are known"}
    lib = replace(lib, unknown=())
    beyond = found(recipe=recipe, dependencies=("lib", "elsewhere"))
    assert {one.doubt for one in beyond if one.kind == "not-installed"} == {"this set does not describe elsewhere"}


def test_where_dependencies_were_not_read_the_set_s_versions_count():
    unknown = (("dependencies", "a channel's list does not say it"),)
    made = registry(release("app 1.0: lib<2, gone"))
    app = Attribute(
        name="app", project=project_name("app"), version="1.0", confidence="certain", recipe=Recipe(), unknown=unknown
    )
    found = check_set(current(app, "lib 2"), made, (LINUX,), ["app"]).findings
    assert [(one.kind, one.mend) for one in found] == [("violated", False), ("not-installed", False)]
    assert "a channel's list does not say it" in found[0].doubt
    removing = replace(app, removed=("lib",))
    made_met = registry(release("app 1.0: lib>=2"))
    (found,) = check_set(current(removing, "lib 2"), made_met, (LINUX,), ["app"]).findings
    assert (found.kind, found.mend) == ("unknown", False)
    assert "asks for lib>=2, and not all its dependencies are known: a channel's list does not say it" in found.sentence
    lists = replace(app, unknown=(*unknown, ("relaxed", "no"), ("removed", "no")))
    found = check_set(current(lists, "lib 2"), made, (LINUX,), ["app"]).findings
    assert [one.kind for one in found] == ["unknown", "unknown"]
    assert found[1].sentence.endswith("lib 2 violates the upper part; pythonRelaxDeps was not read: no")


def test_a_snapshot_meets_what_the_release_before_it_meets_and_nothing_else_is_said():
    versions = {"lib": "1.1-unstable-2024-02-21"}
    assert check(["lib>=1.0"], versions) == ()
    for line in ("lib<2", "lib>=1.2", "lib!=1.0"):
        (found,) = check([line], versions)
        assert found.kind == "unknown"
        assert found.sentence.endswith("lib 1.1-unstable-2024-02-21 is no version that can be compared")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"version": None}, "which version app has is not known"),
        ({"version": None, "unknown": (("version", "from llvm"),)}, "which version app has is not known: from llvm"),
        (
            {"version": "1.1-unstable-2024-02-21"},
            "app 1.1-unstable-2024-02-21 is a snapshot: what it requires is not on the index",
        ),
        ({"version": "of today"}, "app of today is no version of PEP 440: what it requires is not on the index"),
        ({"version": "2.0"}, "the dataset holds app, but no release 2.0 of it"),
        ({"confidence": "guess"}, "that app 1.0 is project app is a guess"),
    ],
)
def test_what_cannot_be_judged_is_said_and_is_no_reason_to_fail(facts, sentence):
    found = check(["a<1"], {"a": "1"}, **facts)
    assert told(found) == [("unknown", sentence)]
    assert not found[0].mend


def test_releases_that_say_nothing():
    app = replace(Attribute(name="app", project=project_name("app"), version="1.0.0"), confidence="certain")
    unread = release("app 1.0", requires=None, unknown="sdist-dynamic")
    found = check_set(current(app), registry(unread), TARGETS)
    assert (found.judged, found.attributes, found.findings[0].reason) == (0, 1, "sdist-dynamic")
    assert check_set(current(app), {}, TARGETS).findings[0].sentence.startswith("the dataset does not hold app")
    none = replace(app, project=None)
    assert "which project app 1.0.0 is" in check_set(current(none), {}, TARGETS).findings[0].sentence
    assert check_set(current(replace(app, points_to="other")), {}, TARGETS).attributes == 0
    assert told(check(["a<1"], {"a": "1"}, unusable=("a (what",)))[1] == (
        "unknown",
        "app 1.0 has a line that is no requirement: a (what",
    )


def test_a_target_that_the_release_is_not_for_does_not_count():
    line = 'a<1; python_version >= "3.14"'
    assert [one.kind for one in check([line], {"a": "1"})] == ["violated"]
    assert check([line], {"a": "1"}, requires_python="<3.14") == ()
    assert told(check([line], {"a": "1"}, requires_python="<3")) == [
        ("unknown", "app 1.0 requires Python <3, which no target has")
    ]
    assert [one.kind for one in check([line], {"a": "1"}, requires_python="any")] == ["violated"]


def test_a_precaution_is_said_to_be_one():
    made = registry(release("app 1.0: lib<2"), release("lib 1.0"), release("lib 2.0"), release("lib 3.0rc1"))
    app = Attribute(
        name="app",
        project=project_name("app"),
        version="1.0",
        confidence="certain",
        dependencies=("lib",),
        relaxed=("lib",),
    )
    (found,) = check_set(current(app, "lib 1.0"), made, (LINUX,), ["app"]).findings
    assert found.hint == (
        "take lib out of pythonRelaxDeps, unless lib is about to move: its newest release, 2.0, would need it"
    )


def test_a_finding_with_doubt_needs_no_mending():
    assert Finding(kind="violated", attribute="a", version="1", sentence="s").mend
    assert not Finding(kind="violated", attribute="a", version="1", sentence="s", doubt="d").mend


def test_an_environment_holds_each_attribute_once_and_not_the_depender():
    one = Attribute(name="one", project=project_name("one"), version="1", dependencies=("two",), recipe=Recipe())
    two = Attribute(name="two", project=project_name("two"), version="2", dependencies=("one",))
    described = Described(current(one, two))
    assert "one" not in described.environment(one).found
    assert str(described.environment(one).found["two"]) == "two 2"
    checked = read_release(one, release("one 1: two>=1"), described, TARGETS)
    assert checked.lines[0].verdict.outcome == "met"
