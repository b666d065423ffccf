"""What differs between plans and snapshots: found whatever the sides are, told in a stable order, quoted.

After a wanted change of the words, run the tests with ``COSET_GOLDEN=write`` in the environment, read the differences,
and commit them.
"""

import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import plans
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from toys import application, current, question, registry

from dataset.currentset import Recipe
from normalize.aliases import Alias
from report.diffmarkdown import diff_document
from report.difftext import diff_lines
from report.parts import numbered, whole
from report.plandiff import compare
from solver.curate import curate
from solver.plan import Unknown, UpdateFirst

MAINTAINED = {"lib": {"recipe": Recipe(maintainers=("alice", "not a name"))}, "app": {"recipe": Recipe()}}
SET = current("app 1.0", "lib 1.0", "other 1.0", **MAINTAINED, applications=(application("tool", "app"),))
BEFORE = registry("app 1.0 @1: lib<2", "lib 1.0 @1", "lib 2.0 @2", "other 1.0")
AFTER = registry(
    *("app 1.0 @1: lib<2", "app 2.0 @3: lib>=2, extra>=1", "lib 1.0 @1", "lib 2.0 @2", "other 1.0", "other 1.5"),
    "extra 1.0",
)
STABLE = curate(question(BEFORE, SET), mode="stable")
FRESH = curate(question(AFTER, SET), mode="fresh")
PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
GOLDEN = Path(__file__).parent / "golden"


def diff_markdown(diff, *, ping=False):
    return whole(diff_document(diff, ping=ping))


def golden(file, text):
    path = GOLDEN / file
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def told(old, new, known=SET, **further):
    return list(diff_lines(compare(old, new, known), **further))


def test_two_plans():
    lines = told(STABLE, FRESH)
    assert lines[:2] == ["from a plan to a plan", "  mode: stable -> fresh"]
    assert lines[lines.index("changed (3):") + 1 :][:3] == [
        "  app 1.0 -> 2.0: its newest candidate is 2.0; it was 1.0",
        "  lib 1.0 -> 2.0: not held any more; it was: app 1.0 needs lib<2 (precautionary, cheap)",
        "  other 1.0 -> 1.5: its newest candidate is 1.5; it was 1.0",
    ]
    assert "  extra 1.0: app 2.0 requires extra>=1" in lines
    assert "  - lib is at 2.0, not held any more; it was: app 1.0 needs lib<2 (precautionary, cheap)" in lines


def test_the_other_way_round():
    lines = told(FRESH, STABLE)
    assert "  app 2.0 -> 1.0 (older): its newest candidate is 1.0; it was 2.0" in lines
    assert "  + lib stays at 1.0, below 2.0: app 1.0 needs lib<2 (precautionary, cheap)" in lines
    assert lines[lines.index("removed (1):") + 1] == "  extra 1.0"


def test_who_needs_an_addition_is_no_reason_for_its_version():
    known = current("app 0.9")
    sides = registry("app 0.9 @1", "app 1.0 @1: extra>=1", "extra 1.0 @1", "extra 1.1 @5")
    early = curate(question(sides, known, before="2026-03-01T00:00:00Z"), mode="fresh")
    late = curate(question(sides, known), mode="fresh")
    assert "  extra 1.0 -> 1.1: uploaded 2026-05-01" in told(early, late, known)
    assert "  extra 1.1 -> 1.0 (older): 1.1 is no candidate: uploaded 2026-05-01, not before 2026-03-01" in told(
        late, early, known
    )


def test_who_excludes_the_other_version_of_an_addition_is_the_reason():
    known = current("app 0.9")
    first = ("app 0.9 @1", "app 1.0 @1: extra<1.1", "extra 1.0 @1")
    old = curate(question(registry(*first), known), mode="fresh")
    new = curate(question(registry(*first, "app 2.0 @3: extra>=1.1", "extra 1.1 @3"), known), mode="fresh")
    assert "  extra 1.0 -> 1.1: app 2.0 requires extra>=1.1" in told(old, new, known)
    assert "  extra 1.1 -> 1.0 (older): app 1.0 requires extra<1.1" in told(new, old, known)


