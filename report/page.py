"""How is a plan shown as a page to look at? ``plan.html``: one file that asks nothing of any network.

Text from outside comes into the page in two ways: jinja2 escapes what the template shows, and everything else is JSON
in a block that no browser executes, which the script puts into the document as text. A policy in the page's head lets
the browser run this script and this style alone, and fetch nothing.
"""

import hashlib
import json
from base64 import b64encode
from functools import cache
from typing import Any

from report.nearby import NOTHING, Nearby
from report.pageblocks import story_blocks
from report.pagecharts import charts
from report.pagedata import CHANGED, page_data
from report.pagelines import Names, shown
from report.pagestory import stories
from report.phrases import verb
from report.templates import fill_page, page_source
from report.words import LEVELS, STATUSES
from solver.plan import Plan

SCRIPTS = ("facts.js", "text.js", "table.js", "graph.js", "project.js", "start.js")
"""The parts of the script, in their order; they share one scope."""


def plan_page(plan: Plan, near: Nearby = NOTHING) -> str:
    """Return the page: the same plan and facts give the same text."""
    style, script, names = page_source("page.css"), _script(), Names(plan)
    values = {
        "status": plan.status,
        "sentence": STATUSES[plan.status],
        "figures": [(number, what, view if number != "0" else None) for number, what, view in _figures(plan)],
        "levels": [(LEVELS[one.name], f"{one.value:,}", f"{one.bound:,}") for one in plan.levels if one.name in LEVELS],
        "provenance": _provenance(plan),
        "charts": list(charts(plan)),
        "script_hash": digest(script),
        "style_hash": digest(style),
    }
    blocks = [embedded(block) for block in story_blocks(stories(plan, names), len(plan.packages))]
    ours = {"script": script, "style": style, "facts": embedded(page_data(plan, names, near))}
    return fill_page("page.html", values, ours, {"stories": blocks})


def embedded(value: Any) -> str:
    r"""Return JSON that cannot end the block that it is in, nor be anything but JSON in it.

    >>> embedded(["</script><!--\u2028"])
    '["\\u003c/script\\u003e\\u003c!--\\u2028"]'
    """
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def digest(text: str) -> str:
    """Return what a page's policy calls a script or style."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _script() -> str:
    parts = "\n".join(page_source(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _figures(plan: Plan) -> list[tuple[str, str, str]]:
    """Return ``(number, what, address that shows them)`` for the head of the summary."""
    moved = sum(one.state in CHANGED for one in plan.packages)
    by_policy = len(plan.held_by_policy or ())
    told = [
        (len(plan.packages), "project", "projects", "projects"),
        (moved, "changes its version", "change their version", "projects&state=changed"),
        (len(plan.held), "hold", "holds", "held"),
        *([(by_policy, "held by policy", "held by policy", "by-policy")] if by_policy else []),
        (len(plan.relaxed), "relaxation", "relaxations", "relaxations"),
        (len(plan.update_first), "update first", "update first", "update-first"),
        (len(plan.added), "to be added", "to be added", "added"),
        (len(plan.stale_relaxations), "stale relaxation", "stale relaxations", "stale"),
        (len(plan.unknown), "unknown", "unknown", "unknown"),
    ]
    return [(f"{number:,}", verb(number, one, many), view) for number, one, many, view in told]


def _provenance(plan: Plan) -> list[tuple[str, str]]:
    facts = [("mode", plan.mode), ("targets", ", ".join(plan.targets)), *plan.dataset]
    return [(shown(name.replace("_", " ")), shown(value)) for name, value in facts]
