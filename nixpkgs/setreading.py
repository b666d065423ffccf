"""What did one way of reading nixpkgs find? The attributes, those that are left out, and what could not be read."""

from dataclasses import dataclass

from dataset.currentset import Attribute

NO_VERSION = "the package has no version"
"""Why a version is unknown that nothing states: it is known to be missing."""


@dataclass(frozen=True, slots=True)
class SetReading:
    """What was read from a set.

    Attributes:
        attributes: sorted by name.
        left_out: attributes that no target has -> why, sorted.
        problems: what could not be read, one sentence each.
    """

    attributes: tuple[Attribute, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
