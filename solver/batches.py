"""Which updates can be made together without touching each other? A round of updates as a sequence of changes.

Two updates are independent where no project that one of them moves or edits is moved, edited or required by the other,
nor requires anything that the other moves. Then no requirement has both of its ends among what the two of them change:
each one is met, or relaxed, as in the update that changes its one end. So all updates of a batch are coherent together,
and cost together what they cost alone. A project that neither of them changes may be required by both.

An update that another one of its kind contains whole is not made twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.ease import EASES, Ease, Effect


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates of one ease that do not touch each other.

    Attributes:
        effects: by project.
        contained: updates that one of these makes as well, each with the one that makes it, both as projects.
    """

    ease: Ease
    effects: tuple[Effect, ...]
    contained: tuple[tuple[str, str], ...] = ()

    @property
    def built(self) -> int:
        """How many attributes are built again at most: those that several updates rebuild count several times."""
        return sum(one.built for one in self.effects)


def independent(one: Effect, other: Effect) -> bool:
    """Return whether two updates do not touch each other."""
    touched, near = set(one.touched), set(one.around)
    there = set(other.touched)
    return touched.isdisjoint(there) and touched.isdisjoint(other.around) and there.isdisjoint(near)


def batches(effects: Iterable[Effect]) -> tuple[Batch, ...]:
    """Return the possible updates in batches, easiest first.

    Each goes into the first batch of its ease that it is independent of, those with the most rebuilds first, so that
    what is expensive is shared by few batches; the order of the argument does not matter.
    """
    found: list[Batch] = []
    for ease in EASES[:-1]:
        mine = sorted(
            (one for one in effects if one.ease == ease),
            key=lambda one: (-len(one.shifts), -one.built, one.update.project),
        )
        colours: list[list[Effect]] = []
        contained: list[list[tuple[str, str]]] = []
        for one in mine:
            whole = next(
                ((i, made) for i, several in enumerate(colours) for made in several if _contains(made, one)), None
            )
            if whole is not None:
                contained[whole[0]].append((one.update.project, whole[1].update.project))
                continue
            for several in colours:
                if all(independent(one, other) for other in several):
                    several.append(one)
                    break
            else:
                colours.append([one])
                contained.append([])
        found += [
            Batch(ease, tuple(sorted(several, key=lambda one: one.update.project)), tuple(sorted(inside)))
            for several, inside in zip(colours, contained, strict=True)
        ]
    return tuple(found)


def _contains(whole: Effect, part: Effect) -> bool:
    return {(one.project, one.after) for one in part.shifts} <= {(one.project, one.after) for one in whole.shifts}
