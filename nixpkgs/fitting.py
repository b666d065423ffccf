"""What of that which a plan wants does a package file lack? Compared with what the file says now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nixpkgs.packagefacts import Names, PackageFacts, Part
from nixpkgs.sourcehash import NewSource
from nixpkgs.splice import LeftAlone
from nixpkgs.symbols import Unknown
from nixpkgs.wanted import Relax, Wanted
from normalize.attributes import needs_quotes
from normalize.relaxhook import EVERYTHING, hits

_CHECKED = ("pyproject", "wheel")
"""Formats whose requirements nixpkgs checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is to change in one package file for one attribute.

    Attributes:
        version: the new one; None where it stays.
        relax: what comes into ``pythonRelaxDeps``, and ``unrelax`` what goes.
        gain: attributes that come into the dependencies, and ``lose`` those that go.
        notes: what a human has to look at, one sentence each.
    """

    version: str | None = None
    relax: tuple[Relax, ...] = ()
    unrelax: tuple[str, ...] = ()
    gain: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is to change."""
        return bool(self.version is not None or self.relax or self.unrelax or self.gain or self.lose)

    def after(self, facts: PackageFacts, new: NewSource | None) -> PackageFacts:
        """Return what the file should say once it is changed.

        Args:
            facts: what it says now.
            new: what the source has then; None where it stays.
        """
        source = facts.source
        if new is not None:
            told = {} if new.pname is None else {"pname": new.pname}
            if source.fetcher == "fetchPypi" and self.version is not None:
                told["version"] = self.version
            arguments = tuple(sorted((dict(source.arguments) | told).items()))
            source = replace(source, hash=new.hash, arguments=arguments)
        return replace(
            facts,
            version=facts.version if self.version is None else self.version,
            source=source,
            relaxed=_changed(facts.relaxed, self.unrelax, [one.name for one in self.relax]),
            dependencies=_changed(facts.dependencies, self.lose, self.gain),
        )


def _changed(names: Names, remove: Collection[str], add: Sequence[str]) -> Names:
    kept = tuple(part for part in names.parts if part.when is not None or part.path[0] not in remove or part.path[1:])
    return replace(names, parts=(*kept, *(Part((name,)) for name in add)))


def fitted(facts: PackageFacts, wanted: Wanted, declared: Collection[str]) -> Fitted:
    """Return what is to change.

    Args:
        facts: what the file says now.
        wanted: what the plan wants.
        declared: the attributes of the set.

    Raises:
        LeftAlone: the file is not what the plan starts from, or cannot be read.
    """
    if facts.problem:
        raise LeftAlone(facts.problem)
    version = _version(facts, wanted)
    notes = list(wanted.requires.unsure)
    relaxed = [part.path[0] for part in facts.relaxed.parts]
    switches = dict(facts.flags)
    if version is not None and switches.get("skipBulkUpdate") == "true":
        notes.append("it asks to be left out of bulk updates (skipBulkUpdate)")
    checked = facts.format in _CHECKED and switches.get("dontCheckRuntimeDeps") != "true"
    relax = tuple(
        one
        for one in wanted.relax
        if checked and EVERYTHING not in relaxed and not any(hits(name, one.name) for name in relaxed)
    )
    notes += (f"relaxing {one.name} also relaxes {', '.join(one.hits)}" for one in relax if one.hits)
    unrelax = []
    optional = {part.path[0] for part in facts.dependencies.parts if part.when is not None}
    plainly = [part.path[0] for part in facts.relaxed.parts if part.when is None]
    for name, reason in wanted.stale:
        if name in optional:
            notes.append(f"{name} stays relaxed, because it is a dependency under a condition, but {reason}")
        elif name in plainly:
            unrelax.append(name)
        elif name in relaxed:
            notes.append(f"{name} stays relaxed, because it is so under a condition, but {reason}")
    gain, lose = _dependencies(facts, wanted, declared, notes)
    return Fitted(
        version=version, relax=relax, unrelax=tuple(unrelax), gain=gain, lose=lose, notes=tuple(dict.fromkeys(notes))
    )


def _version(facts: PackageFacts, wanted: Wanted) -> str | None:
    found = facts.version
    if wanted.version is None and not isinstance(found, str):  # it stays, whatever it is
        return None
    if found == wanted.version:
        return None
    inherited = dict(facts.inherited).get("version")
    if inherited is not None:
        raise LeftAlone(f"its version is that of '{inherited}'")
    if isinstance(found, Unknown):
        raise LeftAlone(f"its version cannot be read: {found.why}")
    if found != wanted.current:
        told = "no version" if found is None else f"version {found}"
        raise LeftAlone(f"its file has {told}, and the plan starts from {wanted.current or 'an unknown one'}")
    return wanted.version


def _dependencies(
    facts: PackageFacts, wanted: Wanted, declared: Collection[str], notes: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    listed = {part.path[0] for part in facts.dependencies.parts}
    always = set(facts.dependencies.always)
    removed = [part.path[0] for part in facts.removed.parts]
    gain = []
    for project, attribute in wanted.requires.gained:
        if attribute in listed or EVERYTHING in removed or any(hits(one, project, removing=True) for one in removed):
            continue
        if attribute not in declared:
            notes.append(f"it requires {project} now, which the set does not have")
        elif needs_quotes(attribute):
            notes.append(f"it requires {project} now, whose attribute '{attribute}' cannot be an argument")
        else:
            gain.append(attribute)
    lose = []
    for project, attribute in wanted.requires.lost:
        if attribute in always:
            lose.append(attribute)
        elif attribute in listed:
            notes.append(f"it does not require {project} any more, which it has under a condition")
    return tuple(gain), tuple(lose)
