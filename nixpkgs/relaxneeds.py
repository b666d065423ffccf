"""Which requirements of a release would nixpkgs' hook refuse beside a plan's versions? What ``true`` stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target
from normalize.versions import parse_version
from solver.plan import Package


@dataclass(frozen=True, slots=True)
class Bounded:
    """A requirement that says which versions it wants.

    Attributes:
        name: as METADATA spells it.
        attribute: the plan's attribute of it; None where the plan does not hold it.
        text: the whole requirement, for a comment.
        met: whether the plan's version is known to meet it.
    """

    name: str
    attribute: str | None
    text: str
    met: bool


def bounded_requirements(
    release: Release | None, targets: tuple[Target, ...], packages: Mapping[ProjectName, Package]
) -> tuple[Bounded, ...] | None:
    """Return the requirements at which the hook looks and which set bounds; None where they are not all known.

    Args:
        release: what the plan chooses; None where the dataset does not hold it.
        targets: where requirements are to hold.
        packages: what the plan holds.
    """
    if release is None or release.requires is None or release.unusable:
        return None
    found = []
    for text in release.requires:
        one = parse_requirement(text)
        if one is None:
            return None
        if (len(one.specifier) or one.url is not None) and applies(one, targets):
            package = packages.get(one.project)
            attribute = None if package is None else package.attribute
            plainly = one.text.split(";")[0].strip()
            found.append(Bounded(one.name, attribute, f"{release.version} requires {plainly}", _met(one, package)))
    return tuple(found)


def _met(one: Requirement, package: Package | None) -> bool:
    version = None if package is None or package.version is None else parse_version(package.version)
    return one.url is None and version is not None and not one.bounds.violated(version)
