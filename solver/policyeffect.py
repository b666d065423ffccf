"""Which entries of a policy change nothing? The plan is sought again without each of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from solver.candidates import Kind
from solver.compile import Problem, compile_problem
from solver.decide import Decision, decide
from solver.effort import Effort
from solver.policy import EdgeOverride, Policy, ProjectOverride


def idle_entries(
    problem: Problem,
    entries: Sequence[EdgeOverride | ProjectOverride],
    mode: str,
    effort: Effort,
    show: Callable[[str], None],
) -> Iterator[EdgeOverride | ProjectOverride]:
    """Yield the entries without which the plan is the same.

    An entry is not called idle where one of the two plans is not proven to be the best.

    Args:
        problem: with the whole policy.
        entries: of the policy, by identity.
        mode: the order of the levels.
        effort: how hard to try, for each plan.
        show: told what is being done.
    """
    if not entries:
        return
    show("solving with the policy")
    decision = decide(problem, mode, effort)
    with_it = _outcome(decision)
    for i, one in enumerate(entries):
        if effort.stop():
            return
        show(f"solving without an entry, {i + 1} of {len(entries)}")
        if isinstance(one, EdgeOverride) and one.action == "force":
            # Without it nothing gets cheaper, so a plan that does not use it is still the best.
            idle = decision.proven and not _used(decision, one)
        else:
            policy = _without(problem.question.policy, one)
            other = decide(compile_problem(replace(problem.question, policy=policy)), mode, effort)
            idle = decision.proven and other.proven and _outcome(other) == with_it
        if idle:
            yield one


def _used(decision: Decision, one: EdgeOverride) -> bool:
    """Return whether the plan violates a part that the entry forces."""
    return any(
        edge.override is one and met.version is not None and edge.bounds.violated(met.version) & one.forced
        for _, edge, met in decision.edges()
    )


def _without(policy: Policy, one: EdgeOverride | ProjectOverride) -> Policy:
    return Policy(
        weights=policy.weights,
        edges=tuple(other for other in policy.edges if other is not one),
        projects=tuple(other for other in policy.projects if other is not one),
    )


def _outcome(decision: Decision) -> object:
    """Return what a reader of the plan would see of it: versions, what is violated, and whether there is a plan."""
    versions = {
        node[0]: value.text
        for node in decision.choice
        if not node[1] and (value := decision.value(node)).kind is not Kind.ABSENT
    }
    violated = {
        (node[0], edge.requirement.project, edge.bounds.text)
        for node, edge, met in decision.edges()
        if met.version is not None and edge.bounds.violated(met.version)
    }
    return decision.broken, versions, violated
