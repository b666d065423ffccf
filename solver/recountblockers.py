"""Which requirements keep a project below its newest candidate? Looked up again with packaging alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from normalize.projects import ProjectName
from solver.plan import Blocker, Hold
from solver.recountdomains import Domains, Option
from solver.recountlines import Line
from solver.recountprices import Node, Prices
from solver.recountrisk import Evidence

_CHEAP = ("lifted", "precautionary")


@dataclass(slots=True)
class Blockers:
    """Finds what a project's newest candidate would violate, all else as planned."""

    domains: Domains
    prices: Prices
    evidence: Evidence
    chosen: Mapping[ProjectName, Option]
    active: Sequence[Node]
    _naming: dict[ProjectName, list[Line]] = field(init=False)
    _extras: dict[ProjectName, list[Node]] = field(init=False)

    def __post_init__(self) -> None:
        """Look up once who requires each project, and which extras of it the plan asks for."""
        self._naming, self._extras = defaultdict(list), defaultdict(list)
        for node in self.active:
            self._extras[node[0]].append(node)
            for dependency, lines in self.prices.asked(node, self.chosen[node[0]]).items():
                self._naming[dependency] += lines

    def problems(self, hold: Hold) -> Iterator[str]:
        """Yield a sentence for each requirement that a hold wrongly names, or does not name, or names twice.

        A hold that tells no reason of policy at all is asked for none, for plans of earlier releases have none.
        """
        silent = not any(one.policy for one in hold.because)
        found = [replace(one, policy="") if silent else one for one in self.of(hold.project)]
        listed, counted = Counter(hold.because), Counter(found)
        for one in sorted((listed - counted) | (counted - listed), key=str):
            said = f"{one.project} {one.version}'s requirement {one.requires} as {one.risk}"
            if listed[one] > counted[one]:
                yield f"{hold.project} is not held by {said} ({one.level} {one.price})"
            else:
                yield f"{hold.project} is held by {said} too, and the plan does not list it ({one.level} {one.price})"

    def of(self, project: ProjectName) -> list[Blocker]:
        """Return the requirements that a hold is to name: those that are more than cheap, else all."""
        newest, now = self.domains.of(project)[-1], self.chosen[project]
        found = [*self._incoming(project, newest, now), *self._outgoing(project, newest)]
        return [one for one in found if one.policy or one.risk not in _CHEAP] or found

    def _incoming(self, project: ProjectName, newest: Option, now: Option) -> Iterator[Blocker]:
        for line in self._naming[project]:
            if now.version is None or not line.violated(now.version):
                yield from self._blocker(line, newest)

    def _outgoing(self, project: ProjectName, newest: Option) -> Iterator[Blocker]:
        for node in self._extras[project]:
            for dependency, lines in self.prices.asked(node, newest).items():
                for line in lines:
                    yield from self._blocker(line, self.chosen.get(dependency))

    def _blocker(self, line: Line, met: Option | None) -> Iterator[Blocker]:
        """Yield what a line is to a version that would meet it, unless it accepts that or costs nothing there."""
        blocker = Blocker(
            project=line.release.project,
            version=line.release.version,
            requires=line.text,
            dependency=line.dependency,
            chosen=met.text or "" if met else "",
            risk="missing",
            level="broken",
            price=1,
            kind=line.kind,
        )
        if met is None:
            yield blocker
            return
        if met.version is None or not (sides := line.violated(met.version) - line.free()):
            return
        if sides == {"lower"}:
            blocker = replace(blocker, risk="update-first")
        else:
            blocker = replace(blocker, risk=self.evidence.classify(line, met.version))
        if line.override is not None and sides & line.forbidden():
            yield replace(blocker, policy=line.override.reason)
        elif "exclusion" in sides:
            yield blocker
        elif "lower" in sides:
            yield replace(blocker, level="update_first")
        elif not line.relaxed:
            weight = int(getattr(self.prices.lines.policy.weights, blocker.risk))
            yield replace(blocker, level="cheap" if blocker.risk in _CHEAP else "risky", price=weight)
