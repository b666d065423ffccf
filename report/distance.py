"""How is it told how far an application is from the set? Lines for the terminal, Markdown, tables for JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from report.blocks import outlined
from report.parts import Document
from report.phrases import count, judged, sentence, verb
from report.quote import UNFOLD, Markdown, code, fold, prose, row, say
from report.section import BLANK, LONG, ROW, codes
from report.words import RANK
from solver.distance import Distance, PinDistance, Relation
from solver.lockedbounds import Violated, Weight

_SHORT: dict[Relation, str] = {
    "newer": "newer in the set",
    "older": "older in the set",
    "missing": "not in the set",
    "elsewhere": "in nixpkgs, not in this extract",
    "direct": "from a source",
    "unknown": "cannot be compared",
    "fits": "fits",
    "same": "the same",
}
_LONG: dict[Relation, tuple[str, str]] = {
    "same": ("is the set's version", "are the set's versions"),
    "newer": ("is newer in the set", "are newer in the set"),
    "older": ("is older in the set", "are older in the set"),
    "fits": ("is only bounded and fits", "are only bounded and fit"),
    "missing": ("is not in the set", "are not in the set"),
    "elsewhere": ("is in nixpkgs but not in this extract of it", "are in nixpkgs but not in this extract of it"),
    "direct": ("comes from a source instead of the index", "come from sources instead of the index"),
    "unknown": ("has a version that cannot be compared", "have versions that cannot be compared"),
}
"""What the summary says of one pin and of several, in its order."""

_WEIGHTS: dict[Weight, str] = {
    "application": "asked for by the application",
    "brought": "of a release that the application would bring along",
    "kept": "violated in the set already",
    "replaced": "of a release that the set has at another version",
}


def summary(told: Distance) -> str:
    """Return the answer in a sentence."""
    numbers = {relation: sum(one.relation == relation for one in told.pins) for relation in _LONG}
    parts = [f"{number:,} {verb(number, *_LONG[relation])}" for relation, number in numbers.items() if number]
    first = sum(one.lower for one in told.counted)
    relaxed = len(told.counted) - first
    ends = [f"{count(relaxed, 'bound')} would be relaxed" if relaxed else "no bound would be relaxed"]
    if first:
        ends.append(f"{first:,} {verb(first, 'asks', 'ask')} for a newer version than the set has")
    if told.excluded:
        who = f"Python {told.python} leaves" if told.python else "its own environments leave"
        taken = f" and Python {told.instead} was taken in their place" if told.instead else ""
        ends.append(f"{who} out {count(len(told.excluded), 'target')}{taken}")
    refused = [one for one in told.pins if one.refused]
    if refused:
        pythons = _and(sorted({python for one in refused for python in one.refused}, key=lambda one: (len(one), one)))
        ends.append(f"Python {pythons} cannot run {count(len(refused), 'release')} of the set")
    if told.unknown:
        ends.append(f"the bounds of {count(len(told.unknown), 'release')} are not known")
    projects = len({one.project for one in told.pins})
    pins = "" if projects == len(told.pins) else f"{count(len(told.pins), 'pin')} of "
    return f"of {pins}{count(projects, 'project')} {_and(parts)}; {', '.join(ends)}"


def _and(parts: Sequence[str]) -> str:
    if not parts:
        return "none is installed on these targets"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def distance_lines(told: Distance, *, everything: bool = False) -> Iterator[str]:
    """Yield lines for a terminal that the caller protects; the answer comes last.

    Args:
        told: what was found.
        everything: whether to show equal pins and bounds that stand in nobody's way.
    """
    yield f"{told.name} ({told.kind}) against {told.set_name}"
    shown = [one for one in told.pins if everything or not _is_met(one)]
    cells = [(str(one.project), _locked(one), one.there or "-", _said(told, one)) for one in shown]
    if cells:
        cells.insert(0, ("project", "lock", "set", ""))
        widths = [min(max(len(line[i]) for line in cells), 40) for i in range(3)]
        for line in cells:
            yield "  ".join((*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3])).rstrip()
    for heading, bounds in _grouped(told, everything=everything):
        yield f"{heading}:"
        for one in bounds:
            yield f"  {_edge(one)}; the set has {one.chosen}{_class(one)}"
            if one.evidence:
                yield f"    {one.evidence}"
    if told.nowhere:
        names = ", ".join(f"{project} {version or ''}".strip() for project, version in told.nowhere)
        yield f"installed on none of the targets: {names}"
    if told.unknown:
        yield f"brought along, bounds not known: {', '.join(f'{name} {version}' for name, version in told.unknown)}"
    yield summary(told)


def _grouped(told: Distance, *, everything: bool) -> Iterator[tuple[str, list[Violated]]]:
    """Yield what stands in the way first, then what does not."""
    counted = told.counted
    for heading, bounds in (
        ("the set is too old for", [one for one in counted if one.lower]),
        ("would be relaxed", [one for one in counted if not one.lower]),
    ):
        if bounds:
            yield heading, bounds
    if everything:
        rest = [one for one in told.violated if one not in counted]
        for weight in dict.fromkeys(one.weight for one in rest):
            yield f"in nobody's way, {_WEIGHTS[weight]}", [one for one in rest if one.weight == weight]


def _edge(one: Violated) -> str:
    depender = "the application" if one.depender is None else f"{one.depender} {one.version}"
    return f"{depender} requires {one.dependency}{_bound(one.text)}{f' ({one.part})' if one.part else ''}"


def _edge_markdown(one: Violated) -> Markdown:
    depender = "the application" if one.depender is None else code(f"{one.depender} {one.version}")
    wants = code(f"{one.dependency}{_bound(one.text)}")
    return say("{} requires {} ({})", depender, wants, one.part) if one.part else say("{} requires {}", depender, wants)


def _bound(text: str) -> str:
    """Return a bound as it may follow a name: Poetry writes some without an operator."""
    return f" {text}" if text[:1].isalnum() or " " in text or text[:1] in "^~" else text


def _locked(one: PinDistance) -> str:
    return one.locked or one.asked or "-"


def _class(one: Violated) -> str:
    return f" ({_judged(one)})" if one.risk is not None else ""


def _judged(one: Violated) -> str:
    """Return the class with its price, and whether it only stands for what nobody knows."""
    text = judged(one.risk or "")
    return text if one.shown else f"not known, counted as {text}"


def bridge_text(told: Distance, pin: PinDistance) -> str:
    """Return what taking the set's version in the place of a pin would violate, by class, the riskiest first."""
    bounds = told.bridge(pin)
    classes = Counter((one.risk, one.shown) for one in bounds if one.risk is not None)
    parts = [
        f"{classes[risk, shown]:,} {risk if shown else f'not known, counted as {risk}'}"
        for risk, shown in sorted(classes, key=lambda one: (-RANK[one[0]], not one[1]))
    ]
    first = sum(one.lower for one in bounds)
    said = [f"{count(first, 'bound')} {verb(first, 'asks', 'ask')} for newer"] if first else []
    said += [f"{count(sum(classes.values()), 'bound')} to relax: {', '.join(parts)}"] if parts else []
    return " and ".join(said) or "no bound in the way"


