"""``coset report --html`` and ``coset solve --html``: one file, with what the current set knows, or a word about it."""

import json

import pytest
from pageplans import page_plan, page_set

from coset.__main__ import main
from dataset.currentset import current_set_to_json
from report.nearby import nearby
from report.page import plan_page
from solver.planjson import plan_to_text


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plan.json").write_text(plan_to_text(page_plan()), encoding="utf-8")
    (tmp_path / "set.json").write_text(json.dumps(current_set_to_json(page_set())), encoding="utf-8")
    return tmp_path


def test_the_page_is_written_with_what_the_current_set_knows(folder, capsys):
    target = folder / "plan.html"
    arguments = ["report", str(folder / "plan.json"), "--html", str(target), "--nixpkgs", str(folder / "set.json")]
    assert main(arguments) == 0
    assert capsys.readouterr() == ("", f"written: {target}\n")
    assert target.read_text(encoding="utf-8") == plan_page(page_plan(), nearby(page_set()))
    assert sorted(path.name for path in folder.iterdir()) == ["plan.html", "plan.json", "set.json"]


def test_a_current_set_that_is_not_the_plan_s_is_told(folder, capsys):
    target = folder / "plan.html"
    assert main(["report", str(folder / "plan.json"), "--html", str(target), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["mode"] == "fresh"
    assert err.startswith("note: without the current set that the plan rests on, the page shows no dependencies")
    assert target.read_text(encoding="utf-8") == plan_page(page_plan())
    other = json.loads((folder / "set.json").read_text()) | {"revision": "another"}
    (folder / "set.json").write_text(json.dumps(other))
    arguments = ["report", str(folder / "plan.json"), "--html", str(target), "--nixpkgs", str(folder / "set.json")]
    assert main(arguments) == 0
    assert f"the plan rests on another state of nixpkgs than {str(folder / 'set.json')!r}" in capsys.readouterr().err
    assert main([*arguments, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"schema": 2}', ": schema: expected 1, found 2"),
        (plan_to_text(page_plan())[:2_000], ": not JSON"),
        ("[" * 100_000, ": not JSON"),
    ],
)
def test_what_is_no_plan_makes_no_page(folder, text, sentence, capsys):
    (folder / "plan.json").write_text(text, encoding="utf-8")
    assert main(["report", str(folder / "plan.json"), "--html", str(folder / "plan.html")]) == 2
    assert f"error: {folder / 'plan.json'}{sentence}" in capsys.readouterr().err
    assert not (folder / "plan.html").exists()


def test_places_that_cannot_be_written(folder, capsys):
    assert main(["report", str(folder / "plan.json"), "--html", str(folder / "no" / "plan.html"), "--quiet"]) == 3
    assert "cannot be written" in capsys.readouterr().err
    assert main(["solve", "--html"]) == 2
    assert "hint: name one with --out DIR" in capsys.readouterr().err
