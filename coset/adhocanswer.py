"""What is an ad hoc list answered with? What there is to tell, in words, however it was found.

Without the engine's values, which the newest releases are answered without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from normalize.projects import ProjectName


class Refusal(Protocol):
    """Why nothing satisfies, told one way or the other."""

    def document(self) -> Mapping[str, Any]:
        """Return what JSON says of it."""

    def lines(self) -> Iterable[str]:
        """Return what people read of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found.

    Attributes:
        packages: the version of each project, sorted by project; none where nothing satisfies.
        relaxed: the relaxations, as JSON has them.
        notes: sentences on relaxations, extras that are asked for in vain, and what is unknown, in this order.
        unknown: the projects of which the answer rests on something that nobody could read.
        proven: whether there is no better answer.
        refusal: why nothing satisfies; None where something does.
    """

    packages: Mapping[ProjectName, str]
    relaxed: tuple[Mapping[str, str | None], ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[ProjectName, ...] = ()
    proven: bool = True
    refusal: Refusal | None = None
