"""How far may projects move that nobody asked for? Not back, and not beyond a rung of the ladder."""

from dataclasses import dataclass
from typing import Literal

from packaging.version import Version

from normalize.errors import UsageError
from solver.candidates import Domain, Kind, Value

Ladder = Literal["patch", "minor", "major"]
LADDER: tuple[Ladder, ...] = ("patch", "minor", "major")
"""As nixpkgs' bulk updater has them: a patch keeps the first two numbers of the version, a minor the first."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How far projects may move that nobody asked for.

    Attributes:
        ladder: how far up, relative to the current version.
        back: whether they may become older.
    """

    ladder: Ladder = "major"
    back: bool = False

    def within(self, domain: Domain) -> tuple[Value, ...]:
        """Return the values that a project may take: what it is now, and what the scope allows.

        A project that nixpkgs does not have may take any.
        """
        now = domain.current
        if now is None:
            return domain.values
        values = domain.values
        at = next((i for i, one in enumerate(values) if one is now), None)
        if at is None:  # policy refuses what nixpkgs has, which is no reason to move it along with something else
            later = [one for one in values if now.version is None or one.version is None or one.version > now.version]
            values, at = (now, *(values if self.back else later)), 0
        kept = values if self.back else values[at:]
        return tuple(one for one in kept if one is now or self.reaches(now, one))

    def reaches(self, now: Value, other: Value) -> bool:
        """Return whether the ladder leads from one value to another."""
        if self.ladder == "major" or other.kind is Kind.ABSENT:
            return True
        if now.version is None or other.version is None:
            return False
        kept = {"patch": 2, "minor": 1}[self.ladder]
        return _head(now.version, kept) == _head(other.version, kept)


ANYWHERE = Scope()
"""Up, as far as there are candidates."""


def scope_of(ladder: str, *, back: bool = False) -> Scope:
    """Return the scope of a ladder's rung.

    Raises:
        UsageError: there is no such rung.
    """
    for one in LADDER:
        if one == ladder:
            return Scope(one, back)
    raise UsageError(f"there is no ladder {ladder!r}", hint=f"ladders: {', '.join(LADDER)}")


def _head(version: Version, kept: int) -> tuple[int, tuple[int, ...]]:
    return version.epoch, (*version.release, 0, 0)[:kept]
