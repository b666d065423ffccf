"""Which labels does nixpkgs' CI give a change that rebuilds so much, and which branch should it target?"""

from collections.abc import Iterable
from dataclasses import dataclass

_BUCKETS: tuple[tuple[str, int, int | None], ...] = (
    ("0", 0, 0),
    ("1", 1, 1),
    ("1-10", 1, 10),
    ("11-100", 11, 100),
    ("101-500", 101, 500),
    ("501-1000", 501, 1000),
    ("501+", 501, None),
    ("1001-2500", 1001, 2500),
    ("2501-5000", 2501, 5000),
    ("5001+", 5001, None),
)
"""As nixpkgs' ``ci/eval/compare/utils.nix`` has them; some overlap, so that a change may have two."""

_MASTER = 500
_GREY = 1_000
"""nixpkgs' CI refuses a change to master that rebuilds more than this."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The branch that a change should target, and why in a phrase."""

    name: str
    reason: str


def labels(kernels: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return nixpkgs' labels for so many rebuilds per kernel, in the order given.

    >>> labels([("darwin", 1), ("linux", 730)])
    ('10.rebuild-darwin: 1', '10.rebuild-darwin: 1-10', '10.rebuild-linux: 501-1000', '10.rebuild-linux: 501+')
    """
    return tuple(f"10.rebuild-{kernel}: {name}" for kernel, number in kernels for name in buckets(number))


def buckets(number: int) -> tuple[str, ...]:
    """Return the buckets that a number of rebuilds falls into.

    >>> buckets(0), buckets(100), buckets(9000)
    (('0',), ('11-100',), ('501+', '5001+'))
    """
    return tuple(name for name, least, most in _BUCKETS if least <= number and (most is None or number <= most))


def branch(kernels: Iterable[tuple[str, int]]) -> Branch:
    """Return the branch for a change that rebuilds so much; the kernel with the most decides.

    >>> branch([("darwin", 12), ("linux", 12)]).name, branch([("linux", 501)]).name
    ('master', 'staging')
    """
    most = max((number for _, number in kernels), default=0)
    if most <= _MASTER:
        return Branch("master", f"at most {_MASTER:,} rebuilds on each kernel")
    if most <= _GREY:
        return Branch("staging", f"more than {_MASTER:,} rebuilds; up to {_GREY:,} master is a matter of judgement")
    return Branch("staging", f"nixpkgs refuses more than {_GREY:,} rebuilds on master")
