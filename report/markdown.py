"""How is a plan told to a reviewer? ``plan.md``, made to be pasted into a pull request.

The environment quotes every expression that is not Markdown already, so that a template cannot forget to.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from report import templates
from report.blockers import LISTED, obstacles, strongest
from report.moves import downgrades, moves, skipped, updates
from report.quote import UNFOLD, Markdown, code, fence, fold, inline, row, series
from report.relaxdeps import relax_deps
from report.words import CLASSES, LEVELS, STATUSES, count, counts, judged, price, relaxations_by_class, sentence, verb
from solver.plan import Plan, Relaxation

LONG = 25
"""Lists with more entries are folded away."""


def plan_markdown(plan: Plan) -> str:
    """Return the report of a plan: all its sections, or the conflict where there is no set."""
    if plan.conflict is not None:
        return _render(templates.CONFLICT, plan=plan, status=STATUSES[plan.status])
    context = {
        "plan": plan,
        "status": STATUSES[plan.status],
        "counts": counts(plan),
        "relaxations_by_class": relaxations_by_class(plan),
        "levels": [level for level in plan.levels if level.name in LEVELS],
        "updates": updates(plan),
        "downgrades": downgrades(plan),
        "moves": moves(plan),
        "strongest": strongest(plan.held),
        "relax_deps": relax_deps(plan),
        "skipped": skipped(plan),
    }
    return _render(*templates.PLAN, **context)


def _render(*sections: str, **context: object) -> str:
    return "".join(_template(section).render(context) for section in sections)


@cache
def _template(source: str) -> Template:
    return _environment().from_string(source)


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=False,  # noqa: S701 - that is HTML's way of quoting; finalize quotes as Markdown needs it
        finalize=inline,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["long"] = _is_long
    environment.filters.update(
        code=code,
        codes=codes,
        edge_text=edge_text,
        judged=judged,
        release=release,
        releases=releases,
        sentence=sentence,
    )
    environment.globals.update(
        COMMA=Markdown(", "),
        SPACE=Markdown(" "),
        UNFOLD=UNFOLD,
        classes={name: Markdown(words) for name, words in CLASSES.items()},
        count=count,
        fence=fence,
        fold=fold,
        level_words=LEVELS,
        listed=LISTED,
        obstacles=obstacles,
        price=price,
        row=row,
        verb=verb,
    )
    return environment


def _is_long(entries: Sequence[object]) -> bool:
    return len(entries) > LONG


def codes(texts: Iterable[str]) -> Markdown:
    """Return the texts as code spans in a row."""
    return series(code(text) for text in texts)


def release(name: str, version: str | None) -> Markdown:
    """Return a project or attribute with its version; the name alone where the version is not known."""
    return code(name if version is None else f"{name} {version}")


def releases(pairs: Iterable[tuple[str, str]]) -> Markdown:
    """Return several releases in a row."""
    return series(release(name, version) for name, version in pairs)


def edge_text(edge: Relaxation) -> Markdown:
    """Return an edge and what it meets, in one phrase."""
    wants = code(f"{edge.spelling}{edge.specifier}")
    return Markdown(f"{release(edge.attribute, edge.version)} needs {wants} and meets {code(edge.chosen)}")
