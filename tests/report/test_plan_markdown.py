"""The report of a plan, word by word.

The expected texts are ``golden/*.md``. After a wanted change of the words, run the tests with ``COSET_GOLDEN=write`` in
the environment, read the differences, and commit them.
"""

import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import plans
import pytest
from hostileplans import HOSTILE, HOSTILE_CONFLICT
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from toldplans import CONFLICT, EMPTY, FULL, LEAVES_PROTOBUF, name, package

from report.blockers import obstacles, strongest
from report.blocks import document
from report.markdown import HEADING, plan_markdown
from report.moves import downgrades, skipped, updates
from report.parts import Document, whole
from report.relaxdeps import relax_deps
from report.section import Section
from report.summary import summary_lines
from solver.links import Links
from solver.plan import Addition
from solver.planjson import plan_from_text, plan_to_text

NEWS = "https://a.example/a_b#1"
GOLDEN = Path(__file__).parent / "golden"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

PLANS = {
    "empty": EMPTY,
    "full": FULL,
    "conflict": CONFLICT,
    "hostile": HOSTILE,
    "hostile-conflict": HOSTILE_CONFLICT,
}


def golden(file: str, text: str) -> None:
    path = GOLDEN / file
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", PLANS)
def test_the_report_says_exactly_this(case):
    golden(f"{case}.md", plan_markdown(PLANS[case]))


@pytest.mark.parametrize("case", PLANS)
def test_the_terminal_summary_says_exactly_this(case):
    lines = summary_lines(PLANS[case], files=("out/plan.json", "out/plan.md"))
    golden(f"{case}.txt", "".join("".join(text for text, _ in line) + "\n" for line in lines))


def test_a_new_version_leads_to_its_changelog():
    links = Links(changelog="https://a.example/a_b_(c)|", homepage="https://a.example/")
    moved = package("a", "2.0", "1.0", "2.0", "updated"), package("b", "1.0", "2.0", "2.0", "downgraded")
    one = replace(EMPTY, packages=tuple(replace(each, links=replace(links, changelog=NEWS)) for each in moved))
    report = plan_markdown(one)
    assert f"| `a` | `1.0` | [`2.0`]({NEWS}) | yes |" in report
    assert f"| `b` | `2.0` | [`1.0`]({NEWS}) | `2.0` |" in report
    forged = plan_markdown(replace(one, packages=tuple(replace(each, links=links) for each in moved)))
    assert "a.example" not in forged


def test_what_is_to_be_added_leads_to_its_homepage():
    links = Links(homepage="https://a.example/(c)")
    new = Addition(project=name("c"), attribute="c", version="3.0", because=())
    plan = replace(EMPTY, packages=(replace(package("c", "3.0", None, "3.0", "added"), links=links),), added=(new,))
    assert "- [ ] [`python3Packages.c: init at 3.0`](https://a.example/%28c%29)" in plan_markdown(plan)


@pytest.mark.parametrize("case", ["hostile", "hostile-conflict"])
def test_hostile_text_never_becomes_structure(case):
    text = plan_markdown(PLANS[case])
    tokens = PARSER.parse(text)
    leaves = [child for one in tokens for child in one.children or []]
    assert {one.type for one in leaves} <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
    headings = [tokens[i + 1].content for i, one in enumerate(tokens) if one.type == "heading_open"]
    assert len(headings) == (3 if case == "hostile-conflict" else 13)
    assert "h" not in headings
    html = "".join(one.content for one in tokens if one.type == "html_block")
    assert re.sub(r"</?(details|summary)>", "", html).count("<") == 0
    for one in leaves:
        if one.type == "text":
            assert not re.search(r"@\w|#\d|GH-\d|://|[0-9a-f]{7}", one.content)
    assert [one.info for one in tokens if one.type == "fence"] == ["nix"] * (case == "hostile")
    assert all(line.isprintable() for line in text.splitlines())


def test_the_hostile_name_stays_inside_its_nix_string():
    (lines,) = (one.lines for one in relax_deps(HOSTILE))
    assert len(lines) == 1
    assert lines[0].startswith('pythonRelaxDeps = [ "\\"; \\${builtins.abort \\"x\\"}')
    inside = re.fullmatch(r'pythonRelaxDeps = \[ "((?:[^"\\$]|\\.|\$(?!\{))*)" \];', lines[0])
    assert inside is not None


def test_every_section_is_there_in_its_order_even_when_empty():
    for plan in (EMPTY, FULL):
        headings = re.findall(r"^## (.*)$", plan_markdown(plan), re.MULTILINE)
        assert headings == [
            *("Updates", "Held", "Relaxations", "Update first", "To be added", "Left out"),
            *("Stale relaxations", "Vendoring", "Cycles", "Unknown metadata", "Excluded releases"),
        ]


