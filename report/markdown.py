"""How is a plan told to a reviewer? ``plan.md``, made to be pasted into a pull request, in parts where it is long."""

from dataclasses import replace

from report.blocks import document
from report.caveats import conflict_sections, cycles_section, unknown_section, vendoring_section
from report.changes import excluded_section, held_section, provenance, summary, updates_section
from report.differences import optional_sections
from report.edits import added_section, left_out_section, relaxed_section, stale_section, update_first_section
from report.parts import COMMENT_LIMIT, Document, numbered, whole
from report.words import STATUSES
from solver.plan import Plan

HEADING = "# Plan for nixpkgs' Python set"

SECTIONS = (
    *(updates_section, held_section, relaxed_section, update_first_section, added_section, left_out_section),
    *(stale_section, vendoring_section, cycles_section, unknown_section, excluded_section),
)
"""The sections of every plan, in their order; those that only some plans have follow."""

DECISIONS = ("Relaxations", "Update first", "Held", "To be added", "Vendoring", "Stale relaxations")
"""What a reviewer has to decide, most important first; where a report has parts, it begins with these."""


def plan_markdown(plan: Plan) -> str:
    """Return the report of a plan: all its sections, or the conflict where there is no set."""
    return whole(plan_document(plan))


def plan_parts(plan: Plan, limit: int = COMMENT_LIMIT) -> tuple[str, ...]:
    """Return the report of a plan as parts of which each is short enough for one comment."""
    return numbered(plan_document(plan), limit)


def plan_document(plan: Plan) -> Document:
    """Return the report of a plan, to be told whole or in parts."""
    status = STATUSES[plan.status]
    if plan.conflict is not None:
        return Document(HEADING, document(status, provenance(plan), conflict_sections(plan)))
    sections = (*(section(plan) for section in SECTIONS), *optional_sections(plan))
    weighed = (replace(one, weight=_weight(one.title)) for one in sections)
    return Document(HEADING, document(status, summary(plan), weighed))


def _weight(title: str) -> int:
    return DECISIONS.index(title) if title in DECISIONS else len(DECISIONS)
