"""Every command's Markdown becomes comments: as a whole it is its lines, and 6,000 findings fit with nothing lost."""

import re
from dataclasses import replace

import pytest
from comments import in_comments
from hypothesis import given
from hypothesis import strategies as st

from nixpkgs.checkfindings import Finding
from nixpkgs.setcheck import SetCheck
from normalize.aliases import Alias
from normalize.nameaudit import Finding as NameFinding
from normalize.projects import project_name
from report.blocks import outlined
from report.checks import check_document
from report.distance import distance_document
from report.namesaudit import NamesAudit, arranged, audit_document
from report.parts import whole
from report.policyfindings import findings_document
from report.quote import UNFOLD, Markdown, fence, fold, row, say
from report.section import BLANK
from report.sweep import sweep_document
from solver.batches import Batch
from solver.distance import Distance, PinDistance
from solver.ease import Effect, Shift, Update
from solver.policylint import Finding as PolicyFinding

MANY = 6_000
TEXTS = pytest.mark.parametrize("text", ["words", "a`b|c\n## @octocat #1 <details>\x1b[2J\u202e"])

PARAGRAPHS = st.sampled_from(
    [
        (say("{}", "words"), BLANK),
        (say("- {}", "item"), say("  - below"), BLANK),
        (say("{}. {}", 1, "item"), BLANK),
        (row("a", "b"), Markdown("|---|---|"), row("1", "2"), BLANK),
        (fold("some"), row("a", "b"), Markdown("|---|---|"), row("1", "2"), BLANK, UNFOLD, BLANK),
        (fence(["## no heading", "| no | row |"], "nix"), BLANK),
        (Markdown("### Deep"), BLANK, say("- {}", "item"), BLANK),
        (Markdown("## Section"), BLANK, say("- {}", "item"), BLANK),
        (Markdown("## Section"), BLANK, say("Lead."), BLANK),
    ]
)


@given(st.sampled_from([(), (Markdown("# Title"), BLANK), (Markdown("## Title"), BLANK)]), st.lists(PARAGRAPHS))
def test_as_a_whole_it_is_its_lines(heading, paragraphs):
    lines = [*heading, Markdown("First."), BLANK, *(line for one in paragraphs for line in one)]
    assert whole(outlined(lines[:-1])) == "\n".join(lines[:-1]) + "\n"


@TEXTS
def test_a_check(text):
    found = tuple(
        Finding(
            kind=("violated", "unknown", "relaxed")[i % 3],
            attribute=f"app-{i}",
            version="1.0",
            sentence=f"{i} {text}",
            hint=text,
        )
        for i in range(MANY)
    )
    check = SetCheck(revision=text, date="", targets=("3.13 x86_64-linux",), attributes=MANY, judged=3, findings=found)
    first, *others = in_comments(check_document(check))
    assert first.startswith("## Requirements in nixpkgs' Python set\n\nPart 1 of ")
    assert "### Bounds that are violated (2000), continued\n\n<details>\n" in others[0]


@TEXTS
def test_a_check_of_the_policy(text):
    found = [
        PolicyFinding(entry=f"entry-{i}", action="hold", scope=text, code="unknown", sentence=text, hint=text)
        for i in range(MANY)
    ]
    assert in_comments(findings_document(found, "policy.toml", MANY))[0].startswith("Part 1 of ")


@TEXTS
def test_an_audit_of_names(text):
    found = [
        NameFinding(
            kind="deviating-attribute",
            names=(f"name-{i}",),
            sentence=text,
            hint=text,
            writes=(Alias(name=f"name{i}", target=f"target-{i}"),),
        )
        for i in range(MANY)
    ]
    audit = NamesAudit(revision=text, findings=arranged(found), attributes=MANY, aliases=1)
    assert "".join(in_comments(audit_document(audit))).count(" = target-") == MANY


def effect(number, text):
    name = project_name(f"project-{number}")
    update = Update(project=name, attribute=name, before="1.0", after=text or "2.0")
    return Effect(
        update=update,
        ease="free",
        proven=True,
        shifts=(Shift(project=name, attribute=name, before="1.0", after="2.0"),),
        loosened=(),
        breaks=(),
        mended=0,
        built=3,
        kernels=(),
        applications=(),
        touched=(name,),
        around=(),
    )


@TEXTS
def test_a_sweep_with_a_batch_of_all(text):
    found = [effect(i, text) for i in range(MANY)]
    many = Batch(ease="free", effects=tuple(found), contained=())
    parts = in_comments(
        sweep_document(found, [many, replace(many, effects=tuple(found[:3]))], (), (("dataset", text),))
    )
    assert "\n- batch 1 goes on: `" in parts[0]


@TEXTS
def test_a_distance(text):
    pins = tuple(
        PinDistance(
            project=project_name(f"project-{i}"),
            locked="1.0",
            asked="",
            attribute=None,
            there=text or "2.0",
            relation=("same", "older")[i % 2],
        )
        for i in range(MANY)
    )
    told = Distance(
        name=text,
        kind="uv",
        set_name="the set",
        pins=pins,
        nowhere=(),
        violated=(),
        unknown=tuple((one.project, "1.0") for one in pins),
        bounded=True,
        python="",
        excluded=(),
        instead="",
        notes=(),
    )
    joined = "".join(in_comments(distance_document(told)))
    assert all(len(re.findall(f"`project-{i}[ `]", joined)) == 2 for i in range(0, MANY, 999))


@pytest.mark.parametrize("number", [0, 1])
def test_what_is_short_has_no_number(number):
    found = [effect(i, "") for i in range(number)]
    assert "Part " not in whole(sweep_document(found, []))
