"""What is told of an audit of names: text, Markdown, Nix and JSON, in a stable order, with hostile names quoted."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.aliases import Alias
from normalize.nameaudit import Finding
from report.namesaudit import TITLES, NamesAudit, arranged, audit_document, audit_json, audit_lines, nix_lines
from report.parts import whole

NASTY = "a`b|c\n@octocat #1 <img> ${builtins.abort \"x\"} ''\x1b[2J\u202e"

RENAME = Finding(
    kind="deviating-attribute",
    names=("plasTeX",),
    sentence="attribute plasTeX is project plastex",
    hint="rename it to plastex",
    writes=(Alias(name="plasTeX", target="plastex", date="2026-07-15"),),
    deletes=("plastex",),
)
CLASH = Finding(
    kind="import-clash", names=("a", "b"), sentence="a, b both install x", hint="never both", strength="guess"
)
EVIL = Finding(
    kind="deviating-attribute",
    names=(NASTY,),
    sentence=NASTY,
    hint=NASTY,
    writes=(
        Alias(name=NASTY, target="x"),
        Alias(name="a${b}", target="c${d}"),
        Alias(name="gone", fatal=True, reason=NASTY, date=NASTY),
    ),
    deletes=(NASTY,),
)


def audit(*findings, **further):
    return NamesAudit(revision=NASTY, findings=arranged(findings), attributes=3, aliases=1, **further)


def test_text_has_the_finding_the_hint_and_the_lines():
    assert list(audit_lines(audit(CLASH, RENAME))) == [
        "deviating-attribute: attribute plasTeX is project plastex",
        "  hint: rename it to plastex",
        "  plasTeX = plastex; # added 2026-07-15",
        "import-clash: a, b both install x (guess)",
        "  hint: never both",
        "2 findings in 3 attributes and 1 alias",
    ]


def test_nothing_is_said_to_be_right_that_nobody_could_judge():
    lines = list(audit_lines(audit(unjudged=("x",), unseen=("y", "z"))))
    assert lines == [
        "nothing to mend in 3 attributes and 1 alias",
        "names not judged, because the project is not known or a guess: 1 attribute",
        "what they install is not known: 2 attributes",
    ]
    assert "\n- what they install is not known: 2 attributes\n" in whole(audit_document(audit(unseen=("y", "z"))))


def test_nix_lines_are_ready_and_say_what_makes_way():
    assert nix_lines(audit(RENAME, CLASH)) == (
        "# remove the alias 'plastex'",
        "plasTeX = plastex; # added 2026-07-15",
    )
    assert nix_lines(audit(CLASH)) == ()


def test_of_two_lines_for_one_alias_the_first_kind_wins():
    other = Finding(
        kind="silent-alias", names=("x",), sentence="", hint="", writes=(Alias(name="plasTeX", target="y"),)
    )
    assert nix_lines(audit(other, RENAME))[1:] == ("plasTeX = plastex; # added 2026-07-15",)


def test_json_has_everything_in_the_same_order():
    data = json.loads(json.dumps(audit_json(audit(CLASH, RENAME, EVIL))))
    assert [one["kind"] for one in data["findings"]] == ["deviating-attribute", "deviating-attribute", "import-clash"]
    assert [alias["nix"] for alias in data["findings"][0]["writes"]][:2] == [None, '"a\\${b}" = self."c\\${d}";']
    assert data["findings"][1]["writes"] == [
        {"name": "plasTeX", "target": "plastex", "fatal": False, "nix": "plasTeX = plastex; # added 2026-07-15"}
    ]


def test_markdown_has_a_table_for_each_kind():
    text = whole(audit_document(audit(RENAME, CLASH)))
    assert "### Attributes that are not the project's name\n\n| names | what | what to do | strength |\n" in text
    assert "| `a`, `b` | a, b both install x | never both | guess |" in text
    assert "```nix\n# remove the alias 'plastex'\nplasTeX = plastex; # added 2026-07-15\n```" in text
    many = [Finding(kind="same-name", names=(f"n{i:02}",), sentence="s", hint="h") for i in range(30)]
    assert "<details>\n<summary>30 entries</summary>\n" in whole(audit_document(audit(*many)))


def test_hostile_text_becomes_no_markup_and_no_terminal_codes():
    text = whole(audit_document(audit(EVIL)))
    assert all(line.isprintable() for line in text.splitlines())
    table = next(line for line in text.splitlines() if line.startswith("| `") and "octocat" in line)
    assert len(re.findall(r"(?<!\\)\|", table)) == 5
    prose = re.sub(r"(`+).*?\1", "", text.partition("```nix")[0])
    assert "@octocat" not in prose
    assert "<img>" not in prose.replace("\\<img", "")
    assert all(line.isprintable() for line in nix_lines(audit(EVIL)))


@pytest.mark.system
def test_real_nix_reads_hostile_findings_as_names_and_strings(nix):
    lines = "\n".join(nix_lines(audit(EVIL, RENAME, CLASH)))
    told = nix.parse("self: super: with self; {\n" + lines + "\n}\n")
    assert '"a\\${b}" = (self)."c\\${d}"' in told
    assert "plasTeX = plastex" in told
    assert '"x"' not in told.replace('\\"x\\"', "")


FINDINGS = st.lists(
    st.builds(
        Finding,
        kind=st.sampled_from(list(TITLES)),
        names=st.lists(st.text(max_size=5), min_size=1, max_size=2).map(tuple),
        sentence=st.text(max_size=5),
        hint=st.text(max_size=5),
    ),
    max_size=5,
)


@settings(max_examples=30)
@given(FINDINGS)
def test_the_order_does_not_depend_on_the_order_in_which_things_are_found(findings):
    key = [(one.kind, one.names, one.sentence) for one in arranged(findings)]
    assert key == [(one.kind, one.names, one.sentence) for one in arranged(findings[::-1])]
    assert all(line.isprintable() for line in whole(audit_document(audit(*findings))).split("\n"))
