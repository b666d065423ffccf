"""Which distributions does nixpkgs' runtime-dependency hook see while it builds an attribute?

It looks into the environment of the build: the dependencies and theirs, the build system, what the hooks themselves
propagate, and what the tests use. Of the tests nobody has read anything, so that what is missing may be there for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dataset.currentset import Attribute, CurrentSet
from normalize.projects import ProjectName, extra_name
from solver.sentences import first_few

HOOKS = ("installer", "packaging", "wheel")
"""Attributes that the hooks of every checked build propagate: pypaInstallHook, pythonRuntimeDepsCheckHook, and
pypaBuildHook or wheelUnpackHook (pkgs/development/interpreters/python/hooks/default.nix)."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One distribution in an environment.

    Attributes:
        attribute: which brings it.
        version: as nixpkgs spells it; None where the current set does not say.
    """

    attribute: str
    version: str | None

    def __str__(self) -> str:
        """Return the attribute with its version."""
        return self.attribute if self.version is None else f"{self.attribute} {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a build sees.

    Attributes:
        found: by project.
        assumed: what may be there as well, because some of the dependencies are not known: what the set has.
        doubt: why something else may be there as well; "" where only the tests could bring it.
        conditions: projects that the package file has on a condition -> the condition.
    """

    found: Mapping[ProjectName, Installed]
    assumed: Mapping[ProjectName, Installed] = field(default_factory=dict)
    doubt: str = ""
    conditions: Mapping[ProjectName, str] = field(default_factory=dict)


class Described:
    """The current set, looked up by attribute.

    Args:
        current: the whole set.
    """

    def __init__(self, current: CurrentSet) -> None:
        self._attributes: Mapping[str, Attribute] = {one.name: one for one in current.attributes}
        self._partly = frozenset(one.name for one in current.attributes if "dependencies" in dict(one.unknown))
        self._places: dict[str, tuple[ProjectName, Installed]] = {}
        default = sorted(current.attributes, key=lambda one: (one.series is not None, one.name))
        self.everything = self._installed([one.name for one in default])
        """What the set has of each project: the unversioned attribute where there are several."""

    def environment(self, attribute: Attribute) -> Environment:
        """Return what the build of an attribute sees."""
        unknown = dict(attribute.unknown)
        conditions = {self._place(name)[0]: when for name, when in attribute.conditional}
        build = () if attribute.recipe is None else attribute.recipe.build_system
        closure = self._closure((*attribute.dependencies, *build, *HOOKS), attribute.name)
        undescribed = [name for name in closure if name not in self._attributes and name not in HOOKS]
        half = [name for name in closure if name in self._partly]
        partly = "dependencies" in unknown
        doubts = (
            *([f"not all its dependencies are known: {unknown['dependencies']}"] if partly else []),
            *(["its build system was not read"] if attribute.recipe is None else []),
            *([f"its build system is not known: {unknown['build_system']}"] if "build_system" in unknown else []),
            *([f"not all dependencies of {first_few(half)} are known"] if half else []),
            *([f"this set does not describe {first_few(undescribed)}"] if undescribed else []),
        )
        return Environment(
            found=self._installed(closure),
            assumed=self.everything if partly else {},
            doubt="; ".join(doubts),
            conditions=conditions,
        )

    def _closure(self, names: Iterable[str], depender: str) -> list[str]:
        """Return the attributes and all that they depend on, nearest first."""
        found = dict.fromkeys(name for name in names if name != depender)
        queue = list(found)
        for name in queue:  # which grows
            one = self._attributes.get(name)
            for other in () if one is None else one.dependencies:
                if other not in found and other != depender:
                    found[other] = None
                    queue.append(other)
        return queue

    def _installed(self, names: Iterable[str]) -> Mapping[ProjectName, Installed]:
        found: dict[ProjectName, Installed] = {}
        for name in names:
            project, installed = self._place(name)
            found.setdefault(project, installed)
        return found

    def _place(self, name: str) -> tuple[ProjectName, Installed]:
        """Return an attribute's project and what it installs; without a project it is taken for that of its name."""
        known = self._places.get(name)
        if known is None:
            one = self._attributes.get(name)
            # not checked: no requirement asks for what cannot be a project's name
            project = ProjectName(extra_name(name)) if one is None or one.project is None else one.project
            known = self._places[name] = (project, Installed(name, None if one is None else one.version))
        return known
