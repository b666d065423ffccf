"""``coset propose`` and the fuller ``coset explain`` on the embedded dataset, and what bad input gets."""

import json
import re

import pytest
from toys import current, question, registry

import coset.forcing
import coset.proposing
from coset.__main__ import main
from coset.forcing import Wish, compared
from coset.inputs import Inputs, Places
from normalize.projects import project_name


@pytest.fixture(autouse=True, scope="module")
def _read_once():
    """Read the embedded dataset once for all commands here."""
    known = {}
    read = coset.proposing.read_inputs

    def once(places, **facts):
        key = (places, tuple(facts.get("targets", ())), facts.get("before"), tuple(facts.get("asked", ())))
        if key not in known:
            known[key] = read(places, **facts)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coset.proposing, "read_inputs", once)
        yield


def test_json_holds_the_proposal(capsys):
    assert main(["propose", "numpy", "--json", "--quiet"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["outcome"] == "possible"
    assert data["proven"]
    assert data["steps"][0]["project"] == "numpy"
    assert data["steps"][0]["after"] == data["steps"][0]["newest"]
    assert "tensorflow" in data["applications"]
    assert dict(data["rebuilds"]["kernels"])["linux"] > 1


def test_a_name_of_any_kind_is_found_and_the_markdown_is_a_pull_request(capsys):
    assert main(["propose", "sklearn", "--markdown"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("# `python3Packages.scikit-learn: 1.")
    assert "- [ ] `nixpkgs-review` passes" in out
    assert "sklearn is scikit-learn on the index" in err


def test_a_day_before_the_current_set_is_noted(capsys):
    assert main(["propose", "six", "--before", "2026-07-01"]) in {0, 1}
    assert "note: 1 version of the current set was uploaded on 2026-07-01 or later, pillow 12.3.0: " in (
        capsys.readouterr().err
    )


def test_what_cannot_be_had_is_a_truthful_no(capsys):
    assert main(["propose", "kubernetes>=37", "--ladder", "patch", "--quiet"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("no set meets kubernetes>=37 while others move by a patch release at most")
    assert "let others move further: --ladder minor" in out


def test_what_no_candidate_meets_is_a_truthful_no_too(capsys):
    assert main(["propose", "h5py==99"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("no set meets h5py==99\nNothing satisfies these together:\n")
    assert "1. ask for h5py==" in out
    assert err == ""


def test_a_hold_of_the_policy_is_told(capsys):
    assert main(["propose", "grpcio"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("nothing has to change: the current set meets grpcio==1.")
    assert re.fullmatch(r"  grpcio 1\.\S+ .*no candidates: held by policy: .*", lines[1])
    assert main(["propose", "grpcio==1.85.1", "--markdown"]) == 1
    assert re.search(r"- no candidate is grpcio \S+: held by policy: ", capsys.readouterr().out)


def test_ceph_cannot_follow_sphinx(capsys):
    assert main(["propose", "sphinx==9.2.0"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("sphinx: 9.1.0 -> 9.2.0: nothing else has to move, but ceph cannot follow\n")
    assert "  ceph fixes Python 3.12, and sphinx 9.2.0 requires Python >=3.13; it needs its own sphinx" in out
    assert main(["propose", "sphinx==9.2.0", "--markdown"]) == 0
    assert "\n- [ ] `ceph` needs its own `sphinx`: see `coset vendor ceph`\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nmpy"], "near names: numpy, mypy; or crawl it with 'coset crawl', and name the dataset with --db"),
        (["zqxwv"], "hint: crawl it with 'coset crawl', and name the dataset with --db"),
        (["numpy=>2"], "is not a requirement"),
        (["h5py", "--ladder", "up"], "there is no ladder 'up'"),
        (["h5py", "--json", "--markdown"], "--json and --markdown are two answers"),
    ],
)
def test_bad_requests_have_status_2_and_a_hint(arguments, message, capsys):
    assert main(["propose", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "hint: " in err


def test_an_expired_entry_of_the_policy_is_told_where_a_choice_is_forced(monkeypatch, capsys):
    releases = registry("lib 1.0 @1", "lib 2.0 @2", "app 1.0 @1: lib<2")
    asked = question(releases, current("lib 1.0", "app 1.0"))
    inputs = Inputs(
        releases=releases,
        current=asked.current,
        policy=asked.policy,
        targets=asked.targets,
        before=None,
        day="2026-11-21",
        provenance=(),
        notes=("the policy's pin of lib expired",),
    )
    monkeypatch.setattr(coset.forcing, "read_inputs", lambda *_places, **_facts: inputs)
    lib = project_name("lib")
    found = compared(Places(), [lib], Wish(version="2.0", gains=True), mode="stable", quiet=False)
    assert [one.condition for one in found[lib]] == ["lib 2.0", "app without lib<2"]
    assert found[lib][1].possible
    assert "note: the policy's pin of lib expired" in capsys.readouterr().err
