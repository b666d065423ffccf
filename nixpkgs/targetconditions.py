"""Which Nix expression is true on some targets and not on the others? As nixpkgs' package files write conditions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from normalize.targets import Target

_KINDS: dict[str, Callable[[str], bool]] = {
    "isLinux": lambda system: system.endswith("-linux"),
    "isDarwin": lambda system: system.endswith("-darwin"),
    "isx86_64": lambda system: system.startswith("x86_64-"),
    "isAarch64": lambda system: system.startswith("aarch64-"),
}


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """One question to an attribute of the Python set.

    Attributes:
        attribute: what is asked: ``pythonOlder``, ``pythonAtLeast`` or ``stdenv``.
        rest: what follows it.
    """

    attribute: str
    rest: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, each of which is a conjunction."""

    alternatives: tuple[tuple[Asked, ...], ...]

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is asked, sorted, each once."""
        return tuple(sorted({one.attribute for each in self.alternatives for one in each}))

    def expression(self, prefix: str = "") -> str:
        """Return the Nix expression; the prefix leads to the Python set.

        >>> Condition(((Asked("pythonOlder", ' "3.14"'),),)).expression("pyfinal.")
        'pyfinal.pythonOlder "3.14"'
        """
        parts = [" && ".join(f"{prefix}{one.attribute}{one.rest}" for one in each) for each in self.alternatives]
        if len(parts) == 1:
            return parts[0]
        return " || ".join(f"({part})" if " && " in part else part for part in parts)


def condition_of(those: Iterable[Target], targets: Sequence[Target]) -> Condition | None:
    """Return what holds on those targets and on none of the others; None where it is all of them.

    >>> new, old = Target("3.14", "x86_64-linux"), Target("3.13", "x86_64-linux")
    >>> condition_of([old], [old, new]).expression()
    'pythonOlder "3.14"'
    """
    wanted = set(those)
    if wanted >= set(targets):
        return None
    every = sorted({one.system for one in targets})
    pythons = sorted({_python(one) for one in targets}, key=_number)
    by_systems: dict[frozenset[str], list[str]] = defaultdict(list)
    for python in pythons:
        by_systems[frozenset(one.system for one in wanted if _python(one) == python)].append(python)
    found = [
        (*_of_pythons(run, pythons), *of_system)
        for some, those_pythons in by_systems.items()
        if some
        for run in _runs(those_pythons, pythons)
        for of_system in _of_systems(some, every)
    ]
    return Condition(tuple(sorted(found)))


def _python(target: Target) -> str:
    return target.environment()["python_version"]


def _number(python: str) -> int:
    return int(python.split(".")[1])


def _runs(those: Sequence[str], pythons: Sequence[str]) -> Iterator[list[str]]:
    """Yield the interpreters that follow one another among all of them."""
    run: list[str] = []
    for python in pythons:
        if python in those:
            run.append(python)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _of_pythons(run: Sequence[str], pythons: Sequence[str]) -> Iterator[Asked]:
    if run[0] != pythons[0]:
        yield Asked("pythonAtLeast", f' "{run[0]}"')
    if run[-1] != pythons[-1]:
        yield Asked("pythonOlder", f' "{pythons[pythons.index(run[-1]) + 1]}"')


def _of_systems(some: frozenset[str], every: Sequence[str]) -> Iterator[tuple[Asked, ...]]:
    if some >= set(every):
        yield ()
        return
    for kind, holds in _KINDS.items():
        if {one for one in every if holds(one)} == some:
            yield (Asked("stdenv", f".hostPlatform.{kind}"),)
            return
    for system in sorted(some):
        yield (Asked("stdenv", f'.hostPlatform.system == "{system}"'),)
