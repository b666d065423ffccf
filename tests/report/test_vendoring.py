"""What is said of applications, word by word.

The expected texts are ``golden/vendoring.*``. After a wanted change of the words, run the tests with
``COSET_GOLDEN=write`` in the environment, read the differences, and commit them.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from comments import in_comments
from markdown_it import MarkdownIt
from toys import application, current, question, registry

from coset.terminal import harmless
from dataset.applications import Demand, Pin
from normalize.requirements import parse_requirement
from report.parts import whole
from report.vendoring import vendoring_document, vendoring_lines
from report.vendoringjson import vendoring_json
from solver.appaccount import Accountant
from solver.ranking import ranked
from solver.seats import take_seats

GOLDEN = Path(__file__).parent / "golden"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = "@octocat <img src=x> see #1 | `tick` \x1b[2J\u202e https://host.example"

RELEASES = registry(
    "bcrypt 4.0 @1",
    "bcrypt 5.0 @6",
    "crypto 40.0 @1: ffi",
    "crypto 45.0 @5: ffi",
    "ffi 1.0 @1",
    "ossl 23.1 @1: crypto>=38,<41",
    "ossl 23.2 @2: crypto!=40.0,<42",
    "ossl 25.0 @5: crypto>=41,<46",
    "trust 1.0 @1: crypto>=3",
    "flow 2.0 @4: ffi, lib<2",
    "lib 1.0 @1",
    "lib 2.0 @3",
)
SET = current(
    *("bcrypt 5.0", "crypto 45.0", "ffi 1.0", "flow 2.0", "lib 2.0", "ossl 25.0", "trust 1.0", "extra 1.0"),
    crypto={"dependencies": ("ffi",)},
    ossl={"dependencies": ("crypto",)},
    trust={"dependencies": ("crypto",)},
    flow={"dependencies": ("ffi", "lib"), "relaxed": ("lib",)},
    extra={"optional_dependencies": (("fast", ("bcrypt",)),)},
)


def pin(text, reason):
    """Return a pin from outside."""
    return Pin(requirement=parse_requirement(text), reason=reason)


def demands(reason="its sub-interpreters cannot load newer ones"):
    """Return a chain of pins, a Python root, one that uses nothing, and one that contradicts itself."""
    chain = application("ceph", "bcrypt", "ossl", "trust", python="3.12", notes=(f"a note: {reason}",))
    return [
        Demand(application=chain, pins=(pin("bcrypt<5", reason), pin("crypto<41", reason))),
        Demand(application=application("flow", attribute="flow")),
        Demand(application=application("quiet"), requirements=(parse_requirement("ffi"),)),
        Demand(
            application=application("torn"), requirements=tuple(map(parse_requirement, ("crypto<41", "crypto>=45")))
        ),
    ]


def ranks_of(asked):
    """Return the ranking of some applications in the toy set."""
    seated, seats = take_seats(question(RELEASES, SET), asked)
    work = Accountant(seated, seats, "fresh")
    python = {"ceph": "3.12"}
    refused = [("3.14", "flow 2.0 has no wheel for it, and no sdist")]
    return ranked(
        work.account(seat, python.get(seat.name, "3.13"), refused if seat.name == "flow" else ()) for seat in seats
    )


@pytest.fixture(scope="module")
def ranks():
    """Return the ranking of all four."""
    return ranks_of(demands())


def check(name, text):
    """Compare a text with its golden file."""
    path = GOLDEN / name
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_lines(ranks):
    check("vendoring.txt", "".join(f"{line}\n" for line in vendoring_lines(ranks)))


def test_markdown(ranks):
    check("vendoring.md", whole(vendoring_document(ranks)))


def test_one_application_needs_no_ranking(ranks):
    assert next(iter(vendoring_lines(ranks[:1]))).startswith("ceph 1, on Python 3.12: vendor it")
    assert "frees the most" not in whole(vendoring_document(ranks[:1]))


def test_json_is_data_all_the_way_down(ranks):
    found = json.loads(json.dumps(vendoring_json(ranks)))
    assert [(one["application"], one["rank"]["place"], one["verdict"]) for one in found] == [
        ("ceph", 1, "vendor"),
        ("flow", 2, "keep"),
        ("quiet", 3, "keep"),
        ("torn", 4, "neither"),
    ]
    private = found[0]["private"]["versions"]
    assert [(one["project"], one["version"], one["step"]) for one in private] == [
        ("bcrypt", "4.0", 1),
        ("crypto", "40.0", 1),
        ("ossl", "23.1", 2),
    ]
    assert private[0]["causes"][0]["reason"] == "its sub-interpreters cannot load newer ones"


def test_hostile_text_stays_text():
    asked = demands(NASTY)
    asked[0] = replace(asked[0], application=replace(asked[0].application, name=NASTY))
    ranks = ranks_of(asked[:2])
    markdown = whole(vendoring_document(ranks))
    assert "\x1b" not in markdown
    assert "\u202e" not in markdown
    tokens = [one for block in PARSER.parse(markdown) for one in (block, *(block.children or ()))]
    assert not [one for one in tokens if one.type in {"html_block", "html_inline", "link_open", "image"}]
    assert "@octocat" not in "".join(one.content for one in tokens if one.type == "text")
    shown = [harmless(line) for line in vendoring_lines(ranks)]
    assert not any("\x1b" in line or "\n" in line for line in shown)


def test_many_applications_become_comments(ranks):
    parts = in_comments(vendoring_document(ranks * 100))
    assert sum(part.count("### What could leave with it\n") for part in parts) == 400
