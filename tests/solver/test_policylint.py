"""A policy's lint: every kind of mistake is found, and what is right is left alone."""

import pytest
from toys import current, policy, question, registry, release

from solver.policyclashes import contradictions, twice
from solver.policylint import lint

TOWN = registry(
    "app 1.0 @4: lib<2",
    "app 2.0 @5: lib<3, tool",
    "lib 1.0 @1",
    "lib 2.0 @2",
    "lib 3.0 @3",
    "lib 4.0rc1 @5",
    release("lib 3.5 @5", yanked="broken"),
    "tool 1.0 @1",
    "tool 2.0 @2",
    "other 1.0 @1",
)
NOW = current("app 1.0", "lib 1.0", "tool 1.0")


def found(**tables):
    asked = question(TOWN, NOW)
    findings = lint(policy(**tables), asked, known=frozenset(TOWN), day="2026-07-15")
    return [(one.entry, one.code, one.sentence) for one in findings]


def edge(scope, action="force", **facts):
    return {"scope": scope, "action": action, "reason": facts.pop("reason", "tested"), **facts}


def project(name, action, versions=None, **facts):
    return {"name": name, "action": action, "reason": "tested", **({"versions": versions} if versions else {}), **facts}


def test_entries_that_change_the_plan_are_right():
    assert found(edge=[edge("app:lib")], project=[project("tool", "hold")]) == []
    assert found(project=[project("lib", "exclude", "==2.0")]) == []
    assert found(project=[project("lib", "prerelease")], edge=[edge("*:lib")]) == []


@pytest.mark.parametrize(
    ("entry", "code", "sentence"),
    [
        (edge("app:lob"), "unknown", "neither the dataset nor the current set has a project lob"),
        (edge("apq==1.0:lib"), "unknown", "neither the dataset nor the current set has a project apq"),
        (edge("tool:lib"), "unmatched", "no candidate of tool requires lib"),
        (edge("app==3:lib"), "unmatched", "no candidate of app==3 requires lib"),
        (edge("*:app"), "unmatched", "no candidate requires app"),
        (edge("app:lib", expires="2026-07-14"), "expired", "expired on 2026-07-14, and does not count any more"),
        (edge("app==2.0:tool"), "idle", "the plan is the same without it"),
        (edge("app:lib", "forbid"), "idle", "the plan is the same without it"),
        (edge("app:lib", "replace", **{"with": "<3"}), "idle", "the plan is the same without it"),
    ],
)
def test_what_is_wrong_with_an_edge(entry, code, sentence):
    assert found(edge=[entry]) == [("edge[0]", code, sentence)]


def test_an_entry_counts_until_its_last_day_is_over():
    assert found(edge=[edge("app:lib", expires="2026-07-15")]) == []


@pytest.mark.parametrize(
    ("entry", "code", "sentence"),
    [
        (project("libb", "hold"), "unknown", "neither the dataset nor the current set has a project libb"),
        (
            project("other", "hold"),
            "unmatched",
            "nixpkgs does not have other, so there is no current version to hold",
        ),
        (project("other", "exclude", "<9"), "contradiction", "it leaves no version of other"),
        (project("other", "exclude", ">9"), "unmatched", "the dataset has no release of other that >9 accepts"),
        (project("other", "pin", "==1.0"), "unmatched", "no plan can hold other"),
        (project("tool", "prerelease"), "unmatched", "the dataset has no pre-release of tool"),
        (project("tool", "yanked", ">1"), "unmatched", "the dataset has no yanked release of tool that >1 accepts"),
        (
            project("lib", "pin", "==9"),
            "contradiction",
            "it leaves no version of lib; the set stays with 1.0, against it",
        ),
        (project("lib", "exclude", "==3.0"), "idle", "the plan is the same without it"),
        (
            project("tool", "hold", expires="2026-01-01"),
            "expired",
            "expired on 2026-01-01, and does not count any more",
        ),
    ],
)
def test_what_is_wrong_with_a_project(entry, code, sentence):
    assert found(project=[entry]) == [("project[0]", code, sentence)]


def test_a_pin_and_an_exclusion_that_leave_nothing():
    entries = [project("lib", "pin", "==2.0"), project("lib", "exclude", ">=2")]
    sentence = "2 entries together leave no version of lib; the set stays with 1.0, against it"
    assert ("project[1]", "contradiction", sentence) in found(project=entries)


def test_a_hold_leaves_nothing_to_a_pin():
    entries = [project("lib", "hold"), project("lib", "pin", "<3")]
    assert found(project=entries)[-1] == ("project[1]", "contradiction", "lib is held too, which leaves nothing to pin")


@pytest.mark.parametrize(
    ("second", "code", "sentence"),
    [
        (
            edge("app:lib", "forbid"),
            "contradiction",
            "an earlier entry of the same scope says otherwise (force: tested), and the first counts",
        ),
        (
            edge("app:lib"),
            "duplicate",
            "an earlier entry of the same scope says the same (force: tested), and the first counts",
        ),
        (
            edge("app:lib", part="both"),
            "contradiction",
            "an earlier entry of the same scope says otherwise (force: tested), and the first counts",
        ),
    ],
)
def test_two_entries_for_one_scope(second, code, sentence):
    assert found(edge=[edge("app:lib"), second]) == [("edge[1]", code, sentence)]


