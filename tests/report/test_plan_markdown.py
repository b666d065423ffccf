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
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from normalize.projects import ProjectName
from report.blockers import obstacles, strongest
from report.blocks import document
from report.markdown import HEADING, plan_markdown
from report.moves import downgrades, skipped, updates
from report.parts import Document, whole
from report.relaxdeps import relax_deps
from report.section import Section
from report.summary import summary_lines
from solver.links import Links
from solver.plan import (
    Addition,
    Blocker,
    Difference,
    Exclusion,
    Hold,
    LeftOut,
    Level,
    Package,
    Plan,
    Relaxation,
    StaleRelaxation,
    Unknown,
    UpdateFirst,
    Vendoring,
)
from solver.planconflict import Conflict
from solver.planjson import plan_from_text, plan_to_text

NEWS = "https://a.example/a_b#1"
GOLDEN = Path(__file__).parent / "golden"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def name(text: str) -> ProjectName:
    return ProjectName(text)


def package(project, version, current, newest, state, attribute=None):  # noqa: PLR0917
    return Package(
        project=name(project),
        attribute=attribute or project,
        version=version,
        current=current,
        newest=newest,
        state=state,
    )


def blocker(project, version, requires, dependency, chosen, risk):  # noqa: PLR0917
    return Blocker(
        project=name(project),
        version=version,
        requires=requires,
        dependency=name(dependency),
        chosen=chosen,
        risk=risk,
    )


def relaxation(project, version, dependency, specifier, chosen, risk, evidence, **further):  # noqa: PLR0917
    further.setdefault("spelling", dependency)
    further.setdefault("attribute", project)
    return Relaxation(
        project=name(project),
        version=version,
        dependency=name(dependency),
        specifier=specifier,
        chosen=chosen,
        risk=risk,
        evidence=evidence,
        **further,
    )


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


def left_out(project, version, requires, dependency):
    return LeftOut(
        project=name(project), version=version, attribute=project, dependency=name(dependency), requires=requires
    )


EMPTY = Plan(
    status="optimal", mode="fresh", targets=("3.13 x86_64-linux",), dataset=(), levels=(), packages=()
)  # fmt: skip

H5PY = relaxation(
    "tensorflow",
    "2.21.0",
    "h5py",
    "<3.15.0,>=3.11.0",
    "3.16.0",
    "precautionary",
    "h5py 3.15.0 of 2025-10-16 came after 2.21.0 of 2025-08-13",
    already=True,
)
LEAVES_PROTOBUF = Hold(
    project=name("protobuf"),
    attribute="protobuf",
    chosen="6.33.1",
    newest="7.34.0",
    because=(
        blocker("tensorflow", "2.21.0", "protobuf<8.0.0,>=6.31.1", "protobuf", "8.0.0", "deliberate"),
        blocker("grpcio-tools", "1.75.0", "protobuf<7,>=6.30", "protobuf", "7.34.0", "precautionary"),
        blocker("grpcio-status", "1.75.0", "protobuf>=6.30,<7", "protobuf", "7.34.0", "precautionary"),
        blocker("opentelemetry-proto", "1.37.0", "protobuf <7, >=6.30", "protobuf", "7.34.0", "precautionary"),
        blocker("protobuf", "7.34.0", "upb>=2", "upb", "1.9", "update-first"),
        blocker("protobuf", "7.34.0", "utf8-range", "utf8-range", "", "missing"),
    ),
)

