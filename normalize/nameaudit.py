"""Which attributes of nixpkgs' Python set break its rules of names? Those that deviate, second ones, borrowed names."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from normalize.aliases import Alias
from normalize.attributes import attribute_name, split_series
from normalize.confidence import Confidence
from normalize.projects import ProjectName, extra_name

Kind = Literal[
    "attribute-and-alias",
    "alias-cycle",
    "alias-to-nowhere",
    "alias-chain",
    "deviating-attribute",
    "second-attribute",
    "silent-alias",
    "same-name",
    "borrowed-name",
    "import-clash",
    "import-hidden",
    "relax-spelling",
    "relax-prefix",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with names.

    Attributes:
        kind: what it is.
        names: the attributes or aliases that it is about, sorted.
        sentence: what is wrong, and what shows it.
        hint: what to do.
        strength: how far it can be trusted.
        writes: the aliases to add, or to write anew in place of those of the same names.
        deletes: the aliases to remove.
    """

    kind: Kind
    names: tuple[str, ...]
    sentence: str
    hint: str
    strength: Confidence = "certain"
    writes: tuple[Alias, ...] = ()
    deletes: tuple[str, ...] = ()


class Named(Protocol):
    """What is to be known of an attribute."""

    @property
    def name(self) -> str:
        """The attribute."""

    @property
    def project(self) -> ProjectName | None:
        """Its project on the index."""

    @property
    def confidence(self) -> Confidence:
        """How far the project can be trusted."""

    @property
    def alternatives(self) -> tuple[ProjectName, ...]:
        """Other projects that it may be."""

    @property
    def version(self) -> str | None:
        """As nixpkgs spells it."""

    @property
    def series(self) -> str | None:
        """Of a versioned attribute."""

    @property
    def position(self) -> str | None:
        """The package file."""

    @property
    def points_to(self) -> str | None:
        """The attribute that it is only another name of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the attributes are judged by.

    Attributes:
        aliases: those that there are.
        known: projects on the index.
        day: what new aliases are dated.
    """

    aliases: Mapping[str, Alias]
    known: Collection[ProjectName] = ()
    day: str | None = None


def judged(attribute: Named) -> bool:
    """Return whether the project of an attribute is sure enough to judge its name by."""
    return attribute.project is not None and not attribute.alternatives and attribute.confidence != "guess"


def attribute_findings(attributes: Sequence[Named], rules: Rules) -> Iterator[Finding]:
    """Yield what is wrong with attributes; those whose project is a guess are not judged by it."""
    by_name = {one.name: one for one in attributes}
    pointed = {(one.points_to, one.name) for one in attributes if one.points_to is not None}
    twice = _second_attributes(attributes, rules)
    yield from twice
    told = {name for finding in twice for name in finding.names}
    for one in attributes:
        if judged(one) and one.name not in told:
            wanted = _wanted(one)
            if one.points_to is not None and one.name != wanted:
                yield _silent(one, one.points_to, rules)
            elif one.name != wanted and (one.name, wanted) not in pointed:
                yield _deviating(one, wanted, by_name, rules)
        elif one.project is None and _as_project(one.name) in rules.known:
            yield _borrowed(one)
    yield from _same_names(attributes, rules)


def _wanted(one: Named) -> str:
    """Return the attribute that nixpkgs' rules want; a versioned attribute keeps the way its series is spelled."""
    assert one.project is not None
    wanted = attribute_name(one.project)
    if one.series is None:
        return wanted
    base, series = split_series(one.name, {one.project, one.name.rstrip("0123456789_")} - {one.name})
    return wanted + one.name[len(base) :] if series is not None else f"{wanted}_{one.series.replace('.', '_')}"


def _as_project(name: str) -> ProjectName:
    return ProjectName(extra_name(name))


def _deviating(one: Named, wanted: str, by_name: Mapping[str, Named], rules: Rules) -> Finding:
    sentence = f"attribute {one.name} is project {one.project}, whose attribute is {wanted} by nixpkgs' rules"
    borrowed = _as_project(one.name)
    if borrowed in rules.known and borrowed != one.project:
        sentence += f"; {borrowed} is another project on the index"
    if wanted in by_name:
        sentence += f"; {wanted} is taken by an attribute of {by_name[wanted].project or 'no known project'}"
        return Finding(
            kind="deviating-attribute",
            names=(one.name,),
            sentence=sentence,
            hint=f"find out which of them is project {one.project}, and rename the other one first",
            strength="likely",
        )
    hint = f"rename it to {wanted}, and keep {one.name} as an alias"
    if wanted in rules.aliases:
        hint += f"; the alias {wanted} makes way"
    return Finding(
        kind="deviating-attribute",
        names=(one.name,),
        sentence=sentence,
        hint=hint,
        strength=one.confidence,
        writes=_renamed(one.name, wanted, rules),
        deletes=(wanted,) if wanted in rules.aliases else (),
    )


