"""Brute force: every choice of a toy universe, priced from docs/model.md with packaging alone."""

from itertools import product

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from solver.candidates import Kind, Value
from solver.families import find_ties
from solver.levels import LEVELS, order_of


class Oracle:
    """Prices one choice of values for the projects, straight from docs/model.md."""

    def __init__(self, problem):
        self.problem = problem
        self.asked = problem.question
        self.projects = [node for node in problem.values if not node[1]]
        self.known = {}
        self.made = []
        self.ties = find_ties(self.asked.releases)

    def applies(self, requirement, extra):
        environments = [target.environment() for target in self.asked.targets]
        return requirement.marker is None or any(
            requirement.marker.evaluate({**one, "extra": extra}) for one in environments
        )

    def lines(self, value, project, extra):
        """Return the requirements that an extra brings (and "" does not), as nixpkgs and policy leave them."""
        key = (id(value), project, extra)
        if key not in self.known:
            self.known[key] = list(self.read_lines(value, project, extra))
        return self.known[key]

    def read_lines(self, value, project, extra):
        if value.release is None or (extra and extra not in map(canonicalize_name, value.release.extras)):
            return
        member = self.problem.question.members.get(project)
        removed = {*member.removed, *self.left_out(member)} if member else ()
        for text in value.release.requires or ():
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            override = self.asked.policy.for_edge(project, value.release.version, name)
            if name in removed or "*" in removed or (override and override.action == "drop"):
                continue
            if self.applies(requirement, extra) and (not extra or not self.applies(requirement, "")):
                yield requirement, name, override.action if override else None

    def left_out(self, member):
        """Return what nixpkgs' current release requires and nixpkgs' set does not provide."""
        for release in self.asked.releases[member.project]:
            if release.version == member.version:
                for text in release.requires or ():
                    requirement = Requirement(text)
                    name = canonicalize_name(requirement.name)
                    if self.applies(requirement, "") and name not in {
                        one.project for one in self.asked.current.attributes
                    }:
                        yield name

    def cost(self, choice):
        """Return the levels of a choice: a value per project."""
        extras = {project: set() for project in choice}
        for _ in range(10):
            for project, value in choice.items():
                for extra in ("", *sorted(extras[project])):
                    for requirement, name, _ in self.lines(value, project, extra):
                        if choice[name].kind is not Kind.ABSENT or name == project:
                            extras[name] |= set(requirement.extras)
        costs = dict.fromkeys(LEVELS, 0)
        for project, value in choice.items():
            self.price_value(project, value, costs)
            for extra in ("", *sorted(extras[project])):
                if extra:
                    costs["rank"] += 1
                pairs = {}
                for requirement, name, action in self.lines(value, project, extra):
                    if name != project:
                        pairs.setdefault(name, []).append((requirement, action))
                for name, lines in pairs.items():
                    costs["unaligned"] += not extra and self.unaligned(project, name, lines, choice[name].version)
                    key = (id(value), project, extra, id(choice[name]), name)
                    if key not in self.known:
                        self.known[key] = dict.fromkeys(costs, 0)
                        self.price_pair((project, value, extra), (name, choice[name]), lines, self.known[key])
                    for level, price in self.known[key].items():
                        costs[level] += price
        return costs

    def price_value(self, project, value, costs):
        at = self.problem.values.get((project, ""))
        i = next(k for k, one in enumerate(at) if one is value)
        unary = self.problem.unary[project, ""][i]
        costs["rank"] += unary[6]
        costs["name"] += unary[7]
        if value.kind is Kind.ABSENT:
            return
        costs["changed"] += not value.current
        if project not in self.known:
            self.known[project] = self.dependents(project)
        costs["staleness"] += (len(at) - 1 - i) * (1 + len(self.known[project]))

    def dependents(self, project):
        return {
            depender
            for (depender, extra), values in self.problem.values.items()
            if depender != project
            for one in values
            if any(name == project for _, name, _ in self.lines(one, depender, extra))
        }

    def price_pair(self, source, target, lines, costs):
        project, value, extra = source
        name, met = target
        if met.kind is Kind.ABSENT:
            # A missing project is missing once for its own sake, and once per extra of it that is asked for.
            costs["broken"] += 1 + len({extra for requirement, _ in lines for extra in requirement.extras})
            return
        if met.version is None:
            return
        worst = {"broken": 0, "update_first": 0, "risky": 0, "cheap": 0}
        member = self.problem.question.members.get(project)
        free = member is not None and (name in member.relaxed or "*" in member.relaxed)
        for requirement, action in lines:
            for part, level, price in self.price_line((value, extra, requirement, action, free), name, met.version):
                worst[level] = max(worst[level], price)
                assert part
        if worst["risky"]:
            worst["cheap"] = 0
        for level, price in worst.items():
            costs[level] += price

    def price_line(self, line, name, version):
        value, extra, requirement, action, free = line
        broken = [one for one in requirement.specifier if not one.contains(version, prereleases=True)]
        lower = [one for one in broken if self.is_lower(one, version)]
        upper = [one for one in broken if one not in lower]
        if lower:
            yield "lower", "update_first", 1
        if not upper or action == "force":
            return
        if any(one.operator == "!=" for one in upper) or action == "forbid":
            yield "exclusion", "broken", 1
        elif not free:
            risk = self.risk(value.release, extra, requirement, name, version)
            weights = {"lifted": 1, "precautionary": 2, "deliberate": 2, "pin": 3}
            yield "upper", "cheap" if risk in ("lifted", "precautionary") else "risky", weights[risk]

    def unaligned(self, project, name, lines, version):
        """Return whether two projects that are released together are not in step."""
        member = self.asked.members.get(project)
        relaxed = member is not None and (name in member.relaxed or "*" in member.relaxed)
        if (project, name) not in self.ties or relaxed or version is None or any(action for _, action in lines):
            return False
        named = []
        for requirement, _ in lines:
            pins = [s for s in requirement.specifier if s.operator == "==" and not s.version.endswith(".*")]
            floors = [s for s in requirement.specifier if s.operator in (">=", "~=", "==")]
            named += [Version(s.version.removesuffix(".*")) for s in pins or floors]
        return bool(named) and version != max(named)

    @staticmethod
    def is_lower(one, version):
        if one.operator in (">", ">="):
            return True
        if one.operator in ("~=", "=="):
            return version < Version(one.version.removesuffix(".*"))
        return False

    def shows(self, release):
        """Return whether a release can show that a bound was too strict, be it a candidate or not."""
        late = self.asked.before is not None and not (release.uploaded and release.uploaded < self.asked.before)
        withdrawn = release.yanked is not None or release.gone is not None or release.unknown == "listed"
        return not (late or withdrawn or Version(release.version).is_prerelease)

    def risk(self, depender, extra, requirement, name, version):
        def floor(specifier):
            bounds = [Version(s.version.removesuffix(".*")) for s in specifier if s.operator in (">", ">=", "~=", "==")]
            return max(bounds, default=None)

        asked = floor(requirement.specifier)
        for release in self.asked.releases[depender.project]:
            if not self.shows(release) or Version(release.version) <= Version(depender.version):
                continue
            value = Value(kind=Kind.RELEASE, release=release)
            self.made.append(value)  # lines are known by the id of their value
            later = [one for one, other, _ in self.lines(value, depender.project, extra) if other == name]
            floors = [bound for one in later if (bound := floor(one.specifier)) is not None]
            accepts = later and all(one.specifier.contains(version, prereleases=True) for one in later)
            if accepts and (not floors or (asked is not None and max(floors) <= asked)):
                return "lifted"
        pin = any(one.operator == "==" and not one.version.endswith(".*") for one in requirement.specifier)
        forbidden = [
            one.uploaded
            for one in self.asked.releases[name]
            if any(
                not s.contains(one.version, prereleases=True)
                and not self.is_lower(s, Version(one.version))
                and s.operator != "!="
                for s in requirement.specifier
            )
        ]
        if depender.uploaded is None or not forbidden or None in forbidden:
            return "pin" if pin else "deliberate"
        if min(forbidden) <= depender.uploaded:
            return "deliberate"
        return "pin" if pin else "precautionary"

    def all_costs(self):
        """Return the levels of every choice."""
        names = [node[0] for node in self.projects]
        return [
            self.cost(dict(zip(names, values, strict=True)))
            for values in product(*(self.problem.values[node] for node in self.projects))
        ]


def best(costs, mode):
    """Return the best levels and how many choices have them."""
    keys = [tuple(one[level] for level in order_of(mode)) for one in costs]
    least = min(keys)
    return dict(zip(order_of(mode), least, strict=True)), keys.count(least)
