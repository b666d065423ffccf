"""How is a difference told in a pull request? Sections with tables and lists, in parts where they are long."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from nixpkgs.nixtext import assignment
from report.blocks import document
from report.difftext import hold_texts, level_text, mention, relaxed_text
from report.diffvalues import ApplicationChange, DependencyChange, PlanDiff, VersionChange
from report.labels import branch, labels
from report.parts import Document
from report.phrases import count, sentence
from report.quote import Markdown, code, fence, link, plain, prose, row, say, visible
from report.section import BLANK, Section, codes, folded, in_lines
from solver.rebuilds import Rebuilds

HEADING = "# Difference between two Python sets"


def diff_document(diff: PlanDiff, *, ping: bool = False) -> Document:
    """Return the difference, to be told whole or in parts."""
    status = f"From a {diff.old} to a {diff.new}." if not diff.same else "Nothing differs."
    sections = [one for one in _sections(diff, ping=ping) if one.body]
    return Document(HEADING, document(status, _head(diff), sections))


def _head(diff: PlanDiff) -> Iterator[Markdown]:
    yield row("what", "number")
    yield Markdown("|---|--:|")
    for name, several in (
        ("changed", diff.changed),
        ("added", diff.added),
        ("removed", diff.removed),
        ("relaxations that come, go or change", diff.relaxations),
        ("holds that come, go or change", diff.holds),
    ):
        if several is not None:
            yield row(name, f"{len(several):,}")
    yield BLANK
    for one in diff.rests_on:
        yield say("- {}: {} → {}", one.fact, _value(one.old), _value(one.new))
    if diff.holds is None:
        yield Markdown("- Holds, families and levels are not compared: a snapshot knows none.")


def _value(text: str | None) -> Markdown:
    if text is None:
        return Markdown("none")
    return prose(text) if " " in text else code(text)


def _sections(diff: PlanDiff, *, ping: bool) -> Iterator[Section]:
    yield _relaxations(diff)
    yield _listed(
        "Holds",
        "Projects kept below their newest candidate, which were not, or are not any more.",
        [say("- {}: {}", kind, prose(sentence(text))) for kind, text in hold_texts(diff)],
    )
    newest = " Where no reason is given, the new one is the newest candidate." if diff.new == "plan" != diff.old else ""
    yield _table("Changed", f"Versions that differ.{newest}", ("old", "new"), diff.changed)
    yield _table("Added", "Attributes that only the new side has.", ("version",), diff.added)
    yield _table("Removed", "Attributes that only the old side has.", ("version",), diff.removed)
    yield _listed("Applications", "What differs for applications.", [_application(one) for one in diff.applications])
    yield _listed("Dependencies", "Attributes that depend on others.", list(map(_edges, diff.dependencies or ())))
    yield _listed(
        "Update first and unknown metadata",
        "What only one of the two plans says.",
        [say("- {}, {}: {}", one.kind, one.topic, prose(sentence(one.sentence))) for one in diff.sentences],
    )
    yield _listed("Levels", "What the objectives reach.", [say("- {}", level_text(one)) for one in diff.levels])
    if not diff.same:
        yield Section("Rebuilds", Markdown("A lower bound."), [*_rebuilds(diff.rebuilds)])
        lead = "Who maintains what changes, by their names in nixpkgs' list."
        yield Section("Maintainers", Markdown(lead), [*_maintainers(diff, ping=ping)])


def _relaxations(diff: PlanDiff) -> Section:
    """Return what comes and goes by attribute, with the whole list that follows as nixpkgs formats it."""
    lists = {one.attribute: one for one in diff.relax_deps}
    lines: list[Markdown] = []
    for attribute, changes in groupby(diff.relaxations, key=attrgetter("attribute")):
        lines.append(say("- [ ] {}", code(attribute)))
        lines += (say("  - {}: {}", change.kind, prose(sentence(relaxed_text(change)))) for change in changes)
        if attribute in lists and not lists[attribute].after:
            lines.append(Markdown("  - `pythonRelaxDeps` is not needed any more."))
        elif attribute in lists:
            nix = assignment("pythonRelaxDeps", map(visible, lists[attribute].after))
            lines += (BLANK, fence(nix, "nix", "  "), BLANK)
    lead = Markdown("What `pythonRelaxDeps` gains and loses, and the whole list that follows.")
    return Section("Relaxations", lead, folded(lines, len({one.attribute for one in diff.relaxations}), "attribute"))


def _listed(title: str, lead: str, lines: Sequence[Markdown]) -> Section:
    return Section(title, Markdown(lead), folded(lines, len(lines), "entry", "entries"))


def _table(title: str, lead: str, columns: tuple[str, ...], changes: Sequence[VersionChange]) -> Section:
    """Return a table of changes; last, because it is the longest."""
    if not changes:
        return Section(title, lead, ())
    rows = (row("attribute", *columns, "why"), Markdown("|---" * (len(columns) + 2) + "|"), *map(_row, changes))
    return Section(title, Markdown(lead), folded(rows, len(changes), "attribute"), weight=1)


def _row(one: VersionChange) -> Markdown:
    old = code(one.old) if one.old is not None else None
    new = link(code(one.new), one.changelog) if one.new is not None else None
    versions = (old, new) if one.old is not None and one.new is not None else (new or old,)
    older = Markdown("**older**; ") if one.down else BLANK
    why = prose(one.reason) if one.reason else BLANK
    return row(code(one.attribute), *versions, Markdown(f"{older}{why}".removesuffix("; ")))


def _application(one: ApplicationChange) -> Markdown:
    why = say("; {}", prose(sentence(one.reason))) if one.reason else BLANK
    return say("- {}: {} {} → {}{}", code(one.application), one.fact, _value(one.old), _value(one.new), why)


def _edges(one: DependencyChange) -> Markdown:
    gained = say(" gains {}", codes(one.added)) if one.added else BLANK
    both = Markdown(" and") if one.added and one.removed else BLANK
    lost = say(" loses {}", codes(one.removed)) if one.removed else BLANK
    return say("- {}{}{}{}", code(one.attribute), gained, both, lost)


def _rebuilds(found: Rebuilds) -> Iterator[Markdown]:
    changed = f"{len(found.changed):,}"
    yield say("- {}, {} of them changed or added", count(found.attributes, "attribute"), changed)
    if found.applications:
        yield say("- applications: {}", codes(found.applications))
    for kernel, number in found.kernels:
        yield say("- {}: {} with each interpreter counted", kernel, f"{number:,}")
    yield Markdown("- Packages outside the Python set are not seen.")
    if found.extract:
        yield Markdown("- The current set is an extract of nixpkgs, which has more dependents.")
    yield say("- labels: {}", codes(labels(found.kernels)))
    target = branch(found.kernels)
    yield say("- branch by these numbers: {} ({})", code(target.name), target.reason)


def _maintainers(diff: PlanDiff, *, ping: bool) -> Iterator[Markdown]:
    for name, theirs in diff.maintainers:
        who = Markdown(mention(name)) if ping and mention(name) != name else plain(name)
        yield from in_lines(say("- {}:", who), [code(one) for one in theirs])
    if diff.unmaintained:
        yield from in_lines(Markdown("- Nobody maintains"), [code(one) for one in diff.unmaintained])
    if diff.unsaid:
        yield say("- Who maintains {} of these, the current set does not say.", count(diff.unsaid, "attribute"))
    if not (diff.maintainers or diff.unmaintained or diff.unsaid):
        yield Markdown("- Nothing that changes has maintainers.")
