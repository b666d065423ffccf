"""Which attributes that a checkout has outside the set move with a plan? Those whose version is not good enough."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from nixpkgs.outside import Asked, Relaxes, asked_of, enough
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version, same_version
from solver.plan import Addition, Plan


@dataclass(frozen=True, slots=True)
class Has:
    """What a checkout has of an attribute.

    Attributes:
        version: its version; None where that cannot be read.
        why: why it cannot.
    """

    version: str | None
    why: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Lacking:
    """A package of the plan for which the checkout's version of an attribute is not known to be good enough.

    Attributes:
        depender: the package's attribute.
        note: what it needs, for a human.
        attribute: what it needs.
    """

    depender: str
    note: str
    attribute: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideChange:
    """What a plan means for what a checkout has outside the set.

    Attributes:
        current: of projects that shall have the plan's version from now on, or have it: the checkout's version.
        lacking: what has to be told where such a project does not move after all, sorted.
    """

    current: Mapping[ProjectName, str]
    lacking: tuple[Lacking, ...] = ()


NOTHING_OUTSIDE = OutsideChange(current={})
"""The plan asks nothing of what the checkout has outside the set."""


class _Outside:
    """The attributes that a checkout has outside the set, and what is asked of them."""

    def __init__(
        self,
        plan: Plan,
        has: Mapping[ProjectName, Has],
        relaxes: Relaxes,
        only: Collection[str],
        stuck: Collection[str],
    ) -> None:
        self._has = has
        self._only = only
        self._stuck = {one.project for one in plan.packages if one.attribute in stuck and one.state != "unchanged"}
        self._attributes = {one.project: one.attribute for one in plan.packages}
        self._added = {one.project for one in plan.added}
        self._outside = [one for one in plan.added if one.project in has]
        self._asked = {one.project: asked_of(one, relaxes) for one in self._outside}
        self._there = {one.project for one in self._outside if same_version(one.version, has[one.project].version)}
        self.current = {project: has[project].version or "" for project in self._there}

    def moves(self) -> bool:
        """Let what is not good enough move; return whether anything did."""
        found = False
        for one in self._outside:
            version = self._has[one.project].version
            if version is None or one.project in self.current or not self._may_change(one.project):
                continue
            asked = list(self._live(one))
            if _reaches(one, asked) and any(_good(each, version) is False for each in asked):
                self.current[one.project] = version
                found = True
        return found

    def lacking(self) -> Iterator[Lacking]:
        """Yield for whom what the checkout has is not known to be good enough."""
        for one in self._outside:
            has, name = self._has[one.project], self._attributes[one.project]
            for asked in self._live(one):
                if one.project not in self._there and not _good(asked, has.version):
                    told = (
                        f" and the tree has {has.version}" if has.version is not None else f"; in the tree, {has.why}"
                    )
                    yield Lacking(self._attributes[asked.depender], f"it needs {name}{asked.clauses}{told}", name)

    def _live(self, one: Addition) -> Iterator[Asked]:
        """Yield what is asked by packages that get the plan's version, or have it.

        Any other package outside the set asks for what the checkout has.
        """
        for asked in self._asked[one.project]:
            told = self._may_change(one.project) or self._may_change(asked.depender)
            there = asked.depender in self.current or asked.depender not in self._added
            if told and there and asked.depender not in self._stuck:
                yield asked

    def _may_change(self, project: ProjectName) -> bool:
        return not self._only or self._attributes.get(project) in self._only


def outside_change(
    plan: Plan,
    has: Mapping[ProjectName, Has],
    relaxes: Relaxes,
    only: Collection[str] = (),
    stuck: Collection[str] = (),
) -> OutsideChange:
    """Return what moves, and what is lacking where it does not.

    Args:
        plan: the plan.
        has: what the checkout has of projects that the plan adds.
        relaxes: what is relaxed in the checkout.
        only: the attributes that may change; of others it is told what these need. None means all.
        stuck: attributes that do not get the plan's version, whatever it wants; what that would require does not count.
    """
    outside = _Outside(plan, has, relaxes, only, stuck)
    while outside.moves():
        pass
    return OutsideChange(current=outside.current, lacking=tuple(sorted(set(outside.lacking()))))


def _reaches(one: Addition, asked: Collection[Asked]) -> bool:
    """Return whether the plan's version is good enough; it is not where the index has nothing newer."""
    chosen = None if one.version is None else parse_version(one.version)
    return chosen is not None and enough(asked).contains(chosen, prereleases=True)


def _good(asked: Asked, version: str | None) -> bool | None:
    """Return whether a version is good enough; None where that is not known."""
    if not len(asked.clauses):
        return True
    release = None if version is None else parse_nix_version(version).release
    return None if release is None else asked.clauses.contains(release, prereleases=True)