def test_a_snapshot_and_a_plan():
    stale = current("app 1.0", "lib 1.0", "other 1.0", app={"relaxed": ("lib", "gone")})
    plan = curate(question(AFTER, stale), mode="fresh")
    lines = told(stale, plan, stale)
    assert "changed, to the newest candidate where no reason is given (3):" in lines
    assert "  app 1.0 -> 2.0" in lines
    assert lines[lines.index("relaxations (2):") + 1 :][:2] == [
        "  - app: gone; METADATA of 2.0 does not require it",
        "  - app: lib; the plan's 2.0 meets lib>=2",
    ]
    assert lines[-1] == "holds, families and levels are not compared: a snapshot knows none"
    assert not any(one.startswith("holds (") for one in lines)


def test_a_plan_relaxes_what_a_snapshot_does_not():
    sides = registry("app 1.0 @1: lib<2", "lib 1.0 @1", "lib 2.0 @2")
    now = current("app 1.0", "lib 1.0")
    plan = curate(question(sides, now), mode="fresh")
    diff = compare(now, plan, now)
    (change,) = diff.relaxations
    assert [(one.attribute, one.before, one.after) for one in diff.relax_deps] == [("app", (), ("lib",))]
    assert (
        "- [ ] `app`\n  - new: `lib<2` (precautionary, cheap); lib 2.0 of 2026-02-01 came after 1.0 of 2026-01-01.\n\n"
        '  ```nix\n  pythonRelaxDeps = [ "lib" ];\n  ```\n'
    ) in diff_markdown(diff)
    assert "  - `pythonRelaxDeps` is not needed any more.\n" in diff_markdown(compare(plan, now, now))
    assert (change.kind, change.attribute, change.requirement, change.risk) == ("new", "app", "lib<2", "precautionary")
    there = current("app 1.0", "lib 1.0", app={"relaxed": ("*",)})
    assert compare(there, curate(question(sides, there), mode="fresh"), there).relaxations == ()
    assert compare(plan, now, now).relaxations[0].kind == "gone"


def test_a_new_version_leads_to_its_changelog():
    news, evil = "https://a.example/v1.0?(x)&lt=[a](b)", "https://a.example/1.0"
    known = current("app 1.0", "lib 1.0", "other 1.0", app={"recipe": Recipe(changelog=news)})
    plan = curate(question(AFTER, known), mode="fresh")
    diff = compare(known, plan, known)
    assert [one.changelog for one in diff.changed] == ["https://a.example/v2.0?(x)&lt=[a](b)", None, None]
    assert "| `1.0` | [`2.0`](https://a.example/v2.0?%28x%29&amp;lt=[a]%28b%29) |" in diff_markdown(diff)
    back = compare(plan, known, known)
    assert [one.changelog for one in back.changed] == [news, None, None]
    assert [(one.changelog, one.new) for one in back.removed] == [(None, None)]
    # a value that never came through a door is no link either
    forged = replace(diff, changed=tuple(replace(one, changelog=f"javascript:{evil}") for one in diff.changed))
    assert "javascript" not in diff_markdown(forged)


def test_two_snapshots():
    old = current(
        "app 1.0", "lib 1.0", "left 1", "named 1", "tip 0-unstable-2026-01-01", app={"dependencies": ("lib",)}
    )
    new = current(
        *("app 1.0", "lib 2026.04.01", "tip 0-unstable-2026-02-01"),
        app={"dependencies": ("tip",), "relaxed": ("lib",)},
        lib={"note": "held for app", "recipe": Recipe(maintainers=("alice",))},
    )
    new = replace(
        new,
        date="2026-08-01",
        aliases=(Alias(name="named", target="lib", fatal=False, date=None, reason=None),),
        left_out=(("left", "broken"),),
    )
    lines = told(old, new, new)
    assert lines == [
        "from a snapshot to a snapshot",
        "  nixpkgs date: 2026-07-15 -> 2026-08-01",
        "changed (2):",
        "  lib 1.0 -> 2026.04.01: held for app",
        "  tip 0-unstable-2026-01-01 -> 0-unstable-2026-02-01",
        "removed (2):",
        "  left 1: broken",
        "  named 1: renamed to lib",
        "relaxations (1):",
        "  + app: lib",
        "dependencies (1):",
        "  app: +tip -lib",
        "rebuilds: at least 3 attributes (3 of them changed or added)",
        "  6 on darwin, 6 on linux with each interpreter counted; packages outside the Python set are not seen",
        "  labels: 10.rebuild-darwin: 1-10, 10.rebuild-linux: 1-10",
        "  branch by these numbers: master (at most 500 rebuilds on each kernel)",
        "maintainers (1):",
        "  alice: lib",
        "who maintains 4 attributes of these, the current set does not say",
        "holds, families and levels are not compared: a snapshot knows none",
    ]


