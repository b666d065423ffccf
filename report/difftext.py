"""How is a difference told on a terminal? Lines of plain text, counts first, each change with its reason."""

from collections.abc import Iterable, Iterator

from report.diffrelaxations import RelaxationChange
from report.diffvalues import FactChange, PlanDiff, VersionChange
from report.labels import branch, labels
from report.phrases import count, judged
from report.words import LEVELS
from solver.rebuilds import Rebuilds

_SIGNS = {"new": "+", "gone": "-", "freed": "-", "changed": "~"}

LISTED = 12
"""So many attributes of one maintainer are named."""


def diff_lines(diff: PlanDiff, *, ping: bool = False) -> Iterator[str]:
    """Yield lines; they hold outside text and are not harmless for a terminal yet.

    Args:
        diff: what differs.
        ping: whether maintainers become mentions.
    """
    yield f"from a {diff.old} to a {diff.new}" + (": nothing differs" if diff.same else "")
    yield from (f"  {fact_text(one)}" for one in diff.rests_on)
    yield from _section("levels", [f"  {level_text(one)}" for one in diff.levels])
    yield from _section(changed_title(diff), [f"  {change_text(one)}" for one in diff.changed])
    yield from _section("added", [f"  {change_text(one)}" for one in diff.added])
    yield from _section("removed", [f"  {change_text(one)}" for one in diff.removed])
    yield from _section("relaxations", [f"  {_SIGNS[one.kind]} {relaxation_text(one)}" for one in diff.relaxations])
    yield from _section("holds", [f"  {_SIGNS[kind]} {text}" for kind, text in hold_texts(diff)], len(diff.holds or ()))
    apps = [
        f"  {one.application}: {one.fact} {one.old or 'none'} -> {one.new or 'none'}"
        + (f"; {one.reason}" if one.reason else "")
        for one in diff.applications
    ]
    yield from _section("applications", apps)
    edges = [
        f"  {one.attribute}: {' '.join((*(f'+{name}' for name in one.added), *(f'-{name}' for name in one.removed)))}"
        for one in diff.dependencies or ()
    ]
    yield from _section("dependencies", edges)
    for topic in ("update first", "unknown"):
        said = [f"  {_SIGNS[one.kind]} {one.sentence}" for one in diff.sentences if one.topic == topic]
        yield from _section(topic, said)
    if not diff.same:
        yield from rebuild_lines(diff.rebuilds)
        yield from _maintainers(diff, ping=ping)
    if diff.holds is None:
        yield "holds, families and levels are not compared: a snapshot knows none"


def changed_title(diff: PlanDiff) -> str:
    """Return what the changed versions are called; a plan takes the newest candidate where nothing is said."""
    return "changed, to the newest candidate where no reason is given" if diff.new == "plan" != diff.old else "changed"


def _section(title: str, lines: list[str], number: int = 0) -> Iterator[str]:
    if lines:
        yield f"{title} ({number or len(lines):,}):"
        yield from lines


def fact_text(one: FactChange) -> str:
    """Return what the two sides rest on differently."""
    return f"{one.fact}: {one.old or 'none'} -> {one.new or 'none'}"


def level_text(one: FactChange) -> str:
    """Return how the objective differs at a level."""
    return f"{LEVELS.get(one.fact, one.fact)}: {one.old or 'none'} -> {one.new or 'none'}"


def versions_text(one: VersionChange) -> str:
    """Return the versions of a change, or the one there is."""
    if one.old is not None and one.new is not None:
        return f"{one.old} -> {one.new}" + (" (older)" if one.down else "")
    return one.new or one.old or "an unknown version"


def change_text(one: VersionChange) -> str:
    """Return an attribute, its versions, and why."""
    return f"{one.attribute} {versions_text(one)}" + (f": {one.reason}" if one.reason else "")


def relaxation_text(one: RelaxationChange) -> str:
    """Return what is relaxed in an attribute, and why or why not any more."""
    return f"{one.attribute}: {relaxed_text(one)}"


def relaxed_text(one: RelaxationChange) -> str:
    """Return what is relaxed, and why or why not any more."""
    what = one.requirement or ("every requirement" if one.name == "*" else one.name)
    risk = f" ({judged(one.risk)})" if one.risk else ""
    build = " to be built" if one.edge == "build" else ""
    return f"{what}{build}{risk}" + (f"; {one.reason}" if one.reason else "")


def hold_texts(diff: PlanDiff) -> Iterator[tuple[str, str]]:
    """Yield kinds of changes with sentences on holds; those without a requirement are told together."""
    for one in diff.holds or ():
        if one.why is not None and one.kind == "freed":
            yield one.kind, f"{one.attribute} is at {one.chosen}, not held any more; it was: {one.why}"
        elif one.why is not None:
            yield one.kind, f"{one.attribute} stays at {one.chosen}, below {one.newest}: {one.why}"
    for kind, verb in (("new", "keeps"), ("changed", "keeps"), ("freed", "kept")):
        those = [one for one in diff.holds or () if one.kind == kind and one.why is None]
        if those:
            names = ", ".join(one.attribute for one in those)
            yield kind, f"the mode {those[0].mode} alone {verb} {count(len(those), 'project')} back: {names}"


def rebuild_lines(found: Rebuilds) -> Iterator[str]:
    """Yield how much is built again, with nixpkgs' labels and the branch that follows."""
    outside = f", and {', '.join(found.applications)}" if found.applications else ""
    yield (
        f"rebuilds: at least {count(found.attributes, 'attribute')} "
        f"({len(found.changed):,} of them changed or added){outside}"
    )
    per = ", ".join(f"{number:,} on {kernel}" for kernel, number in found.kernels)
    yield f"  {per} with each interpreter counted; packages outside the Python set are not seen"
    if found.extract:
        yield "  the current set is an extract of nixpkgs, which has more dependents"
    target = branch(found.kernels)
    yield f"  labels: {', '.join(labels(found.kernels))}"
    yield f"  branch by these numbers: {target.name} ({target.reason})"


def _maintainers(diff: PlanDiff, *, ping: bool) -> Iterator[str]:
    if diff.maintainers:
        yield f"maintainers ({len(diff.maintainers):,}):"
        for name, theirs in diff.maintainers:
            yield f"  {mention(name) if ping else name}: {named(theirs)}"
    if diff.unmaintained:
        yield f"nobody maintains {named(diff.unmaintained)}"
    if diff.unsaid:
        yield f"who maintains {count(diff.unsaid, 'attribute')} of these, the current set does not say"


def named(names: Iterable[str]) -> str:
    """Return names in a row; of very many the first, and how many others there are."""
    every = list(names)
    more = f" and {len(every) - LISTED:,} more" if len(every) > LISTED else ""
    return ", ".join(every[:LISTED]) + more


def mention(name: str) -> str:
    """Return a maintainer as a mention, where the name can be one; it is the name in nixpkgs' list.

    >>> mention("alice"), mention("not a name")
    ('@alice', 'not a name')
    """
    usual = name.replace("-", "").isalnum() and name.isascii() and not name.startswith("-")
    return f"@{name}" if usual else name
