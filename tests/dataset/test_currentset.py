"""The current set: its JSON form, and the facts of the embedded one."""

import json
from pathlib import Path

import pytest

from dataset.currentset import (
    Application,
    Attribute,
    CurrentSet,
    current_set_from_json,
    current_set_to_json,
)
from normalize.aliases import Alias
from normalize.errors import UsageError
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version

FILE = Path(__file__).parents[2] / "data" / "nixpkgs" / "nixpkgs.json"
SET = current_set_from_json(json.loads(FILE.read_text()))
BY_NAME = {one.name: one for one in SET.attributes}
APPLICATIONS = {one.name: one for one in SET.applications}


def closure(roots, *, conditional):
    found, todo = set(), list(roots)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(BY_NAME[name].dependencies)
            todo.extend(other for other, _ in BY_NAME[name].conditional if conditional and other in BY_NAME)
    return found


def roots(application):
    return [application.attribute] if application.attribute else application.dependencies


def test_the_json_form_keeps_everything():
    assert current_set_from_json(json.loads(json.dumps(current_set_to_json(SET)))) == SET
    full = CurrentSet(
        revision="abc",
        date="2026-07-15",
        attributes=(
            Attribute(
                name="clang_1",
                project=ProjectName("clang"),
                evidence=("pname 'clang'",),
                confidence="likely",
                alternatives=(ProjectName("libclang"),),
                version="1.0",
                dependencies=("a", "b"),
                conditional=(("c", "Python older than 3.12"),),
                optional_dependencies=(("x", ("a", "b")),),
                relaxed=("*",),
                removed=("d",),
                imports=("clang",),
                series="1",
                position="pkgs/x.nix",
                format="wheel",
                checks_dependencies=False,
                note="a reason",
                points_to="clang_2",
            ),
            Attribute(name="none", project=None),
        ),
        applications=(
            Application(
                name="app",
                version="1",
                attribute="clang_1",
                dependencies=("none",),
                python="3.12",
                position="p",
                notes=("n",),
            ),
        ),
        elsewhere=frozenset({"else"}),
        aliases=(
            Alias(name="libclang", target="clang_1", date="2026-06-18"),
            Alias(name="old", target="none", fatal=True),
            Alias(name="removed", fatal=True, date="2026-03-24", reason="it was removed"),
        ),
    )
    assert current_set_from_json(json.loads(json.dumps(current_set_to_json(full)))) == full


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"schema": 2}, "set.json: schema: expected 1, found 2"),
        ({"attributes": []}, "set.json: attributes: expected a table, found a list"),
        ({"attributes": {"a": 1}}, "set.json: attributes.a: expected a table, found a number"),
        ({"attributes": {"a": {"dependencies": [1]}}}, "set.json: attributes.a.dependencies[0]: expected text"),
        ({"attributes": {"a": {"conditional": {"b": 1}}}}, "set.json: attributes.a.conditional.b: expected text"),
        ({"attributes": {"a": {"confidence": "sure"}}}, "'sure' is not one of certain, likely, guess"),
        ({"attributes": {"a": {"project": "a/b"}}}, "'a/b' cannot be a project name"),
        ({"revision": None}, "set.json: revision: missing"),
        ({"applications": {"a": {}}}, "set.json: applications.a.version: missing"),
    ],
)
def test_a_wrong_shape_is_named_with_its_path(change, sentence):
    data = {"schema": 1, "revision": "abc", "date": "2026-07-15", "attributes": {}} | change
    with pytest.raises(UsageError) as caught:
        current_set_from_json(data, where="set.json")
    assert sentence in caught.value.sentence


def test_the_embedded_set_is_the_closure_of_its_applications():
    assert len(BY_NAME) == 160
    every = [root for application in SET.applications for root in roots(application)]
    assert closure(every, conditional=True) == set(BY_NAME)
    # jaraco-context needs backports-tarfile on interpreters that no default target has
    assert set(BY_NAME) - closure(every, conditional=False) == {"backports-tarfile"}


