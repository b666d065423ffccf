"""What keeps a project below its newest candidate?"""

from collections.abc import Iterator

from normalize.specifiers import Part
from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.describe import attribute_of, present
from solver.edges import NO_EXTRA, Edge, Node
from solver.plan import RISKY, Blocker, Hold


def holds(decision: Decision) -> tuple[Hold, ...]:
    """Return the projects kept below their newest candidate, each with the edges that would break at the newest.

    With everything else as planned, these edges are what moving the project alone would violate. In the mode ``fresh``
    there is always one, because otherwise the newest would have been the better plan.
    """
    found = []
    for node, chosen in present(decision):
        values = decision.problem.values[node]
        if decision.choice[node] < len(values) - 1:
            found.append(
                Hold(
                    project=node[0],
                    attribute=attribute_of(decision, node[0]),
                    chosen=chosen.text or "",
                    newest=values[-1].text or "",
                    because=_blockers(decision, node),
                )
            )
    return tuple(found)


def _blockers(decision: Decision, node: Node) -> tuple[Blocker, ...]:
    newest, chosen = decision.problem.values[node][-1], decision.value(node)
    found = [
        *_incoming(decision, node, newest, chosen),
        *_outgoing(decision, node, newest),
    ]
    decisive = [blocker for blocker in found if blocker.risk in (*RISKY, "update-first", "missing")]
    return tuple(decisive or found)


def _incoming(decision: Decision, node: Node, newest: Value, chosen: Value) -> Iterator[Blocker]:
    """Yield the requirements of others that the newest candidate would violate and the chosen version does not."""
    for depender, edge, _ in decision.edges():
        if edge.requirement.project == node[0] and depender[0] != node[0] and newest.version is not None:
            before = frozenset() if chosen.version is None else edge.bounds.violated(chosen.version)
            blocker = _blocker(decision, edge, newest)
            if blocker is not None and not before:
                yield blocker


def _outgoing(decision: Decision, node: Node, newest: Value) -> Iterator[Blocker]:
    """Yield the newest candidate's own requirements that the plan does not meet."""
    project = node[0]
    wanted = [other for other in decision.choice if other[0] == project and _active(decision, other)]
    for other in wanted:
        at = decision.problem.values[other].index(newest)
        for dependency, edges in decision.problem.edges[other][at].items():
            if dependency == project:
                continue
            for edge in edges:
                blocker = _blocker(decision, edge, decision.value((dependency, NO_EXTRA)))
                if blocker is not None:
                    yield blocker


def _active(decision: Decision, node: Node) -> bool:
    return decision.value(node).kind is not Kind.ABSENT


def _blocker(decision: Decision, edge: Edge, met: Value) -> Blocker | None:
    """Return what keeps an edge from meeting a value, or None where nothing does or where relaxing is free."""
    if edge.depender is None or edge.relaxed or (edge.override and edge.override.action == "force"):
        return None
    blocker = Blocker(
        project=edge.depender.project,
        version=edge.depender.version,
        requires=edge.requirement.text,
        dependency=edge.requirement.project,
        chosen=met.text or "",
        risk="missing",
    )
    if met.kind is Kind.ABSENT:
        return blocker
    parts = frozenset() if met.version is None else edge.bounds.violated(met.version)
    if not parts or met.version is None:
        return None
    risk = "update-first" if parts == {Part.LOWER} else decision.problem.ledger.risks.classify(edge, met.version).name
    return Blocker(
        project=blocker.project,
        version=blocker.version,
        requires=blocker.requires,
        dependency=blocker.dependency,
        chosen=blocker.chosen,
        risk=risk,
    )
