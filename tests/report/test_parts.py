"""Long reports become parts: nothing is lost, the order stays, each part fits, and what it opens it closes."""

import re
from dataclasses import replace

import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from normalize.projects import project_name
from report.blocks import document
from report.markdown import plan_markdown, plan_parts
from report.parts import COMMENT_LIMIT, Block, Document, Frame, numbered, whole
from report.quote import UNFOLD, code, fold, row, say
from report.section import BLANK, Section, folded
from solver.plan import Package, Plan, Relaxation, Unknown

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
LIMIT = 2_000
FOLDS = [
    Frame("<details>\n<summary>some</summary>\n\n", "\n</details>\n", "<details>\n<summary>some</summary>\n\n")
    for _ in range(2)
]
SECTIONS = [Frame(f"\n## {name}\n\nlead\n\n", "", f"\n## {name}, continued\n\n", title=name) for name in "AB"]
SHAPES = [(), (SECTIONS[0],), (SECTIONS[0], FOLDS[0]), (SECTIONS[1], FOLDS[1]), (SECTIONS[1],)]


@st.composite
def reports(draw):
    sizes = draw(st.lists(st.integers(0, 1_200), max_size=25))
    shapes = sorted(draw(st.integers(0, len(SHAPES) - 1)) for _ in sizes)
    return [
        Block(f"- [{i}]{'x' * size}\n", SHAPES[shape], weight=-shape)
        for i, (size, shape) in enumerate(zip(sizes, shapes, strict=True))
    ]


@given(reports())
def test_nothing_is_lost_the_order_stays_and_every_part_fits(blocks):
    made = numbered(Document("# T", tuple(blocks)), LIMIT)
    text = "".join(made)
    expected = blocks if len(made) == 1 else sorted(blocks, key=lambda one: one.weight)
    assert re.findall(r"\[(\d+)\]", text) == [re.search(r"\d+", one.text)[0] for one in expected]
    assert text.count("x") == sum(one.text.count("x") for one in blocks)
    assert all(len(part) <= LIMIT for part in made)
    for i, part in enumerate(made, 1):
        assert part.count("<details>") == part.count("</details>")
        depth = 0
        for tag in re.findall(r"</?details>", part):
            depth += -1 if "/" in tag else 1
            assert depth in {0, 1}
        assert part.startswith(f"# T\n\nPart {i} of {len(made)}.\n" if len(made) > 1 else "# T\n")


def test_what_is_short_enough_is_one_part_and_the_same_text():
    blocks = [Block("- a\n", SHAPES[2])]
    report = Document("# T", tuple(blocks))
    assert numbered(report) == (whole(report),)


def test_a_block_that_fits_nowhere_is_shown_whole_in_fences():
    text = "- " + "`" * 3_000 + "y" * 3_000 + "</details>\n"
    made = numbered(Document("# T", (Block(text, SHAPES[2]), Block("- b\n", SHAPES[2]))), LIMIT)
    assert all(len(part) <= LIMIT for part in made)
    fences = [token.content for part in made for token in PARSER.parse(part) if token.type == "fence"]
    assert "".join(fences).replace("\n", "") == text.replace("\n", "")


def test_a_frame_that_would_fill_parts_is_shown_once():
    wide = Frame("<details>\n<summary>" + "z" * 1_900 + "</summary>\n\n", "\n</details>\n")
    made = numbered(Document("# T", tuple(Block(f"- {i}\n", (wide,)) for i in range(400))), LIMIT)
    assert all(len(part) <= LIMIT for part in made)
    assert "".join(made).count("z") == 1_900


def test_important_sections_come_first_and_are_listed_with_their_parts():
    rows = (row("a", "b"), say("|---|---|"), *(row(i, "x" * 50) for i in range(100)))
    late = Section("Table", "Long.", folded(rows, 100, "row"), weight=1)
    blocks = document("Fine.", ["head"], [late, Section("Decide", "Now.", [say("- [ ] this")])])
    made = numbered(Document("# T", blocks), LIMIT)
    assert f"Sections: Decide 1, Table 1–{len(made)}.\n" in made[0]
    assert made[0].index("Decide\n") < made[0].index("Table\n")
    assert all(
        "## Table, continued\n\n<details>\n<summary>100 rows</summary>\n\n| a | b |\n|---|---|\n" in one
        for one in made[1:]
    )
    assert sum(token.type == "tr_open" for part in made for token in PARSER.parse(part)) == 100 + len(made)


def test_what_belongs_together_stays_together():
    lines = [say("### {}", "app"), BLANK, say("Keep."), BLANK, say("- one"), say("  - below"), BLANK, say("- two")]
    found = [one.text for one in document("S", [], [Section("V", "L", lines)])][1:]
    assert found == ["### app\n\nKeep.\n\n", "- one\n  - below\n\n", "- two\n"]


@settings(max_examples=settings.default.max_examples // 6)
@given(plans.plans())
def test_the_parts_of_any_plan_are_whole(plan):
    many = plan_parts(plan, LIMIT)
    assert all(len(part) <= LIMIT for part in many)
    assert plan_parts(plan) == (plan_markdown(plan),)
    for part in many:
        assert part.count("<details>\n<summary>") == part.count(f"\n{UNFOLD}\n")
        assert all(line.isprintable() for line in part.split("\n"))


def big(projects: int) -> Plan:
    """A plan in which everything occurs often."""
    names = [project_name(f"project-{i}") for i in range(projects)]
    return Plan(
        status="optimal",
        mode="fresh",
        targets=("3.13 x86_64-linux",),
        dataset=(("dataset", "d"),),
        levels=(),
        packages=tuple(
            Package(project=one, attribute=one, version="2.0", current="1.0", newest="2.0", state="updated")
            for one in names
        ),
        relaxed=tuple(
            Relaxation(
                project=one,
                version="2.0",
                attribute=one,
                dependency=names[0],
                spelling=str(names[0]),
                specifier="<2",
                chosen="2.0",
                risk="precautionary",
                evidence="it came later",
            )
            for one in names[::10]
        ),
        unknown=tuple(Unknown(project=one, version="2.0", reason="sdist-dynamic") for one in names[::3]),
    )


def test_a_plan_of_thousands_becomes_comments():
    made = plan_parts(big(4_000))
    assert len(made) > 3
    assert all(len(part) <= COMMENT_LIMIT for part in made)
    assert "pythonRelaxDeps = [" in made[0]
    assert sum(part.count('pythonRelaxDeps = [ "project-0" ];') for part in made) == 400
    assert "```text" not in "".join(made)
    assert sum(part.count("| `1.0` | `2.0` | yes |") for part in made) == 4_000


def test_hostile_names_do_not_open_anything():
    evil = "<details>\n| a\n|---|\n</details>\n- x"
    text = [
        one.text for one in document("S", [], [Section("V", "L", [evil, code(evil), fold(evil), say("- a"), UNFOLD])])
    ]
    assert len(text) == 3


@pytest.mark.parametrize("limit", [2_000, 5_000, COMMENT_LIMIT])
def test_equal_plans_give_equal_parts(limit):
    plan = replace(big(200), mode="stable")
    assert plan_parts(plan, limit) == plan_parts(plan, limit)