def test_equal_requirements_are_merged_however_they_are_spelled():
    merged = obstacles(LEAVES_PROTOBUF)
    assert [(one.number, one.own, one.risk) for one in merged] == [
        (3, False, "precautionary"),
        (1, False, "deliberate"),
        (1, True, "update-first"),
        (1, True, "missing"),
    ]
    assert [depender for depender, _ in merged[0].dependers] == ["grpcio-status", "grpcio-tools", "opentelemetry-proto"]
    assert merged[0].requirement == "protobuf<7,>=6.30"
    assert strongest(FULL.held) == (("tensorflow", 2),)


def test_long_lists_of_dependers_are_counted():
    (one,) = obstacles(FULL.held[3])
    assert (len(one.dependers), one.others, one.number) == (8, 4, 12)


def test_a_new_spelling_is_no_update():
    assert [one.attribute for one in updates(FULL)] == ["h5py", "protobuf"]
    assert [one.attribute for one in downgrades(FULL)] == ["keras"]
    moved = package("x", "1.2", "1.1-unstable-2024-02-21", "1.3", "held")
    assert [one.new for one in updates(replace(EMPTY, packages=(moved,)))] == ["1.2"]
    snapshot = package("x", "1.1", "1.1-unstable-2024-02-21", "1.3", "held")
    assert updates(replace(EMPTY, packages=(snapshot,))) == ()


def test_relaxations_come_with_whole_nix_lines_and_warnings():
    by_attribute = {one.attribute: one for one in relax_deps(FULL)}
    assert list(by_attribute) == ["octo_pus", "aiohttp", "tensorflow"]
    assert by_attribute["octo_pus"].lines == ("pythonRelaxDeps = [", '  "python"', '  "zlib-ng"', "];")
    assert by_attribute["octo_pus"].hits == (("python", "python-dateutil"),)
    assert by_attribute["aiohttp"].lines == ('pythonRelaxDeps = [ "Brotli" ];',)
    assert not by_attribute["tensorflow"].new


def test_only_newer_releases_count_as_skipped():
    assert [(one.attribute, one.versions) for one in skipped(FULL)] == [
        ("numpy", ("2.5.0rc1", "2.5.0rc2")),
        ("numpy", ("2.4.2",)),
        ("python-dateutil", tuple(f"3.{i}" for i in range(12))),
    ]


def test_a_section_cannot_forget_to_quote():
    text = whole(Document(HEADING, document("*", ["- @octocat"], [Section("<b>", "[x](y)", ["`", "a\n# h"])])))
    assert "\n\n\\*\n\n\\- @&#8288;octocat\n\n" in text
    assert text.endswith("\n## \\<b\\>\n\n\\[x\\](y)\n\n\\`\na\\\\n\\#&#8288; h\n")


def test_what_is_left_out_is_told_in_the_shorter_way():
    text = plan_markdown(FULL)
    assert "- `wheel`: not counted for `astunparse 1.6.3` (`wheel (<1.0,>=0.23.0)`), `keras 3.11.0`" in text
    few = replace(FULL, left_out=FULL.left_out[2:])
    assert '- `octopus 1.0`: `libclang>=13; sys_platform == "linux"`, `wheel`\n' in plan_markdown(few)


def test_long_tables_are_folded():
    many = tuple(package(f"p{i:03}", "2", "1", "2", "updated") for i in range(26))
    text = plan_markdown(replace(EMPTY, packages=many))
    assert "<details>\n<summary>26 updates</summary>\n\n| attribute |" in text
    tokens = PARSER.parse(text)
    assert sum(one.type == "tr_open" for one in tokens) == 27 + 10


@settings(
    max_examples=settings.default.max_examples // 3,  # plans take long to draw
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plans.plans())
def test_any_plan_is_told_without_new_structure(plan):
    text = plan_markdown(plan)
    assert text == plan_markdown(plan)
    assert all(line.isprintable() for line in text.split("\n"))
    tokens = PARSER.parse(text)
    headings = sum(one.type == "heading_open" for one in tokens)
    more = [plan.families, plan.partial or plan.nowhere, plan.missing_extras, plan.builds]
    assert headings == (3 if plan.conflict is not None else 12 + len(plan.vendoring) + sum(map(bool, more)))
    inline = [child for one in tokens for child in one.children or []]
    links = {"link_open", "link_close"}
    assert {one.type for one in inline} - links <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
    told = [address for one in plan.packages if one.links for address in (one.links.changelog, one.links.homepage)]
    known = {unquote(address) for address in told if address is not None}
    assert {unquote(one.attrs["href"]) for one in inline if one.type == "link_open"} <= known
    assert all(text.isprintable() for line in summary_lines(plan) for text, _ in line)


def test_the_report_of_a_plan_from_a_file_is_the_same():
    assert plan_from_text(plan_to_text(FULL)) == FULL
