"""What is an alias of nixpkgs' Python set, and where does it lead?"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One entry of ``python-aliases.nix``.

    Attributes:
        name: the alias.
        target: the attribute that it stands for or stood for; None for what was removed or only guarded.
        fatal: whether using it ends in an error (``throw``); always so without a target.
        date: the day that its comment names, ``2026-07-15``, or None.
        reason: what the error says, or a note; None where that is only that the attribute was renamed.
    """

    name: str
    target: str | None = None
    fatal: bool = False
    date: str | None = None
    reason: str | None = None


def trail(name: str, aliases: Mapping[str, Alias]) -> tuple[str, ...]:
    """Return the names that following an alias passes, itself first.

    The last one is no alias, or an alias without a target; or it is there twice, which is a cycle.

    >>> trail("c", {"a": Alias(name="a", target="b"), "c": Alias(name="c", target="a")})
    ('c', 'a', 'b')
    """
    passed = [name]
    while (alias := aliases.get(passed[-1])) is not None and alias.target is not None:
        passed.append(alias.target)
        if alias.target in passed[:-1]:
            break
    return tuple(passed)
