"""Where do the targets of a plan differ? Requirements and projects that only some of them, or none, need."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from solver.candidates import Kind
from solver.decide import Decision
from solver.edges import NO_EXTRA, Node
from solver.plan import Package
from solver.planlayers import Nowhere, PartialEdge


def placed(decision: Decision, packages: Sequence[Package]) -> tuple[Package, ...]:
    """Return the packages, those that are added with the targets that need them where not all do."""
    masks = needed(decision)
    some = decision.problem.question.some_targets
    return tuple(
        replace(one, targets=some(masks[one.project, NO_EXTRA])) if one.state == "added" else one for one in packages
    )


def needed(decision: Decision) -> dict[Node, int]:
    """Return for each node of the plan the targets that need it: nixpkgs' own projects are there for all of them.

    Constraints do not ask this: a requirement that holds on some target counts, even where its depender is there only
    for other targets' sake (docs/model.md: one solve covers all targets). Such a project is needed on no target.
    """
    problem = decision.problem
    question = problem.question
    every = (1 << len(question.targets)) - 1
    masks: dict[Node, int] = dict.fromkeys(problem.values, 0)
    queue = [node for node in problem.values if not node[1] and (node[0] in question.members or not node[0])]
    masks |= dict.fromkeys(queue, every)
    while queue:
        node = queue.pop()
        for project, edges in problem.edges[node][decision.choice[node]].items():
            for edge in edges:
                for other in ((project, NO_EXTRA), *((project, extra) for extra in edge.requirement.extras)):
                    reached = masks.get(other, 0) | masks[node] & edge.targets
                    if other in masks and reached != masks[other]:
                        masks[other] = reached
                        queue.append(other)
    return masks


def partial_edges(decision: Decision) -> tuple[PartialEdge, ...]:
    """Return the requirements of chosen releases that apply on some targets and not on all."""
    question = decision.problem.question
    found = {
        PartialEdge(
            project=node[0],
            version=edge.depender.version,
            dependency=edge.requirement.project,
            requires=edge.requirement.text,
            targets=question.target_names(edge.targets),
            kind=edge.kind,
        )
        for node, edge, _ in decision.edges()
        if edge.depender is not None and question.some_targets(edge.targets) is not None
    }
    return tuple(sorted(found, key=lambda one: (one.project, one.dependency, one.requires, one.targets)))


def nowhere(decision: Decision) -> tuple[Nowhere, ...]:
    """Return the projects that chosen releases name and require on no target; lines that an extra brings aside."""
    reach = decision.problem.ledger.reach
    wanted = {edge.requirement.project for _, edge, met in decision.edges() if met.kind is not Kind.ABSENT}
    found = defaultdict[ProjectName, set[tuple[ProjectName, str, str]]](set)
    for node, value in decision.present():
        for text in (value.release.requires if value.release else None) or ():
            line = parse_requirement(text)
            if line is None or "extra" in line.condition:
                continue
            if not line.condition or reach(line, NO_EXTRA):
                wanted.add(line.project)
            else:
                found[line.project].add((node[0], value.text or "", text))
    return tuple(Nowhere(project=one, because=tuple(sorted(found[one]))) for one in sorted(found) if one not in wanted)
