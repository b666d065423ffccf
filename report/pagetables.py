"""Which tables does the page have, and what is in them? Columns and rows as plain values, which the script shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from report.blockers import cause_of
from report.edits import needed
from report.moves import skipped
from report.pagecharts import BEHIND, behind
from report.pagelines import Names, shown
from report.phrases import judged
from report.words import CLASSES, STATES, UNKNOWN, hook_hits
from solver.plan import Plan
from solver.planwords import told_kind

RISKS = (*CLASSES, "update-first", "missing")
"""The classes of relaxations, and what stands in their place where a hold is told."""

TONES = {"updated": "good", "added": "plan", "held": "hold", "downgraded": "bad", "unchanged": "calm"}
RISK_TONES = {"lifted": "good", "precautionary": "good", "override": "plan"}

Row = list[Any]


def column(title: str, kind: str = "text", **facts: object) -> dict[str, Any]:
    """Return a column.

    Args:
        title: its heading.
        kind: ``project`` (a number, shown as a link), ``version``, ``text``, ``number`` or ``badge`` (a position in
            ``words``, shown with the tone at the same position).
        **facts: ``words`` and ``tones`` of badges; ``middling`` where a telephone leaves the column out, ``wide`` where
            a small window does so, too.
    """
    return {"title": title, "kind": kind, **facts}


def risk_column(title: str = "class", **facts: object) -> dict[str, Any]:
    """Return the column of a risk class."""
    tones = [RISK_TONES.get(risk, "bad") for risk in RISKS]
    return column(title, "badge", words=[judged(risk) for risk in RISKS], tones=tones, **facts)


def tables(plan: Plan, names: Names, dependers: Sequence[int] | None, *, today: bool) -> list[dict[str, Any]]:
    """Return the tables; those that only some plans have are left out where they are empty.

    Args:
        plan: what they are about.
        names: the numbers of its projects.
        dependers: how many projects require each; None where that is not known.
        today: whether they do so in the current set instead of the plan.
    """
    risks = _risks_of_holds(plan, names)
    found = [
        _projects(plan, dependers, today=today),
        _table("held", "Held", HELD, _HELD_COLUMNS, _held(plan, names), risks=risks),
        _table("relaxations", "Relaxations", RELAXED, _RELAXED_COLUMNS, _relaxed(plan, names), risk_at=4),
    ]
    others = (
        ("update-first", "Update first", FIRST, _FIRST_COLUMNS, _firsts),
        ("added", "To be added", ADDED, _ADDED_COLUMNS, _added),
        ("left-out", "Left out", LEFT, _LEFT_COLUMNS, _left),
        ("stale", "Stale relaxations", STALE, _STALE_COLUMNS, _stale),
        ("by-policy", "Held by policy", POLICY, _POLICY_COLUMNS, _by_policy),
        ("excluded", "Excluded releases", OVER, _OVER_COLUMNS, _over),
        ("unknown", "Unknown", UNREAD, _UNREAD_COLUMNS, _unknown),
    )
    for name, title, lead, columns, rows in others:
        made = _table(name, title, lead, columns, rows(plan, names))
        if made["rows"]:
            found.append(made)
    return found


HELD = "Projects kept below their newest candidate. A project's page says why, with links to the causes."
RELAXED = "Upper parts of specifiers that the plan violates; what pythonRelaxDeps undoes."
FIRST = "Violated lower parts. They are never relaxed: the dependency has to be updated before its depender is right."
ADDED = "Projects that the plan needs and the current set does not hold."
LEFT = "Requirements that do not count, because nixpkgs builds the current release without them."
STALE = "Names in pythonRelaxDeps that the plan does not need."
POLICY = "Projects that an entry of the policy keeps below their newest release."
OVER = "Releases newer than the chosen ones that are no candidates, with the reason."
UNREAD = "What nobody could read. It constrains nothing, so the plan rests on it without proof."

_WIDE = {"wide": True}
_MIDDLING = {"middling": True}
_HELD_COLUMNS = (
    column("project", "project"),
    column("plan", "version"),
    column("newest", "version"),
    column("current", "version", **_WIDE),
    column("requirements", "number"),
    column("first cause", "text", **_MIDDLING),
)
_RELAXED_COLUMNS = (
    column("project", "project"),
    column("version", "version", **_WIDE),
    column("requires", "text"),
    column("meets", "version"),
    risk_column(middling=True),
    column("in nixpkgs", "badge", words=["new", "already"], tones=["hold", "calm"], wide=True),
    column("beside", "text", **_WIDE),
)
_FIRST_COLUMNS = (
    column("project", "project"),
    column("version", "version", **_WIDE),
    column("requires", "text"),
    column("the plan has", "version"),
)
_ADDED_COLUMNS = (
    column("project", "project"),
    column("needed", "version"),
    column("plan", "version"),
    column("in nixpkgs", "badge", words=["this set does not know it", "outside this set"], tones=["hold", "calm"]),
    column("requirements", "number", **_WIDE),
    column("first requirement", "text", **_MIDDLING),
)
_LEFT_COLUMNS = (column("project", "project"), column("version", "version", **_WIDE), column("requires", "text"))
_STALE_COLUMNS = (column("project", "project"), column("name", "text"), column("why", "text", **_MIDDLING))
_POLICY_COLUMNS = (
    column("project", "project"),
    column("plan", "version"),
    column("newest release", "version"),
    column("entry", "text", **_WIDE),
    column("why", "text", **_MIDDLING),
)
_OVER_COLUMNS = (
    column("project", "project"),
    column("plan", "version", **_WIDE),
    column("newest such", "version"),
    column("releases", "number", **_WIDE),
    column("why", "text"),
)
_UNREAD_COLUMNS = (
    column("project", "project"),
    column("version", "version", **_WIDE),
    column("why", "text"),
    column("requirement", "text", **_WIDE),
)


def _table(
    name: str,
    title: str,
    lead: str,
    columns: Iterable[Mapping[str, Any]],
    rows: list[Row],
    **facts: object,
) -> dict[str, Any]:
    return {"name": name, "title": title, "lead": lead, "columns": list(columns), "rows": rows, **facts}


def _projects(plan: Plan, dependers: Sequence[int] | None, *, today: bool) -> dict[str, Any]:
    columns = [
        column("project", "project"),
        column("attribute", "text", **_WIDE),
        column("current", "version", **_WIDE),
        column("plan", "version"),
        column("newest", "version", **_MIDDLING),
        column("state", "badge", words=list(STATES), tones=[TONES[state] for state in STATES]),
        column("distance", "badge", words=list(BEHIND), tones=["good", "calm", "hold", "bad", "calm"], **_MIDDLING),
    ]
    rows: list[Row] = [
        [
            i,
            shown(one.attribute),
            _version(one.current),
            _version(one.version),
            _version(one.newest),
            STATES.index(one.state),
            behind(one.version, one.newest),
        ]
        for i, one in enumerate(plan.packages)
    ]
    lead = "Every project of the plan, with its version now, in the plan, and its newest candidate."
    if dependers is not None:
        columns.append(column("dependers today" if today else "dependers", "number", **_WIDE))
        rows = [[*row, dependers[i]] for i, row in enumerate(rows)]
        lead += " Dependers are those in nixpkgs today, not those in the plan." if today else ""
    risks = _risks_of_projects(plan)
    return _table("projects", "Projects", lead, columns, rows, states=5, risks=risks)


def _version(text: str | None) -> str:
    return "" if text is None else shown(text)


def _risks_of_projects(plan: Plan) -> list[list[int]]:
    found: list[set[int]] = [set() for _ in plan.packages]
    numbers: dict[str, int] = {one.project: i for i, one in enumerate(plan.packages)}
    edges: list[tuple[str, str]] = [(edge.project, edge.risk) for edge in plan.relaxed]
    edges += [(hold.project, edge.risk) for hold in plan.held for edge in hold.because]
    edges += [(edge.project, "update-first") for edge in plan.update_first]
    for project, risk in edges:
        if project in numbers:
            found[numbers[project]].add(RISKS.index(risk))
    return [sorted(one) for one in found]


def _risks_of_holds(plan: Plan, names: Names) -> list[list[int]]:
    held = [one for one in plan.held if one.project in names.numbers]
    return [sorted({RISKS.index(edge.risk) for edge in one.because}) for one in held]


def _held(plan: Plan, names: Names) -> list[Row]:
    found: list[Row] = []
    for hold in plan.held:
        number = names.numbers.get(hold.project)
        if number is not None:
            now = plan.packages[number].current
            versions = (shown(hold.chosen), shown(hold.newest), _version(now))
            found.append([number, *versions, len(hold.because), shown(cause_of(hold))])
    return found


def _relaxed(plan: Plan, names: Names) -> list[Row]:
    return [
        [
            _of(names.numbers, one.project),
            shown(one.version),
            told_kind(shown(one.spelling + one.specifier), one.kind),
            shown(one.chosen),
            RISKS.index(one.risk),
            int(one.already),
            shown(hook_hits(one)),
        ]
        for one in plan.relaxed
    ]


def _firsts(plan: Plan, names: Names) -> list[Row]:
    return [
        [
            _of(names.numbers, one.project),
            shown(one.version),
            shown(f"{one.dependency}{one.specifier}"),
            shown(one.chosen),
        ]
        for one in plan.update_first
    ]


def _added(plan: Plan, names: Names) -> list[Row]:
    found: list[Row] = []
    for one in plan.added:
        first = f"{one.because[0][0]} needs {one.because[0][2]}" if one.because else ""
        versions = (" ".join(needed(one)), _version(one.version))
        found.append([_of(names.numbers, one.project), *versions, int(one.elsewhere), len(one.because), shown(first)])
    return found


def _left(plan: Plan, names: Names) -> list[Row]:
    return [[_of(names.numbers, one.project), shown(one.version), shown(one.requires)] for one in plan.left_out]


def _stale(plan: Plan, names: Names) -> list[Row]:
    return [
        [_of(names.by_attribute, one.attribute), shown(one.name), shown(one.reason)] for one in plan.stale_relaxations
    ]


def _by_policy(plan: Plan, names: Names) -> list[Row]:
    return [
        [_of(names.numbers, one.project), shown(one.chosen), shown(one.newest), one.action, shown(one.reason)]
        for one in plan.held_by_policy or ()
    ]


def _over(plan: Plan, names: Names) -> list[Row]:
    return [
        [
            names.by_attribute[one.attribute],
            _version(one.chosen),
            shown(one.versions[-1]),
            len(one.versions),
            shown(one.reason),
        ]
        for one in skipped(plan)
    ]


def _unknown(plan: Plan, names: Names) -> list[Row]:
    return [
        [
            _of(names.numbers, one.project),
            _version(one.version),
            shown(UNKNOWN.get(one.reason, one.reason)),
            _version(one.requirement),
        ]
        for one in plan.unknown
    ]


def _of(numbers: Mapping[Any, int], name: str) -> int | str:
    """Return the number of a project, or its name where the plan does not hold it."""
    return numbers.get(name, shown(name))