FULL = Plan(
    status="feasible",
    mode="fresh",
    targets=("3.13 x86_64-linux", "3.14 aarch64-darwin"),
    dataset=(
        ("dataset", "sha256:0123abcd"),
        ("crawled", "2026-08-01T10:00:00Z to 2026-08-01T12:30:00Z"),
        ("nixpkgs", f"{'deadbeef' * 5} (a snapshot)"),
    ),
    levels=(
        Level(name="broken", value=0, bound=0),
        Level(name="risky", value=3, bound=2),
        Level(name="rank", value=12345678, bound=12345678),
    ),
    packages=(
        package("h5py", "3.16.0", "3.14.0", "3.16.0", "updated"),
        package("keras", "3.11.0", "3.12.0", "3.12.0", "downgraded"),
        package("new-one", "1.0", None, "1.0", "added"),
        package("numpy", "2.3.4", "2.3.4", "2.4.1", "held"),
        package("protobuf", "6.33.1", "6.32.0", "7.34.0", "updated"),
        package("python-dateutil", "2.9.0", "2.9.0", "2.9.0", "unchanged"),
        package("tzdata", "2026.4.22", "2026.04.22", "2026.5", "held"),
        package("unread", None, "unresolved", None, "unchanged"),
    ),
    relaxed=(
        relaxation(
            *("aiohttp", "3.13.0", "brotli", "<1.2", "1.2.0", "lifted", "aiohttp 3.14.0 accepts brotli 1.2.0"),
            spelling="Brotli",
            extra="speedups",
            marker="platform_python_implementation == 'CPython'",
        ),
        relaxation(
            *("octopus", "1.0", "python", "<3", "3.1", "pin", "==2.9 names one version"),
            attribute="octo_pus",
            hits=("python-dateutil",),
        ),
        relaxation("octopus", "1.0", "zlib-ng", "<1", "1.1", "deliberate", "why not?", attribute="octo_pus"),
        H5PY,
    ),
    held=(
        Hold(project=name("keras"), attribute="keras", chosen="3.11.0", newest="3.12.0", because=()),
        Hold(
            project=name("numpy"),
            attribute="numpy",
            chosen="2.3.4",
            newest="2.4.1",
            because=(blocker("tensorflow", "2.21.0", "numpy<2.4,>=1.26", "numpy", "2.4.1", "deliberate"),),
        ),
        LEAVES_PROTOBUF,
        Hold(
            project=name("tzdata"),
            attribute="tzdata",
            chosen="2026.4.22",
            newest="2026.5",
            because=tuple(
                blocker(f"user-{i:02}", "1.0", "tzdata<2026.5", "tzdata", "2026.5", "deliberate") for i in range(12)
            ),
        ),
    ),
    update_first=(
        UpdateFirst(
            *(),
            project=name("octopus"),
            version="1.0",
            attribute="octo_pus",
            dependency=name("python-dateutil"),
            specifier=">=2.10",
            chosen="2.9.0",
        ),
    ),
    added=(
        Addition(
            project=name("attrs"),
            attribute="attrs",
            version="26.1.0",
            because=(
                (name("h5py"), "3.16.0", "attrs>=17.3.0,<27"),
                (name("numpy"), "2.3.4", "attrs (~=22.1)"),
                (name("octopus"), "1.0", "attrs"),
            ),
            elsewhere=True,
        ),
        Addition(
            project=name("cloudpickle"),
            attribute="cloudpickle",
            version=None,
            because=((name("keras"), "3.11.0", "cloudpickle<9"),),
            elsewhere=True,
        ),
        Addition(
            project=name("new-one"),
            attribute="new-one",
            version="1.0",
            because=((name("h5py"), "3.16.0", "new_one>=1"),),
        ),
        Addition(
            project=name("nowhere"),
            attribute="nowhere",
            version=None,
            because=tuple((name(f"user-{i:02}"), "1.0", "nowhere") for i in range(9)),
        ),
    ),
    dropped=(name("backports-zstd"),),
    left_out=(
        left_out("astunparse", "1.6.3", "wheel (<1.0,>=0.23.0)", "wheel"),
        left_out("keras", "3.11.0", "wheel~=0.32", "wheel"),
        left_out("octopus", "1.0", 'libclang>=13; sys_platform == "linux"', "libclang"),
        left_out("octopus", "1.0", "wheel", "wheel"),
    ),
    unknown=(
        Unknown(project=name("cython_0"), version="0.29.37", reason="an attribute without a project on the index"),
        Unknown(project=name("h5py"), version="3.16.0", reason="not a PEP 508 requirement", requirement="numpy >= x"),
        Unknown(project=name("keras"), version="3.11.0", reason="sdist-dynamic"),
        Unknown(project=name("unread"), version=None, reason="sdist-dynamic"),
    ),
    cycles=((name("sphinx"), name("sphinxcontrib-qthelp")),),
    stale_relaxations=(
        StaleRelaxation(attribute="bleach", name="html5lib", reason="METADATA of 6.3.0 does not require it"),
        StaleRelaxation(attribute="h5py", name="numpy", reason="the plan's 2.3.4 meets numpy<3,>=1.19.3"),
    ),
    excluded=(
        Exclusion(project=name("h5py"), version="3.15.0", reason="yanked: older than the chosen one"),
        Exclusion(project=name("numpy"), version="2.5.0rc1", reason="a pre-release"),
        Exclusion(project=name("numpy"), version="2.5.0rc2", reason="a pre-release"),
        *(
            Exclusion(project=name("python-dateutil"), version=f"3.{i}", reason="attribute x stays in the 2 series")
            for i in range(12)
        ),
        Exclusion(project=name("numpy"), version="2.4.2", reason="yanked: broken wheels, see #30"),
    ),
    vendoring=(
        Vendoring(
            application="calibre",
            version="9.10.0",
            python=None,
            uses=1,
            exclusive=("apsw",),
            violated=(),
            obeyed=(),
            newer=(),
            coherent=(),
            unsupported=(),
            recommendation="keep",
            reason="it costs the shared set nothing",
        ),
        Vendoring(
            application="tensorflow",
            version="2.21.0",
            python="3.12",
            uses=35,
            exclusive=tuple(f"only-{i}" for i in range(9)),
            violated=(H5PY,),
            obeyed=(LEAVES_PROTOBUF,),
            newer=(Difference(project=name("numpy"), together="2.3.4", without="2.4.1"),),
            coherent=(relaxation("onnx", "1.19", "protobuf", "<6", "6.33.1", "deliberate", "why"),),
            unsupported=((name("scipy"), "1.17.0", ">=3.13"),),
            recommendation="vendor",
            reason="without it the shared set gains numpy 2.4.1; every private version is one more to patch",
        ),
    ),
)

