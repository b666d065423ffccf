"""What does pip's resolver (resolvelib) choose from a dataset? A provider of its own, run as a program.

``python resolvelibcase.py DATASET REQUIREMENT...`` prints the versions as JSON, or ``null`` where nothing satisfies.
The provider orders as pip does: exact pins first, then what has an upper bound, then by name; newest releases first;
pre-releases only where no final release fits; yanked ones never.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import resolvelib
from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from dataset.records import Release
from dataset.store import Store
from normalize.projects import ProjectName

PYTHON = "3.13"
ENVIRONMENT = {
    **{key: str(value) for key, value in default_environment().items()},
    "python_version": PYTHON,
    "python_full_version": f"{PYTHON}.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
}


class Candidate(NamedTuple):
    """A release, perhaps with an extra."""

    name: str
    extra: str
    version: Version
    release: Release


@cache
def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


@cache
def _applies(text: str, extra: str) -> bool:
    marker = (_requirement(text) or Requirement("x")).marker
    return marker is None or marker.evaluate({**ENVIRONMENT, "extra": extra})


class Provider(resolvelib.AbstractProvider):  # type: ignore[type-arg]
    """Answers from a dataset."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, list[tuple[Version, Release]]] = {}

    def identify(self, requirement_or_candidate: Any) -> tuple[str, str]:
        """Return the project and the extra."""
        one = requirement_or_candidate
        if isinstance(one, Candidate):
            return one.name, one.extra
        return canonicalize_name(one[0].name), one[1]

    def get_preference(
        self,
        identifier: Any,
        resolutions: Mapping[Any, Any],
        candidates: Mapping[Any, Iterator[Any]],
        information: Mapping[Any, Iterator[Any]],
        backtrack_causes: Sequence[Any],
    ) -> Any:
        """Pins first, then what has an upper bound, then by name; what made the last conflict before all."""
        del resolutions, candidates
        operators = [part.operator for one in information[identifier] for part in one.requirement[0].specifier]
        causes = {self.identify(cause.requirement) for cause in backtrack_causes}
        return (identifier not in causes, "==" not in operators, not {"<", "<=", "~="} & set(operators), identifier)

    def find_matches(
        self, identifier: Any, requirements: Mapping[Any, Iterator[Any]], incompatibilities: Mapping[Any, Iterator[Any]]
    ) -> Iterable[Candidate]:
        """Return what fits, newest first."""
        name, extra = identifier
        asked = [one[0].specifier for one in requirements[identifier]]
        bad = {one.version for one in incompatibilities[identifier]}
        fitting = [
            Candidate(name, extra, version, release)
            for version, release in self._releases(name)
            if version not in bad and all(one.contains(version, prereleases=True) for one in asked)
        ]
        final = [one for one in fitting if not one.version.is_prerelease]
        return final or fitting

    def is_satisfied_by(self, requirement: Any, candidate: Candidate) -> bool:
        """Return whether the candidate fits."""
        return bool(requirement[0].specifier.contains(candidate.version, prereleases=True))

    def get_dependencies(self, candidate: Candidate) -> Iterable[tuple[Requirement, str]]:
        """Return requirements, each once for the project and once for each extra that it asks for."""
        if candidate.extra:
            yield Requirement(f"{candidate.name}=={candidate.version}"), ""
        for text in candidate.release.requires or ():
            one = _requirement(text)
            if one is None or not _applies(text, candidate.extra):
                continue
            yield from spread(one)

    def _releases(self, name: str) -> list[tuple[Version, Release]]:
        if name not in self._known:
            found = []
            for release in self._store.releases([ProjectName(name)], files=False):
                try:
                    version = Version(release.version)
                except InvalidVersion:
                    continue
                if release.unknown is None and release.yanked is None and _runs(release.requires_python):
                    found.append((version, release))
            self._known[name] = sorted(found, key=lambda one: one[0], reverse=True)
        return self._known[name]


def spread(one: Requirement) -> Iterator[tuple[Requirement, str]]:
    """Yield a requirement for its project, and for each of its extras."""
    yield one, ""
    for extra in sorted(one.extras):
        yield one, extra


@cache
def _runs(requires_python: str | None) -> bool:
    try:
        return SpecifierSet(requires_python or "").contains(f"{PYTHON}.0", prereleases=True)
    except InvalidSpecifier:
        return True


def resolved(db: Path, asked: Iterable[str]) -> dict[str, str] | None:
    """Return the versions, or None where nothing satisfies."""
    with Store.open(db) as store:
        resolver: Any = resolvelib.Resolver(Provider(store), resolvelib.BaseReporter())
        try:
            result = resolver.resolve([one for text in asked for one in spread(Requirement(text))], max_rounds=200_000)
        except resolvelib.ResolutionImpossible:
            return None
    return {name: str(candidate.version) for (name, extra), candidate in result.mapping.items() if not extra}


if __name__ == "__main__":
    print(json.dumps(resolved(Path(sys.argv[1]), sys.argv[2:]), sort_keys=True))
