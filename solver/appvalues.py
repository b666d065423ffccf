"""What is known of an application's costs? Both sides and the verdict, as values."""

from dataclasses import dataclass
from typing import Literal

from solver.plan import Difference, Hold, Relaxation, UpdateFirst, Vendoring
from solver.planconflict import Conflict
from solver.privateversions import PrivateSet

Verdict = Literal["keep", "vendor", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InSet:
    """What the set has to do for the application, compared with a set in which the application's bounds do not count.

    Attributes:
        own: relaxations of the application's own requirements.
        others: relaxations of others that only it makes necessary.
        held: holds that only it makes necessary; ``update_first`` likewise.
        moved: projects that are at another version because of it (``together``) than they would be (``without``).
        rebuilt: how many attributes are built again for that, at least.
        conflict: why no set can hold it; None where one can.
    """

    own: tuple[Relaxation, ...] = ()
    others: tuple[Relaxation, ...] = ()
    held: tuple[Hold, ...] = ()
    update_first: tuple[UpdateFirst, ...] = ()
    moved: tuple[Difference, ...] = ()
    rebuilt: int = 0
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What could leave ``python-packages.nix`` with the application.

    Attributes:
        free: the attributes that nothing else in this set uses.
        needed: those that no other application uses, but other attributes do: attribute -> those that use it.
        affected: everything that would break, directly or not, where all of them left.
        optional: those that an extra of another attribute brings: attribute -> whose; such an extra would be lost.
    """

    free: tuple[str, ...]
    needed: tuple[tuple[str, tuple[str, ...]], ...]
    affected: tuple[str, ...]
    optional: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Both sides for one application.

    Attributes:
        application, version: its name and its own version.
        python: the interpreter that it runs on; ``fixed`` whether its package fixes it.
        refused: interpreters of the set that cannot run it, each with the reason.
        known: whether it is known what it requires.
        in_set: what it costs in the set.
        private: what it would carry instead.
        leaving: what could leave the set with it.
        vendoring: what a solve without it gains, as plans tell it.
        verdict: ``keep`` it in the set, ``vendor``, or ``neither`` where both are impossible or nothing is known.
        reason: one sentence, which names the price.
    """

    application: str
    version: str
    python: str
    fixed: bool
    refused: tuple[tuple[str, str], ...]
    known: bool
    notes: tuple[str, ...]
    in_set: InSet
    private: PrivateSet
    leaving: Leaving
    vendoring: Vendoring
    verdict: Verdict
    reason: str
