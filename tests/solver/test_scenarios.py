"""The scenario files in ``tests/scenarios``: each is a small universe, a question, and what must come out."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement as Pep508
from toys import release

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Timestamp
from normalize.projects import project_name
from normalize.requirements import parse_requirement
from normalize.targets import parse_target
from report.story import story
from solver.curate import curate
from solver.effort import USUAL
from solver.policyread import policy_from_toml
from solver.question import Question
from solver.verify import verify

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))
FACT = re.compile(r" *\{(\w+)=([^}]*)\}")


def facts_of(text):
    return FACT.sub("", text), dict(FACT.findall(text))


def listed(text):
    return tuple(one.strip() for one in text.split(",") if one.strip())


def read_release(line):
    text, facts = facts_of(line)
    made = {}
    if "yanked" in facts:
        made["yanked"] = facts["yanked"]
    if "gone" in facts:
        made["gone"] = Timestamp(facts["gone"])
    if "python" in facts:
        made["requires_python"] = facts["python"]
    if "extras" in facts:
        made["extras"] = listed(facts["extras"])
    if "unknown" in facts:
        made |= {"requires": None, "unknown": facts["unknown"], "trust": "none"}
    if "unusable" in facts:
        made["unusable"] = (facts["unusable"],)
    assert set(facts) <= {"yanked", "gone", "python", "extras", "unknown", "unusable"}, line
    return release(text, **made)


def read_attribute(line):
    text, facts = facts_of(line)
    name, version = text.split()
    assert set(facts) <= {"attribute", "relaxed", "removed", "series", "with"}, line
    return Attribute(
        name=facts.get("attribute", name),
        project=project_name(name),
        version=None if version == "?" else version,
        relaxed=listed(facts.get("relaxed", "")),
        removed=listed(facts.get("removed", "")),
        dependencies=listed(facts.get("with", "")),
        series=facts.get("series"),
    )


def read_question(case):
    given = case["given"]
    ask = case.get("ask", "solve")
    known = {
        *("releases", "current", "targets", "requirements", "mode", "before", "edge", "project", "weights"),
    }
    assert set(given) <= known, sorted(set(given) - known)
    releases = {}
    for line in given["releases"].strip().splitlines():
        made = read_release(line)
        releases.setdefault(made.project, []).append(made)
    attributes = sorted(map(read_attribute, given.get("current", ())), key=lambda one: one.name)
    targets = tuple(parse_target(text) for text in given.get("targets", ["3.13 x86_64-linux"]))
    policy = {key: given[key] for key in ("edge", "project", "weights") if key in given}
    return Question(
        releases={project: tuple(found) for project, found in releases.items()},
        current=CurrentSet(revision="scenario", date="2026-12-31", attributes=tuple(attributes)),
        policy=policy_from_toml({"schema": 1, **policy}),
        targets=targets,
        asked=tuple(parse_requirement(text) for text in given.get("requirements", ())),
        strict=ask == "resolve",
        ad_hoc=ask != "solve",
        before=Timestamp(f"{given['before']}T00:00:00Z") if "before" in given else None,
    )


def told(plan):
    """Return the plan in the words of scenario files."""
    conflict = plan.conflict
    return {
        "status": plan.status,
        "versions": {one.project: one.version or "?" for one in plan.packages},
        "states": {one.project: one.state for one in plan.packages},
        "relaxed": [
            f"{one.project}{f'[{one.extra}]' if one.extra else ''} {one.version}: {one.dependency}{one.specifier}"
            f" met by {one.chosen}, {one.risk}{', already' if one.already else ''}"
            for one in plan.relaxed
        ],
        "evidence": [one.evidence for one in plan.relaxed],
        "held": [
            f"{one.project} {one.chosen} below {one.newest}: "
            + "; ".join(f"{who.project} {who.version}: {who.requires} ({who.risk})" for who in one.because)
            for one in plan.held
        ],
        "update_first": [
            f"{one.project} {one.version}: {one.dependency}{one.specifier} met by {one.chosen}"
            for one in plan.update_first
        ],
        "added": [f"{one.project} {one.version or '?'}" for one in plan.added],
        "unknown": [
            f"{one.project}: {one.reason}{f': {one.requirement}' if one.requirement else ''}" for one in plan.unknown
        ],
        "excluded": [f"{one.project} {one.version}: {one.reason}" for one in plan.excluded],
        "stale": [f"{one.attribute}: {one.name}: {one.reason}" for one in plan.stale_relaxations],
        "left_out": [f"{one.project} {one.version}: {one.requires}" for one in plan.left_out],
        "cycles": [" ".join(one) for one in plan.cycles],
        "levels": {one.name: one.value for one in plan.levels},
        "core": sorted(conflict.core) if conflict else [],
        "correction": sorted(conflict.correction) if conflict else [],
        "fixes": [
            " + ".join(f"{one.kind}: {one.sentence}" for one in fix.remedies)
            for fix in (conflict.fixes if conflict else ())
        ],
        "steps": [step.so for core in (conflict.cores if conflict else ()) for step in core.steps],
        "story": {str(one.project): list(story(plan, one.project)) for one in plan.packages},
    }


def satisfied(plan, question):
    """Return the requirements of a strict plan that it does not satisfy, judged by packaging alone."""
    chosen = {one.project: one.version for one in plan.packages}
    extras = {}
    grown = True
    wrong = []
    while grown:
        grown, wrong = False, []
        lines = [("", one.text) for one in question.asked]
        for project, version in chosen.items():
            (found,) = [one for one in question.releases[project] if one.version == version]
            lines += [(project, text) for text in found.requires or ()]
        for depender, text in lines:
            one = Pep508(text)
            environments = [
                {**target.environment(), "extra": extra}
                for target in question.targets
                for extra in ("", *extras.get(depender, ()))
            ]
            if one.marker is not None and not any(map(one.marker.evaluate, environments)):
                continue
            name = project_name(one.name)
            wanted = extras.setdefault(name, set())
            if not one.extras <= wanted:
                wanted |= one.extras
                grown = True
            if one.url is None and (name not in chosen or not one.specifier.contains(chosen[name], prereleases=True)):
                wrong.append(f"{depender} {text}")
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(case) <= {"about", "ask", "given", "expect"}
    question = read_question(case)
    mode = case["given"].get("mode", "fresh")
    plan = curate(question, mode=mode, effort=replace(USUAL, engine="incremental"))
    found = told(plan)
    expected = {key: value for key, value in case["expect"].items() if key not in ("levels", "story")}
    expected |= {key: sorted(expected[key]) for key in ("core", "correction") if key in expected}
    shown = {key: found[key] for key in expected}
    for key in ("levels", "story"):
        if key in case["expect"]:
            expected[key] = case["expect"][key]
            shown[key] = {name: found[key].get(name) for name in expected[key]}
    assert shown == expected, case["about"]
    assert told(curate(question, mode=mode, effort=replace(USUAL, engine="documented"))) == found
    if plan.status == "conflict":
        assert found["core"] or case.get("ask") != "resolve"
    elif case.get("ask", "solve") == "solve":
        assert verify(plan, question.releases, question.current, question.policy).problems == ()
    elif case["ask"] == "resolve" and not question.policy.edges:
        assert satisfied(plan, question) == []


def test_there_are_many_scenarios_and_each_says_what_it_is_about():
    assert len(FILES) >= 80
    abouts = [tomllib.loads(path.read_text(encoding="utf-8"))["about"] for path in FILES]
    assert len(set(abouts)) == len(abouts)
