"""Which dependencies does a package gain or lose with a new release? Only what is certain; the rest is said."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dataset.records import Release
from nixpkgs.exactcondition import exact_condition
from normalize.projects import ProjectName, extra_name
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target


@dataclass(frozen=True, slots=True)
class Sometimes:
    """What a package requires on some targets only from now on.

    Attributes:
        project, attribute: what it is.
        condition: when, as package files write it; "" where they have no short way to say it.
        targets: for each target whether it holds there.
        note: the same for a human.
    """

    project: ProjectName
    attribute: str
    condition: str
    targets: tuple[bool, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ExtraChange:
    """How what an extra needs changes.

    Attributes:
        extra: normalised.
        gained, lost: attributes that it needs on every target from now on, and those that it does not name any more.
    """

    extra: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementChange:
    """How what a package requires to run changes.

    Attributes:
        gained: project -> attribute, of what it requires on every target from now on, without extras.
        sometimes: what it requires on some targets from now on, and on none before.
        lost: projects -> attribute, of what it does not name any more at all.
        faded: the same, of what it required on no target before either.
        extras: of extras that both releases have.
        unsure: what a human has to look at, one sentence each.
    """

    gained: tuple[tuple[ProjectName, str], ...] = ()
    sometimes: tuple[Sometimes, ...] = ()
    lost: tuple[tuple[ProjectName, str], ...] = ()
    faded: tuple[tuple[ProjectName, str], ...] = ()
    extras: tuple[ExtraChange, ...] = ()
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
    gained, sometimes, lost, unsure = [], [], [], []
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
            note = f"it requires {texts} now, but not on every target"
            condition = None if extras or project in _plainly(before) else exact_condition(new[project])
            where = tuple(bool(mask >> i & 1) for i in range(len(targets)))
            sometimes.append(Sometimes(project, attribute, condition or "", where, note))
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
    certain = not after.unusable
    faded = sorted(_plainly(before) - old.keys() - named) if certain else ()
    return RequirementChange(
        gained=tuple(gained),
        sometimes=tuple(sometimes),
        lost=tuple(lost),
        faded=tuple((project, attributes[project]) for project in faded if project in attributes),
        extras=tuple(_extras(before, after, targets, attributes)) if certain else (),
        unsure=tuple(unsure),
    )


def _plainly(release: Release) -> frozenset[ProjectName]:
    """Return what a release requires without an extra, be it on no target."""
    found = (parse_requirement(text) for text in release.requires or ())
    return frozenset(one.project for one in found if one is not None and "extra" not in one.condition)


def _extras(
    before: Release, after: Release, targets: tuple[Target, ...], attributes: Mapping[ProjectName, str]
) -> Iterator[ExtraChange]:
    for extra in sorted({extra_name(one) for one in before.extras} & {extra_name(one) for one in after.extras}):
        old, new = _of_extra(before, extra, targets), _of_extra(after, extra, targets)
        plain = {project for project, mask in new.items() if mask == (1 << len(targets)) - 1}
        named = {one.project for text in after.requires or () if (one := parse_requirement(text)) is not None}
        # what nixpkgs does not have, it leaves out of an extra's list; so there is nothing to say of it
        gained = [attributes[one] for one in sorted(plain - old.keys()) if one in attributes]
        lost = [attributes[one] for one in sorted(old.keys() - named) if one in attributes]
        if gained or lost:
            yield ExtraChange(extra, tuple(gained), tuple(lost))


def _of_extra(release: Release, extra: str, targets: tuple[Target, ...]) -> dict[ProjectName, int]:
    """Return what only an extra brings -> on which targets; no target for what has extras of its own."""
    found: dict[ProjectName, int] = {}
    for text in release.requires or ():
        one = parse_requirement(text)
        if one is None or one.project == release.project or applies(one, targets):
            continue
        mask = applies(one, targets, extra)
        if mask or extra in one.condition:
            found[one.project] = found.get(one.project, 0) | (0 if one.extras else mask)
    return found


def _required(release: Release, targets: tuple[Target, ...]) -> dict[ProjectName, Sequence[Requirement]]:
    found: dict[ProjectName, list[Requirement]] = {}
    for text in release.requires or ():
        one = parse_requirement(text)
        if one is not None and applies(one, targets):
            found.setdefault(one.project, []).append(one)
    return {project: tuple(several) for project, several in found.items()}
