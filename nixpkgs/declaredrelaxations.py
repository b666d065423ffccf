"""Does METADATA show the need of what stands in ``pythonRelaxDeps`` and ``pythonRemoveDeps``?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from nixpkgs.checkedrelease import Checked, Line, violates
from nixpkgs.checkfindings import Finding
from nixpkgs.listneeds import Need, hit_lines, is_bounded, relaxation_need, removal_need, why_idle, why_open, worst
from normalize.projects import ProjectName, extra_name
from normalize.relaxhook import EVERYTHING
from normalize.specifiers import Part
from normalize.versions import parse_version
from solver.sentences import first_few

Newest = Callable[[ProjectName], str | None]
"""The newest version of a project that the dataset holds."""


def relaxation_findings(checked: Checked, newest: Newest) -> Iterator[Finding]:
    """Yield what there is to say of each name in ``pythonRelaxDeps``."""
    for name in dict.fromkeys(checked.attribute.relaxed):
        if name == EVERYTHING:
            yield from _everything(checked, "pythonRelaxDeps", [one for one in checked.lines if one.left is not None])
            continue
        own, beside = hit_lines(checked, name)
        told = list(_relaxed(checked, name, own or beside, newest))
        caught = [one for one in beside if one.targets and one.left is not None and relaxation_need(one) != "idle"]
        if any(one.kind == "stale-relaxation" for one in told):
            if own and caught:
                yield _prefix(checked, "pythonRelaxDeps", name, caught, instead=True)
            else:
                yield from (_hits_besides(one, beside if own else ()) for one in told)
            continue
        yield from told
        if beside:
            yield _prefix(checked, "pythonRelaxDeps", name, beside)


def removal_findings(checked: Checked) -> Iterator[Finding]:
    """Yield what there is to say of each name in ``pythonRemoveDeps``."""
    for name in dict.fromkeys(checked.attribute.removed):
        if name == EVERYTHING:
            yield from _everything(checked, "pythonRemoveDeps", checked.lines)
            continue
        own, beside = hit_lines(checked, name, removing=True)
        told = list(_removed(checked, name, own or beside))
        caught = [one for one in beside if one.targets and removal_need(checked, one) != "idle"]
        if any(one.kind == "stale-removal" for one in told):
            if own and caught:
                yield _prefix(checked, "pythonRemoveDeps", name, caught, instead=True)
            else:
                yield from (_hits_besides(one, beside if own else ()) for one in told)
            continue
        yield from told
        lost = [one for one in beside if one.targets and one not in caught]
        if own and lost:
            yield _prefix(checked, "pythonRemoveDeps", name, lost)


def _prefix(checked: Checked, field: str, name: str, lines: Sequence[Line], *, instead: bool = False) -> Finding:
    """Return the finding that a name hits other requirements, which may be the only ones that need it."""
    texts = first_few([one.requirement.text for one in lines])
    does = f"makes {name} of" if field == "pythonRelaxDeps" else "removes"
    if instead:
        sentence = f"{field} of {checked.title} has {name}, which itself needs nothing, and {does} {texts}"
        hint = f"write {', '.join(sorted({one.requirement.name for one in lines}))} instead"
    else:
        sentence = f"{field} of {checked.title} has {name}, which also {does} {texts}"
        hint = "the hook does not look at a name's end: change the source instead, where that can be told"
    return checked.finding("prefix", sentence, hint=hint, name=name, line=lines[0])


def _hits_besides(stale: Finding, beside: Sequence[Line]) -> Finding:
    """Return the finding that a name is stale, with the other requirements that it hits."""
    names = sorted({one.requirement.name for one in beside})
    return replace(stale, sentence=f"{stale.sentence}; it also hits {first_few(names)}") if names else stale


def _relaxed(checked: Checked, name: str, lines: Sequence[Line], newest: Newest) -> Iterator[Finding]:
    """Yield what there is to say of a name, given the lines that it hits."""
    has = _has(checked, "pythonRelaxDeps", name)
    if not lines:
        yield _hits_nothing(checked, name, "relax")
        return
    kept = [one for one in lines if one.left is not None]
    if not kept:
        sentence = f"{has}, which pythonRemoveDeps deletes as well"
        yield checked.finding(
            "stale-relaxation", sentence, hint=_take_out(name, "pythonRelaxDeps"), name=name, line=lines[0]
        )
        return
    needs = [(relaxation_need(one), one) for one in kept]
    needed = [one for need, one in needs if need == "needed"]
    if needed:
        for line in worst(needed):
            yield _needed(checked, name, line)
        return
    doubtful = [one for need, one in needs if need == "open"]
    if doubtful:
        yield checked.finding(
            "unknown",
            f"{has}: {why_open(doubtful[0])}; nobody can tell whether it is needed",
            name=name,
            line=doubtful[0],
        )
        return
    line = next((one for one in kept if one.targets), kept[0])
    yield checked.finding(
        "stale-relaxation",
        f"{has}; {why_idle(line)}",
        hint=_take_out(name, "pythonRelaxDeps") + _soon(line, newest),
        name=name,
        line=line,
    )


def _removed(checked: Checked, name: str, lines: Sequence[Line]) -> Iterator[Finding]:
    has = _has(checked, "pythonRemoveDeps", name)
    if not lines:
        yield _hits_nothing(checked, name, "remove")
        return
    needs = [(removal_need(checked, one), one) for one in lines]
    needed = [one for need, one in needs if need == "needed"]
    missing = [one for one in needed if one.verdict.outcome == "missing"]
    if missing:
        sentence = f"{has}; no dependency brings {missing[0].requirement.name}{checked.where(missing[0])}"
        yield checked.finding("removed", sentence, name=name, line=missing[0])
    elif needed and any(Part.LOWER in one.verdict.parts for one in needed):
        line = next(one for one in needed if Part.LOWER in one.verdict.parts)
        yield checked.finding(
            "removed", f"{has}; {violates(line.verdict)} of {line.requirement.text}", name=name, line=line
        )
    elif needed:
        line = needed[0]
        yield checked.finding(
            "wider",
            f"{has}, which is there: {violates(line.verdict)} of {line.requirement.text} alone",
            hint=f"write {line.requirement.name} in pythonRelaxDeps instead",
            name=name,
            line=line,
        )
    elif doubtful := [one for need, one in needs if need == "open"]:
        sentence = f"{has}: {why_open(doubtful[0])}; nobody can tell whether it is needed"
        yield checked.finding("unknown", sentence, name=name, line=doubtful[0])
    else:
        line = next((one for one in lines if one.targets), lines[0])
        yield checked.finding(
            "stale-removal", f"{has}; {why_idle(line)}", hint=_take_out(name, "pythonRemoveDeps"), name=name, line=line
        )


def _everything(checked: Checked, field: str, lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield what there is to say of ``true`` in a list."""
    relaxing = field == "pythonRelaxDeps"
    bounded = [one for one in lines if one.counts and (not relaxing or is_bounded(one))]
    needs: dict[str, list[tuple[Need, Line]]] = {}
    for line in bounded:
        need = relaxation_need(line) if relaxing else removal_need(checked, line)
        needs.setdefault(line.requirement.name, []).append((need, line))
    needed = [name for name in needs if any(need == "needed" for need, _ in needs[name])]
    doubtful = [name for name in needs if name not in needed and any(need == "open" for need, _ in needs[name])]
    if not needed and not doubtful:
        yield checked.finding(
            "stale-relaxation" if relaxing else "stale-removal",
            f"{field} of {checked.title} is true; every requirement is met without it",
            hint=f"take {field} out of the package",
            name=EVERYTHING,
        )
        return
    for name in needed:
        for line in worst([line for need, line in needs[name] if need == "needed"]):
            if relaxing:
                yield _needed(checked, EVERYTHING, line)
            else:
                yield from _removed(checked, EVERYTHING, [line])
    rest = len(needs) - len(needed) - len(doubtful)
    if not needed:
        sentence = f"{field} of {checked.title} is true; nobody can tell whether {', '.join(doubtful)} need it"
        yield checked.finding("unknown", sentence, name=EVERYTHING)
    elif rest:
        listed = " ".join(f'"{name}"' for name in sorted({*needed, *doubtful}))
        yield checked.finding(
            "wider",
            f"{field} of {checked.title} is true; {rest} of its {len(needs)} requirements do not need it",
            hint=f"write {field} = [ {listed} ];",
            name=EVERYTHING,
        )


