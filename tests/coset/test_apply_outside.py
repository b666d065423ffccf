"""``coset apply``: what the checkout has outside the plan's set moves too, or it is told who needs what."""

import json

import pytest
from madeplans import addition, one_package, plan_of
from toys import release

from coset import applying
from coset.__main__ import main
from dataset.records import File
from dataset.store import Store
from solver.planjson import plan_to_text

SET = "pkgs/top-level/python-packages.nix"
MODULES = "pkgs/development/python-modules"
HAS = {"app": "1.0", "web": "1.0", "core": "2.6", "good": "5.0"}
PLANNED = {"app": "2.0", "web": "2.1", "core": "2.5", "good": "4.0"}
BECAUSE = {
    "web": [("app", "2.0", "web<3,>=2")],
    "core": [("web", "2.1", "core==2.5")],
    "good": [("app", "2.0", "good>=4"), ("web", "2.1", "good")],
}
DONE = [
    "app: 1.0 -> 2.0; add good, web; to be prefetched: src",
    "core: 2.6 -> 2.5",
    "web: 1.0 -> 2.1; add core, good",
    "look at core: it goes down from 2.6, because the plan requires 2.5; others may need the newer one",
]


def package(name, version):
    fetcher, told = "fetchPypi", "inherit pname version;"
    if name == "app":
        fetcher, told = "fetchFromGitHub", 'owner = "o"; repo = "r"; tag = "v${version}";'
    return (
        f"{{\n  buildPythonPackage,\n  {fetcher},\n}}:\n\nbuildPythonPackage rec {{\n"
        f'  pname = "{name}";\n  version = "{version}";\n  pyproject = true;\n\n'
        f'  src = {fetcher} {{\n    {told}\n    hash = "sha256-OLD";\n  }};\n}}\n'
    )


def sdist(text):
    name = text.split(":")[0].replace(" ", "-")
    return release(text, files=(File(name=f"{name}.tar.gz", sha256="ab" * 32),))


@pytest.fixture
def town(tmp_path):
    with Store.create(tmp_path / "town.sqlite") as store:
        texts = ("app 1.0:", "app 2.0: web<3,>=2, good>=4", "web 1.0:", "web 2.1: core==2.5, good")
        store.put([sdist(text) for text in (*texts, "core 2.5:", "core 2.6:", "good 4.0:")])
    declared = "".join(f"  {name} = callPackage ../development/python-modules/{name} {{ }};\n" for name in HAS)
    files = {f"{MODULES}/{name}/default.nix": package(name, version) for name, version in HAS.items()}
    for path, text in {**files, SET: f"self: super: with self; {{\n{declared}}}\n"}.items():
        place = tmp_path / "nixpkgs" / path
        place.parent.mkdir(parents=True)
        place.write_text(text)
    moved = [
        one_package(name, version, *(("1.0", "updated") if name == "app" else (None, "added")))
        for name, version in PLANNED.items()
    ]
    plan = plan_of(moved, [addition(name, PLANNED[name], because) for name, because in BECAUSE.items()])
    (tmp_path / "plan.json").write_text(plan_to_text(plan), encoding="utf-8")
    return tmp_path


def run(capsys, town, *words):
    where = ["--plan", str(town / "plan.json"), "--db", str(town / "town.sqlite")]
    status = main(["apply", str(town / "nixpkgs"), *where, *words])
    return status, capsys.readouterr().out


def content(town):
    root = town / "nixpkgs"
    return {path.parent.name: path.read_text() for path in sorted(root.rglob("*.nix"))}


def test_what_is_outside_the_set_moves_too(capsys, town):
    before = content(town)
    status, out = run(capsys, town)
    assert (status, out.splitlines()) == (
        0,
        [*DONE, "3 attributes in 3 files changed; 1 hash to be prefetched; 1 note to look at"],
    )
    after = content(town)
    assert {name for name in after if after[name] != before[name]} == {"app", "core", "web"}
    assert run(capsys, town) == (0, "0 attributes in 0 files changed; 1 attribute had nothing to be changed\n")
    assert content(town) == after


def test_the_dataset_is_read_once_however_often_something_is_left_alone(capsys, town, monkeypatch):
    opened = []
    open_dataset = applying.open_dataset
    monkeypatch.setattr(applying, "open_dataset", lambda db: opened.append(db) or open_dataset(db))
    rounds = []
    plan_edits = applying.plan_edits
    monkeypatch.setattr(applying, "plan_edits", lambda *given: rounds.append(given) or plan_edits(*given))
    place = town / "nixpkgs" / MODULES / "web" / "default.nix"
    place.write_text(package("web", "1.0").replace("inherit pname version;", 'pname = "web"; version = "1.0";'))
    assert run(capsys, town)[0] == 1
    assert (len(opened), len(rounds)) == (1, 2)


def test_what_would_move_for_one_that_is_left_alone_stays(capsys, town):
    place = town / "nixpkgs" / MODULES / "web" / "default.nix"
    place.write_text(package("web", "1.0").replace("inherit pname version;", 'pname = "web"; version = "1.0";'))
    before = content(town)
    status, out = run(capsys, town)
    assert (status, out.splitlines()) == (
        1,
        [
            DONE[0],
            "look at app: it needs web<3,>=2 and the tree has 1.0",
            "left alone: web: its source does not follow its version",
            "1 attribute in 1 file changed; 1 hash to be prefetched; 1 note to look at; 1 attribute left alone",
        ],
    )
    after = content(town)
    assert {name for name in after if after[name] != before[name]} == {"app"}


def test_only_what_is_named_changes_and_the_rest_is_told(capsys, town):
    status, out = run(capsys, town, "--only", "app", "--json")
    told = json.loads(out)
    assert (status, [one["attribute"] for one in told["changed"]]) == (0, ["app"])
    assert told["look_at"] == [{"attribute": "app", "note": "it needs web<3,>=2 and the tree has 1.0"}]
    status, out = run(capsys, town, "--only", "web", "--only", "core")
    assert [line.split(":")[0] for line in out.splitlines()[:3]] == ["core", "web", "look at core"]


@pytest.mark.parametrize("number", range(2))
def test_an_attribute_that_the_checkout_does_not_have_is_no_obstacle(capsys, town, number):
    name = ("web", "core")[number]
    place = town / "nixpkgs" / SET
    place.write_text("".join(line for line in place.read_text().splitlines(keepends=True) if f" {name} =" not in line))
    status, out = run(capsys, town)
    assert status == 0
    assert f"it requires {name} now, which the set does not have" in out
