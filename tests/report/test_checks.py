"""What is told of a check of the current set: text, Markdown, annotations and JSON, with hostile text quoted.

The expected texts are ``golden/check*``; ``COSET_GOLDEN=write`` in the environment writes them anew.
"""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nixpkgs.checkfindings import KINDS, Finding
from nixpkgs.setcheck import SetCheck
from report.annotations import annotation, check_annotations, policy_annotations
from report.checks import TITLES, check_document, check_json, check_lines, told, total
from report.parts import whole
from solver.policylint import Finding as PolicyFinding

GOLDEN = Path(__file__).parent / "golden"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = "a`b|c\n::error file=x,line=1::@octocat #1 <img> %0A ${x} ''\x1b[2J\u202e,:"
POSITION = "pkgs/development/python-modules/{}/default.nix"


def finding(kind, attribute, sentence, **facts):
    facts.setdefault("position", POSITION.format(attribute))
    return Finding(kind=kind, attribute=attribute, version="1.0", sentence=sentence, **facts)


FOUND = (
    finding(
        "violated",
        "app",
        "app 1.0 requires lib>=2,<3 on 3.14; lib 3.1 violates the upper part",
        hint="write lib in pythonRelaxDeps, or hold lib",
        requirement="lib>=2,<3",
        installed="lib 3.1",
        parts=("upper",),
        targets=("3.14 x86_64-linux",),
        line=12,
    ),
    finding("not-installed", "app", "app 1.0 requires gone; no dependency brings gone", hint="add it to dependencies"),
    finding(
        "not-installed",
        "bare",
        "bare 1.0 requires setuptools; no dependency brings setuptools",
        hint="add it to dependencies",
        doubt="its build system was not read",
    ),
    finding("update-first", "low", "pythonRelaxDeps of low 1.0 has lib, which hides that ...", hint="update lib first"),
    finding("prefix", "pre", "pythonRelaxDeps of pre 1.0 has python, which also makes python of python-dateutil<3"),
    finding(
        "wider", "wide", "pythonRelaxDeps of wide 1.0 is true", hint='write pythonRelaxDeps = [ "a" "b" ];', name="*"
    ),
    finding("stale-relaxation", "old", "pythonRelaxDeps of old 1.0 has lib; lib 1.0 meets lib<2", hint="take lib out"),
    finding(
        "stale-removal", "old", "pythonRemoveDeps of old 1.0 has x; METADATA does not require it", hint="take x out"
    ),
    finding("stale-switch", "off", "dontCheckRuntimeDeps of off 1.0 is not needed; every requirement is met"),
    finding("relaxed", "app", "pythonRelaxDeps of app 1.0 has h5py; h5py 3.15.1 violates the upper part of h5py<3.15"),
    finding("removed", "app", "pythonRemoveDeps of app 1.0 has keras; no dependency brings keras"),
    finding("unchecked", "old", "old 1.0 requires lib<1; lib 1.0 violates the upper part; dontCheckRuntimeDeps is set"),
    finding("unknown", "odd", "what odd 1.0 requires is not known", reason="sdist-dynamic", position=None),
    finding("unknown", "odd", "what odd 1.0 requires is not known", reason="a-new-reason", position=None),
)
FULL = SetCheck(
    revision="4aa6836a648ca76c68866decf0c8965e36ec2a3b (a snapshot)",
    date="2026-07-15",
    targets=("3.13 x86_64-linux", "3.14 x86_64-linux"),
    attributes=1234,
    judged=1233,
    findings=FOUND,
)
HOSTILE = replace(
    FULL,
    revision=NASTY,
    findings=tuple(
        Finding(
            kind=kind,
            attribute=NASTY,
            version=NASTY,
            sentence=NASTY,
            hint=NASTY,
            doubt=NASTY if kind == "not-installed" else "",
            name=NASTY,
            requirement=NASTY,
            installed=NASTY,
            position=NASTY,
            line=3,
            reason=NASTY,
        )
        for kind in KINDS
    ),
)
EMPTY = replace(FULL, findings=(), attributes=1, judged=1)
MANY = replace(FULL, findings=tuple(finding("unknown", f"n{i:02}", f"n{i:02} is a snapshot") for i in range(30)))
CHECKS = {"check": FULL, "check-empty": EMPTY, "check-hostile": HOSTILE, "check-many": MANY}


def golden(file, text):
    path = GOLDEN / file
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CHECKS)
def test_the_markdown_says_exactly_this(case):
    golden(f"{case}.md", whole(check_document(CHECKS[case])))


