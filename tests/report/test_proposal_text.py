"""A proposal, word by word, on the terminal and as a pull request.

The expected texts are ``golden/proposal-*``; ``COSET_GOLDEN=write`` in the environment writes them anew.
"""

import os
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from toys import application, current, question, registry, release

from coset.terminal import harmless
from dataset.records import About
from report.dependers import dependence_lines
from report.parts import whole
from report.proposal import proposal_lines, step_text
from report.proposalmarkdown import proposal_document, title
from solver.curate import curate
from solver.dependers import dependence
from solver.proposal import proposed
from solver.scope import Scope
from solver.statusquo import StatusQuo

GOLDEN = Path(__file__).parent / "golden"

EVIL = "1.0; extra == '@octocat #1 |\x1b[2J'"
RELEASES = registry(
    *("lib 1.0 @1", "lib 2.0 @3"),
    release("lib 3.0 @5", about=About(changelog="https://a.example/news_(3)")),
    *("near 1.0 @2: Lib<2", "near 1.1 @6: lib<4, tool>=2"),
    *("deep 1.0 @4: lib<2", "deep 1.1 @5: lib<4, lib>1, tool>=2, fresh, afar>=3"),
    *("tool 1.0 @1", "tool 2.0 @3"),
    *("late 1.0 @1", release("late 2.0 @2", requires_python=">=3.13")),
    *("fresh 0.1 @2", "afar 3.0 @2", "old 1.0 @1: lib>=5", "old 2.0 @2: lib, tool<2"),
    release("odd 1.0 @1: lib", unusable=(EVIL,)),
    release("odd 1.1 @4: lib<3", unusable=(EVIL,)),
)
NOW = current(
    *("lib 1.0", "near 1.0", "deep 1.0", "tool 1.0", "old 1.0", "odd 1.0"),
    near={"dependencies": ("lib",), "relaxed": ("tool",)},
    deep={"dependencies": ("lib", "tool")},
    applications=(application("office", "deep"),),
)
HOLD = {
    "project": [
        {"name": "lib", "action": "hold", "reason": "@octocat says | no #1"},
        {"name": "tool", "action": "exclude", "versions": ">=2", "reason": "not yet"},
    ]
}
FIXED = current("late 1.0", applications=(application("office", "late", python="3.12"),))
POLICY = {"edge": [{"scope": "odd:lib", "action": "forbid", "reason": "@octocat says | no #1"}]}


def quo(**facts):
    return StatusQuo(question(RELEASES, NOW, **facts))


def found(case):
    return {
        "moves": lambda: proposed(quo(), ("lib==3.0",)),
        "several": lambda: proposed(quo(), ("near==1.1", "tool")),
        "unchanged": lambda: proposed(quo(), ("lib<2",)),
        "impossible": lambda: proposed(quo(policy=POLICY), ("lib==3.0", "odd==1.1")),
        "ladder": lambda: proposed(quo(), ("deep==1.1", "lib"), Scope("minor")),
        "hostile": lambda: proposed(quo(), ("odd==1.1",)),
        "held": lambda: proposed(quo(policy=HOLD), ("lib", "tool")),
        "vendoring": lambda: proposed(StatusQuo(question(RELEASES, FIXED)), ("late",)),
        "mended": lambda: proposed(quo(), ("old==2.0",)),
    }[case]()


CASES = ("moves", "several", "unchanged", "impossible", "ladder", "hostile", "mended", "held", "vendoring")


def golden(file, text):
    path = GOLDEN / file
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_text(case):
    golden(f"proposal-{case}.txt", "".join(f"{harmless(line)}\n" for line in proposal_lines(found(case))))


@pytest.mark.parametrize("case", CASES)
def test_markdown(case):
    text = whole(proposal_document(found(case)))
    golden(f"proposal-{case}.md", text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert not any(token.type.startswith("html") for token in tokens)
    assert "\x1b" not in text


def test_the_title_is_as_nixpkgs_writes_it():
    assert title(found("moves")) == "`python3Packages.lib: 1.0 -> 3.0`"
    assert step_text(found("moves").steps[0]) == "lib: 1.0 -> 3.0"


def test_who_depends_on_a_project():
    asked = question(RELEASES, NOW)
    plan = curate(asked, mode="repair")
    lines = list(dependence_lines(dependence(asked, plan, "lib"), "lib"))
    golden("dependers.txt", "".join(f"{line}\n" for line in lines))
    assert list(dependence_lines(dependence(asked, plan, "near"), "near")) == ["no project of the plan requires it"]


def test_requirements_of_one_release_are_told_apart_or_once():
    """Those that say no more than another one are left out; others show the extra or the marker that they hang on."""
    releases = registry(
        *("lib 1.0", "plain 1.0: lib, lib>=0.5; python_version > '3'"),
        release(
            "parts 1.0: lib<2; sys_platform == 'linux', lib>=1; python_version > '3', lib<3; extra == 'more'",
            extras=("more",),
        ),
        *("user 1.0: parts[more]", release("twice 1.0", requires=("lib<3,>=1", "lib>=1"))),
    )
    asked = question(releases, current("lib 1.0", "twice 1.0", "plain 1.0", "parts 1.0", "user 1.0"))
    lines = list(dependence_lines(dependence(asked, curate(asked, mode="repair"), "lib"), "lib"))
    assert lines == [
        "3 projects of the plan require it",
        "  parts[more] 1.0, twice 1.0 need lib<3",
        '  parts 1.0 (sys_platform == "linux") needs lib<2',
        '  parts 1.0 (python_version > "3"), plain 1.0 set no upper bound',
        '  the highest lower bound is 1, of parts 1.0 (python_version > "3"), twice 1.0',
        'a next major release (2) would be outside the bounds of parts 1.0 (sys_platform == "linux")',
    ]
