"""The page as text: whatever a plan says, the page is one document that runs its own script alone."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from pageplans import HOSTILE, LINKS, MARKUP, conflict_plan, page_plan, page_set
from plans import plans

from normalize.projects import project_name
from report.nearby import NOTHING, nearby
from report.page import SCRIPTS, digest, embedded, plan_page
from report.pageblocks import AT_ONCE, story_blocks
from report.pagedocuments import MOST as NAMED
from report.pagelines import LONGEST, Names
from report.pagestory import stories
from report.templates import page_source
from solver.links import Links
from solver.plan import Addition
from solver.planlayers import PolicyHold

VOID = {"meta", "link", "input", "rect"}


class Document(HTMLParser):
    """What a page is made of; tags that do not match are refused."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts, self.attributes, self.blocks = [], [], [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"}:
            self.blocks.setdefault(self.open[-1], []).append(data)
        else:
            self.texts.append(data)


@pytest.fixture(scope="module")
def text():
    return plan_page(page_plan(), nearby(page_set()))


@pytest.fixture(scope="module")
def facts(text):
    facts, _, *blocks = Document(text).blocks["script"]
    return json.loads(facts) | {"stories": [story for block in blocks for story in json.loads(block)]}


@given(plans())
@settings(max_examples=8)
def test_any_plan_has_a_page(plan):
    text = plan_page(plan)
    document = Document(text)
    facts, script, *stories = document.blocks["script"]
    assert [value for _, name, value in document.attributes if name == "type" and value == "application/json"] == [
        "application/json"
    ] * (1 + len(stories))
    assert sum(len(json.loads(block)) for block in stories) == len(plan.packages)
    assert script.startswith('"use strict";')
    facts = json.loads(facts)
    assert facts["projects"] == [one.project for one in plan.packages]
    assert plan_page(plan, NOTHING) == text


def test_the_policy_names_this_script_and_this_style_and_nothing_else(text):
    document = Document(text)
    policy = dict(one.split(" ", 1) for one in re.search(r'content="(default-src[^"]*)"', text)[1].split("; "))
    script, style = document.blocks["script"][1], document.blocks["style"][0]
    assert policy.pop("script-src").replace("&#39;", "'") == f"'{digest(script)}'"
    assert policy.pop("style-src").replace("&#39;", "'") == f"'{digest(style)}'"
    assert set(policy.values()) == {"'none'", "data:"}


def test_the_page_has_no_address_but_its_own(text):
    addresses = [
        value for _, name, value in Document(text).attributes if name in {"href", "src", "action", "data", "srcset"}
    ]
    assert addresses
    assert all(value.startswith(("#", "data:,")) for value in addresses)
    assert not [name for _, name, _ in Document(text).attributes if name.startswith("on") or name == "style"]