@pytest.mark.parametrize(("name", "size"), [("tensorflow", 31), ("ceph", 103), ("calibre", 49)])
def test_each_application_has_its_closure(name, size):
    assert len(closure(roots(APPLICATIONS[name]), conditional=True)) == size


def test_the_application_that_is_an_attribute_has_its_dependencies():
    tensorflow = APPLICATIONS["tensorflow"]
    assert tensorflow.dependencies == BY_NAME["tensorflow"].dependencies
    assert tensorflow.version == BY_NAME["tensorflow"].version


def test_interpreters_that_applications_fix():
    assert {name: one.python for name, one in APPLICATIONS.items()} == {
        "calibre": "3.14",
        "ceph": "3.12",
        "tensorflow": None,
    }


def test_conditions_that_no_default_build_meets_are_kept_apart():
    assert {one.name: [other for other, _ in one.conditional] for one in SET.attributes if one.conditional} == {
        "h5py": ["mpi4py"],
        "jaraco-context": ["backports-tarfile"],
        "tensorflow": ["mock"],
    }
    assert "gnureadline" in BY_NAME["cmd2"].dependencies  # on Darwin, which is a default target
    assert "cffi" in BY_NAME["cryptography"].dependencies


def test_relaxed_and_removed_dependencies():
    assert {one.name: one.relaxed for one in SET.attributes if one.relaxed} == {
        "google-auth": ("cachetools",),
        "h5py": ("mpi4py",),
        "markdown-it-py": ("linkify-it-py",),
        "pyopenssl": ("cryptography",),
        "scikit-learn": ("numpy", "scipy"),
        "tensorboard": ("google-auth-oauthlib", "protobuf"),
        "tensorflow": ("h5py",),
    }
    assert {one.name: one.removed for one in SET.attributes if one.removed} == {"tensorflow": ("libclang", "keras")}


def test_what_the_runtime_hook_never_checks():
    for one in SET.attributes:
        assert one.format in ("pyproject", "setuptools", "wheel")
        assert not (one.format == "setuptools" and one.checks_dependencies), one.name
    switched_off = [one.name for one in SET.attributes if one.format == "pyproject" and not one.checks_dependencies]
    assert switched_off == [
        f"sphinxcontrib-{part}"
        for part in ("applehelp", "devhelp", "htmlhelp", "qthelp", "serializinghtml", "websupport")
    ]


def test_versions_stay_as_nixpkgs_spells_them_and_are_understood():
    spelled = {name: BY_NAME[name].version for name in ("certifi", "html5lib", "pycparser", "clang", "defusedxml")}
    assert spelled == {
        "certifi": "2026.04.22",
        "html5lib": "1.1-unstable-2024-02-21",
        "pycparser": "3.00",
        "clang": None,
        "defusedxml": "0.8.0rc2",
    }
    unread = [one.name for one in SET.attributes if one.version and not parse_nix_version(one.version).release]
    assert unread == []


def test_only_one_attribute_is_versioned():
    assert {one.name: one.series for one in SET.attributes if one.series} == {"cython_0": "0"}


def test_no_two_attributes_have_the_same_project():
    assert len({one.project for one in SET.attributes}) == len(SET.attributes)


def test_every_match_with_a_project_has_its_evidence_and_only_clang_is_ambiguous():
    assert all(one.project and one.evidence for one in SET.attributes)
    assert [(one.name, one.alternatives) for one in SET.attributes if one.alternatives] == [("clang", ("libclang",))]
    assert {one.name: one.confidence for one in SET.attributes if one.confidence != "certain"} == {
        "clang": "guess",
        "cython_0": "likely",
    }


def test_an_alias_that_leads_nowhere_must_be_fatal():
    data = {"schema": 1, "revision": "r", "date": "d", "attributes": {}, "aliases": {"a": {"fatal": False}}}
    with pytest.raises(UsageError, match=r"aliases\.a: an alias that is not fatal has a target"):
        current_set_from_json(data)
    data["aliases"] = {"a": {}}
    assert current_set_from_json(data).aliases == (Alias(name="a", fatal=True),)
