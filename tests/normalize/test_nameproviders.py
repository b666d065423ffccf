"""What a module is imported from, how several are ranked, and names of which little is known."""

import pytest
from namemaps import name_map

from normalize.attributes import default_attribute
from normalize.nameanswers import Standing
from normalize.names import Link
from normalize.projects import ProjectName


def link(project, kind, name, strength="certain", **told):
    told = {"source": "index", "because": "a fact"} | told
    return Link(
        project=None if project is None else ProjectName(project), kind=kind, name=name, strength=strength, **told
    )


LINKS = [
    link("flask", "import", "flask"),
    link("flask-login", "attribute", "flask-login"),
    link("protobuf", "import", "google.protobuf"),
    link("google-auth", "import", "google.auth"),
    link("pyyaml", "top-level", "yaml"),
    link("pyyaml", "attribute", "pyyaml"),
    link("types-pyyaml", "stubs", "yaml"),
    link("types-only", "stubs", "nothing_else"),
    link("opencv-python", "import", "cv2"),
    link("opencv-python-headless", "import", "cv2"),
    link("old-cv", "import", "cv2"),
    link("opentelemetry-api", "import", "opentelemetry"),
    link("opentelemetry-sdk", "import", "opentelemetry.sdk"),
    link("jupyter", "metapackage", "jupyter"),
    link("django", "attribute", "django"),
    link("django", "attribute", "django_5"),
    link("django", "attribute", "django_6"),
    link(None, "attribute", "xen"),
    link(None, "import", "xen.lowlevel", of="xen"),
    link("google", "import", "googlesearch"),
]
PROJECTS = ["yaml", "unread", "numpi", "zope-thing", "googel"]
STANDINGS = {
    "opencv-python": Standing(dependents=5, since="2016-01-01"),
    "opencv-python-headless": Standing(dependents=9, since="2017-01-01"),
    "old-cv": Standing(dependents=5, since="2010-01-01"),
}
NAMES = name_map(LINKS, PROJECTS, STANDINGS)


@pytest.mark.parametrize(
    ("module", "name", "projects"),
    [
        ("flask", "flask", ["flask"]),
        ("flask.login", "flask", ["flask"]),  # never flask-login, which is spelled so
        ("google.protobuf.message.Message", "google.protobuf", ["protobuf"]),
        ("google.auth", "google.auth", ["google-auth"]),
        ("google.cloud.storage", "google.cloud.storage", []),
        ("google", "google", []),
        ("yaml.safe_load", "yaml", ["pyyaml"]),
        ("Yaml", "Yaml", ["yaml"]),  # a guess: only the name of a project is known
        ("opentelemetry.sdk.trace", "opentelemetry.sdk", ["opentelemetry-sdk"]),
        ("unread.part", "unread", ["unread"]),
        ("zope.thing.more", "zope.thing", ["zope-thing"]),
        ("jupyter", "jupyter", []),
        ("nothing_else", "nothing_else", []),
        ("xen.lowlevel.xc", "xen.lowlevel", [None]),
        ("nobody.knows", "nobody", []),
    ],
)
def test_the_providers_of_a_module(module, name, projects):
    found = NAMES.providers(module)
    assert (found.query, [match.project for match in found.matches]) == (name, projects)


def test_a_project_that_is_only_spelled_like_the_module_is_a_guess():
    (match,) = NAMES.providers("unread").matches
    assert match.confidence == "guess"
    assert match.evidence[0] == "module unread is spelled like project unread: the same name, normalised (certain)"


def test_several_providers_are_ranked_by_dependents_then_age():
    found = NAMES.lookup("cv2").matches
    assert [match.project for match in found] == ["opencv-python-headless", "old-cv", "opencv-python"]
    assert {match.confidence for match in found} == {"likely"}
    assert (
        found[1].evidence[-1]
        == "ranking: 5 of the known projects require it, on the index since 2010-01-01 (index, certain)"
    )


def test_the_declared_name_ranks_before_dependents():
    standings = {"libclang": Standing(dependents=9), "clang": Standing()}
    names = name_map([link("clang", "import", "clang"), link("libclang", "import", "clang")], (), standings)
    assert [match.project for match in names.lookup("clang").matches] == ["clang", "libclang"]


def test_a_project_known_by_name_alone_is_no_doubt_but_is_told():
    lookup = NAMES.lookup("yaml")
    assert [match.project for match in lookup.matches] == ["pyyaml"]
    assert "the index also has a project yaml, of which nothing more is known" in lookup.matches[0].evidence[0]
    (match,) = NAMES.lookup("Unread").matches
    assert (match.confidence, match.attributes, match.imports) == ("certain", (), ())
    assert "project unread: on the index (index, certain)" in match.evidence


def test_stubs_are_no_provider_unless_they_are_all():
    assert [match.project for match in NAMES.lookup("nothing_else").matches] == ["types-only"]
    (match,) = NAMES.lookup("types-pyyaml").matches
    assert match.imports == ()
    assert "stubs yaml: a fact (index, certain)" in match.evidence


def test_a_metapackage_says_so():
    assert "metapackage jupyter: a fact (index, certain)" in NAMES.lookup("jupyter").matches[0].evidence


def test_a_project_with_the_name_of_a_namespace_does_not_hide_it():
    found = NAMES.lookup("google").matches
    assert {match.project for match in found} == {"google", "google-auth", "protobuf"}
    assert all(match.confidence != "certain" for match in found)


def test_the_default_attribute_stands_beside_the_versioned_ones():
    (match,) = NAMES.lookup("django").matches
    assert (match.attributes, match.default) == (("django", "django_5", "django_6"), "django")
    assert "default attribute: django; a dependency on the project means this one" in match.evidence


@pytest.mark.parametrize(
    ("project", "attributes", "default"),
    [
        ("protobuf", ["protobuf", "protobuf4", "protobuf7"], "protobuf"),
        ("protobuf", ["protobuf4", "protobuf7"], None),
        ("cython", ["cython_0"], "cython_0"),
        ("tensorflow", ["tensorflow-bin", "tensorflow_2"], "tensorflow-bin"),
        ("numpy", [], None),
    ],
)
def test_default_attributes(project, attributes, default):
    assert default_attribute(ProjectName(project), attributes) == default


def test_near_names_on_the_index_come_after_those_of_which_more_is_known():
    names = name_map([link("numpy", "attribute", "numpy")], ["numpi", "nunpy", "other"])
    assert names.lookup("numpx").near == ("numpy", "numpi")
    assert names.lookup("qqq").near == ()
