"""What of that which a plan wants does a package file lack? Compared with what the file says now."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from nixpkgs.furtherchange import NOTHING_FURTHER, Further, changed_names, further_changes, narrowed
from nixpkgs.packagefacts import PackageFacts
from nixpkgs.sourcehash import NewSource
from nixpkgs.splice import LeftAlone
from nixpkgs.symbols import Unknown
from nixpkgs.wanted import Relax, Wanted
from normalize.nixnames import needs_quotes
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
        further: what is to change besides, where the file has a shape for it.
        notes: what a human has to look at, one sentence each.
    """

    version: str | None = None
    relax: tuple[Relax, ...] = ()
    unrelax: tuple[str, ...] = ()
    gain: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    further: Further = NOTHING_FURTHER
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is to change."""
        return bool(self.version is not None or self.relax or self.unrelax or self.gain or self.lose or self.further)

    def without_further(self, why: str) -> "Fitted":
        """Return what is to change without what is to change besides, of which it is only told."""
        told = tuple(f"{one} ({why})" for one in self.further.told())
        return replace(self, further=NOTHING_FURTHER, notes=tuple(dict.fromkeys((*self.notes, *told))))

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
        plainly = replace(
            facts,
            version=facts.version if self.version is None else self.version,
            source=source,
            relaxed=changed_names(facts.relaxed, self.unrelax, [one.name for one in self.relax]),
            dependencies=changed_names(facts.dependencies, self.lose, self.gain),
        )
        return self.further.after(plainly)


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
    further = NOTHING_FURTHER
    if version is not None:
        further = further_changes(facts, wanted, declared, notes)
        if checked and EVERYTHING in plainly and EVERYTHING not in unrelax:
            further = replace(further, narrowed=narrowed(facts, wanted, notes))
    return Fitted(
        version=version,
        relax=relax,
        unrelax=tuple(unrelax),
        gain=gain,
        lose=lose,
        further=further,
        notes=tuple(dict.fromkeys(notes)),
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
    return tuple(gain), tuple(attribute for _, attribute in wanted.requires.lost if attribute in always)
