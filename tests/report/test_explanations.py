"""The page that compares how conflicts are told shows what coset prints.

After a wanted change of the words, run the tests with ``COSET_GOLDEN=write`` in the environment and read the
differences; ``docs/compare.py`` records what other resolvers print.
"""

import importlib.util
import os
import re
from pathlib import Path

import pytest
from toys import release

from coset.__main__ import main
from dataset.records import File
from dataset.store import Store
from report.markdown import plan_markdown
from solver.plan import Plan
from solver.planconflict import Conflict, Core, Fix, Reason, Remedy, Step

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "explanations.md"
_SPEC = importlib.util.spec_from_file_location("compare", DOCS / "compare.py")
compare = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(compare)
SECTIONS = {
    match[0].partition("\n")[0][3:]: match[0]
    for match in compare.SECTION.finditer(PAGE.read_text(encoding="utf-8"))
    if "releases" in compare.blocks(match[0])
}
FACT = re.compile(r" *\{(\w+)=([^}]*)\}")


def dataset(releases, path):
    """Write a dataset of a universe: a release per line, with a wheel each so that installers take them."""
    made = []
    for line in releases.splitlines():
        text, facts = FACT.sub("", line), dict(FACT.findall(line))
        name, version = text.partition(":")[0].split()[:2]
        known = {"requires_python": facts["python"]} if "python" in facts else {}
        known |= {"yanked": facts["yanked"]} if "yanked" in facts else {}
        extras = tuple(facts["extras"].split(",")) if "extras" in facts else ()
        wheel = File(name=f"{name.replace('-', '_')}-{version}-py3-none-any.whl")
        made.append(release(text, files=(wheel,), extras=extras, **known))
    with Store.create(path) as store:
        store.put(made)
    return path


@pytest.mark.parametrize("title", SECTIONS)
def test_the_page_shows_what_coset_prints(title, tmp_path, capsys):
    found = compare.blocks(SECTIONS[title])
    db = dataset(found["releases"], tmp_path / "db.sqlite")
    assert main(["resolve", "--no-relax", "--db", str(db), *found["asked"].split()]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    if os.environ.get("COSET_GOLDEN") == "write":
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.replace(SECTIONS[title], compare.put(SECTIONS[title], "coset", out)), encoding="utf-8")
    else:
        assert out == found["coset"]


def test_there_are_five_and_each_has_the_texts_of_others():
    assert len(SECTIONS) == 5
    for section in SECTIONS.values():
        found = compare.blocks(section)
        assert set(found) == {"releases", "asked", "coset", "uv", "pip", "rattler"}
        assert all(text.strip() for text in found.values())


REASONS = (
    Reason(id="a" * 12, sentence="a 1.0 requires x<2", siblings=("b", "c")),
    Reason(id="b" * 12, sentence="x>=2 is asked for"),
)
STEPS = (
    Step(number=1, reason="b" * 12, after=(), so="x is 2.0"),
    Step(number=2, reason="a" * 12, after=(1,), so="no version of x is left"),
)
FIX = Fix(
    remedies=tuple(
        Remedy(
            kind="relax", reason="a" * 12, sentence=f"relax x{space}<2 of {name} 1.0 and let it meet x 2.0", risk="pin"
        )
        for name, space in (("a", ""), ("b", " "), ("c", ""))
    ),
    versions=(("x", "2.0"),),
)


def test_markdown_tells_the_same_tree_and_the_ways_out_as_a_list_to_do():
    conflict = Conflict(
        core=("a 1.0 requires x<2",), correction=(), cores=(Core(reasons=REASONS, steps=STEPS),), fixes=(FIX,)
    )
    plan = Plan(status="conflict", mode="fresh", targets=(), dataset=(), levels=(), packages=(), conflict=conflict)
    text = plan_markdown(plan)
    path = Path(__file__).parent / "golden" / "conflict-tree.md"
    if os.environ.get("COSET_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert (
        "- no version of x is left, because a 1.0 requires `x<2` (so do b and c) and\n"
        "  - x is 2.0, because `x>=2` is asked for.\n"
    ) in text
    assert (
        "- [ ] relax `x<2` of 3 projects: a 1.0, b 1.0 and c 1.0, and let them meet x 2.0 (pin, risky), then `x 2.0`\n"
        in text
    )