def _renamed(old: str, new: str, rules: Rules) -> tuple[Alias, ...]:
    """Return the alias for the old name, and those that led to it, which would become chains."""
    others = [
        replace(alias, target=new) for alias in rules.aliases.values() if alias.target == old and alias.name != new
    ]
    return tuple(sorted([Alias(name=old, target=new, date=rules.day), *others], key=lambda one: one.name))


def _silent(one: Named, target: str, rules: Rules) -> Finding:
    return Finding(
        kind="silent-alias",
        names=(one.name,),
        sentence=f"attribute {one.name} is only another name of {target}, and not the name of project {one.project}",
        hint="make it an alias, which nixpkgs itself cannot use by mistake",
        writes=(Alias(name=one.name, target=target, date=rules.day),),
    )


def _second_attributes(attributes: Iterable[Named], rules: Rules) -> list[Finding]:
    """Return the projects with several attributes; versioned ones and those that point to another are no second one."""
    groups: defaultdict[tuple[ProjectName, str], list[Named]] = defaultdict(list)
    for one in attributes:
        if judged(one) and one.project is not None and one.points_to is None:
            groups[one.project, one.series or ""].append(one)
    found = []
    for (project, series), group in sorted(groups.items()):
        if len(group) < 2:
            continue
        names = sorted(one.name for one in group)
        best = min(group, key=lambda one: (one.name != _wanted(one), one.name))
        others = [one for one in group if one is not best]
        same = best.position is not None and all(
            (one.position, one.version) == (best.position, best.version) for one in others
        )
        of = f"series {series} of {project}" if series else f"project {project}"
        what = "one package file" if same else "different package files"
        writes = [alias for one in others for alias in _renamed(one.name, best.name, rules)] if same else []
        found.append(
            Finding(
                kind="second-attribute",
                names=tuple(names),
                sentence=f"{of} has {len(group)} attributes, {', '.join(names)}, from {what}",
                hint=(
                    f"keep {best.name}, and make {'the others aliases' if len(others) > 1 else 'the other an alias'}"
                    if same
                    else "keep one of them; another version belongs into a versioned attribute or an application"
                ),
                strength=min((one.confidence for one in group), key=("guess", "likely", "certain").index),
                writes=tuple(sorted(writes, key=lambda one: one.name)),
            )
        )
    return found


def _borrowed(one: Named) -> Finding:
    return Finding(
        kind="borrowed-name",
        names=(one.name,),
        sentence=f"attribute {one.name} has no known project on the index, where {extra_name(one.name)} is one",
        hint="say that it is this project, or name it OWNER-REPOSITORY: what is not on the index takes no name from it",
        strength="likely",
    )


def _same_names(attributes: Iterable[Named], rules: Rules) -> Iterator[Finding]:
    """Yield the attributes and aliases that are one name after normalisation and lead to different packages."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for one in attributes:
        groups[extra_name(one.name)].add(one.name)
    for normalised, names in sorted(groups.items()):
        if len(names) > 1:
            yield Finding(
                kind="same-name",
                names=tuple(sorted(names)),
                sentence=f"attributes {' and '.join(sorted(names))} are both {normalised} after normalisation",
                hint="keep one of them, or give the other the name of its project",
            )
    for alias in rules.aliases.values():
        likes = groups.get(extra_name(alias.name), set()) - {alias.name}
        if likes and alias.target is not None and alias.target not in likes and extra_name(alias.target) not in groups:
            continue  # its target is the finding
        if likes and alias.target not in likes:
            where = f"leads to {alias.target}" if alias.target is not None else "was removed"
            yield Finding(
                kind="same-name",
                names=tuple(sorted({alias.name, *likes})),
                sentence=f"alias {alias.name} {where}, but is {extra_name(alias.name)} after normalisation",
                hint=f"let it lead to {min(likes)}, or remove it",
                strength="likely",
            )
