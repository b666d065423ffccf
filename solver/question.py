"""What is asked of the solver?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import ProjectName
from normalize.requirements import Requirement
from normalize.targets import Target
from solver.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that a plan depends on.

    Attributes:
        releases: all releases of each project in the dataset.
        current: nixpkgs' set; every attribute of it stays in the plan.
        asked: requirements that the plan must meet beside the current set.
        strict: whether upper parts are as hard as lower ones.
        ad_hoc: whether only what is asked for is to be met, as a resolver does: lower parts are hard, pre-releases
            and pinned yanked releases are last resorts, and where it is strict too, a project that the dataset does not
            hold has no release.
        build_requirements: whether what building a release requires counts as well.
        before: only earlier uploads are candidates.
        members: the attribute that stands for each project of the current set: the unversioned one of several.
        others: the attributes whose project another attribute stands for.
    """

    releases: Mapping[ProjectName, Sequence[Release]]
    current: CurrentSet
    policy: Policy
    targets: tuple[Target, ...]
    asked: tuple[Requirement, ...] = ()
    strict: bool = False
    ad_hoc: bool = False
    build_requirements: bool = False
    before: Timestamp | None = None
    members: Mapping[ProjectName, Attribute] = field(init=False)
    others: tuple[Attribute, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Choose the attribute that stands for each project."""
        members: dict[ProjectName, Attribute] = {}
        others: list[Attribute] = []
        for attribute in sorted(self.current.attributes, key=lambda one: (one.series is not None, one.name)):
            if attribute.project is None:
                continue
            if attribute.project in members:
                others.append(attribute)
            else:
                members[attribute.project] = attribute
        object.__setattr__(self, "members", members)
        object.__setattr__(self, "others", tuple(others))

    def target_names(self, mask: int) -> tuple[str, ...]:
        """Return the targets of a bit mask, as a plan spells them."""
        return tuple(str(target) for i, target in enumerate(self.targets) if mask >> i & 1)

    def some_targets(self, mask: int) -> tuple[str, ...] | None:
        """Return the targets of a bit mask, or None where it holds all."""
        names = self.target_names(mask)
        return None if len(names) == len(self.targets) else names
