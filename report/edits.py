"""Which sections of a report say what is to be edited in nixpkgs? What to relax, update first, add, leave, remove."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from nixpkgs.outside import asked_of, enough
from normalize.specifiers import floor, is_pin
from report.phrases import LISTED, count, judged, price, sentence
from report.quote import Markdown, code, fence, link, prose, say
from report.relaxdeps import RelaxDeps, relax_deps
from report.section import BLANK, Section, codes, folded, in_lines, release
from report.words import CLASSES, relaxations_by_class
from solver.plan import Addition, LeftOut, Plan, Relaxation, StaleRelaxation, UpdateFirst


def relaxed_section(plan: Plan) -> Section:
    """Return the relaxations, with ready Nix lines."""
    lead = Markdown(
        "Upper parts that the plan violates. Names are spelled as METADATA spells them, because nixpkgs' hook does not "
        "normalise.\nEach list holds all that the plan needs of an attribute; a name that is there for an extra "
        "outside the plan stays."
    )
    entries = relax_deps(plan)
    if not entries:
        return Section("Relaxations", lead, (Markdown("Nothing to relax."),))
    classes = [
        say("- **{}** ({}): {}", risk, price(risk), Markdown(CLASSES[risk])) for risk, *_ in relaxations_by_class(plan)
    ]
    lines = chain.from_iterable(map(_relax_deps, entries))
    return Section("Relaxations", lead, (*classes, BLANK, *folded(lines, len(entries), "attribute")))


def _relax_deps(one: RelaxDeps) -> Iterator[Markdown]:
    if one.new:
        yield say("- [ ] {}", release(one.attribute, one.version))
    else:
        them = "it" if len(one.edges) == 1 else "them"
        yield say("- [x] {}: nothing to do, nixpkgs relaxes {} already", release(one.attribute, one.version), them)
    yield from map(_relaxation, one.edges)
    for name, other in one.hits:
        warning = "  - Warning: the hook does not look at a name's end, so {} also relaxes {}."
        yield say(warning, code(name), code(other))
    if one.new:
        yield from (BLANK, fence(one.lines, "nix", "  "), BLANK)


def _relaxation(edge: Relaxation) -> Markdown:
    needs = code(edge.spelling + edge.specifier + (f"; {edge.marker}" if edge.marker else ""))
    through = say(" (through the extra {})", code(edge.extra)) if edge.extra else BLANK
    risk = judged(edge.risk) + (", already there" if edge.already else "")
    return say("  - {} meets {}{}: {}; {}", needs, code(edge.chosen), through, risk, prose(sentence(edge.evidence)))


def update_first_section(plan: Plan) -> Section:
    """Return the violated lower parts, by dependency."""
    groups: dict[tuple[str, str], list[UpdateFirst]] = defaultdict(list)
    for edge in plan.update_first:
        groups[edge.dependency, edge.chosen].append(edge)
    lines = [
        line
        for dependency, edges in sorted(groups.items())
        for line in in_lines(
            say("- [ ] {} is too old for", release(*dependency)),
            [say("{} ({})", release(one.attribute, one.version), code(one.specifier)) for one in edges],
        )
    ]
    lead = (
        "Violated lower parts. They are never relaxed: the dependency has to be updated before its depender is right."
    )
    return Section("Update first", Markdown(lead), lines or [Markdown("Nothing has to be updated first.")])


def added_section(plan: Plan) -> Section:
    """Return what this set lacks: what nixpkgs has outside it, and what may be new to nixpkgs."""
    body: list[Markdown] = []
    outside = [one for one in plan.added if one.elsewhere]
    unknown = [one for one in plan.added if not one.elsewhere]
    if outside:
        intro = (
            "nixpkgs has these outside this set, in versions that the current set does not say. These versions are "
            "needed there:"
        )
        lines = chain.from_iterable(_addition(one, _needed(one)) for one in outside)
        body += (Markdown(intro), BLANK, *folded(lines, len(outside), "attribute"))
    if unknown:
        intro = (
            "This set does not know these. The current set is an extract of nixpkgs, so nixpkgs may have them all "
            "the same:"
        )
        pages = {one.project: one.links.homepage for one in plan.packages if one.links is not None}
        lines = chain.from_iterable(_addition(one, _new(one, pages.get(one.project))) for one in unknown)
        body += (*[BLANK] * bool(body), Markdown(intro), BLANK, *folded(lines, len(unknown), "attribute"))
    if not body:
        body.append(Markdown("Nothing to be added."))
    if plan.dropped:
        body += (BLANK, say("To be removed: {}.", codes(plan.dropped)))
    return Section("To be added", Markdown("Projects that the plan needs and the current set does not hold."), body)


def needed(one: Addition) -> tuple[str, ...]:
    """Return what those that need a project ask for: our words, and behind them the version if there is one."""
    good = enough(asked_of(one))
    least = floor(good)
    if least is None:
        return ("no lower bound",)
    pinned = is_pin(good) and good.contains(least, prereleases=True)
    return "exactly" if pinned else "at least", str(least)


def _needed(one: Addition) -> Markdown:
    words, *versions = needed(one)
    asked = say("{}{}", Markdown(words), say(" {}", code(versions[0])) if versions else BLANK)
    made = say(" (the plan has {})", code(one.version)) if one.version is not None else BLANK
    return say("{}: {}{}", code(one.attribute), asked, made)


def _new(one: Addition, homepage: str | None) -> Markdown:
    if one.version is None:
        return say("{}: the dataset does not hold it", code(one.attribute))
    return link(code(f"python3Packages.{one.attribute}: init at {one.version}"), homepage)


def _addition(one: Addition, what: Markdown) -> Iterator[Markdown]:
    yield say("- [ ] {}", what)
    for project, version, requirement in one.because[:LISTED]:
        yield say("  - {} needs {}", release(project, version), code(requirement))
    if len(one.because) > LISTED:
        yield say("  - {}", count(len(one.because) - LISTED, "other requirement"))


def left_out_section(plan: Plan) -> Section:
    """Return what does not count, by dependency or by depender, whichever makes the shorter list."""
    lead = Markdown(
        "Requirements that the plan does not count, because nixpkgs builds the current release without them: they "
        "serve\nwheels only, or the build, or nothing. Whoever updates such a depender should look whether this still "
        "holds."
    )
    dependers = _groups(plan.left_out, lambda one: release(one.attribute, one.version))
    dependencies = _groups(plan.left_out, lambda one: code(one.dependency))
    if len(dependencies) < len(dependers):
        lines = [
            line
            for name, those in dependencies
            for line in in_lines(
                say("- {}: not counted for", name),
                [say("{} ({})", release(one.attribute, one.version), code(one.requires)) for one in those],
            )
        ]
    else:
        lines = [say("- {}: {}", name, codes(one.requires for one in those)) for name, those in dependers]
    body = folded(lines, len(lines), "entry", "entries") or (Markdown("Every requirement counts."),)
    return Section("Left out", lead, body)


def _groups(left_out: Iterable[LeftOut], name: Callable[[LeftOut], Markdown]) -> list[tuple[Markdown, list[LeftOut]]]:
    groups: dict[Markdown, list[LeftOut]] = defaultdict(list)
    for one in left_out:
        groups[name(one)].append(one)
    return sorted(groups.items())


def stale_section(plan: Plan) -> Section:
    """Return the relaxations that go."""
    stale = plan.stale_relaxations
    lines = folded(map(_stale, stale), len(stale), "stale relaxation")
    lead = Markdown("Names in `pythonRelaxDeps` that the plan does not need.")
    return Section("Stale relaxations", lead, lines or (Markdown("Nothing is stale."),))


def _stale(one: StaleRelaxation) -> Markdown:
    return say("- [ ] {}: remove {}; {}", code(one.attribute), code(one.name), prose(sentence(one.reason)))