def test_the_script_reads_no_markup_and_runs_no_text():
    script = "\n".join(page_source(name) for name in SCRIPTS)
    forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|DOMParser|import\(|fetch\("
    assert not re.search(forbidden, script)
    for name in (*SCRIPTS, "page.css"):
        source = page_source(name)
        assert "</" not in source
        assert "<!--" not in source
        assert "\r" not in source
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import", source)


def test_hostile_text_is_in_the_facts_only_as_visible_text(text, facts):
    assert MARKUP not in text
    assert "<img" not in text
    reasons = [row[2] for table in facts["tables"] if table["name"] == "unknown" for row in table["rows"]]
    assert len(reasons) == len(HOSTILE)
    assert reasons[0] == MARKUP
    assert "numpy\\u202egnp.txt\\u2066" in reasons
    assert "a\\x1b[2J\\x00b\\u2028c\\r\\nd\\ud800" in reasons
    assert max(map(len, reasons)) < LONGEST + 40
    assert any(reason.endswith("… (100,000 characters)") for reason in reasons)
    assert len(text) < 300_000


def test_embedded_json_is_ascii_and_reads_back():
    value = {"</script>": ["<!--", "\u2028\u2029", "&amp;", "\ud800", *HOSTILE]}
    text = embedded(value)
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text) == value


def _words(facts, line):
    """Return a line as a reader sees it, lines below it in braces."""
    told = ""
    for one in line:
        if isinstance(one, dict) and "away" in one:
            told += f"<{one['away'][0]}>"
        elif isinstance(one, dict) and "more" in one:
            told += f"<{one['more'][0]}>"
        elif isinstance(one, dict):
            told += " {" + "; ".join(_words(facts, lower) for lower in one["lines"]) + "}"
        elif isinstance(one, int):
            told += facts["projects"][one]
        else:
            told += one if isinstance(one, str) else one[0]
    return told


def _story(facts, project):
    number = facts["projects"].index(project)
    return {title: [_words(facts, _told(facts, line)) for line in lines] for title, lines in facts["stories"][number]}


def _told(facts, line):
    """Return a line, from where it is written in case it is only named here."""
    if isinstance(line, list):
        return line
    project, part, position = line["see"]
    return facts["stories"][project][part][1][position]


def test_what_is_said_of_projects_is_in_blocks_and_no_line_in_two():
    shared = ["both"]
    stories = {1: [["Why", [["first"], shared]]], AT_ONCE: [["Why", [["last"]]], ["Other", [shared]]]}
    blocks = list(story_blocks(stories, AT_ONCE + 1))
    assert [len(block) for block in blocks] == [AT_ONCE, 1]
    assert blocks[0][:2] == [[], [["Why", [["first"], ["both"]]]]]
    assert blocks[1] == [[["Why", [["last"]]], ["Other", [{"see": [1, 0, 1]}]]]]
    assert list(story_blocks({}, 0)) == []


def test_a_project_says_why_with_links_to_the_causes(facts):
    assert _story(facts, "scipy") == {
        "Why this version": [
            "Stays at 1.0, below its newest candidate 2.0.",
            (
                "2.0 would break {it needs numpy>=2 itself, and the plan has numpy 1.9, itself held below 2.1"
                " (a lower part, never relaxed)}"
            ),
        ]
    }
    numpy = _story(facts, "numpy")
    assert numpy["Why this version"] == [
        "Stays at 1.9, below its newest candidate 2.1.",
        "2.1 would break {pandas 2.0 needs numpy<2 (deliberate, risky)}",
        "Moving it alone would mean: risky relaxations weigh 2 more.",
    ]
    assert numpy["What it keeps back"] == ["scipy at 1.0 instead of 2.0: the newest candidate needs numpy>=2"]
    assert _story(facts, "pandas")["What it keeps back"] == ["numpy at 1.9 instead of 2.1: this project needs numpy<2"]
    assert _story(facts, "h5py")["Relaxations"] == [
        (
            "tensorflow 2.21.0 requires H5Py<3.15.0,>=3.11.0, and h5py 3.16.0 violates that: precautionary, cheap;"
            " nixpkgs relaxes it already {h5py 3.15.0 was uploaded later}"
        )
    ]


def test_a_project_leads_away_only_where_an_address_is_one(facts):
    (story,) = [lines for title, lines in facts["stories"][facts["projects"].index("h5py")] if title == "Read on"]
    assert story == [["Its ", {"away": ["changelog", LINKS.changelog]}, "."]]
    assert _story(facts, "h5py")["Read on"] == ["Its <changelog>."]
    plan = page_plan()
    evil = Links(changelog="https://a.example/", homepage="javascript:alert(1)")  # no file brings that in
    forged = replace(plan, packages=tuple(replace(one, links=evil) for one in plan.packages))
    told = stories(forged, Names(forged))[0]
    assert ["Read on", [["Its ", {"away": ["changelog", "https://a.example/"]}, ", home page."]]] in told


def test_applications_and_maintainers_come_from_the_current_set(facts):
    projects = facts["projects"]
    used = {name: [facts["applications"][i] for i in facts["used"][i_]] for i_, name in enumerate(projects)}
    assert used["pandas"] == ["notebook"]
    assert len(used["numpy"]) == 2
    assert used["scipy"] == []
    assert "ada" in facts["maintainers"]
    assert facts["dependencies"][projects.index("tensorflow")] == [projects.index("h5py"), projects.index("numpy")]


def test_a_conflict_is_told_and_drawn():
    text = plan_page(conflict_plan())
    facts = json.loads(Document(text).blocks["script"][0])
    (edges,) = facts["conflicts"]
    assert ["scipy", "numpy", "numpy<2"] in edges
    assert ["the policy", "numpy", "numpy==2.0"] in edges
    assert ["what is asked for", "scipy", "scipy"] in edges
    (document,) = facts["documents"]
    told = [_words(facts, line) for line in document["entries"][0][1]]
    assert told[0] == "scipy 1.0 requires numpy<2"
    assert "(2) scipy 1.0 requires numpy<2, so no version of scipy is left" in told[3]
    assert "Conflict: no set satisfies what must hold." in text


def test_the_plan_s_own_edges_are_drawn_and_counted_where_they_are_known(facts):
    plan, names = page_plan(), ("h5py", "numpy", "tensorflow")
    assert facts["edges"] == "today"
    assert [one["title"] for one in facts["tables"][0]["columns"]][-1] == "dependers today"
    assert facts["tables"][0]["lead"].endswith("Dependers are those in nixpkgs today, not those in the plan.")
    near = replace(nearby(page_set()), required={"tensorflow": ("numpy", "outside"), "numpy": ("h5py",)})
    known = json.loads(Document(plan_page(plan, near)).blocks["script"][0])
    h5py, numpy, tensorflow = map(known["projects"].index, names)
    assert known["edges"] == "plan"
    assert [row for row in known["dependencies"] if row] == [[h5py], [numpy]]
    assert known["dependencies"][tensorflow] == [numpy]
    projects = known["tables"][0]
    assert projects["columns"][-1]["title"] == "dependers"
    assert [row[-1] for row in projects["rows"]] == [int(i in {h5py, numpy}) for i in range(6)]
    nothing = json.loads(Document(plan_page(plan)).blocks["script"][0])
    assert (nothing["edges"], nothing["tables"][0]["columns"][-1]["title"]) == ("", "distance")


def test_every_card_leads_to_what_it_counts_and_an_empty_one_nowhere(text, facts):
    figures = re.search(r'<ul class="figures">(.*?)</ul>', text, re.DOTALL)[1]
    cards = re.findall(r"<li><(?:a href=\"#view=([^\"]+)\"|p)><b>(\d+)</b> ([^<]+)<", figures)
    assert {what: view for view, number, what in cards if number != "0"} == {
        "projects": "projects",
        "changes its version": "projects&amp;state=changed",
        "holds": "held",
        "relaxations": "relaxations",
        "stale relaxations": "stale",
        "unknown": "unknown",
    }
    assert {(view, what) for view, number, what in cards if number == "0"} == {
        ("", "update first"),
        ("", "to be added"),
    }
    assert len(cards) == 8
    rows = {one["name"]: len(one["rows"]) for one in facts["tables"]}
    assert all(rows[view] == int(number) for view, number, _ in cards if view in rows)
    assert [facts["states"][one] for one in facts["changed"]] == ["updated", "downgraded"]


def test_what_is_to_be_added_says_which_version_is_needed():
    asked = (("scipy", "1.0", "numpy>=1.5"), ("pandas", "2.0", "numpy>=1.7,<3"))
    several = [
        Addition(
            project=project_name("numpy"),
            attribute="numpy",
            version="1.9",
            because=tuple((project_name(one), version, text) for one, version, text in because),
        )
        for because in (asked, (("scipy", "1.0", "numpy==1.9"),), (("scipy", "1.0", "numpy"),))
    ]
    found = json.loads(Document(plan_page(replace(page_plan(), added=tuple(several)))).blocks["script"][0])
    (table,) = [one for one in found["tables"] if one["name"] == "added"]
    assert [row[1:3] for row in table["rows"]] == [
        ["at least 1.7", "1.9"],
        ["exactly 1.9", "1.9"],
        ["no lower bound", "1.9"],
    ]


def test_an_application_names_attributes_and_hides_no_name():
    plan = page_plan(NAMED + 2)
    (app,) = plan.vendoring
    every = ("scipy_1", "numpy", *(f"filler-{i:05}" for i in range(NAMED + 2)))
    told = replace(plan, vendoring=(replace(app, exclusive=every),))
    facts = json.loads(Document(plan_page(told)).blocks["script"][0])
    below = facts["documents"][0]["entries"][0][1][1][-1]["lines"][0]
    assert _words(facts, below).startswith("scipy (scipy_1), numpy, filler-00000, ")
    label, others = below[-1]["more"]
    assert label == "and 4 more"
    assert _words(facts, others) == ", ".join(every[NAMED:])


@pytest.mark.parametrize("number", [0, 2])
def test_the_head_counts_what_policy_holds_where_it_holds_anything(number):
    one = PolicyHold(
        project=project_name("b"), attribute="b", action="hold", chosen="1", newest="2", reason="</script>"
    )
    texts = Document(plan_page(replace(page_plan(), held_by_policy=(one,) * number))).texts
    assert sum("held by policy" in text for text in texts) == bool(number)
    facts = json.loads(Document(plan_page(replace(page_plan(), held_by_policy=(one,) * number))).blocks["script"][0])
    rows = [row for table in facts["tables"] if table["name"] == "by-policy" for row in table["rows"]]
    assert rows == [["b", "1", "2", "hold", "</script>"]] * number
