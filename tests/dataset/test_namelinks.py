"""Links for the name map: from the current set, from releases and from the table; and what coset's own data give."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from namemaps import name_map

from dataset.currentset import Attribute, CurrentSet, current_set_from_json
from dataset.namelinks import links_of_current_set, links_of_table
from dataset.namereleases import names_of_releases
from dataset.records import Release
from normalize.errors import UsageError
from normalize.importnames import roots
from normalize.projects import ProjectName

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
OTHERS = ROOT.parent / "shared" / "data" / "names"
SET = current_set_from_json(json.loads((DATA / "nixpkgs" / "nixpkgs.json").read_text()))
TABLE = tuple(links_of_table(tomllib.loads((DATA / "names.toml").read_text())))
NAMES = name_map([*links_of_current_set(SET), *TABLE])

BY_HAND = {  # attribute: (project, an import name)
    "absl-py": ("absl-py", "absl"),
    "beautifulsoup4": ("beautifulsoup4", "bs4"),
    "cython_0": ("cython", "Cython"),
    "dbus-python": ("dbus-python", "dbus"),
    "dnspython": ("dnspython", "dns"),
    "faust-cchardet": ("faust-cchardet", "cchardet"),
    "fonttools": ("fonttools", "fontTools"),
    "google-auth": ("google-auth", "google.auth"),
    "google-pasta": ("google-pasta", "pasta"),
    "grpcio": ("grpcio", "grpc"),
    "html5lib": ("html5lib", "html5lib"),
    "jaraco-classes": ("jaraco-classes", "jaraco.classes"),
    "legacy-cgi": ("legacy-cgi", "cgi"),
    "lz4": ("lz4", "lz4"),
    "markdown-it-py": ("markdown-it-py", "markdown_it"),
    "numpy": ("numpy", "numpy"),
    "odfpy": ("odfpy", "odf"),
    "opt-einsum": ("opt-einsum", "opt_einsum"),
    "pillow": ("pillow", "PIL"),
    "protobuf": ("protobuf", "google.protobuf"),
    "pychm": ("pychm", "chm"),
    "pycryptodome": ("pycryptodome", "Crypto"),
    "pyicu": ("pyicu", "icu"),
    "pyjwt": ("pyjwt", "jwt"),
    "pyopenssl": ("pyopenssl", "OpenSSL"),
    "pyqt-builder": ("pyqt-builder", "pyqtbuild"),
    "pyqt6": ("pyqt6", "PyQt6"),
    "pyqt6-sip": ("pyqt6-sip", "PyQt6.sip"),
    "pystemmer": ("pystemmer", "Stemmer"),
    "python-dateutil": ("python-dateutil", "dateutil"),
    "python3-saml": ("python3-saml", "onelogin.saml2"),
    "pyyaml": ("pyyaml", "yaml"),
    "repoze-lru": ("repoze-lru", "repoze.lru"),
    "scikit-learn": ("scikit-learn", "sklearn"),
    "setuptools": ("setuptools", "pkg_resources"),
    "sgmllib3k": ("sgmllib3k", "sgmllib"),
    "sip": ("sip", "sipbuild"),
    "sphinxcontrib-jsmath": ("sphinxcontrib-jsmath", "sphinxcontrib.jsmath"),
    "standard-imghdr": ("standard-imghdr", "imghdr"),
    "tensorflow": ("tensorflow", "tensorflow"),
    "webob": ("webob", "webob"),
    "websocket-client": ("websocket-client", "websocket"),
    "zc-lockfile": ("zc-lockfile", "zc.lockfile"),
}


def first(query):
    return NAMES.lookup(query).matches[0]


@pytest.mark.parametrize("attribute", BY_HAND)
def test_the_three_spellings_lead_to_each_other(attribute):
    project, import_name = BY_HAND[attribute]
    for query in (attribute, project, import_name, project.replace("-", "_").upper()):
        match = first(query)
        assert match.project == project
        assert attribute in match.attributes
        assert import_name in match.imports or import_name in {
            name for one in SET.attributes if one.name == attribute for name in one.imports
        }


@pytest.mark.parametrize("attribute", [one.name for one in SET.attributes])
def test_every_attribute_of_the_current_set_has_its_project_and_an_import_name(attribute):
    lookup = NAMES.lookup(attribute)
    assert attribute in lookup.matches[0].attributes
    assert lookup.matches[0].imports
    assert lookup.ambiguous == (attribute == "clang")


def test_every_import_of_the_current_set_leads_back_to_its_attribute():
    shared = set()
    for attribute in SET.attributes:
        for name in attribute.imports:
            lookup = NAMES.lookup(name)
            assert attribute.name in lookup.matches[0].attributes, name
            if lookup.ambiguous:
                shared.add(name)
    assert shared == {"cchardet", "jwt", "Crypto"}  # each is also the import name of another project


@pytest.mark.parametrize(
    ("query", "projects"),
    [
        ("cv2", {"opencv-python", "opencv-contrib-python", "opencv-python-headless"}),
        ("clang", {"clang", "libclang"}),
        ("jwt", {"pyjwt", "jwt"}),
        ("cchardet", {"faust-cchardet", "cchardet"}),
        ("Crypto", {"pycryptodome", "pycrypto"}),
        ("jaraco", {f"jaraco-{part}" for part in ("classes", "collections", "context", "functools", "text")}),
    ],
)
def test_a_shared_import_name_is_ambiguous(query, projects):
    lookup = NAMES.lookup(query)
    assert lookup.ambiguous
    assert {match.project for match in lookup.matches} == projects
    assert all(match.confidence != "certain" for match in lookup.matches)


@pytest.mark.parametrize(
    ("query", "project"),
    [
        ("scikitlearn", "scikit-learn"),
        ("pytorch", "torch"),
        ("dateutil", "python-dateutil"),
        ("python-Levenshtein", "levenshtein"),
        ("python-lz4", "lz4"),
        ("tensorflow-tensorboard", "tensorboard"),
        ("protobuf6", "protobuf"),
        ("sklearn", "scikit-learn"),
    ],
)
def test_former_names_lead_to_todays_project(query, project):
    lookup = NAMES.lookup(query)
    assert [match.project for match in lookup.matches] == [project]


@settings(max_examples=settings.default.max_examples // 3)
@given(st.sampled_from(SET.attributes), st.data())
def test_any_spelling_of_a_project_in_the_current_set_finds_it(attribute, data):
    spelled = "".join(
        data.draw(st.sampled_from(["-", "_", ".", "-_", "__"]))
        if one == "-"
        else data.draw(st.sampled_from([one, one.upper()]))
        for one in attribute.project
    )
    assert attribute.project in {match.project for match in NAMES.lookup(spelled).matches}


def release(project, version, *imports, **facts):
    return Release(project=ProjectName(project), version=version, imports=imports, unknown="listed", **facts)


def test_the_newest_release_that_shows_import_names_counts():
    found = names_of_releases(
        [
            release("a", "1.9", "old"),
            release("a", "1.10", "a", "tests", "_private", "not a name", "a.x"),
            release("a", "1.11"),
            release("b", "1", "_b", source="sdist"),
            release("c", "not PEP 440"),
        ]
    )
    assert [(one.project, one.kind, one.name, one.strength) for one in found.links] == [
        ("a", "top-level", "a", "certain"),
        ("a", "import", "a.x", "certain"),
        ("b", "top-level", "_b", "likely"),
    ]
    assert found.projects == {"a", "b", "c"}


def test_wheels_add_projects_that_the_current_set_does_not_hold():
    wheels = names_of_releases(
        [
            release("keras", "3.12.0", "keras", source="wheel"),
            release("zc-lockfile", "4.0", "zc", source="wheel"),
            release("pyqt6-sip", "13.0", "PyQt6", source="wheel"),
            release("protobuf", "7.35.1", "google", source="wheel"),
        ]
    )
    names = name_map([*links_of_current_set(SET), *TABLE, *wheels.links])
    (keras,) = names.lookup("keras").matches
    assert (keras.attributes, keras.imports, keras.confidence) == ((), ("keras",), "certain")
    # a wheel's folder that other projects share tells nothing that was not better known before
    for project in ("zc-lockfile", "pyqt6-sip", "protobuf", "google-auth"):
        assert names.lookup(project).matches[0].imports == NAMES.lookup(project).matches[0].imports
    assert [match.project for match in names.lookup("PyQt6").matches] == ["pyqt6"]
    assert names.lookup("google.cloud.vision").matches == ()


def test_an_attribute_without_project_is_found_by_each_of_its_names():
    current = CurrentSet(
        revision="", date="", attributes=(Attribute(name="xen", project=None, imports=("xen.lowlevel",)),)
    )
    names = name_map(links_of_current_set(current))
    for query in ("xen", "Xen", "xen.lowlevel.xc"):
        (match,) = names.lookup(query).matches
        assert (match.project, match.called, match.attributes, match.imports) == (
            None,
            "xen",
            ("xen",),
            ("xen.lowlevel",),
        )
    assert names.projects == ()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "names.toml: schema: expected 1, found None"),
        ({"schema": 1}, "names.toml: projects: missing"),
        ({"schema": 1, "project": {}}, "names.toml: project: unknown key"),
        ({"schema": 1, "projects": {"a": {"imports": ["a"]}}}, "names.toml: projects.a.reason: missing"),
        ({"schema": 1, "projects": {"a": {"import": ["a"]}}}, "names.toml: projects.a.import: unknown key"),
        ({"schema": 1, "projects": {"A": {"reason": "r"}}}, "names.toml: projects.A: write the project as a"),
        (
            {"schema": 1, "projects": {"a": {"imports": ["a-b"], "reason": "r"}}},
            "names.toml: projects.a.imports: 'a-b' is not an import name",
        ),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_path(table, sentence):
    with pytest.raises(UsageError) as caught:
        list(links_of_table(table))
    assert caught.value.sentence == sentence


def disagreement(theirs):
    """Return how many embedded projects another list holds, and those of whose import names ours lack one."""
    common = sorted({one.project for one in SET.attributes} & set(theirs))
    ours = {project: first(project).imports for project in common}
    differ = {
        project: sorted(set(roots(theirs[project])) - set(ours[project]))
        for project in common
        if not set(roots(theirs[project])) <= set(ours[project])
    }
    return len(common), differ


without_others = pytest.mark.skipif(
    not OTHERS.is_dir(), reason="the lists of import names to compare with do not lie beside the repository"
)


@without_others
def test_import_names_agree_with_what_a_smoke_test_of_2022_imported():
    count, differ = disagreement(json.loads((OTHERS / "imports-onnix-2022.json").read_text()))
    assert count == 115
    assert differ == {
        # the namespace, of which jaraco.functools is the part that the project holds
        "jaraco-functools": ["jaraco"],
        # modules of its dependencies, which were installed beside it
        "requests-oauthlib": ["certifi", "charset_normalizer", "idna", "oauthlib", "requests", "urllib3"],
    }


@without_others
def test_import_names_agree_with_condas_table():
    table = json.loads((OTHERS / "pypi-import-conda.json").read_text())
    count, differ = disagreement({project: [one["import"]] for project, one in table.items()})
    assert (count, differ) == (6, {})


@without_others
def test_their_import_names_lead_to_the_embedded_project():
    theirs = json.loads((OTHERS / "imports-onnix-2022.json").read_text())
    owners = {name: project for project, names in theirs.items() for name in names if project != "requests-oauthlib"}
    embedded = {one.project for one in SET.attributes}
    wrong = {
        name: [match.project for match in NAMES.lookup(name).matches]
        for name, project in owners.items()
        if project in embedded and first(name).project != project
    }
    # a namespace: all of its parts are shown, none of them is certain
    assert wrong == {
        "jaraco": [f"jaraco-{part}" for part in ("classes", "collections", "context", "functools", "text")]
    }