def test_two_entries_whose_versions_overlap():
    entries = [edge("app>=2:lib"), edge("app==2.0:lib", "forbid")]
    sentence = "an earlier entry that holds for app 2.0 too says otherwise (force: tested), and the first counts"
    assert found(edge=entries) == [("edge[1]", "contradiction", sentence)]
    assert [one[1] for one in found(edge=[edge("app>=2:lib"), edge("app<2:lib", "forbid")])] == ["idle"]


def test_an_entry_whose_edges_more_specific_entries_decide():
    entries = [edge("*:lib"), edge("app:lib")]
    assert found(edge=entries) == [("edge[0]", "unmatched", "more specific entries decide all of its edges")]


def test_two_entries_that_say_the_same_of_a_project():
    entries = [project("tool", "hold"), project("tool", "hold")]
    assert ("project[1]", "duplicate", "an earlier entry says the same") in found(project=entries)


def test_near_names_are_offered():
    (finding,) = lint(policy(edge=[edge("appp:lib")]), question(TOWN, NOW), known=frozenset(TOWN), day="2026-01-01")
    assert (finding.scope, finding.action, finding.hint) == ("appp:lib", "force", "near names: app")


def test_thousands_of_entries_that_match_nothing_are_told_without_a_solve():
    said = []
    entries = [edge(f"a{i}:lib") for i in range(3000)] + [edge(f"app=={i}.5:lib") for i in range(100)]
    several = [project(f"b{i}", "hold") for i in range(500)]
    findings = lint(
        policy(edge=entries, project=several), question(TOWN, NOW), known=frozenset(TOWN), day="", show=said.append
    )
    assert [one.code for one in findings] == ["unknown"] * 3000 + ["unmatched"] * 100 + ["unknown"] * 500
    assert said == ["compiling the requirements"]


def test_only_the_first_unknown_names_are_compared_with_all_that_are_known():
    findings = lint(
        policy(edge=[edge(f"app:too{'l' * i}{i}") for i in range(30)]),
        question(TOWN, NOW),
        known=frozenset(TOWN),
        day="",
    )
    assert findings[0].hint == "near names: tool"
    assert findings[-1].hint == "crawl it, or remove the entry"


@pytest.mark.parametrize(("many", "told"), [(2, []), (1, ["2 of 4 entries are to be mended so far"])])
def test_a_long_wait_is_foretold_with_what_was_found_until_then(many, told, monkeypatch):
    monkeypatch.setattr("solver.policylint._MANY", many)
    said = []
    findings = lint(
        policy(
            edge=[edge("app:lib")], project=[project("tool", "hold"), project("lob", "hold"), project("too", "hold")]
        ),
        question(TOWN, NOW),
        known=frozenset(TOWN),
        day="",
        tell=said.append,
    )
    assert [one.code for one in findings] == ["unknown", "unknown"]
    assert [one.partition(";")[0] for one in said] == told


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"edge": [edge("app:lib"), edge("app:lib")]}, ()),
        ({"edge": [edge("app:lob")], "project": [project("lib", "exclude", ">9")]}, ()),
        (
            {"edge": [edge("app:lib", "forbid"), edge("app:lib")]},
            (
                (
                    "the policy's entry force app:lib: an earlier entry of the same scope says otherwise "
                    "(forbid: tested), and the first counts; see 'coset check --policy'"
                ),
            ),
        ),
        (
            {"project": [project("lib", "pin", "==2.0"), project("lib", "exclude", "==2.0")]},
            (
                (
                    "the policy's entry exclude lib==2.0: 2 entries together leave no version of lib; "
                    "the set stays with 1.0, against it; see 'coset check --policy'"
                ),
            ),
        ),
        (
            {"project": [project("other", "pin", ">=99")]},
            ("the policy's entry pin other>=99: it leaves no version of other; see 'coset check --policy'",),
        ),
    ],
)
def test_what_a_solve_says_of_a_policy_that_contradicts_itself(tables, told):
    assert contradictions(policy(**tables), question(TOWN, NOW)) == told


@pytest.mark.parametrize(("number", "last"), [(6, "force"), (7, "and 2 more contradictions of the policy")])
def test_many_contradictions_are_counted(number, last):
    entries = [edge("app:lib", "forbid"), *(edge("app:lib") for _ in range(number))]
    told = contradictions(policy(edge=entries), question(TOWN, NOW))
    assert len(told) == 6
    assert last in told[-1]


def test_entries_for_releases_in_common_are_told_by_the_earliest():
    entries = [edge("app<2:lib"), edge("app>=2:lib", "forbid"), edge("app==2.0:lib"), edge("app>0:lib")]
    clashes = [
        (one.scope, code, sentence) for one, code, sentence, _ in twice(policy(edge=entries), question(TOWN, NOW))
    ]
    assert [(scope, code) for scope, code, _ in clashes] == [
        ("app==2.0:lib", "contradiction"),
        ("app>0:lib", "duplicate"),
    ]
    assert clashes[0][2].startswith("an earlier entry that holds for app 2.0 too says otherwise")
    assert clashes[1][2].startswith("an earlier entry that holds for app 1.0 too says the same")
