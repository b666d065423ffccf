"""Which condition of nixpkgs says exactly what markers say? For every interpreter and system, not only for targets."""

from collections.abc import Iterable

from nixpkgs.targetconditions import condition_of
from normalize.requirements import Requirement, applies
from normalize.targets import Target

_EVERYWHERE = tuple(
    Target(f"3.{minor}", system)
    for minor in range(9, 21)
    for system in ("x86_64-linux", "aarch64-linux", "aarch64-darwin", "x86_64-darwin")
)


def exact_condition(requirements: Iterable[Requirement]) -> str | None:
    """Return when one of the requirements applies, as package files write it; None where that is not one question.

    >>> from normalize.requirements import parse_requirement
    >>> exact_condition([parse_requirement("a; python_version < '3.14'")])
    'pythonOlder "3.14"'
    >>> exact_condition([parse_requirement("a; sys_platform == 'linux'")])
    'stdenv.hostPlatform.isLinux'
    >>> exact_condition([parse_requirement("a; sys_platform == 'linux' and python_version < '3.14'")]) is None
    True
    """
    mask = 0
    for one in requirements:
        mask |= applies(one, _EVERYWHERE)
    found = condition_of([target for i, target in enumerate(_EVERYWHERE) if mask >> i & 1], _EVERYWHERE)
    if found is None or len(found.alternatives) != 1 or len(found.alternatives[0]) != 1:
        return None
    text = found.expression()
    return None if "==" in text else text
