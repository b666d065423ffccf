"""In which sentences is the account of an application told? The same for the terminal and for Markdown."""

from collections.abc import Iterator, Sequence

from report.phrases import count
from solver.appvalues import Account
from solver.plan import Hold, Relaxation
from solver.privateversions import Cause, PrivateSet, PrivateVersion, Rebuild
from solver.ranking import Rank
from solver.sentences import listed

VERDICTS = {
    "keep": "keep it in the set",
    "vendor": "vendor it",
    "neither": "neither will do",
}
SECURITY = "nixpkgs gives security support only to what is not vendored, so every private version is one more to patch"
SET = "the set's versions are those that 'coset solve' plans in the same mode; nixpkgs need not have them yet"
_RISKS = ("lifted", "precautionary", "deliberate", "pin", "exclusion", "override")


def headline(one: Account) -> str:
    """Return what is recommended."""
    return f"{one.application} {one.version}".strip() + f", on Python {one.python}: {verdict(one)}"


def verdict(one: Account) -> str:
    """Return what to do, in a few words."""
    return VERDICTS[one.verdict] if one.known else "cannot be judged"


def interpreters(one: Account) -> Iterator[str]:
    """Yield which interpreter it runs on, where that is not the set's first one, and which cannot run it."""
    if one.fixed:
        yield f"its package fixes Python {one.python}"
    for python, why in one.refused:
        yield f"Python {python} cannot run it: {why}"


def costs(one: Account) -> list[tuple[str, str, str]]:
    """Return the table of both sides: what, in the set, with private versions."""
    mine, private = one.in_set, one.private
    if mine.conflict is not None:
        in_set = ["impossible", "-", "-", "-", "0", "-"]
    else:
        in_set = [
            str(len(mine.held)),
            _classes(mine.others) or "0",
            _classes(mine.own) or "0",
            str(len(mine.update_first)),
            "0",
            str(mine.rebuilt),
        ]
    if private.conflict is not None:
        alone = ["impossible", "-", "-", "-", "-", "-"]
    else:
        alone = ["0", "0", "0", "0", str(len(private.versions)), str(private.builds)]
    labels = (
        "projects held",
        "relaxations of others",
        "its own relaxations",
        "violated lower parts",
        "versions to patch besides the set's",
        "builds added or changed, its own left aside",
    )
    return list(zip(labels, in_set, alone, strict=True))


def _classes(edges: Sequence[Relaxation]) -> str:
    found = [(risk, sum(edge.risk == risk for edge in edges)) for risk in _RISKS]
    return ", ".join(f"{number} {risk}" for risk, number in found if number)


def relaxation(edge: Relaxation) -> str:
    """Return one relaxation, with its class and what shows it."""
    today = "; nixpkgs has it today" if edge.already else ""
    return (
        f"{edge.project} {edge.version} requires {edge.spelling}{edge.specifier} and meets {edge.chosen}: "
        f"{edge.risk}, because {edge.evidence}{today}"
    )


def held(hold: Hold, python: str | None = None) -> str:
    """Return one hold with a requirement that keeps it, best of a project in the set; else a fixed interpreter."""
    why = ""
    if hold.because:
        first = next((one for one in hold.because if one.risk != "missing"), hold.because[0])
        why = f", because {first.project} {first.version} requires {first.requires}"
        more = len(hold.because) - 1
        why += f" (and {count(more, 'requirement')} more)" if more else ""
    elif python:
        why = f", because Python {python} has to run it"
    return f"{hold.project} {hold.chosen} instead of {hold.newest}{why}"


def in_set_lines(account: Account) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the application forces on the set: a heading, and its sentences."""
    one = account.in_set
    if one.conflict is not None:
        yield "no set can hold it; these contradict each other", one.conflict.core
        return
    if one.held:
        yield "held because of it", tuple(held(hold, account.python if account.fixed else None) for hold in one.held)
    rest = {each.project for each in one.held}
    moved = [each for each in one.moved if each.project not in rest]
    if moved:
        yield (
            "at another version because of it",
            tuple(f"{each.project} {each.together} instead of {each.without}" for each in moved),
        )
    if one.others:
        yield "relaxations of others that it makes necessary", tuple(map(relaxation, one.others))
    if one.update_first:
        yield (
            "lower parts that would be violated: update first",
            tuple(
                f"{each.project} {each.version} requires {each.dependency}{each.specifier} and meets {each.chosen}"
                for each in one.update_first
            ),
        )
    if one.own:
        yield "relaxations of its own", tuple(map(relaxation, one.own))


def private_version(one: PrivateVersion) -> str:
    """Return one private version with why the set's will not do."""
    if one.shared is not None:
        instead = f" instead of {one.shared}"
    elif one.elsewhere:
        instead = ", which nixpkgs has at a version that this current set does not say"
    else:
        instead = ", which this set does not have"
    why = f": {cause(one.causes[0], one)}" if one.causes else ""
    return f"{one.project} {one.version}{instead}{why}"