CONFLICT = replace(
    EMPTY,
    status="conflict",
    conflict=Conflict(
        core=("cosmos 1.1 and 1.2 require void<2", "aether 3.0 requires void>=2", "aether>=3 is asked for"),
        correction=("cosmos 1.2: void<2",),
    ),
)

NASTY = "@octocat #1 `x` | <b>\n\n# h\n- [ ] a\x1b[2J\u202e https://h.example GH-2 *_~$x$ deadbeef"
HOSTILE = Plan(
    status="optimal",
    mode=NASTY,
    targets=(NASTY,),
    dataset=((NASTY, NASTY),),
    levels=(Level(name=NASTY, value=1, bound=1),),
    packages=(package("a", NASTY, "1.0", NASTY + "2", "updated", NASTY),),
    relaxed=(
        relaxation(
            *("a", NASTY, "b", NASTY, NASTY, "pin", NASTY),
            attribute=NASTY,
            spelling='"; ${builtins.abort "x"} ' + NASTY + "```\n```",
            extra=NASTY,
            marker=NASTY,
        ),
    ),
    held=(
        Hold(
            project=name("a"),
            attribute=NASTY,
            chosen=NASTY,
            newest=NASTY,
            because=(
                blocker(NASTY, NASTY, NASTY, NASTY, NASTY, "pin"),
                blocker("a", NASTY, NASTY, NASTY, NASTY, "update-first"),
                blocker("c", "1", "b<1", "b", "2", "pin"),
                blocker("d", "1", "b<1", "b", "2", "pin"),
            ),
        ),
    ),
    update_first=(
        UpdateFirst(
            project=name("a"), version=NASTY, attribute=NASTY, dependency=name("b"), specifier=NASTY, chosen=NASTY
        ),
    ),
    added=tuple(
        Addition(
            project=name("n"),
            attribute=NASTY,
            version=NASTY,
            because=((name("a"), NASTY, NASTY),),
            elsewhere=elsewhere,
        )
        for elsewhere in (False, True)
    ),
    dropped=(name(NASTY),),
    left_out=(left_out(NASTY, NASTY, NASTY, NASTY),),
    unknown=tuple(Unknown(project=name(NASTY), version=NASTY, reason=NASTY, requirement=NASTY) for _ in range(26)),
    cycles=((name(NASTY), name("b")),),
    stale_relaxations=(
        StaleRelaxation(attribute=NASTY, name=NASTY, reason=NASTY),
        StaleRelaxation(attribute="b", name="b", reason=f"{NASTY} meets a<1 {NASTY}"),
    ),
    excluded=(Exclusion(project=name("a"), version=NASTY, reason=NASTY),),
    vendoring=(
        Vendoring(
            application=NASTY,
            version=NASTY,
            python=NASTY,
            uses=1,
            exclusive=(NASTY,) * 9,
            violated=(),
            obeyed=(),
            newer=(Difference(project=name("a"), together=NASTY, without=NASTY),),
            coherent=(),
            unsupported=((name("a"), NASTY, NASTY),),
            recommendation="vendor",
            reason=NASTY,
        ),
    ),
)
HOSTILE_CONFLICT = replace(
    HOSTILE, status="conflict", packages=(), conflict=Conflict(core=(NASTY, "- x"), correction=(NASTY,))
)

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