def _needed(checked: Checked, name: str, line: Line) -> Finding:
    has = _has(checked, "pythonRelaxDeps", name)
    requirement = line.requirement
    if requirement.url:
        return checked.finding(
            "relaxed", f"{has}, which takes the address from {requirement.text}", name=name, line=line
        )
    why = f"{violates(line.verdict)} of {requirement.text}{checked.where(line)}"
    if Part.LOWER in line.verdict.parts:
        hint = f"update {requirement.project} first: a lower part says what the code needs"
        return checked.finding("update-first", f"{has}, which hides that {why}", hint=hint, name=name, line=line)
    return checked.finding("relaxed", f"{has}; {why}", name=name, line=line)


def _hits_nothing(checked: Checked, name: str, verb: str) -> Finding:
    relaxing = verb == "relax"
    field = "pythonRelaxDeps" if relaxing else "pythonRemoveDeps"
    meant = [one.requirement.name for one in checked.lines if str(one.requirement.project) == extra_name(name)]
    because = f"METADATA spells it {meant[0]}" if meant else "METADATA does not require it"
    return checked.finding(
        "stale-relaxation" if relaxing else "stale-removal",
        f"{field} of {checked.title} has {name}; {because}",
        hint=f"write {meant[0]}, or take it out: the hook does not normalise" if meant else _take_out(name, field),
        name=name,
    )


def _has(checked: Checked, field: str, name: str) -> str:
    return f"{field} of {checked.title} {'is true' if name == EVERYTHING else f'has {name}'}"


def _take_out(name: str, field: str) -> str:
    return f"take {name} out of {field}"


def _soon(line: Line, newest: Newest) -> str:
    """Return a caution where the newest release of the dependency would need the relaxation again."""
    found = newest(line.requirement.project)
    version = None if found is None else parse_version(found)
    if version is None or not line.counts or line.verdict.outcome != "met":
        return ""
    parts = line.requirement.bounds.violated(version)
    if not parts or Part.LOWER in parts:
        return ""
    return f", unless {line.requirement.project} is about to move: its newest release, {found}, would need it"
