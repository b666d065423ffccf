"""Which application, carried privately, would free the most? An order over accounts, and what each of them frees."""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.appvalues import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What the set gains where one application leaves it.

    Attributes:
        freed: projects that become newer, or move back to where they would be without its bounds.
        coherent: relaxations that vanish, its own among them.
        lifted: holds that vanish.
        leaving: attributes that only it uses and nothing else in the set needs.
        price: builds for the application alone; None where no private versions satisfy it.
    """

    account: Account
    freed: int
    coherent: int
    lifted: int
    leaving: int
    versions: int | None
    builds: int | None


def ranked(accounts: Iterable[Account]) -> tuple[Rank, ...]:
    """Return the applications, the one that frees the most first.

    What others gain counts before what merely leaves: newer projects and holds, then relaxations, then attributes; of
    equals the cheaper one is first, then by name. Those that no private versions satisfy are last.
    """
    return tuple(sorted(map(_rank, accounts), key=_key))


def _rank(one: Account) -> Rank:
    newer = {each.project for each in one.vendoring.newer} | {each.project for each in one.in_set.moved}
    vanishing = {(each.project, each.dependency) for each in (*one.vendoring.violated, *one.vendoring.coherent)}
    vanishing |= {(each.project, each.dependency) for each in (*one.in_set.own, *one.in_set.others)}
    held = {each.project for each in (*one.vendoring.obeyed, *one.in_set.held)}
    possible = one.known and one.private.conflict is None
    return Rank(
        account=one,
        freed=len(newer),
        coherent=len(vanishing),
        lifted=len(held),
        leaving=len(one.leaving.free),
        versions=len(one.private.versions) if possible else None,
        builds=one.private.builds if possible else None,
    )


def _key(one: Rank) -> tuple[bool, int, int, int, int, str]:
    impossible = one.builds is None  # so nothing can be freed by vendoring it
    freed = -(one.freed + one.lifted), -one.coherent, -one.leaving
    return (impossible, *freed, one.builds or 0, one.account.application)
