"""What changes in a package file besides, where it has a shape for it? Conditions, extras, and ``true`` made narrower.

Each of these can be told instead of done: a file without a shape for it gets all else, and a human a note.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from nixpkgs.packagefacts import Names, PackageFacts, Part, When
from nixpkgs.pointers import series_of
from nixpkgs.requirementchange import Sometimes
from nixpkgs.wanted import Relax, Wanted
from normalize.nixnames import needs_quotes
from normalize.projects import extra_name
from normalize.relaxhook import EVERYTHING, hits


@dataclass(frozen=True, slots=True)
class ListChange:
    """What comes into a list, and what goes.

    Attributes:
        name: the extra, as the file spells it.
    """

    name: str
    gain: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """What is to change besides.

    Attributes:
        gain: what comes into the dependencies under a condition.
        lose: attributes that go out of the lists that have them under a condition.
        extras: what changes in ``optional-dependencies``.
        narrowed: what ``pythonRelaxDeps = true`` becomes, nothing where it goes; None where it stays.
    """

    gain: tuple[Sometimes, ...] = ()
    lose: tuple[str, ...] = ()
    extras: tuple[ListChange, ...] = ()
    narrowed: tuple[Relax, ...] | None = None

    def __bool__(self) -> bool:
        """Return whether anything is to change."""
        return bool(self.gain or self.lose or self.extras or self.narrowed is not None)

    def told(self) -> Iterator[str]:
        """Yield what is to change as sentences for a human."""
        for some in self.gain:
            yield some.note
        for name in self.lose:
            yield f"it does not require {name} any more, which it has under a condition"
        for one in self.extras:
            words = [f"{name} comes" for name in one.gain] + [f"{name} goes" for name in one.lose]
            yield f"in its extra {one.name}, {', '.join(words)}"
        if self.narrowed is not None:
            names = " ".join(one.name for one in self.narrowed)
            yield f"pythonRelaxDeps = true could be [ {names} ]" if names else "it does not need pythonRelaxDeps = true"

    def after(self, facts: PackageFacts) -> PackageFacts:
        """Return what the file should say once it is changed."""
        kept = tuple(
            part
            for part in facts.dependencies.parts
            if part.when is None or len(part.path) > 1 or part.path[0] not in self.lose
        )
        new = tuple(Part((one.attribute,), When(one.condition, one.targets)) for one in self.gain)
        extras = {one.name: one for one in self.extras}
        relaxed = facts.relaxed
        if self.narrowed is not None:
            relaxed = changed_names(relaxed, (EVERYTHING,), [one.name for one in self.narrowed])
        return replace(
            facts,
            dependencies=replace(facts.dependencies, parts=(*kept, *new)),
            optional=tuple(
                (extra, changed_names(names, extras[extra].lose, extras[extra].gain) if extra in extras else names)
                for extra, names in facts.optional
            ),
            relaxed=relaxed,
        )


NOTHING_FURTHER = Further()
"""Nothing is to change besides."""


def changed_names(names: Names, remove: Collection[str], add: Sequence[str]) -> Names:
    """Return a list without these names, where they have no condition, and with those."""
    kept = tuple(part for part in names.parts if part.when is not None or part.path[0] not in remove or part.path[1:])
    return replace(names, parts=(*kept, *(Part((name,)) for name in add)))


def further_changes(facts: PackageFacts, wanted: Wanted, declared: Collection[str], notes: list[str]) -> Further:
    """Return what is to change in dependencies under conditions and in extras; notes tell what cannot be changed."""
    requires = wanted.requires
    listed = {part.path[0] for part in facts.dependencies.parts}
    removed = [part.path[0] for part in facts.removed.parts]
    gain = []
    for some in requires.sometimes:
        if some.attribute in listed or any(hits(one, some.project, removing=True) for one in removed):
            continue
        if (
            some.condition
            and EVERYTHING not in removed
            and some.attribute in declared
            and not needs_quotes(some.attribute)
        ):
            gain.append(some)
        else:
            notes.append(some.note)
    always = set(facts.dependencies.always)
    under = {part.path[0] for part in facts.dependencies.parts if part.when is not None and len(part.path) == 1}
    gone = [name for _, name in (*requires.lost, *requires.faded) if name in under and name not in always]
    return Further(gain=tuple(gain), lose=tuple(sorted(gone)), extras=tuple(_extras(facts, wanted, declared)))


def _extras(facts: PackageFacts, wanted: Wanted, declared: Collection[str]) -> Iterator[ListChange]:
    known = {str(extra_name(extra)): (extra, names) for extra, names in facts.optional}
    for change in wanted.requires.extras:
        if change.extra not in known or len(known) != len(facts.optional):
            continue
        extra, names = known[change.extra]
        listed = {part.path[0] for part in names.parts}
        gain = tuple(one for one in change.gained if one not in listed and one in declared and not needs_quotes(one))
        lose = tuple(one for one in change.lost if one in names.always)
        if gain or lose:
            yield ListChange(extra, gain, lose)


def narrowed(facts: PackageFacts, wanted: Wanted, notes: list[str]) -> tuple[Relax, ...] | None:
    """Return what ``pythonRelaxDeps = true`` has to hold at least; None where it stays, with a note where not known."""
    stays = "pythonRelaxDeps stays true, because"
    if wanted.bounded is None:
        notes.append(f"{stays} what its new release requires is not known")
        return None
    unread = (*facts.removed.unknown, *facts.dependencies.unknown, *facts.relaxed.unknown)
    if unread or len(facts.relaxed.parts) > 1 or facts.relaxed.parts[0].when is not None:
        notes.append(f"{stays} not all of its lists can be read")
        return None
    removed = [part.path[0] for part in facts.removed.parts]
    listed = {part.path[0] for part in facts.dependencies.parts}
    needed = {one.name: one for one in wanted.relax}
    idle = set()
    for one in wanted.bounded:
        if EVERYTHING in removed or any(hits(name, one.name, removing=True) for name in removed):
            continue
        # what stands in the list in another version than the set's default is not the plan's version
        other = any(series_of(one.attribute or "", name) is not None for name in listed)
        if one.met and not other and one.name not in needed:
            idle.add(one.name)
        elif one.name not in needed:
            needed[one.name] = Relax(one.name, one.text)
    idle -= needed.keys()
    return tuple(needed[name] for name in sorted(needed)) if idle or not needed else None