def test_a_spelling_is_no_change_and_a_plan_knows_no_snapshots_of_sources():
    assert compare(current("a 2026.04.01"), current("a 2026.4.1"), SET).same
    plan = curate(question(registry("a 1.1"), current("a 1.1-unstable-2024-02-21")), mode="stable")
    assert compare(current("a 1.1-unstable-2024-02-21"), plan, SET).same


def test_maintainers_are_mentioned_only_where_that_is_asked_for():
    diff = compare(STABLE, FRESH, SET)
    quiet, loud = diff_markdown(diff), diff_markdown(diff, ping=True)
    assert "@" not in quiet
    assert "- alice: `lib`\n- not a name: `lib`\n- Nobody maintains `app`\n" in quiet
    assert re.findall(r"@\S+", loud) == ["@alice:"]
    assert "  @alice: lib" in told(STABLE, FRESH, ping=True)


def test_applications_and_what_only_one_plan_says():
    more = replace(
        FRESH,
        unknown=(Unknown(project="lib", version="2.0", reason="listed"),),
        update_first=(
            UpdateFirst(project="app", version="2.0", attribute="app", dependency="lib", specifier=">=3", chosen="2.0"),
        ),
        vendoring=tuple(replace(one, recommendation="vendor", reason="it must") for one in FRESH.vendoring),
    )
    lines = told(FRESH, more)
    assert "  tool: vendoring keep -> vendor; it must" in lines
    assert "  + app 2.0 requires lib>=3, and would meet 2.0" in lines
    assert "  + lib 2.0: listed" in lines
    assert "  - lib 2.0: listed" in told(more, FRESH)


@pytest.mark.parametrize(("name", "sides"), [("plans", (STABLE, FRESH)), ("snapshot-plan", (SET, FRESH))])
def test_differences_say_exactly_this(name, sides):
    golden(f"diff-{name}.txt", "".join(f"{line}\n" for line in told(*sides)))
    golden(f"diff-{name}.md", diff_markdown(compare(*sides, SET)))


def test_markdown_is_made_of_sections_with_something_to_say():
    text = diff_markdown(compare(STABLE, FRESH, SET))
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Holds",
        "Changed",
        "Added",
        "Levels",
        "Rebuilds",
        "Maintainers",
    ]
    assert "| `lib` | `1.0` | `2.0` | not held any more; it was: app 1.0 needs `lib<2` (precautionary, cheap) |" in text
    assert "- labels: `10.rebuild-linux: 1-10`\n- branch by these numbers: `master`" in text
    same = diff_markdown(compare(FRESH, FRESH, SET))
    assert "Nothing differs." in same
    assert "\n## " not in same


@pytest.mark.parametrize("sides", [(STABLE, FRESH), (SET, FRESH), (SET, SET), (FRESH, SET)])
def test_what_is_added_one_way_is_removed_the_other_way(sides):
    forth, back = compare(*sides, SET), compare(*reversed(sides), SET)
    assert [(one.attribute, one.new) for one in forth.added] == [(one.attribute, one.old) for one in back.removed]
    assert [(one.attribute, one.old, one.new) for one in forth.changed] == [
        (one.attribute, one.new, one.old) for one in back.changed
    ]
    assert [one.attribute for one in forth.relaxations] == [one.attribute for one in back.relaxations]
    assert forth.same == (sides[0] is sides[1])


@settings(
    max_examples=settings.default.max_examples // 8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plans.plans(), plans.plans(), st.booleans())
def test_any_two_plans_are_compared_and_no_text_becomes_structure(old, new, ping):
    old, new = (replace(one, targets=("3.13 x86_64-linux",)) for one in (old, new))
    assert compare(old, old, SET).same
    diff = compare(old, new, SET)
    assert diff == compare(old, new, SET)
    assert [one.attribute for one in diff.changed] == sorted(one.attribute for one in diff.changed)
    assert next(iter(diff_lines(diff, ping=ping))).startswith("from a plan to a plan")
    text = diff_markdown(diff, ping=ping)
    assert all(line.isprintable() for line in text.split("\n"))
    tokens = PARSER.parse(text)
    inline = [child for one in tokens for child in one.children or []]
    links = {"link_open", "link_close"}
    assert {one.type for one in inline} - links <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
    known = {unquote(one.links.changelog) for one in new.packages if one.links and one.links.changelog}
    assert {unquote(one.attrs["href"]) for one in inline if one.type == "link_open"} <= known
    assert all(len(part) <= 2_000 for part in numbered(diff_document(diff), 2_000))
