"""``coset names show``: what people and scripts get, and what bad names get."""

import io
import json

import pytest

from coset.__main__ import main
from dataset.records import LISTED, Release
from dataset.store import Store
from normalize.projects import ProjectName


@pytest.fixture
def dataset(tmp_path):
    """Return a small dataset, so that these tests do not depend on the embedded one."""
    path = tmp_path / "small.sqlite"
    releases = [
        Release(project=ProjectName("keras"), version="3.12.0", unknown=LISTED, imports=("keras",)),
        Release(project=ProjectName("evil"), version="1", unknown=LISTED, imports=("evil\x1b[2J", "evil; x")),
    ]
    with Store.create(path) as store:
        store.put(releases)
    return path


@pytest.fixture
def show(dataset, capsys, monkeypatch):
    def run(*arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = main(["names", "show", *arguments, "--db", str(dataset)])
        return status, *capsys.readouterr()

    return run


def test_sklearn_is_scikit_learn(show):
    status, out, err = show("sklearn")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "sklearn: project scikit-learn (certain)",
        "  attributes  scikit-learn",
        "  imports     sklearn",
    ]
    assert "pythonImportsCheck of attribute scikit-learn (nixpkgs, certain)" in out


def test_another_current_set_has_other_attributes(show, capsys, tmp_path):
    snapshot = tmp_path / "snapshot.json"
    evidence = {"project": "keras", "version": "3.12.0", "evidence": ["pname"], "confidence": "certain"}
    data = {"schema": 1, "revision": "r", "date": "2026-01-01", "attributes": {"keras_3": evidence}}
    snapshot.write_text(json.dumps(data), encoding="utf-8")
    assert "keras_3" not in show("keras")[1]
    status, out, _ = show("keras", "--nixpkgs", str(snapshot))
    assert (status, "  attributes  keras_3" in out.splitlines()) == (0, True)
    assert "scikit-learn" not in show("numpy", "--nixpkgs", str(snapshot))[1]
    (tmp_path / "use.py").write_text("import keras", encoding="utf-8")
    main(["names", "imports", str(tmp_path / "use.py"), "--nixpkgs", str(snapshot)])
    assert "keras_3" in capsys.readouterr().out
    status, _, err = show("keras", "--nixpkgs", str(tmp_path / "none.json"))
    assert (status, "none.json" in err) == (2, True)


def test_a_module_of_the_standard_library_is_no_project_of_a_plan(dataset, capsys):
    assert main(["explain", "json", "--db", str(dataset)]) == 2
    assert "'json' is a module of Python's standard library" in capsys.readouterr().err


def test_json_has_the_promised_shape(show):
    status, out, err = show("--json", "sklearn", "clang")
    assert (status, err) == (0, "")
    sklearn, clang = json.loads(out)
    assert list(sklearn) == ["query", "matches", "ambiguous"]
    evidence = sklearn["matches"][0].pop("evidence")
    assert sklearn == {
        "query": "sklearn",
        "matches": [
            {
                "project": "scikit-learn",
                "attributes": ["scikit-learn"],
                "imports": ["sklearn"],
                "confidence": "certain",
            }
        ],
        "ambiguous": False,
    }
    assert evidence
    assert all(isinstance(sentence, str) for sentence in evidence)
    assert clang["ambiguous"] is True
    assert [match["project"] for match in clang["matches"]] == ["clang", "libclang"]


def test_ambiguity_is_said_in_words(show):
    status, out, _ = show("cv2")
    assert status == 0
    assert out.splitlines()[0] == "cv2: ambiguous, it may mean any of 3 projects"
    assert out.count("(likely)") == 3


def test_an_unknown_name_is_a_truthful_no_with_near_ones(show):
    status, out, err = show("numpi", "yaml", "zzzzzzzz")
    assert (status, err) == (1, "")
    assert out.startswith("numpi: unknown; near: numpy\n\nyaml: project pyyaml (certain)\n")
    assert out.endswith("\nzzzzzzzz: unknown, and no known name is near\n")
    status, out, _ = show("numpi", "--json")
    assert status == 1
    assert json.loads(out) == [{"query": "numpi", "matches": [], "ambiguous": False, "near": ["numpy"]}]


def test_the_default_of_several_attributes_is_told(show):
    status, out, _ = show("--json", "protobuf4", "numpy")
    assert status == 0
    protobuf, numpy = json.loads(out)
    assert (protobuf["matches"][0]["project"], protobuf["matches"][0]["default"]) == ("protobuf", "protobuf")
    assert "default" not in numpy["matches"][0]
    assert "default attribute: protobuf; " in show("protobuf")[1]


def test_an_alias_tells_its_date(show):
    status, out, _ = show("scikitlearn")
    assert status == 0
    assert "former attribute scikitlearn: nixpkgs renamed it to scikit-learn on 2025-10-29; its use is an error" in out


