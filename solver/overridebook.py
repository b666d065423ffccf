"""What does policy say about an edge? Its entries, found without looking through all of them."""

from normalize.projects import ProjectName
from solver.policy import EdgeOverride, Policy


class OverrideBook:
    """The policy's entries on edges, found without looking through all of them."""

    def __init__(self, policy: Policy) -> None:
        self._by_dependency: dict[ProjectName, dict[ProjectName | None, list[EdgeOverride]]] = {}
        self._place = {id(one): i for i, one in enumerate(policy.edges)}
        self._versioned: set[ProjectName | None] = set()
        for one in policy.edges:
            self._by_dependency.setdefault(one.dependency, {}).setdefault(one.depender, []).append(one)
            if len(one.versions):
                self._versioned.add(one.depender)

    def by_version(self, depender: ProjectName) -> bool:
        """Return whether some entry is about certain versions of the depender only."""
        return bool(self._versioned) and (depender in self._versioned or None in self._versioned)

    def find(self, depender: ProjectName, version: str | None, dependency: ProjectName) -> EdgeOverride | None:
        """Return the policy's word on an edge; the version counts only where :meth:`by_version` says so."""
        entries = self._by_dependency.get(dependency)
        if entries is None or not (depender in entries or None in entries):
            return None
        mine = sorted((*entries.get(depender, ()), *entries.get(None, ())), key=lambda one: self._place[id(one)])
        return Policy(edges=tuple(mine)).for_edge(depender, version or "0", dependency)
