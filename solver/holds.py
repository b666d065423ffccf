"""What keeps a project below its newest candidate, and what would moving it cost?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from normalize.projects import ProjectName
from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.describe import attribute_of
from solver.edges import NO_EXTRA, Edge, Node
from solver.plan import Blocker, Hold
from solver.planwords import CHEAP, RISKY
from solver.prices import PriceBook, position


def holds(decision: Decision) -> tuple[Hold, ...]:
    """Return the projects kept below their newest candidate, each with the edges that would break at the newest.

    With everything else as planned, these edges are what moving the project alone would violate. In the mode ``fresh``
    there is always one, because otherwise the newest would have been the better plan.
    """
    held = [(node, chosen) for node, chosen in decision.present() if _below_newest(decision, node)]
    projects = {node[0] for node, _ in held}
    entering = defaultdict[ProjectName, list[Edge]](list)
    for depender, i in decision.choice.items():
        for project in projects.intersection(decision.problem.lines[depender][i]) - {depender[0]}:
            entering[project] += decision.problem.edges[depender][i][project]
    extras = defaultdict[ProjectName, list[Node]](list)
    for node in decision.choice:
        if node[0] in projects and decision.value(node).kind is not Kind.ABSENT:
            extras[node[0]].append(node)
    prices = PriceBook(decision)
    found = []
    for node, chosen in held:
        values = decision.problem.values[node]
        blockers = [
            *incoming(decision, entering[node[0]], values[-1], chosen),
            *outgoing(decision, extras[node[0]], values[-1]),
        ]
        decisive = [one for one in blockers if one.policy or one.risk in (*RISKY, "update-first", "missing")]
        found.append(
            Hold(
                project=node[0],
                attribute=attribute_of(decision, node[0]),
                chosen=chosen.text or "",
                newest=values[-1].text or "",
                because=tuple(decisive or blockers),
                moving=prices.changes(node, len(values) - 1),
            )
        )
    return tuple(found)


def _below_newest(decision: Decision, node: Node) -> bool:
    return decision.choice[node] < len(decision.problem.values[node]) - 1


def incoming(decision: Decision, edges: list[Edge], newest: Value, chosen: Value) -> Iterator[Blocker]:
    """Yield the requirements of others that the newest candidate would violate and the chosen version does not."""
    for edge in edges:
        if newest.version is not None and not (chosen.version is not None and edge.bounds.violated(chosen.version)):
            blocker = _blocker(decision, edge, newest)
            if blocker is not None:
                yield blocker


def outgoing(decision: Decision, nodes: list[Node], newest: Value) -> Iterator[Blocker]:
    """Yield the newest candidate's own requirements that the plan does not meet."""
    for node in nodes:
        at = position(decision.problem.values[node], newest)
        assert at is not None, "an extra has every version of its project"
        for dependency, edges in decision.problem.edges[node][at].items():
            if dependency == node[0]:
                continue
            for edge in edges:
                blocker = _blocker(decision, edge, decision.value((dependency, NO_EXTRA)))
                if blocker is not None:
                    yield blocker


def _blocker(decision: Decision, edge: Edge, met: Value) -> Blocker | None:
    """Return what keeps an edge from meeting a value, or None where nothing does or where relaxing is free."""
    if edge.depender is None:
        return None
    parts = frozenset() if met.version is None else edge.bounds.violated(met.version) - edge.forced
    if not parts and met.kind is not Kind.ABSENT:
        return None
    blocker = Blocker(
        project=edge.depender.project,
        version=edge.depender.version,
        requires=edge.requirement.text,
        dependency=edge.requirement.project,
        chosen=met.text or "",
        risk="missing",
        level="broken",
        price=1,
        kind=edge.kind,
    )
    if met.version is None:
        return blocker
    if edge.override is not None and parts & edge.forbidden:
        risk = (
            "update-first" if parts == {Part.LOWER} else decision.problem.ledger.risks.classify(edge, met.version).name
        )
        return replace(blocker, risk=risk, policy=edge.override.reason)
    if parts == {Part.LOWER}:
        return replace(blocker, risk="update-first", level="update_first")
    risk = decision.problem.ledger.risks.classify(edge, met.version).name
    if Part.EXCLUSION in parts:
        return replace(blocker, risk=risk)
    if Part.LOWER in parts:
        return replace(blocker, risk=risk, level="update_first")
    if edge.relaxed:
        return None
    price: int = getattr(decision.problem.question.policy.weights, risk)
    return replace(blocker, risk=risk, level="cheap" if risk in CHEAP else "risky", price=price)
