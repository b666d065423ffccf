"""Which dependencies does a package gain or lose with a new release? Only what is certain; the rest is said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementChange:
    """How what a package requires to run changes.

    Attributes:
        gained: project -> attribute, of what it requires on every target from now on, without extras.
        lost: projects -> attribute, of what it does not name any more at all.
        unsure: what a human has to look at, one sentence each.
    """

    gained: tuple[tuple[ProjectName, str], ...] = ()
    lost: tuple[tuple[ProjectName, str], ...] = ()
    unsure: tuple[str, ...] = ()


NO_CHANGE = RequirementChange()
"""Nothing changes."""


def requirement_change(
    before: Release | None,
    after: Release | None,
    targets: tuple[Target, ...],
    attributes: Mapping[ProjectName, str],
    left_out: Collection[ProjectName] = (),
) -> RequirementChange:
    """Return what changes between two releases of a project.

    Args:
        before: the release that nixpkgs has; None where the dataset does not hold it.
        after: the release that it shall have, or None.
        targets: where requirements are to hold.
        attributes: the attribute of each project of the plan.
        left_out: projects that nixpkgs does without.
    """
    if before is None or after is None or before.requires is None or after.requires is None:
        unknown = before if after is not None and after.requires is not None else after
        which = "its present release" if unknown is before else "its new release"
        return RequirementChange(unsure=(f"what {which} requires is not known, so dependencies stay as they are",))
    old, new = _required(before, targets), _required(after, targets)
    named = {one.project for text in after.requires if (one := parse_requirement(text)) is not None}
    gained, lost, unsure = [], [], []
    for project in sorted(new.keys() - old.keys() - set(left_out)):
        attribute = attributes.get(project)
        texts = ", ".join(one.text for one in new[project])
        mask = 0
        for one in new[project]:
            mask |= applies(one, targets)
        extras = sorted({extra for one in new[project] for extra in one.extras})
        if attribute is None:
            unsure.append(f"it requires {texts} now, which the plan does not hold")
        elif mask != (1 << len(targets)) - 1:
            unsure.append(f"it requires {texts} now, but not on every target")
        else:
            gained.append((project, attribute))
            if extras:
                unsure.append(f"it requires {texts} now: add what the extra {', '.join(extras)} needs")
    for project in sorted(old.keys() - new.keys()):
        attribute = attributes.get(project)
        if attribute is None:
            continue
        if project in named:
            unsure.append(f"it requires {project} only for an extra or on another target from now on")
        else:
            lost.append((project, attribute))
    if after.unusable:
        unsure.append("some of what its new release requires cannot be read")
    return RequirementChange(gained=tuple(gained), lost=tuple(lost), unsure=tuple(unsure))


def _required(release: Release, targets: tuple[Target, ...]) -> dict[ProjectName, Sequence[Requirement]]:
    found: dict[ProjectName, list[Requirement]] = {}
    for text in release.requires or ():
        one = parse_requirement(text)
        if one is not None and applies(one, targets):
            found.setdefault(one.project, []).append(one)
    return {project: tuple(several) for project, several in found.items()}