def _said(told: Distance, one: PinDistance) -> str:
    text = _SHORT[one.relation]
    if one.relation in ("newer", "older"):
        text += f"; {bridge_text(told, one)}"
    if one.refused:
        text += f"; Python {_and(one.refused)} cannot run it, for it requires {one.requires_python}"
    if one.relation == "direct":
        text = f"from {one.source} {one.address}"
    if one.series is not None:
        text += f"; {one.series} has this version"
    if one.targets is not None:
        text += f"; on {len(one.targets)} of the targets"
    return text


def _is_met(one: PinDistance) -> bool:
    return one.relation in ("same", "fits") and not one.refused


def distance_document(told: Distance) -> Document:
    """Return the comparison as Markdown, for an issue or a pull request."""
    lines = [say("# {} against {}", code(told.name), told.set_name), BLANK, Markdown(prose(summary(told)) + "."), BLANK]
    equal = [one for one in told.pins if _is_met(one)]
    differ = [one for one in told.pins if not _is_met(one)]
    if differ:
        lines += [Markdown("## Pins that differ"), BLANK, *_table(told, differ), BLANK]
    for heading, bounds in _grouped(told, everything=True):
        title = heading[0].upper() + heading[1:]
        items = [_item(one) for one in bounds]
        if len(items) > LONG:
            items = [fold(count(len(items), "bound")), *items, BLANK, UNFOLD]
        lines += [say("## {}", title), BLANK, *items, BLANK]
    if equal:
        names = [f"{one.project} {one.there}" for one in equal]
        lines += [Markdown("## Pins that the set meets"), BLANK, *_rows(names)]
    if told.nowhere:
        names = [f"{project} {version or ''}".strip() for project, version in told.nowhere]
        lines += [Markdown("## Installed on none of the targets"), BLANK, *_rows(names)]
    if told.unknown:
        names = [f"{project} {version}" for project, version in told.unknown]
        lines += [Markdown("## Brought along, bounds not known"), BLANK, *_rows(names)]
    if told.notes:
        lines += [Markdown("## Notes"), BLANK, *(say("- {}", prose(note)) for note in told.notes), BLANK]
    return outlined(lines[:-1])


