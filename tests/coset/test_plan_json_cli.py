"""The plan on stdout and the plan in its file are the same bytes."""

import json

import pytest
from shardbytes import to_shards

from coset.__main__ import main
from dataset.records import Release

RELEASES = [
    Release(
        project="h5py", version="3.14.0", requires=("numpy<2.1,>=1.19.3", "wheel"), source="wheel", trust="verified"
    ),
    Release(
        project="h5py", version="3.15.0", requires=("numpy<2.1", "attrs>=20", "wheel", "new-one>=1"), source="wheel"
    ),
    Release(project="numpy", version="2.0", requires=(), source="wheel", trust="verified"),
    Release(project="numpy", version="2.1", requires=(), source="wheel", trust="verified"),
    Release(project="attrs", version="26.1.0", requires=(), source="wheel", trust="verified"),
    Release(project="new-one", version="1.0", requires=(), source="wheel", trust="verified"),
    Release(project="wheel", version="0.46", requires=(), source="wheel", trust="verified"),
]
NIXPKGS = {
    "schema": 1,
    "revision": "0123abc",
    "date": "2026-07-15",
    "attributes": {
        "h5py": {"project": "h5py", "version": "3.14.0", "dependencies": ["numpy"]},
        "numpy": {"project": "numpy", "version": "2.0"},
    },
    "applications": {},
    "elsewhere": ["attrs"],
}


@pytest.fixture
def places(tmp_path):
    shards, db, nixpkgs = tmp_path / "shards", tmp_path / "db.sqlite", tmp_path / "nixpkgs.json"
    shards.mkdir()
    for name, content in to_shards(RELEASES).items():
        (shards / name).write_bytes(content)
    nixpkgs.write_text(json.dumps(NIXPKGS), encoding="utf-8")
    assert main(["dataset", "import", str(shards), "--db", str(db), "--quiet"]) == 0
    return "--db", str(db), "--nixpkgs", str(nixpkgs)


def test_solve_and_report_print_the_bytes_of_the_file(places, tmp_path, capsys):
    out = tmp_path / "out"
    capsys.readouterr()
    assert main(["solve", *places, "--out", str(out), "--json"]) == 0
    printed, noise = capsys.readouterr()
    assert printed.encode() == (out / "plan.json").read_bytes()
    assert noise == ""

    assert main(["solve", *places, "--json"]) == 0
    assert capsys.readouterr().out == printed

    assert main(["report", str(out / "plan.json"), "--json"]) == 0
    assert capsys.readouterr().out == printed

    assert main(["report", str(out / "plan.json")]) == 0
    assert capsys.readouterr().out.encode() == (out / "plan.md").read_bytes()

    plan = json.loads(printed)
    assert {one["project"]: one.get("elsewhere") for one in plan["added"]} == {"attrs": True, "new-one": None}
    assert [(one["project"], one["requires"]) for one in plan["left_out"]] == [("h5py", "wheel")]