def test_names_come_from_stdin(show):
    status, out, _ = show("--json", "numpy", "-", stdin="PIL\n\n  Scikit_Learn \r\ngoogle.protobuf\n")
    assert status == 0
    assert [(one["query"], one["matches"][0]["project"]) for one in json.loads(out)] == [
        ("numpy", "numpy"),
        ("PIL", "pillow"),
        ("Scikit_Learn", "scikit-learn"),
        ("google.protobuf", "protobuf"),
    ]


def test_nothing_on_stdin_is_nothing_asked(show):
    assert show("--json", "-", stdin="\n") == (0, "[]\n", "")


def test_the_dataset_adds_projects(show):
    status, out, _ = show("keras")
    assert status == 0
    assert "attributes  none known" in out
    assert "attribute: none is known; nixpkgs' rules would name it keras" in out
    assert "import keras: contents of release 3.12.0 (index, certain)" in out


def test_import_names_of_a_hostile_wheel_are_left_out(show):
    status, out, _ = show("evil")
    assert status == 0
    assert "  imports     not known\n" in out
    assert out.replace("\n", "").isprintable()


def test_verbose_counts_and_quiet_keeps_still(show):
    assert "projects are known by name" in show("numpy", "--verbose")[2]
    assert show("numpy", "--verbose", "--quiet")[2] == ""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "error: an empty name cannot be looked up"),
        ("a\x1b[2Jb", r"error: 'a\x1b[2Jb' cannot be a project, an attribute or an import name"),
        ("../../etc/passwd", "error: '../../etc/passwd' cannot be a project, an attribute or an import name"),
        ("___", "error: '___' has no letter and no digit, so nothing of it is left as a project"),
        ("${abort}", "error: '${abort}' cannot be a project, an attribute or an import name"),
        ("ѕklearn", r"error: '\u0455klearn' holds U+0455 (CYRILLIC SMALL LETTER DZE), but names are ASCII"),
        (
            "x" * 10_000,
            f"error: a name of 10000 characters ('{'x' * 40}'...) is longer than any on the index",
        ),
    ],
)
def test_what_cannot_be_a_name_is_refused_in_one_sentence(show, name, sentence):
    status, out, err = show(name)
    assert (status, out) == (2, "")
    assert err.splitlines()[0] == sentence
    assert err.isascii()
    assert len(err.splitlines()) == 2  # the sentence and the hint


def test_all_refused_names_are_reported_together(show):
    status, out, err = show("numpy", "-", "a/b", stdin="ok\n\x07\n../x\n\udcff\n")
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "error: 4 of 6 names cannot be looked up",
        r"  line 2: '\x07' cannot be a project, an attribute or an import name",
        "  line 3: '../x' cannot be a project, an attribute or an import name",
        r"  line 4: '\udcff' holds U+DCFF (an unnamed character), but names are ASCII",
        "  'a/b' cannot be a project, an attribute or an import name",
        "  hint: give a project, an attribute or an import name, such as scikit-learn or sklearn",
    ]


def test_many_refused_names_are_counted(show):
    err = show("-", stdin="/\n" * 1000)[2]
    assert err.splitlines()[0] == "error: 1000 of 1000 names cannot be looked up"
    assert "  and 980 more" in err.splitlines()
    assert len(err.splitlines()) < 25


def test_without_a_name_the_command_says_how(capsys):
    assert main(["names", "show"]) == 2
    assert "coset names show --help" in capsys.readouterr().err


def test_a_dataset_that_is_not_there_is_named(capsys, tmp_path):
    missing = tmp_path / "none.sqlite"
    assert main(["names", "show", "numpy", "--db", str(missing)]) in (2, 3)
    assert "none.sqlite" in capsys.readouterr().err


def test_without_the_embedded_dataset_the_names_of_nixpkgs_still_answer(capsys, monkeypatch, tmp_path):
    from coset import folders  # noqa: PLC0415

    for part in ("nixpkgs", "names.toml"):
        (tmp_path / part).symlink_to(folders.data_folder() / part)
    monkeypatch.setattr("coset.namesdata.data_folder", lambda: tmp_path)
    assert main(["names", "show", "sklearn"]) == 0
    assert "project scikit-learn" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "names.toml' cannot be read"),
        (b"schema = ", "is damaged: "),
        (b"\xff", "names.toml' cannot be read"),
        (b"schema = 1", "error: names.toml: projects: missing"),
    ],
)
def test_damaged_data_is_said(capsys, monkeypatch, tmp_path, content, sentence):
    from coset import folders  # noqa: PLC0415

    (tmp_path / "nixpkgs").symlink_to(folders.data_folder() / "nixpkgs")
    if content is not None:
        (tmp_path / "names.toml").write_bytes(content)
    monkeypatch.setattr("coset.namesdata.data_folder", lambda: tmp_path)
    monkeypatch.setattr("coset.namesstate.data_path", lambda: str(tmp_path))
    assert main(["names", "show", "numpy"]) in (2, 3)
    assert sentence in capsys.readouterr().err