@pytest.mark.parametrize("case", ["check", "check-empty", "check-many"])
def test_the_text_says_exactly_this(case):
    golden(f"{case}.txt", "".join(f"{line}\n" for line in check_lines(CHECKS[case])))


@pytest.mark.parametrize("case", ["check", "check-hostile"])
def test_the_annotations_say_exactly_this(case):
    golden(f"{case}.github.txt", "".join(f"{line}\n" for line in check_annotations(CHECKS[case])))


def test_every_kind_has_a_title_and_the_order_is_that_of_the_kinds():
    assert tuple(TITLES) == KINDS


def test_long_lists_that_need_no_mending_are_counted_and_told_when_asked():
    assert next(check_lines(MANY)) == "unknown: 30 findings, which --verbose lists"
    assert len(list(check_lines(MANY, verbose=True))) == 31
    assert "<summary>30 entries</summary>" in whole(check_document(MANY))
    many = replace(MANY, findings=tuple(replace(one, kind="violated") for one in MANY.findings))
    assert len(list(check_lines(many))) == 31


def test_json_has_everything_and_counts_what_should_be_mended():
    data = json.loads(json.dumps(check_json(FULL)))
    assert (data["mend"], data["attributes"], data["judged"]) == (8, 1234, 1233)
    assert data["findings"][0] == {
        "kind": "violated",
        "mend": True,
        "attribute": "app",
        "version": "1.0",
        "sentence": "app 1.0 requires lib>=2,<3 on 3.14; lib 3.1 violates the upper part",
        "hint": "write lib in pythonRelaxDeps, or hold lib",
        "doubt": "",
        "name": "",
        "requirement": "lib>=2,<3",
        "installed": "lib 3.1",
        "parts": ["upper"],
        "targets": ["3.14 x86_64-linux"],
        "position": "pkgs/development/python-modules/app/default.nix",
        "line": 12,
        "reason": "",
    }
    assert data["findings"][1]["targets"] is None
    assert (
        total(EMPTY)
        == "nothing to mend in 1 attribute, of which 1 could be judged; 0 relaxations and 0 removals are needed"
    )


def test_hostile_text_never_becomes_structure():
    text = whole(check_document(HOSTILE))
    tokens = PARSER.parse(text)
    leaves = [child for one in tokens for child in one.children or []]
    assert {one.type for one in leaves} <= {"text", "code_inline", "softbreak"}
    assert sum(one.type == "heading_open" for one in tokens) == 1 + len(KINDS)
    assert not [one for one in tokens if one.type in ("html_block", "fence")]
    for one in leaves:
        if one.type == "text":
            assert not re.search(r"@\w|#\d|://", one.content)
    assert all(line.isprintable() for line in text.splitlines())
    rows = [line for line in text.splitlines() if line.startswith("| ") and "octocat" in line]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {3, 4}


def test_an_annotation_needs_no_place():
    assert annotation("warning", "m", title="t") == "::warning title=t::m"
    assert annotation("error", "m", title="t", line=3) == "::error title=t::m"


@given(st.text(), st.text(), st.text(min_size=1))
def test_an_annotation_is_one_line_whose_parts_cannot_be_mistaken(message, title, file):
    text = annotation("warning", message, title=title, file=file, line=2)
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    head, _, rest = text.removeprefix("::warning ").partition("::")
    properties = [one.partition("=") for one in head.split(",")]
    assert [key for key, _, _ in properties] == ["file", "line", "title"]
    assert not any(":" in value for _, _, value in properties)

    def read(escaped):
        return escaped.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")

    if message.isprintable() and message.isascii():
        assert read(rest) == read(message.replace("%", "%25"))
        assert "%" not in rest.replace("%25", "")


def test_findings_of_a_policy_are_annotations_of_its_file():
    one = PolicyFinding(
        entry="edge[0]",
        action="force",
        scope="app:lib",
        code="expired",
        sentence="expired on 2026-07-14",
        hint="remove it",
    )
    (line,) = policy_annotations([one], "policy.toml")
    assert line == (
        "::warning file=policy.toml,title=policy%3A expired::edge[0] force app:lib: expired on 2026-07-14; remove it"
    )


def test_a_reason_is_told_in_words_where_there_are_some():
    assert told(FOUND[-2]).endswith("is not known: the sdist says its requirements only once it is built")
    assert told(FOUND[-1]).endswith("is not known: a-new-reason")
    assert told(FOUND[2]).endswith("brings setuptools (not certain: its build system was not read)")
