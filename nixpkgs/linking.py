"""What do package files say of each other? Names that other attributes stand for, and lists that they have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nixpkgs.declarations import Declaration
from nixpkgs.packagefacts import Names, PackageFacts, Part, When
from normalize.targets import Target

_Mask = tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """What a list of dependencies gives.

    Attributes:
        always: attributes that are there on some target, sorted.
        conditional: those that no target has -> condition, sorted.
        unknown: what cannot be known.
    """

    always: tuple[str, ...]
    conditional: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """One attribute in a list: where it is there, under which written conditions; or why it is not known."""

    name: str
    mask: _Mask
    texts: tuple[str, ...] = ()
    why: str = ""


class Links:
    """The set as a whole.

    Args:
        declarations: all attributes.
        facts: what is known of those that have a package file of their own, and of those that cannot be read.
        targets: where conditions were judged.
    """

    def __init__(
        self, declarations: Sequence[Declaration], facts: Mapping[str, PackageFacts], targets: Sequence[Target]
    ) -> None:
        self._declared = {one.name: one for one in declarations}
        self._parts = {one.other: one.name for one in declarations if len(one.other) > 1}
        self._facts = facts
        self._everywhere: _Mask = (True,) * len(targets)
        self._bases = {name: self._base(one) for name, one in self._declared.items()}

    def base(self, name: str) -> Declaration:
        """Return the declaration that an attribute stands for in the end; its own where it stands for itself."""
        return self._bases[name]

    def _base(self, one: Declaration) -> Declaration:
        if not one.other:
            return one
        seen = {one.name}
        while len(one.other) == 1 and one.other[0] in self._declared and one.other[0] not in seen:
            one = self._declared[one.other[0]]
            seen.add(one.name)
        return one

    def present(self, name: str) -> tuple[bool, ...]:
        """Return the targets that have an attribute: it is not null, not broken and not disabled there."""
        found = [True] * len(self._everywhere)
        base = self.base(name)
        facts = self._facts.get(base.name)
        absent = () if facts is None else (facts.disabled, facts.broken)
        for when, hidden in (
            *((one, False) for one in (self._declared[name].when, base.when)),
            *((one, True) for one in absent),
        ):
            if when is not None:
                found = [there and mark is not hidden for there, mark in zip(found, when.targets, strict=True)]
        return tuple(found)

    def with_inherited(self, facts: PackageFacts) -> PackageFacts:
        """Return the facts with those that are inherited from another attribute's package filled in."""
        for _ in range(4):  # nobody inherits further; and nothing may turn in circles
            missing = [(field, name) for field, name in facts.inherited if name in self._declared]
            if not missing:
                break
            for field, name in missing:
                other = self._facts.get(self.base(name).name)
                if other is None or other.problem:
                    continue
                if field == "src":
                    facts = replace(facts, source=other.source)
                elif field == "version":
                    facts = replace(facts, version=other.version)
                else:
                    facts = replace(facts, pname=other.pname)
                further = tuple(one for one in other.inherited if one[0] == field)
                facts = replace(facts, inherited=(*(one for one in facts.inherited if one[0] != field), *further))
        return facts

    def texts(self, names: Names, present: _Mask) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names that a list of strings has on some target, and what in it is not known."""
        unknown = list(names.unknown)
        found = []
        for part in names.parts:
            mask = _both(present, part.when)
            if True in mask:
                found.append(part.path[0])
            elif None in mask and part.when is not None:
                unknown.append(f"whether {part.when.text}")
        return tuple(dict.fromkeys(found)), tuple(unknown)

    def dependencies(self, names: Names, present: _Mask) -> Needed:
        """Return what a list of dependencies gives."""
        always: set[str] = set()
        conditional: dict[str, list[str]] = {}
        unknown = list(names.unknown)
        for found in self._all(names, present, ()):
            if found.why:
                unknown.append(found.why)
            elif True in found.mask:
                always.add(found.name)
            else:
                text = " && ".join(found.texts)
                conditional.setdefault(found.name, []).append(text)
                if None in found.mask:
                    unknown.append(f"whether {text}")
        return Needed(
            always=tuple(sorted(always)),
            conditional=tuple(
                (name, " || ".join(dict.fromkeys(texts)))
                for name, texts in sorted(conditional.items())
                if name not in always
            ),
            unknown=tuple(dict.fromkeys(unknown)),
        )

    def extras(
        self, facts: PackageFacts, present: _Mask
    ) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
        """Return the attributes of each extra, and what of the extras is not known."""
        unknown = [facts.optional_unknown] if facts.optional_unknown else []
        found = []
        for extra, names in facts.optional:
            needed = self.dependencies(names, present)
            found.append((extra, needed.always))
            unknown.extend(f"{extra}: {one}" for one in needed.unknown)
        return tuple(found), tuple(unknown)

    def _all(self, names: Names, mask: _Mask, seen: tuple[tuple[str, ...], ...]) -> Iterator[_Found]:
        for part in names.parts:
            yield from self._one(part, _both(mask, part.when), seen)

    def _one(self, part: Part, mask: _Mask, seen: tuple[tuple[str, ...], ...]) -> Iterator[_Found]:
        texts = () if part.when is None else (part.when.text,)
        name = part.path[0] if len(part.path) == 1 else self._parts.get(part.path)
        if name is not None:
            declared = self._declared.get(name)
            if declared is None:  # a native package, or an argument that nothing is given for
                return
            # a null dependency is dropped
            for when in dict.fromkeys((declared.when, self.base(name).when)):
                if when is not None:
                    mask = _both(mask, when)
                    texts = (*texts, when.text)
            yield _Found(name, mask, texts)
            return
        path = part.path
        if len(path) < 3 or path[0] not in self._declared or path in seen or len(seen) > 20:
            yield _Found("", mask, why=".".join(path))
            return
        facts = self._facts.get(self.base(path[0]).name)
        extra = None if facts is None else dict(facts.optional).get(path[-1])
        if extra is None:
            yield _Found("", mask, why=".".join(path))
            return
        for why in extra.unknown:
            yield _Found("", mask, why=f"{'.'.join(path)}: {why}")
        for found in self._all(extra, mask, (*seen, path)):
            yield replace(found, texts=(*texts, *found.texts)) if not found.why else found


def _both(mask: _Mask, when: When | None) -> _Mask:
    if when is None:
        return mask
    return tuple(
        False if False in both else None if None in both else True for both in zip(mask, when.targets, strict=True)
    )
