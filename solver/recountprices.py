"""What do the requirements between two projects cost? Weighed again with packaging alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import Version

from dataset.records import Release
from normalize.projects import ProjectName
from solver.recountdomains import Option
from solver.recountlines import Line, Lines
from solver.recountrisk import Evidence

Node = tuple[ProjectName, str]
"""A project, or an extra of one."""


@dataclass(slots=True)
class Prices:
    """Weighs requirements by level, as the policy has it.

    Args:
        lines: what releases require.
        evidence: which class a violated line has.
        builds: whether what building requires counts.
    """

    lines: Lines
    evidence: Evidence
    builds: bool

    def lines_of(self, release: Release | None, extra: str) -> Iterator[Line]:
        """Yield the lines of an extra of a release, those to build it among them where they count."""
        if release is not None:
            yield from self.lines.of(release, extra)
            if self.builds and not extra:
                yield from self.lines.of(release, "", "build")

    def asked(self, node: Node, option: Option) -> dict[ProjectName, list[Line]]:
        """Return by dependency what a project, or an extra of it, requires of others in a version."""
        found: dict[ProjectName, list[Line]] = defaultdict(list)
        for line in self.lines_of(option.release, node[1]):
            if line.dependency != node[0]:
                found[line.dependency].append(line)
        return found

    def of_pair(self, lines: Iterable[Line], met: Option | None) -> Counter[str]:
        """Return by level what a release's lines on one project cost; None stands for a project that is not there."""
        if met is None:
            extras = {canonicalize_name(one) for line in lines for one in line.requirement.extras}
            return Counter(broken=1 + len(extras))
        total: Counter[str] = Counter()
        if met.version is not None:
            by_kind: dict[str, list[Line]] = defaultdict(list)
            for line in lines:
                by_kind[line.kind].append(line)
            for several in by_kind.values():
                total.update(self._of_kind(several, met.version))
        return total

    def _of_kind(self, lines: Sequence[Line], version: Version) -> dict[str, int]:
        """Return what the lines of one kind cost: their dearest one, for a pair of projects is relaxed once."""
        broken = first = risky = cheap = 0
        for line in lines:
            sides = line.violated(version) - line.free()
            first = max(first, int("lower" in sides))
            broken = max(broken, int("exclusion" in sides or bool(sides & line.forbidden())))
            if "upper" in sides and "exclusion" not in sides and not line.relaxed:
                risk = self.evidence.classify(line, version)
                weight = int(getattr(self.lines.policy.weights, risk))
                if risk in ("lifted", "precautionary"):
                    cheap = max(cheap, weight)
                else:
                    risky = max(risky, weight)
        return {"broken": broken, "update_first": first, "risky": risky, "cheap": 0 if risky else cheap}

    def in_step(self, project: Option, sibling: ProjectName, met: Option) -> bool | None:
        """Return whether a release has the sibling's version that it names; None where it does not require it."""
        lines = [] if project.release is None else self.lines.of(project.release)
        lines = [one for one in lines if one.dependency == sibling]
        if not lines:
            return None
        named = [version for one in lines if (version := one.named()) is not None]
        free = any(one.relaxed or one.override is not None for one in lines)
        return not named or free or met.version is None or met.version == max(named)
