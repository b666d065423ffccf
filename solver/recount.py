"""What do the levels, classes, holds and families of a plan come to when everything is counted anew?

This is the certificate's other half: :mod:`solver.verify` checks that a plan is coherent, this module that it costs
what it says. It starts from the dataset, the current set and the policy, with packaging and none of the solver's code.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from normalize.projects import ProjectName
from normalize.versions import parse_nix_version
from solver.plan import Plan
from solver.planwords import State
from solver.recountblockers import Blockers
from solver.recountdomains import Domains, Option
from solver.recountlines import Line, Lines
from solver.recountmoves import Moves
from solver.recountpolicy import policy_problems
from solver.recountprices import Node, Prices
from solver.recountrisk import Evidence, ties


def recount(plan: Plan, lines: Lines) -> tuple[str, ...]:
    """Return a sentence for each number, class, hold or family of the plan that is not what the dataset shows.

    Args:
        plan: one that is no conflict.
        lines: what the releases require on the plan's targets, as nixpkgs and policy leave it.
    """
    before = dict(plan.dataset).get("before")
    pythons = [one["python_full_version"] for one in lines.environments]
    domains = Domains(lines.releases, lines.members, lines.policy, pythons, before)
    evidence = Evidence(lines.releases, lines, before)
    prices = Prices(lines, evidence, builds=plan.builds is not None)
    work = _Recount(plan, lines, domains, evidence, prices, before)
    work.look_up()
    work.check_packages()
    work.check_edges()
    work.check_partial()
    work.check_holds()
    work.check_families()
    work.check_levels()
    work.check_moves()
    return tuple(work.problems)


@dataclass(slots=True)
class _Recount:
    plan: Plan
    lines: Lines
    domains: Domains
    evidence: Evidence
    prices: Prices
    before: str | None
    chosen: dict[ProjectName, Option] = field(default_factory=dict)
    active: list[Node] = field(default_factory=list)
    dependents: Mapping[ProjectName, set[ProjectName]] = field(default_factory=dict)
    ties: frozenset[tuple[ProjectName, ProjectName]] = frozenset()
    at: dict[ProjectName, int] = field(default_factory=dict)
    levels: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def look_up(self) -> None:
        """Find the option that each package stands for."""
        for package in self.plan.packages:
            options = self.domains.of(package.project)
            found = next((i for i, one in enumerate(options) if one.text == package.version), None)
            if found is None:
                self.problems.append(f"{package.project} {package.version} is no candidate")
                continue
            self.at[package.project], self.chosen[package.project] = found, options[found]
        self.active = self._active()
        self.dependents = self._dependents()
        self.ties = frozenset(ties(self.evidence.releases, self.lines, self.before))

    def check_packages(self) -> None:
        """Newest candidates and states are as the candidates show, and staleness and changes are counted."""
        for package in self.plan.packages:
            if package.project not in self.at:
                continue
            options, at = self.domains.of(package.project), self.at[package.project]
            if package.newest != options[-1].text:
                self.problems.append(f"{package.project}: its newest candidate is {options[-1].text}")
            if package.state != (state := self._state(package.project)):
                self.problems.append(f"{package.project} {package.version}: it is not {package.state}, but {state}")
            self.levels["staleness"] += (len(options) - 1 - at) * (1 + len(self.dependents[package.project]))
            self.levels["changed"] += not options[at].current

        guests = ((one.project, one.version) for one in self.plan.packages if one.project not in self.lines.members)
        added = Counter[tuple[object, ...]]((one.project, one.version) for one in self.plan.added)
        self._compare("addition", Counter(guests), added)

    def _state(self, project: ProjectName) -> State:
        """Return what became of a project; where nixpkgs' version is no candidate, it is compared by its release."""
        member = self.lines.members.get(project)
        if member is None:
            return "added"
        options, at = self.domains.of(project), self.at[project]
        if options[at].current:
            return "unchanged" if at == len(options) - 1 else "held"
        now = next((i for i, one in enumerate(options) if one.current), None)
        if now is not None:
            return "updated" if at > now else "downgraded"
        nix = parse_nix_version(member.version) if member.version is not None else None
        chosen, current = options[at].version, nix.release if nix else None
        return "updated" if chosen is None or current is None or chosen > current else "downgraded"

    def _dependents(self) -> Mapping[ProjectName, set[ProjectName]]:
        """Return for each project those that require it in some candidate that some choice can need."""
        found: dict[ProjectName, set[ProjectName]] = defaultdict(set)
        queue: list[Node] = [(project, "") for project in self.lines.members]
        seen = set(queue)
        while queue:
            project, extra = queue.pop()
            nodes = {(project, "")} if extra else set()
            for option in self.domains.of(project):
                for line in self.prices.lines_of(option.release, extra):
                    nodes.add((line.dependency, ""))
                    nodes |= {(line.dependency, canonicalize_name(one)) for one in line.requirement.extras}
            for node in nodes:
                if node[0] != project:
                    found[node[0]].add(project)
            queue += nodes - seen
            seen |= nodes
        return found

    def _active(self) -> list[Node]:
        """Return the projects of the plan and the extras of them that it asks for."""
        nodes: list[Node] = [(project, "") for project in self.chosen]
        seen = set(nodes)
        for project, extra in nodes:  # grows while it is read
            for line in self.prices.lines_of(self.chosen[project].release, extra):
                for one in line.requirement.extras:
                    node = (line.dependency, canonicalize_name(one))
                    if node[0] in self.chosen and node not in seen:
                        seen.add(node)
                        nodes.append(node)
        return nodes

    def check_edges(self) -> None:
        """Every violated line is listed with its class, nothing else is, and the prices are added up."""
        relaxed: Counter[tuple[object, ...]] = Counter()
        first: Counter[tuple[object, ...]] = Counter()
        for project, extra in self.active:
            for dependency, lines in self.prices.asked((project, extra), self.chosen[project]).items():
                met = self.chosen.get(dependency)
                if met is None or met.version is None:
                    continue
                self.levels.update(self.prices.of_pair(lines, met))
                for line in lines:
                    sides = line.violated(met.version)
                    key = (project, dependency, line.specifier, met.text, line.kind)
                    if "lower" in sides - line.free():
                        first[*key, line.release.version] += 1
                    if sides - ({"lower"} - line.free()):
                        risk = self.evidence.classify(line, met.version)
                        marker = None if line.requirement.marker is None else str(line.requirement.marker)
                        where = None if all(self.lines.reach(line)) else self._targets(line)
                        told = (self.chosen[project].text, extra or None, line.requirement.name, marker, where)
                        relaxed[*key, *told, risk, line.relaxed] += 1
        self._compare(
            "relaxation",
            relaxed,
            Counter(
                (
                    *(one.project, one.dependency, one.specifier, one.chosen, one.kind),
                    *(one.version, one.extra, one.spelling, one.marker, one.targets, one.risk, one.already),
                )
                for one in self.plan.relaxed
            ),
        )
        self._compare(
            "update first",
            first,
            Counter(
                (one.project, one.dependency, one.specifier, one.chosen, one.kind, one.version)
                for one in self.plan.update_first
            ),
        )

    def _targets(self, line: Line) -> tuple[str, ...]:
        """Return the targets on which a line applies."""
        return tuple(target for target, there in zip(self.plan.targets, self.lines.reach(line), strict=True) if there)

    def _compare(self, what: str, mine: Counter[tuple[object, ...]], theirs: Counter[tuple[object, ...]]) -> None:
        for key in sorted(mine.keys() | theirs.keys(), key=str):
            if mine[key] != theirs[key]:
                words = " ".join(str(one) for one in key if one not in (None, False, "run"))
                self.problems.append(f"{what} {words}: listed {theirs[key]} times, counted {mine[key]} times")

    def check_partial(self) -> None:
        """The requirements that apply on some targets only are listed, with these targets."""
        expected: Counter[tuple[object, ...]] = Counter()
        for project, extra in self.active:
            for dependency, lines in self.prices.asked((project, extra), self.chosen[project]).items():
                for line in lines:
                    if dependency in self.chosen and not all(self.lines.reach(line)):
                        where = self._targets(line)
                        expected[project, line.release.version, dependency, line.text, where, line.kind] = 1
        listed: Counter[tuple[object, ...]] = Counter(
            (one.project, one.version, one.dependency, one.requires, one.targets, one.kind) for one in self.plan.partial
        )
        self._compare("requirement of some targets", expected, listed)

    def check_holds(self) -> None:
        """The holds are the projects below their newest candidate, each listed once, with what keeps it there."""
        expected = {
            (project, self.chosen[project].text or "", options[-1].text or "")
            for project, at in self.at.items()
            if at < len(options := self.domains.of(project)) - 1
        }
        told = {(one.project, one.chosen, one.newest) for one in self.plan.held}
        for project, version, newest in sorted(expected ^ told):
            said = "listed" if (project, version, newest) in told else "missing"
            self.problems.append(f"the hold of {project} at {version} below {newest} is wrongly {said}")
        for project, times in Counter(one.project for one in self.plan.held).items():
            if times > 1:
                self.problems.append(f"the hold of {project} is listed {times} times")
        self.problems += policy_problems(self.plan, self.domains, self.chosen)
        blockers = Blockers(self.domains, self.prices, self.evidence, self.chosen, self.active)
        for hold in self.plan.held:
            if (hold.project, hold.chosen, hold.newest) in expected:
                self.problems += blockers.problems(hold)

    def check_families(self) -> None:
        """The ties between siblings that the plan holds are those that the releases show, in step or not as it says."""
        expected = {}
        for project, dependency in self.ties:
            mine, theirs = self.chosen.get(project), self.chosen.get(dependency)
            aligned = None if mine is None or theirs is None else self.prices.in_step(mine, dependency, theirs)
            if aligned is not None:
                expected[project, dependency] = aligned
                self.levels["unaligned"] += not aligned
        listed = {(tie.project, tie.dependency): tie.aligned for family in self.plan.families for tie in family.ties}
        for pair in sorted(expected.keys() | listed.keys()):
            if expected.get(pair) != listed.get(pair):
                words = {True: "in step", False: "not in step", None: "no family"}
                said, shown = words[listed.get(pair)], words[expected.get(pair)]
                self.problems.append(f"{pair[0]} and {pair[1]}: the plan says {said}, the releases show {shown}")
        for family in self.plan.families:
            if family.aligned != all(tie.aligned for tie in family.ties):
                self.problems.append(f"the family of {family.projects[0]}: its ties do not say what it says")

    def check_levels(self) -> None:
        """Each level has the value that was counted; only ``unaligned`` may be missing, where it is 0."""
        said = {level.name: level.value for level in self.plan.levels}
        for name in ("update_first", "risky", "unaligned", "staleness", "cheap", "changed"):
            if name not in said and (name != "unaligned" or self.levels[name]):
                self.problems.append(f"the plan does not say what level {name} comes to")
            elif said.get(name, 0) != self.levels[name]:
                self.problems.append(f"level {name} says {said.get(name, 0)}, counted anew it is {self.levels[name]}")
        if self.plan.builds is not None:
            releases = [option.release for option in self.chosen.values()]
            known = sum(one is not None and one.builds is not None for one in releases)
            if (self.plan.builds.known, self.plan.builds.unknown) != (known, len(releases) - known):
                self.problems.append(f"build requirements of {known} of {len(releases)} chosen releases are known")

    def check_moves(self) -> None:
        """What holds and relaxations are said to change is what they change."""
        moves = Moves(
            plan=self.plan,
            domains=self.domains,
            prices=self.prices,
            chosen=self.chosen,
            active=self.active,
            dependents=self.dependents,
            ties=self.ties,
        )
        self.problems += moves.problems()
