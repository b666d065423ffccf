"""``coset apply``: a plan comes into a checkout, whole files only; what is left alone is listed with the reason."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from toys import LINUX, release

from coset import replacing
from coset.__main__ import main
from coset.checkout import Checkout
from dataset.records import File
from dataset.store import Store
from normalize.projects import project_name
from solver.plan import Package, Plan, Relaxation, StaleRelaxation
from solver.planjson import plan_to_text

SET = "pkgs/top-level/python-packages.nix"
MODULES = "pkgs/development/python-modules"
SRI = "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="


def package(name, version, fetcher="fetchPypi", more=""):
    source = "inherit pname version;" if fetcher == "fetchPypi" else 'owner = "o"; repo = "r"; tag = "v${version}";'
    return (
        f"{{\n  buildPythonPackage,\n  {fetcher},\n  six,\n}}:\n\nbuildPythonPackage rec {{\n"
        f'  pname = "{name}";\n  version = "{version}";\n  pyproject = true;\n\n'
        f'  src = {fetcher} {{\n    {source}\n    hash = "sha256-OLD";\n  }};\n\n{more}'
        "  dependencies = [ six ];\n}\n"
    )


FILES = {
    "app": package("app", "1.0", "fetchFromGitHub", '  pythonRelaxDeps = [ "old" ];\n\n'),
    "lib": package("lib", "1.0"),
    "six": '{ buildPythonPackage }: buildPythonPackage { pname = "six"; version = "1.0"; pyproject = true; }\n',
    "zed": package("zed", "1.0").replace("\n", "\r\n"),
}


def project(name, version, current="1.0", state="updated", **facts):
    facts = {"attribute": name, "newest": version, **facts}
    return Package(project=project_name(name), version=version, current=current, state=state, **facts)


PLAN = Plan(
    status="optimal",
    mode="fresh",
    targets=(str(LINUX),),
    dataset=(),
    levels=(),
    packages=(
        project("app", "1.1"),
        project("lib", "2.0"),
        project("six", "1.0", state="unchanged"),
        project("zed", "1.1"),
    ),
    relaxed=(
        Relaxation(
            project=project_name("app"),
            version="1.1",
            attribute="app",
            dependency=project_name("lib"),
            spelling="Lib",
            specifier="<2",
            chosen="2.0",
            risk="precautionary",
            evidence="",
        ),
    ),
    stale_relaxations=(StaleRelaxation(attribute="app", name="old", reason="METADATA of 1.1 does not require it"),),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("apply") / "town.sqlite"
    sdist = (File(name="lib-2.0.tar.gz", sha256="ab" * 32),)
    with Store.create(path) as store:
        store.put(
            [
                release("app 1.0: six, Lib<2"),
                release("app 1.1: six, Lib<2"),
                release("lib 1.0: six"),
                release("lib 2.0: six, zed", files=sdist),
                release("six 1.0:"),
                release("zed 1.0: six"),
                release("zed 1.1:", files=(File(name="zed-1.1.tar.gz", sha256="ab" * 32),)),
            ]
        )
    return path


@pytest.fixture
def town(tmp_path, db):
    """Return a folder with a checkout and a plan for it."""
    declared = "".join(f"  {name} = callPackage ../development/python-modules/{name} {{ }};\n" for name in FILES)
    files = {f"{MODULES}/{name}/default.nix": text for name, text in FILES.items()}
    files[SET] = f"self: super: with self; {{\n{declared}}}\n"
    for path, text in files.items():
        place = tmp_path / "nixpkgs" / path
        place.parent.mkdir(parents=True)
        place.write_bytes(text.encode())
    (tmp_path / "plan.json").write_text(plan_to_text(PLAN), encoding="utf-8")
    return tmp_path


def run(capsys, town, db, *words):
    status = main(
        ["apply", str(town / "nixpkgs"), "--plan", str(town / "plan.json"), "--db", str(db), *map(str, words)]
    )
    out, err = capsys.readouterr()
    return status, out, err


def place(town, name):
    return town / "nixpkgs" / MODULES / name / "default.nix"


def content(town):
    root = town / "nixpkgs"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


CHANGES = [
    "app: 1.0 -> 1.1; relax Lib; do not relax old any more; to be prefetched: src",
    "lib: 1.0 -> 2.0; add zed",
    "zed: 1.0 -> 1.1; remove six",
]


def test_a_plan_comes_into_a_checkout(capsys, town, db):
    before = content(town)
    place(town, "lib").chmod(0o640)
    status, out, _ = run(capsys, town, db)
    assert status == 0
    assert out.splitlines() == [*CHANGES, "3 attributes in 3 files changed; 1 hash to be prefetched"]
    assert place(town, "app").read_text() == FILES["app"].replace('"1.0"', '"1.1"').replace("sha256-OLD", "").replace(
        '[ "old" ]', '[\n    # 1.1 requires Lib<2\n    "Lib"\n  ]'
    )
    assert place(town, "lib").read_text() == FILES["lib"].replace('"1.0"', '"2.0"').replace("sha256-OLD", SRI).replace(
        "[ six ]", "[\n    six\n    zed\n  ]"
    ).replace("  six,\n", "  six,\n  zed,\n")
    assert place(town, "lib").stat().st_mode & 0o777 == 0o640
    assert b"\n" not in place(town, "zed").read_bytes().replace(b"\r\n", b"")
    assert b"six" not in place(town, "zed").read_bytes()
    after = content(town)
    assert {path for path in after if after[path] != before[path]} == {
        f"{MODULES}/{name}/default.nix" for name in ("app", "lib", "zed")
    }
    assert run(capsys, town, db)[:2] == (0, "0 attributes in 0 files changed; 3 attributes had nothing to be changed\n")
    assert content(town) == after


def test_a_dry_run_prints_the_patch_and_changes_nothing(capsys, town, db):
    before = content(town)
    status, out, err = run(capsys, town, db, "--dry-run")
    assert status == 0
    assert content(town) == before
    assert err.splitlines()[:3] == CHANGES
    assert '-    hash = "sha256-OLD";\n+    hash = "";\n' in out
    assert run(capsys, town, db)[0] == 0
    after = content(town)
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    for path, data in before.items():
        (town / "nixpkgs" / path).write_bytes(data)
    subprocess.run(["git", "apply", "-"], cwd=town / "nixpkgs", input=out.encode(), check=True)
    assert content(town) == after


def test_a_terminal_shows_no_steering_characters(capsys, town, db, monkeypatch):
    plan = json.loads((town / "plan.json").read_text())
    plan["packages"]["lib"]["version"] = "2.0\x1b[2J"
    plan["dataset"] = {"dataset": "another"}
    (town / "plan.json").write_text(json.dumps(plan))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, err = run(capsys, town, db, "--dry-run", "--only", "lib", "--verbose")
    assert "\x1b" not in out + err
    assert '+  version = "2.0\\x1b[2J";' in out.splitlines()
    assert "note: the plan rests on another dataset" in err


def test_json_says_the_same(capsys, town, db):
    _, out, _ = run(capsys, town, db, "--dry-run", "--json", "--only", "app")
    told = json.loads(out)
    assert told["written"] is False
    assert told["changed"] == [
        {
            "attribute": "app",
            "current": "1.0",
            "version": "1.1",
            "files": [f"{MODULES}/app/default.nix"],
            "points_to": None,
            "relaxed": ["Lib"],
            "not_relaxed": ["old"],
            "added": [],
            "removed": [],
            "prefetch": ["src"],
        }
    ]
    assert told["diff"].startswith(f"--- a/{MODULES}/app/default.nix\n")
    assert "diff" not in json.loads(run(capsys, town, db, "--json")[1])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (FILES["lib"].replace('"1.0"', '"1.5"').encode(), "its file has version 1.5, and the plan starts from 1.0"),
        (FILES["lib"].encode()[:120], "the file does not parse: line"),
        (b"\xff\xfe", "the file does not parse: line 1"),
        (b"", "the file does not parse: line 1: something is missing"),
        (b"[" * 100_000 + b"]" * 100_000, ""),
        (b"{ }: 1", "the file makes no Python package"),
        (None, f"there is no file '{MODULES}/lib/default.nix'"),
    ],
    ids=["changed", "half-written", "binary", "empty", "nested", "something else", "gone"],
)
def test_what_is_not_as_expected_is_left_alone(capsys, town, db, data, why):
    if data is None:
        place(town, "lib").unlink()
    else:
        place(town, "lib").write_bytes(data)
    status, out, _ = run(capsys, town, db)
    assert status == 1
    assert f"left alone: lib: {why}" in out
    assert "Traceback" not in out
    assert CHANGES[0] in out.splitlines()
    assert (place(town, "lib").read_bytes() if data is not None else None) == data


def test_a_link_out_of_the_checkout_is_not_followed(capsys, town, db):
    other = town / "other.nix"
    other.write_bytes(place(town, "lib").read_bytes())
    place(town, "lib").unlink()
    place(town, "lib").symlink_to(other)
    status, out, _ = run(capsys, town, db)
    assert status == 1
    assert "left alone: lib: a symbolic link leads to its file" in out
    assert other.read_text() == FILES["lib"]


def test_a_tree_that_cannot_be_written_stays_as_it_is(capsys, town, db, monkeypatch):
    before = content(town)
    monkeypatch.setattr(os, "access", lambda folder, _mode: "/lib" not in str(folder))
    status, out, err = run(capsys, town, db)
    assert (status, out) == (3, "")
    assert "cannot be written, so nothing is" in err
    assert content(town) == before


@pytest.mark.parametrize("failure", [PermissionError(30, "Read-only file system"), KeyboardInterrupt()])
def test_what_ends_between_files_leaves_whole_files(capsys, town, db, monkeypatch, failure):
    before = content(town)
    write = replacing._write

    def failing(path, data, mode):
        write(path, data[: len(data) // 2] if "zed" in str(path) else data, mode)
        if "zed" in str(path):
            raise failure

    monkeypatch.setattr(replacing, "_write", failing)
    status, _, err = run(capsys, town, db)
    after = content(town)
    assert after.keys() == before.keys()
    assert after[f"{MODULES}/zed/default.nix"] == before[f"{MODULES}/zed/default.nix"]
    assert b'"2.0"' in after[f"{MODULES}/lib/default.nix"]
    if isinstance(failure, OSError):
        assert status == 3
        assert "Read-only file system; 2 files were changed before it" in err
    else:
        assert status == 130
    monkeypatch.undo()
    assert run(capsys, town, db)[:2] == (
        0,
        f"{CHANGES[2]}\n1 attribute in 1 file changed; 2 attributes had nothing to be changed\n",
    )


def test_a_file_that_changes_meanwhile_is_left_alone(capsys, town, db, monkeypatch):
    read = Checkout.read
    seen = []

    def changing(self, path):
        seen.append(path)
        data = read(self, path)
        return data + b"#" if seen.count(path) > 1 and "lib" in path else data

    monkeypatch.setattr(Checkout, "read", changing)
    status, out, _ = run(capsys, town, db)
    assert status == 1
    assert "left alone: lib: its file was changed meanwhile" in out
    assert place(town, "lib").read_text() == FILES["lib"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--only", "lob"), "the plan has no attribute 'lob'"),
        (("--dry-run", "--commit"), "--dry-run and --commit exclude each other"),
        (("--plan", "missing.json"), "there is no plan 'missing.json'"),
    ],
)
def test_wrong_use_is_a_sentence(capsys, town, db, words, sentence):
    status, out, err = run(capsys, town, db, *words)
    assert (status, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize("what", ["no folder", "no checkout", "no python set", "half"])
def test_a_place_that_is_no_checkout_is_a_sentence(capsys, town, db, what):
    root = town / "nixpkgs"
    if what == "half":
        (root / SET).write_bytes((root / SET).read_bytes()[:-3])
    else:
        shutil.rmtree(root if what == "no folder" else root / "pkgs" / ("top-level" if "set" in what else ""))
    status, out, err = run(capsys, town, db)
    assert (status, out) == (2, "")
    assert err.count("error:") == 1


def test_a_conflict_has_nothing_to_apply(capsys, town, db):
    data = json.loads((town / "plan.json").read_text())
    (town / "plan.json").write_text(json.dumps({**data, "status": "conflict"}))
    status, _, err = run(capsys, town, db)
    assert status == 2
    assert "error:" in err


@pytest.fixture
def repository(town, monkeypatch):
    """Make the checkout a repository of the user's own."""
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Alice")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "alice@mail.example")
    monkeypatch.setenv("HOME", str(town))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(town, "init", "--quiet", ".")
    git(town, "add", "nixpkgs")
    git(town, "commit", "--quiet", "--message", "All")
    return town


