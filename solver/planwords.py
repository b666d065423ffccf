"""Which words does a plan use for states, outcomes and classes?"""

from typing import Literal

State = Literal["unchanged", "updated", "held", "downgraded", "added"]
Status = Literal["optimal", "feasible", "conflict"]
RiskClass = Literal["lifted", "precautionary", "deliberate", "pin", "exclusion", "override"]
EdgeKind = Literal["run", "build"]
"""Whether a requirement is there to run its depender or to build it."""
_TO_BUILD = " (to build)"
"""Follows a requirement that is there to build its depender, where a plan tells requirements as text. No requirement
ends so itself."""
CHEAP: tuple[RiskClass, ...] = ("lifted", "precautionary")
RISKY: tuple[RiskClass, ...] = ("deliberate", "pin", "exclusion")


def told_kind(text: str, kind: EdgeKind) -> str:
    """Return a requirement as a plan tells it.

    >>> told_kind("lib>=1", "build"), told_kind("lib>=1", "run")
    ('lib>=1 (to build)', 'lib>=1')
    """
    return text + _TO_BUILD if kind == "build" else text


def read_kind(text: str) -> tuple[str, EdgeKind]:
    """Return a requirement that a plan tells as METADATA spells it, and what it is there for.

    >>> read_kind("lib>=1 (to build)"), read_kind("lib>=1")
    (('lib>=1', 'build'), ('lib>=1', 'run'))
    """
    return (text.removesuffix(_TO_BUILD), "build") if text.endswith(_TO_BUILD) else (text, "run")
