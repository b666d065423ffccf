"""How would nixpkgs' runtime-dependency hook judge a requirement? As python-runtime-deps-check-hook.py does.

A requirement whose marker does not hold is ignored; so are extras, those that bring a requirement and those that it
asks for, and direct URLs. Of the others the distribution must be there, and its version within the specifier, in which
pre-releases count like any version.
"""

from dataclasses import dataclass
from typing import Literal

from nixpkgs.buildenvironment import Environment, Installed
from normalize.requirements import Requirement
from normalize.specifiers import Part
from normalize.versions import parse_nix_version, parse_version

Outcome = Literal["met", "violated", "missing", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the hook would say of one requirement, wherever its marker holds.

    Attributes:
        outcome: ``unknown`` where the version that would be compared is not known.
        parts: of the specifier that are violated.
        installed: what is compared; None where it is missing.
        doubt: why it may be otherwise; of what is unknown: why it is.
    """

    outcome: Outcome
    parts: frozenset[Part] = frozenset()
    installed: Installed | None = None
    doubt: str = ""


def judge(requirement: Requirement, environment: Environment) -> Verdict:
    """Return what the hook would say of a requirement whose marker holds."""
    certain = environment.found.get(requirement.project)
    installed = certain or environment.assumed.get(requirement.project)
    doubt = environment.doubt if certain is None else ""
    if installed is None:
        condition = environment.conditions.get(requirement.project)
        doubt = doubt if condition is None else f"the package file has it where: {condition}"
        return Verdict(outcome="missing", doubt=doubt)
    if not len(requirement.specifier):
        return Verdict(outcome="met", installed=installed, doubt=doubt)
    if installed.version is None:
        unsaid = f"this set does not say which version {installed.attribute} has"
        return Verdict(outcome="unknown", installed=installed, doubt=unsaid)
    version = parse_version(installed.version)
    if version is not None:
        parts = requirement.bounds.violated(version)
        return Verdict(outcome="violated" if parts else "met", parts=parts, installed=installed, doubt=doubt)
    if _any_later_meets(requirement, installed.version):
        return Verdict(outcome="met", installed=installed, doubt=doubt)
    return Verdict(outcome="unknown", installed=installed, doubt=f"{installed} is no version that can be compared")


def _any_later_meets(requirement: Requirement, snapshot: str) -> bool:
    """Return whether the release that a snapshot follows meets the requirement, and with it all that is newer."""
    release = parse_nix_version(snapshot).release
    lower_alone = all(one.operator in (">", ">=") for one in requirement.specifier)
    return release is not None and lower_alone and not requirement.bounds.violated(release)
