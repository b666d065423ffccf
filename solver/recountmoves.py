"""What would one move change? What a plan says of its holds and relaxations, counted again with packaging alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from normalize.projects import ProjectName
from solver.plan import Change, Gain, Plan, Relaxation
from solver.recountdomains import Domains, Option
from solver.recountlines import Line
from solver.recountprices import Node, Prices


@dataclass(slots=True, kw_only=True)
class Moves:
    """Counts the levels again where one project of the plan takes another version and all others stay.

    Args:
        plan: what is checked.
        domains: the candidates.
        prices: what requirements cost.
        chosen: where each project of the plan is.
        active: the projects of the plan, and the extras of them that it asks for.
        dependents: who could require each project; a skipped candidate counts once for each of them, and once more.
        ties: the pairs of projects that are released together, who names the other first.
    """

    plan: Plan
    domains: Domains
    prices: Prices
    chosen: Mapping[ProjectName, Option]
    active: Sequence[Node]
    dependents: Mapping[ProjectName, set[ProjectName]]
    ties: Iterable[tuple[ProjectName, ProjectName]]
    _naming: dict[ProjectName, list[Node]] = field(init=False)
    _extras: dict[ProjectName, list[Node]] = field(init=False)
    _tied: dict[ProjectName, list[tuple[ProjectName, ProjectName]]] = field(init=False)

    def __post_init__(self) -> None:
        """Look up the neighbours of each project once."""
        self._naming, self._extras, self._tied = defaultdict(list), defaultdict(list), defaultdict(list)
        for node in self.active:
            self._extras[node[0]].append(node)
            for dependency in self.prices.asked(node, self.chosen[node[0]]):
                self._naming[dependency].append(node)
        for pair in self.ties:
            for project in pair:
                self._tied[project].append(pair)

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each hold and relaxation whose move changes something else than said, or betters."""
        for hold in self.plan.held:
            if hold.project not in self.chosen or hold.newest != self.domains.of(hold.project)[-1].text:
                continue  # said elsewhere
            counted = self.changes(hold.project, self.domains.of(hold.project)[-1])
            if counted != hold.moving:
                said = f"moving {hold.project} to {hold.newest} is said to change {_words(hold.moving)}"
                yield f"{said}; counted anew it changes {_words(counted)}"
            yield from self._better(hold.project, hold.newest, counted)
        for relaxation in self.plan.relaxed:
            if {relaxation.project, relaxation.dependency} <= self.chosen.keys():
                gain = self._gain(relaxation)
                if gain != relaxation.gain:
                    said = f"relaxing {relaxation.project}'s {relaxation.dependency} is said to buy"
                    yield f"{said} {_bought(relaxation.gain)}; counted anew it buys {_bought(gain)}"
                if gain is not None:
                    yield from self._better(gain.project, gain.version, gain.changes)

    def _better(self, project: ProjectName, version: str, changes: Sequence[Change]) -> Iterator[str]:
        """Say so where a move shows that an optimal plan is none: it lowers the first level that it changes."""
        if self.plan.status == "optimal" and changes and changes[0].by < 0:
            yield f"moving {project} to {version} alone would be better, and the plan is called optimal"

    def changes(self, project: ProjectName, option: Option) -> tuple[Change, ...]:
        """Return by how much each level would differ, had the project that version; levels that stay are left out."""
        places = {**self.chosen, project: option}
        started = self._started(project, places)
        total: Counter[str] = Counter()
        for node in (*self._extras[project], *started):
            if node not in started:
                for dependency, lines in self.prices.asked(node, self.chosen[project]).items():
                    total.subtract(self.prices.of_pair(lines, self.chosen.get(dependency)))
            for dependency, lines in self.prices.asked(node, places[node[0]]).items():
                total.update(self.prices.of_pair(lines, places.get(dependency)))
        for node in self._naming[project]:
            lines = self.prices.asked(node, self.chosen[node[0]])[project]
            total.subtract(self.prices.of_pair(lines, self.chosen[project]))
            total.update(self.prices.of_pair(lines, option))
        for pair in self._tied[project]:
            total["unaligned"] += self._apart(pair, places) - self._apart(pair, self.chosen)
        options = self.domains.of(project)
        skipped = options.index(self.chosen[project]) - options.index(option)
        total["staleness"] += skipped * (1 + len(self.dependents[project]))
        total["changed"] += self.chosen[project].current - option.current
        return tuple(Change(level=name, by=total[name]) for name in self._order() if total[name])

    def _order(self) -> tuple[str, ...]:
        return ("broken", *(level.name for level in self.plan.levels))

    def _apart(self, pair: tuple[ProjectName, ProjectName], places: Mapping[ProjectName, Option]) -> bool:
        """Return whether two projects that are released together are out of step."""
        if not set(pair) <= places.keys():
            return False
        return self.prices.in_step(places[pair[0]], pair[1], places[pair[1]]) is False

    def _started(self, project: ProjectName, places: Mapping[ProjectName, Option]) -> list[Node]:
        """Return the extras that nobody asks for in the plan, and that the moved project would ask for."""
        found: list[Node] = []
        queue = list(self._extras[project])
        for at in queue:  # grows while it is read
            for line in self.prices.lines_of(places[at[0]].release, at[1]):
                for one in line.requirement.extras:
                    node = (line.dependency, canonicalize_name(one))
                    if node[0] in places and node not in (*self._extras[node[0]], *found):
                        found.append(node)
                        queue.append(node)
        return found

    def _gain(self, relaxed: Relaxation) -> Gain | None:
        """Return the cheapest of the two moves that do without a relaxation: of its dependency, or of its depender."""
        found = []
        for project, option in self._ways(relaxed):
            changes = self.changes(project, option)
            if not any(one.level == "broken" and one.by > 0 for one in changes):
                chosen = self.chosen[project].text or ""
                found.append(Gain(project=project, version=option.text or "", chosen=chosen, changes=changes))
        by = [{one.level: one.by for one in gain.changes} for gain in found]
        prices = [[one.get(level, 0) for level in self._order()] for one in by]
        return found[prices.index(min(prices))] if found else None

    def _ways(self, relaxed: Relaxation) -> Iterator[tuple[ProjectName, Option]]:
        depender, dependency = self.chosen[relaxed.project], self.chosen[relaxed.dependency]
        lines = self._lines(relaxed, depender)
        options = reversed(self.domains.of(relaxed.dependency))
        first = next((one for one in options if _fit(lines, one)), None)
        if first is not None:
            yield relaxed.dependency, first
        options = reversed(self.domains.of(relaxed.project))
        first = next((one for one in options if one.release and _fit(self._lines(relaxed, one), dependency)), None)
        if first is not None:
            yield relaxed.project, first

    def _lines(self, relaxed: Relaxation, depender: Option) -> list[Line]:
        """Return what a version of the depender requires of the dependency, by itself and through the extra."""
        nodes = [(relaxed.project, ""), (relaxed.project, relaxed.extra or "")][: 1 + bool(relaxed.extra)]
        return [line for node in nodes for line in self.prices.asked(node, depender).get(relaxed.dependency, ())]


def _fit(lines: Iterable[Line], met: Option) -> bool:
    return met.version is not None and not any(line.violated(met.version) for line in lines)


def _words(changes: Iterable[Change]) -> str:
    return ", ".join(f"{one.level} {one.by:+}" for one in changes) or "nothing"


def _bought(gain: Gain | None) -> str:
    return "nothing" if gain is None else f"{gain.project} {gain.chosen} for {gain.version} ({_words(gain.changes)})"
