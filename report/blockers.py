"""What keeps projects below their newest candidates? Equal requirements of several dependers are merged."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from normalize.projects import ProjectName
from report.phrases import LISTED, count, judged, sorted_form, verb
from solver.plan import Blocker, Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One requirement, and everyone who has it.

    Attributes:
        own: whether it is a requirement of the held project's newest release itself.
        requirement: as METADATA spells it where all dependers spell it alike, else the sorted form.
        dependency, chosen: what it names, and the version that it would meet.
        risk: the class that relaxing it would have, or what stands in its place.
        policy: why policy forbids to violate it, or "" where it does not.
        dependers: ``(project, version)``, sorted; at most LISTED, with ``others`` counting the rest.
    """

    own: bool
    requirement: str
    dependency: ProjectName
    chosen: str
    risk: str
    policy: str
    dependers: tuple[tuple[ProjectName, str], ...]
    others: int

    @property
    def number(self) -> int:
        """How many dependers have the requirement."""
        return len(self.dependers) + self.others

    @property
    def judged(self) -> str:
        """What violating it would mean: its class and price, or why policy forbids it; outside text."""
        return f"forbidden by policy: {self.policy}" if self.policy else judged(self.risk)


def obstacles(hold: Hold) -> tuple[Obstacle, ...]:
    """Return the requirements that keep a project back: others' first, each with the most dependers first."""
    groups: dict[tuple[bool, str, ProjectName, str, str, str], list[Blocker]] = defaultdict(list)
    for edge in hold.because:
        own = edge.project == hold.project
        groups[own, sorted_form(edge.requires), edge.dependency, edge.chosen, edge.risk, edge.policy].append(edge)
    merged = []
    for (own, form, dependency, chosen, risk, policy), edges in groups.items():
        dependers = sorted({(edge.project, edge.version) for edge in edges})
        merged.append(
            Obstacle(
                own=own,
                requirement=edges[0].requires if len({edge.requires for edge in edges}) == 1 else form,
                dependency=dependency,
                chosen=chosen,
                risk=risk,
                policy=policy,
                dependers=tuple(dependers[:LISTED]),
                others=max(0, len(dependers) - LISTED),
            )
        )
    return tuple(
        sorted(merged, key=lambda one: (one.own, -one.number, one.requirement, one.chosen, one.risk, one.policy))
    )


def strongest(holds: Iterable[Hold], number: int = 3) -> tuple[tuple[ProjectName, int], ...]:
    """Return the dependers that keep the most other projects back, if they keep more than one."""
    tally = Counter(
        name for hold in holds for name in {edge.project for edge in hold.because if edge.project != hold.project}
    )
    ranked = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((name, held) for name, held in ranked[:number] if held > 1)


def reason_of(hold: Hold) -> str:
    """Return what keeps a project back, in one phrase: its strongest obstacle, and how many others there are."""
    found = obstacles(hold)
    more = f", and {count(len(found) - 1, 'other requirement')}" if len(found) > 1 else ""
    return cause_of(hold) + (f" ({found[0].judged}){more}" if found else "")


def cause_of(hold: Hold) -> str:
    """Return the strongest obstacle alone: who needs what."""
    found = obstacles(hold)
    if not found:
        return "no requirement by itself"
    first = found[0]
    who = f"{hold.project} itself" if first.own else count(first.number, "project")
    if not first.own and first.number == 1:
        who = " ".join(first.dependers[0])
    return f"{who} {verb(1 if first.own else first.number, 'needs', 'need')} {first.requirement}"
