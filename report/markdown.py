"""How is a plan told to a reviewer? ``plan.md``, made to be pasted into a pull request.

The template quotes every expression that is not Markdown already, so that no section can forget to. It is one short
template, because compiling templates took a tenth of the time of a whole solve: sections are prepared in Python.
"""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from report.caveats import conflict_sections, cycles_section, unknown_section, vendoring_section
from report.changes import excluded_section, held_section, provenance, summary, updates_section
from report.differences import optional_sections
from report.edits import added_section, left_out_section, relaxed_section, stale_section, update_first_section
from report.quote import inline
from report.section import Section
from report.words import STATUSES
from solver.plan import Plan

PAGE = """\
# Plan for nixpkgs' Python set

{{ status }}

{% for line in head %}
{{ line }}
{% endfor %}
{% for section in sections %}

## {{ section.title }}

{{ section.lead }}

{% for line in section.body %}
{{ line }}
{% endfor %}
{% endfor %}
"""

SECTIONS = (
    *(updates_section, held_section, relaxed_section, update_first_section, added_section, left_out_section),
    *(stale_section, vendoring_section, cycles_section, unknown_section, excluded_section),
)
"""The sections of every plan, in their order; those that only some plans have follow."""


def plan_markdown(plan: Plan) -> str:
    """Return the report of a plan: all its sections, or the conflict where there is no set."""
    if plan.conflict is not None:
        return page(STATUSES[plan.status], provenance(plan), conflict_sections(plan))
    return page(
        STATUSES[plan.status], summary(plan), (*(section(plan) for section in SECTIONS), *optional_sections(plan))
    )


def page(status: str, head: Iterable[str], sections: Iterable[Section]) -> str:
    """Return a whole report; every text that is not Markdown is quoted."""
    return _template().render(status=status, head=head, sections=sections)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=False,  # noqa: S701 - that is HTML's way of quoting; finalize quotes as Markdown needs it
        finalize=inline,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(PAGE)
