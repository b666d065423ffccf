"""Which file did the user mean? A folder, a plan and a snapshot in each other's place get a sentence that helps."""

import json

import pytest
from toys import current, question, registry

from coset.__main__ import main
from dataset.currentset import current_set_to_json
from solver.curate import curate
from solver.planjson import plan_to_text

SET = current("app 1.0")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a plan in ``out``, a snapshot, and a folder that holds nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "empty").mkdir()
    plan = curate(question(registry("app 1.0"), SET), mode="fresh")
    (tmp_path / "out" / "plan.json").write_text(plan_to_text(plan), encoding="utf-8")
    (tmp_path / "nixpkgs.json").write_text(json.dumps(current_set_to_json(SET)), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("arguments", [["report"], ["diff", "out/plan.json"]])
def test_the_folder_of_a_plan_stands_for_it(folder, capsys, arguments):
    assert main([*arguments, "out/plan.json"]) == 0
    named = capsys.readouterr().out
    assert main([*arguments, "out"]) == 0
    assert capsys.readouterr().out == named


@pytest.mark.parametrize(
    "arguments", [["report"], ["verify"], ["explain", "numpy", "--plan"], ["apply", ".", "--plan"]]
)
def test_a_snapshot_is_no_plan(folder, capsys, arguments):
    assert main([*arguments, "nixpkgs.json"]) == 2
    assert capsys.readouterr().err == (
        "error: 'nixpkgs.json' is a snapshot (a current set), not a plan\n"
        "  hint: 'coset solve --nixpkgs FILE --out DIR' makes a plan of it\n"
    )


@pytest.mark.parametrize(
    "arguments", [["solve", "--nixpkgs"], ["check", "--nixpkgs"], ["crawl", "--db", "x", "--from"]]
)
def test_a_plan_is_no_snapshot(folder, capsys, arguments):
    assert main([*arguments, "out/plan.json"]) == 2
    assert capsys.readouterr().err == (
        "error: 'out/plan.json' is a plan, not a snapshot (a current set)\n"
        "  hint: a snapshot (a current set) is the nixpkgs.json of 'coset snapshot'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["report"], "write one with 'coset solve --out DIR', and name its plan.json"),
        (["diff", "out"], "a plan is the plan.json of 'coset solve --out DIR', a snapshot"),
        (["check", "--nixpkgs"], "a snapshot (a current set) is the nixpkgs.json of 'coset snapshot'"),
        (["check", "--policy"], "docs/policy.md describes the file"),
        (["distance"], "coset reads pylock.toml, "),
        (["vendor", "--applications"], "see docs/applications.md"),
        (["crawl", "--db", "x", "--want"], "write one requirement in each line"),
    ],
)
def test_another_folder_is_no_file(folder, capsys, arguments, hint):
    assert main([*arguments, "empty"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: 'empty' is a folder, not a file\n  hint: {hint}")


@pytest.mark.parametrize(
    "arguments",
    [["verify"], ["report"], ["diff", "out"], ["explain", "numpy", "--plan"], ["distance"], ["check", "--nixpkgs"]],
)
def test_a_name_that_is_too_long_is_a_sentence(folder, capsys, arguments):
    name = "x" * 5_000
    assert main([*arguments, name]) == 3
    assert capsys.readouterr().err.startswith(f"error: '{name}' cannot be read: ")


@pytest.mark.parametrize("arguments", [["snapshot"], ["check", "--db"], ["names", "show", "numpy", "--db"]])
def test_nor_is_another_path_that_the_system_refuses_a_traceback(folder, capsys, arguments):
    name = "x" * 5_000
    assert main([*arguments, name]) == 3
    assert capsys.readouterr().err == f"error: '{name}' cannot be used: File name too long\n"