def git(town, *words):
    done = subprocess.run(["git", *words], cwd=town, capture_output=True, text=True, check=True)
    return done.stdout


def test_each_attribute_is_a_commit_as_nixpkgs_words_it(capsys, repository, db):
    (repository / "nixpkgs" / "notes").write_text("mine")
    git(repository, "add", "nixpkgs/notes")
    place(repository, "zed").write_bytes(place(repository, "zed").read_bytes() + b"# mine\r\n")
    status, out, _ = run(capsys, repository, db, "--commit")
    assert status == 1
    assert "left alone: zed: its file has changes that are not committed" in out
    titles = git(repository, "log", "--reverse", "--format=%s").splitlines()
    assert titles == ["All", "python3Packages.app: 1.0 -> 1.1", "python3Packages.lib: 1.0 -> 2.0"]
    body = git(repository, "log", "-1", "--skip=1", "--format=%b").strip()
    assert body == "- relax Lib\n- do not relax old any more"
    files = git(repository, "show", "--format=", "--name-only", "HEAD").split()
    assert files == [f"nixpkgs/{MODULES}/lib/default.nix"]
    assert git(repository, "diff", "--cached", "--name-only").split() == ["nixpkgs/notes"]


def test_without_a_repository_nothing_is_written(capsys, town, db, monkeypatch):
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(town))
    before = content(town)
    status, out, err = run(capsys, town, db, "--commit")
    assert (status, out) == (2, "")
    assert "is in no git repository" in err
    assert content(town) == before
    monkeypatch.setenv("PATH", "")
    assert run(capsys, town, db, "--commit")[0] == 3


def test_a_commit_that_git_refuses_is_a_sentence(capsys, repository, db):
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no commits on a Sunday' >&2\nexit 1\n")
    hook.chmod(0o755)
    status, _, err = run(capsys, repository, db, "--commit")
    assert status == 3
    assert "no commits on a Sunday" in err
    assert git(repository, "log", "--format=%s").splitlines() == ["All"]
