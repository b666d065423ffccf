"""``coset solve``, ``verify`` and ``explain`` on the embedded dataset, and what bad input gets."""

import json
import re
from pathlib import Path

import pytest

from coset.__main__ import main

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Return the folder with the plan of the main job."""
    out = tmp_path_factory.mktemp("plan")
    assert main(["solve", "--quiet", "--out", str(out), "--html"]) == 0
    return out


@pytest.fixture(scope="module")
def plan(solved):
    return json.loads((solved / "plan.json").read_text())


def test_the_main_job_is_proven_optimal_and_verified(solved, plan, capsys):
    assert plan["status"] == "optimal"
    assert all(level["value"] == level["bound"] for level in plan["levels"])
    assert main(["verify", str(solved / "plan.json")]) == 0
    assert capsys.readouterr().out.startswith("verified: ")


def test_the_page_knows_what_the_embedded_set_says_of_the_plan(solved):
    page = (solved / "plan.html").read_text(encoding="utf-8")
    assert '"applications":["calibre","ceph","tensorflow"]' in page
    assert '"title":"dependers"' in page


def test_the_page_counts_the_dependers_that_explain_tells(solved, capsys, tmp_path):
    page = (solved / "plan.html").read_text(encoding="utf-8")
    facts = json.loads(re.search(r'id="facts">(.*?)</script>', page)[1])
    assert facts["edges"] == "plan"
    rows = next(one["rows"] for one in facts["tables"] if one["name"] == "projects")
    for project in ("six", "clang", "packaging"):
        assert main(["explain", project, "--plan", str(solved), "--json"]) == 0
        (told,) = [one for one in json.loads(capsys.readouterr().out) if one["project"] == project]
        number = facts["projects"].index(project)
        dependers = {one["project"] for one in told["dependers"]}
        assert {facts["projects"][i] for i, row in enumerate(facts["dependencies"]) if number in row} == dependers
        assert rows[number][-1] == len(dependers)
    assert main(["report", str(solved), "--html", str(tmp_path / "again.html"), "--quiet"]) == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_the_plan_holds_every_attribute_of_nixpkgs_once(plan):
    current = json.loads((DATA / "nixpkgs" / "nixpkgs.json").read_text())
    attributes = [one["attribute"] for one in plan["packages"].values()]
    assert len(attributes) == len(set(attributes))
    assert set(current["attributes"]) <= set(attributes)
    assert set(plan["vendoring"]) == {"calibre", "ceph", "tensorflow"}


def test_what_the_real_plan_says_is_what_the_metadata_shows(plan):
    """The facts that the README tells; when the embedded dataset is crawled again, both change together."""
    assert [(one["project"], one["dependency"], one["class"], one["already"]) for one in plan["relaxed"]] == [
        ("tensorflow", "h5py", "deliberate", True)
    ]
    assert {(one["attribute"], one["name"]) for one in plan["stale_relaxations"]} == {
        ("google-auth", "cachetools"),
        ("h5py", "mpi4py"),
        ("pyopenssl", "cryptography"),
        ("scikit-learn", "numpy"),
        ("scikit-learn", "scipy"),
        ("tensorboard", "google-auth-oauthlib"),
        ("tensorboard", "protobuf"),
    }
    assert plan["vendoring"]["ceph"]["recommendation"] == "vendor"
    assert [one["project"] for one in plan["vendoring"]["ceph"]["unsupported"]] == ["sphinx"]
    assert plan["packages"]["html5lib"]["version"] == "1.1-unstable-2024-02-21"
    assert plan["packages"]["cython"]["version"] == "0.29.37.1"
    assert plan["packages"]["grpcio"]["state"] == "unchanged"
    assert [(one["project"], one["action"]) for one in plan["held_by_policy"]] == [("grpcio", "hold")]


def test_in_july_the_cap_of_sphinx_was_precautionary(tmp_path):
    """Before sphinx 9.2.0 lifted it, the dates alone said that the cap on docutils was no warning."""
    assert main(["solve", "--quiet", "--before", "2026-07-16", "--out", str(tmp_path)]) == 0
    july = json.loads((tmp_path / "plan.json").read_text())
    relaxed = {(one["project"], one["dependency"]): one["class"] for one in july["relaxed"]}
    assert relaxed["sphinx", "docutils"] == "precautionary"


def test_the_same_input_gives_the_same_bytes(solved, tmp_path):
    assert main(["solve", "--quiet", "--out", str(tmp_path)]) == 0
    for name in ("plan.json", "plan.md"):
        assert (tmp_path / name).read_bytes() == (solved / name).read_bytes()


def test_a_falsified_plan_is_refused(plan, tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**plan, "relaxed": []}))
    assert main(["verify", str(path)]) == 1
    assert "tensorflow 2.21.0 requires h5py<3.15.0,>=3.11.0, met by 3.16.0: violated" in capsys.readouterr().out


def test_a_plan_of_another_dataset_is_noticed(plan, tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**plan, "dataset": {**plan["dataset"], "dataset": "0" * 64}}))
    assert main(["verify", "--json", str(path)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verified"] is False
    assert "the plan rests on another dataset (0000000000000000)" in told["problems"][0]


def test_conflicts_are_a_truthful_no_with_a_core(tmp_path, capsys):
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'schema = 1\n[[edge]]\nscope = "tensorflow:h5py"\naction = "forbid"\nreason = "crashes"\n'
        '[[project]]\nname = "h5py"\naction = "pin"\nversions = "==3.16.0"\nreason = "wanted"\n'
        '[[project]]\nname = "tensorflow"\naction = "pin"\nversions = "==2.21.0"\nreason = "wanted"\n'
        '[[project]]\nname = "h5py"\naction = "exclude"\nversions = "<3.16"\nreason = "no way back"\n'
    )
    current = json.loads((DATA / "nixpkgs" / "nixpkgs.json").read_text())
    current["attributes"]["h5py"]["version"] = "3.16.0"
    nixpkgs = tmp_path / "nixpkgs.json"
    nixpkgs.write_text(json.dumps(current))
    arguments = ["solve", "--quiet", "--policy", str(policy), "--nixpkgs", str(nixpkgs)]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "Conflict: no set satisfies what must hold." in out
    assert "tensorflow 2.21.0 requires h5py<3.15.0,>=3.11.0" in out
    assert main([*arguments, "--json"]) == 1
    conflict = json.loads(capsys.readouterr().out)["conflict"]
    said = ", and policy forbids to relax it: crashes"
    assert conflict["core"] == [
        f"tensorflow 2.21.0 requires h5py<3.15.0,>=3.11.0{said}",
        "policy pins h5py==3.16.0: wanted",
        "policy pins tensorflow==2.21.0: wanted",
    ]
    violated = "tensorflow 2.21.0 requires h5py<3.15.0,>=3.11.0, and would meet h5py 3.16.0"
    assert conflict["correction"] == [violated + said]
    sentences = [one["sentence"] for fix in conflict["fixes"] for one in fix["remedies"]]
    assert any(one.startswith("take the policy's forbid of tensorflow:h5py out") for one in sentences)
    assert not any(one.startswith("relax ") for one in sentences)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--mode", "frsh"], "there is no mode 'frsh'"),
        (["--target", "3.13 amiga"], "'3.13 amiga' is not a target"),
        (["--target", "3.13 sparc-solaris"], "names the unknown system 'sparc-solaris'"),
        (["--before", "yesterday"], "'yesterday' is not a day"),
        (["--db", "missing.sqlite"], "missing.sqlite"),
        (["--nixpkgs", "missing.json"], "there is no file 'missing.json'"),
        (["--policy", "missing.toml"], "there is no file 'missing.toml'"),
    ],
)
def test_bad_options_get_one_sentence(arguments, sentence, capsys):
    assert main(["solve", "--quiet", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("name", "text", "option", "sentence"),
    [
        ("policy.toml", "schema = 1\n[[edge]]\nscoop = 'a:b'", "--policy", "{path}: edge[0].scoop: unknown key"),
        ("policy.toml", "schema = = 1", "--policy", "'{path}' is not TOML"),
        ("set.json", "{", "--nixpkgs", "'{path}' is not JSON"),
        ("set.json", '{"schema": 7}', "--nixpkgs", "{path}: schema: expected 1, found 7"),
        (
            "set.json",
            '{"schema": 1, "revision": "r", "date": "d", "attributes": {"a": {"project": 3}}}',
            "--nixpkgs",
            "{path}: attributes.a.project: expected text, found a number",
        ),
        ("set.json", "\udcff", "--nixpkgs", "is not UTF-8 text"),
        ("x.sqlite", "not a database at all, but long enough to be read as one " * 40, "--db", "x.sqlite"),
    ],
)
def test_bad_files_get_one_sentence_with_the_path_to_the_value(tmp_path, name, text, option, sentence, capsys):  # noqa: PLR0917
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["solve", "--quiet", option, str(path)]) == 2
    error = capsys.readouterr().err
    assert sentence.replace("{path}", str(path)) in error
    assert "Traceback" not in error


def test_a_folder_that_cannot_be_written_is_the_outside_s_failure(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main(["solve", "--quiet", "--out", str(blocked)]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_explain_takes_any_spelling_and_suggests_near_names(solved, capsys):
    path = str(solved / "plan.json")
    assert main(["explain", "sklearn", "--plan", path]) == 0
    assert capsys.readouterr().out.startswith("scikit-learn moves from 1.8.0 to ")
    assert main(["explain", "h5py", "--plan", path, "--json"]) == 0
    story = json.loads(capsys.readouterr().out)[0]["story"]
    assert any("h5py 3.15.0 of 2025-10-13 existed when 2.21.0 was uploaded on 2026-03-06" in line for line in story)
    assert main(["explain", "kubernets", "--plan", path]) == 2
    assert "hint: near names: kubernetes" in capsys.readouterr().err


def test_progress_and_notes_go_to_stderr_and_expired_policy_is_noted(tmp_path, capsys):
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'schema = 1\n[[edge]]\nscope = "a:b"\naction = "drop"\nreason = "old"\nexpires = "2020-01-01"\n'
        '[[project]]\nname = "cffi"\naction = "pin"\nversions = ">=99"\nreason = "too new"\n'
    )
    assert main(["solve", "--policy", str(policy), "--json", "--verbose"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["status"] == "optimal"
    assert "note: the override a:b expired on 2020-01-01: old" in captured.err
    assert "note: the policy's entry pin cffi>=99: it leaves no version of cffi; the set stays with " in captured.err
    assert "projects and" in captured.err