def _item(one: Violated) -> Markdown:
    told = say("- {}; the set has {}", _edge_markdown(one), code(one.chosen))
    return told if one.risk is None else say("{} ({}): {}", told, _judged(one), prose(sentence(one.evidence)))


def _rows(names: Sequence[str]) -> Iterator[Markdown]:
    """Yield paragraphs of names, of which none is too long to stay whole in a comment."""
    for i in range(0, len(names), ROW):
        yield codes(names[i : i + ROW])
        yield BLANK


def _table(told: Distance, pins: Sequence[PinDistance]) -> Iterator[Markdown]:
    yield row("project", "lock", "set", "what")
    yield Markdown("|---|---|---|---|")
    for one in pins:
        locked = code(_locked(one)) if one.locked or one.asked else None
        yield row(code(one.project), locked, code(one.there) if one.there else None, _said(told, one))


def _bridge(told: Distance, pin: PinDistance) -> dict[str, Any]:
    bounds = told.bridge(pin)
    classes = Counter(one.risk for one in bounds if one.risk is not None)
    return {
        "relaxed": {risk: classes[risk] for risk in sorted(classes, key=lambda one: -RANK[one])},
        "update_first": sum(one.lower for one in bounds),
    }


def distance_json(told: Distance) -> dict[str, Any]:
    """Return the comparison for programs."""
    return {
        "lock": told.name,
        "kind": told.kind,
        "set": told.set_name,
        "served": told.served,
        "summary": summary(told),
        "pins": [
            {
                "project": one.project,
                "lock": one.locked,
                **({"asked": one.asked} if one.asked else {}),
                "set": one.there,
                "attribute": one.attribute,
                "relation": one.relation,
                **({"bridge": _bridge(told, one)} if one.relation in ("newer", "older") else {}),
                **({"series": one.series} if one.series else {}),
                **({"source": one.source, "address": one.address} if one.source != "index" else {}),
                **({"targets": list(one.targets)} if one.targets is not None else {}),
                **({"requires_python": one.requires_python, "refused": list(one.refused)} if one.refused else {}),
            }
            for one in told.pins
        ],
        "bounds": [
            {
                "project": one.depender,
                "version": one.version,
                "dependency": one.dependency,
                "specifier": one.text,
                "chosen": one.chosen,
                "part": "lower" if one.lower else "upper",
                **({"class": one.risk, "evidence": one.evidence} if one.risk is not None else {}),
                **({} if one.shown else {"shown": False}),
                "of": one.weight,
                "in_the_way": one in told.counted,
                **({"group": one.part} if one.part else {}),
            }
            for one in told.violated
        ],
        "nowhere": [{"project": project, "lock": version} for project, version in told.nowhere],
        "unknown": [{"project": project, "lock": version} for project, version in told.unknown],
        "application_bounds_known": told.bounded,
        "python": told.python,
        "excluded_targets": list(told.excluded),
        "python_instead": told.instead or None,
        "notes": list(told.notes),
    }
