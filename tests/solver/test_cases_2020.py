"""Thirteen known resolutions on real extracts of an index of 2020: the same verdicts, and versions, as others found.

The extracts know neither upload times nor requires-python nor which extras a release declares; those are read off the
markers. Their expectations were made by a harness that drops every requirement with a marker unless an extra is asked
for, so `EXTRA` names what a real interpreter needs besides.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from packaging.version import Version

from dataset.currentset import CurrentSet
from dataset.records import Release
from normalize.projects import project_name
from normalize.requirements import parse_requirement
from normalize.targets import parse_target
from solver.curate import curate
from solver.policy import Policy
from solver.question import Question

DATA = Path(__file__).parents[3] / "shared" / "data" / "pypi-2020"
CASES = sorted(path.stem for path in (DATA / "case").glob("*.json")) if DATA.is_dir() else []
EXTRA = {"chalice": {"urllib3": "1.25.8"}}  # botocore needs it where the interpreter is not 3.4

pytestmark = pytest.mark.skipif(not CASES, reason="the extracts of an index of 2020 do not lie beside the repository")


@cache
def releases(index):
    found = {}
    for name, versions in json.loads((DATA / "index" / f"{index}.json").read_text()).items():
        if not isinstance(versions, dict):
            continue
        project = project_name(name)
        for version, facts in versions.items():
            lines = facts["dependencies"]
            extras = {one for line in lines for one in re.findall(r"extra\s*==\s*['\"]([^'\"]+)", line)}
            found.setdefault(project, []).append(
                Release(
                    project=project,
                    version=version,
                    requires=tuple(sorted(line for line in lines if parse_requirement(line) is not None)),
                    extras=tuple(sorted(extras)),
                    source="import",
                    trust="claimed",
                )
            )
    return found


def solve(case, *, strict):
    question = Question(
        releases=releases(case["index"]),
        current=CurrentSet(revision="none", date="none", attributes=()),
        policy=Policy(),
        targets=(parse_target("3.9 x86_64-linux"),),
        asked=tuple(parse_requirement(text) for text in case["requested"]),
        strict=strict,
        ad_hoc=True,
    )
    return curate(question, mode="fresh")


def read(name):
    return json.loads((DATA / "case" / f"{name}.json").read_text())


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_and_the_versions_are_those_that_others_found(name):
    case = read(name)
    plan = solve(case, strict=True)
    wanted = {
        project_name(project): Version(one["version"] if isinstance(one, dict) else one)
        for project, one in (case.get("resolved") or {}).items()
    }
    if not wanted:
        assert plan.status == "conflict"
        assert plan.conflict.core
        return
    assert plan.status == "optimal"
    assert plan.relaxed == ()
    extra = {project: Version(version) for project, version in EXTRA.get(name, {}).items()}
    assert {one.project: Version(one.version) for one in plan.packages if one.version} == {**wanted, **extra}


def test_what_nothing_satisfies_is_solved_by_relaxing_one_edge():
    case = read("pyrex-1.9.8")
    assert case["requested"] == ["pyrax==1.9.8"]
    plan = solve(case, strict=False)
    assert plan.status == "optimal"
    edges = [(one.project, one.version, one.dependency, one.specifier, one.chosen) for one in plan.relaxed]
    assert edges == [("python-novaclient", "2.27.0", "pbr", "<2.0,>=1.6", "5.4.4")]