def steps(one: PrivateSet) -> str:
    """Return what the numbers before private versions mean, or "" where all of them are 1."""
    last = max((each.step for each in one.versions), default=1)
    return "" if last == 1 else "; each number follows from those before it"


def further(one: PrivateVersion) -> Iterator[str]:
    """Yield what else is to be said of a private version."""
    for each in one.causes[1:]:
        yield f"also {cause(each)}"
    first = one.causes[0] if one.causes else None
    if one.nearer is not None and (first is None or _edge(one.nearer) != _edge(first)):
        yield f"nothing nearer will do: {cause(one.nearer)}"
    if one.unread:
        yield "nobody has read what this version requires"


def _edge(one: Cause) -> tuple[str, str]:
    return one.project, one.requires


def cause(one: Cause, of: PrivateVersion | None = None) -> str:
    """Return why a version will not do; of a private version whose own sentence says already where the set's is."""
    if one.interpreter:
        return f"{one.project} {one.version} requires Python {one.requires}"
    reason = f" ({one.reason})" if one.reason else ""
    said = one.met is None or (of is not None and (of.project, of.shared) == (one.dependency, one.met))
    met = "" if said else f", and {one.dependency} is at {one.met}"
    return f"{one.project} {one.version} requires {one.requires}{reason}{met}"


def rebuild(one: Rebuild) -> str:
    """Return what is built once more, and because of what."""
    return f"{one.project} {one.version or ''}".strip() + f", because it uses {listed(one.against)}"


def private_lines(one: PrivateSet) -> Iterator[str]:
    """Yield what is to be said of a private set as a whole."""
    if one.conflict is not None:
        yield "not even private versions satisfy it; these contradict each other:"
        return
    if not one.versions:
        yield "every requirement around it holds with the set's versions: no private version is needed"
    if not one.proven:
        yield "the search was cut short: a smaller set may exist"
    if one.unknown:
        names = listed(one.unknown) if len(one.unknown) <= _FEW else f"{', '.join(one.unknown[:_FEW])} and more"
        yield f"what {count(len(one.unknown), 'project')} it uses would require is unknown: {names}"


_FEW = 6


def leaving_lines(one: Account) -> Iterator[tuple[str, str]]:
    """Yield what could leave the set with it: a sentence, and the attributes that it is about."""
    leaving = one.leaving
    if leaving.free:
        number = count(len(leaving.free), "attribute")
        yield f"{number} could leave python-packages.nix with it, as far as this set shows", ", ".join(leaving.free)
    else:
        yield "no attribute of this set is used by it alone", ""
    for name, users in leaving.needed:
        yield f"{name} stays: no other application uses it, but attributes do", ", ".join(users)
    if leaving.optional:
        texts = [f"{name} ({listed(users)})" for name, users in leaving.optional]
        yield "extras of other attributes bring some of them, and would be lost", ", ".join(texts)


RANKING = ("application", "newer or free", "holds", "relaxations", "could leave", "private", "builds", "verdict")
"""The columns of the ranking."""


def ranking_rows(ranks: Sequence[Rank]) -> list[tuple[str, ...]]:
    """Return the rows of the ranking, the application that frees the most first."""
    return [
        (
            one.account.application,
            str(one.freed),
            str(one.lifted),
            str(one.coherent),
            str(one.leaving),
            "impossible" if one.versions is None else str(one.versions),
            "-" if one.builds is None else str(one.builds),
            one.account.verdict,
        )
        for one in ranks
    ]


def ranking_sentence(ranks: Sequence[Rank]) -> str:
    """Say which application, vendored, frees the most."""
    first = ranks[0]
    name = first.account.application
    if not first.freed + first.lifted + first.coherent:
        return (
            f"none of them keeps anything of others back; {name} would free the most attributes ({first.leaving})"
            if first.leaving
            else "none of them keeps anything of others back"
        )
    gains = [
        f"{count(number, noun)} {what}"
        for number, noun, what in (
            (first.freed, "project", "newer"),
            (first.lifted, "hold", "fewer"),
            (first.coherent, "relaxation", "fewer"),
        )
        if number
    ]
    return f"{name}, vendored, frees the most: {listed(gains)}; {count(first.leaving, 'attribute')} could leave"
