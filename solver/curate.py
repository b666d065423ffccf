"""Question in, plan out: the solver's front door."""

from collections.abc import Callable
from dataclasses import replace

from solver.alignment import families
from solver.compile import compile_problem
from solver.conflict import explain_conflict
from solver.decide import Decision, decide
from solver.describe import (
    additions,
    build_layer,
    exclusions,
    left_out,
    packages,
    plan_cycles,
    relaxations,
    updates_first,
)
from solver.effort import USUAL, Effort
from solver.extras import missing_extras
from solver.gains import with_gains
from solver.holds import holds
from solver.plan import Plan
from solver.policyholds import policy_holds
from solver.question import Question
from solver.stale import stale_relaxations
from solver.unknowns import unknowns
from solver.vendoring import vendorings
from solver.whereabouts import nowhere, partial_edges, placed


def curate(
    question: Question,
    *,
    mode: str,
    provenance: tuple[tuple[str, str], ...] = (),
    effort: Effort = USUAL,
    show: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return the best plan for the question, or a plan of status ``conflict`` that says why there is none.

    Args:
        question: everything that the plan depends on.
        mode: the order of the levels: ``fresh``, ``stable``, ``repair``, or the goals in another order.
        provenance: what the plan rests on, repeated in it.
        effort: how hard to try; where it does not suffice, the plan is of status ``feasible``, without vendoring, which
            compares best plans.
        show: told what is being done.

    Raises:
        UsageError: there is no such mode.
    """
    show("compiling the requirements")
    problem = compile_problem(question)
    show("solving")
    decision = decide(problem, mode, effort, show)
    plan = _describe(decision, mode, provenance, effort)
    if plan.status != "optimal":
        return plan
    return replace(plan, vendoring=vendorings(problem, plan, mode, show))


def _describe(decision: Decision, mode: str, provenance: tuple[tuple[str, str], ...], effort: Effort) -> Plan:
    broken = decision.broken > 0
    return Plan(
        status="conflict" if broken else "optimal" if decision.proven else "feasible",
        mode=mode,
        targets=tuple(map(str, decision.problem.question.targets)),
        dataset=provenance,
        levels=decision.levels,
        packages=placed(decision, packages(decision)),
        relaxed=with_gains(decision, relaxations(decision)),
        held=holds(decision),
        update_first=updates_first(decision),
        added=additions(decision),
        left_out=left_out(decision),
        unknown=unknowns(decision),
        cycles=plan_cycles(decision),
        stale_relaxations=stale_relaxations(decision),
        excluded=exclusions(decision),
        conflict=explain_conflict(decision, mode, effort) if broken else None,
        families=families(decision),
        partial=partial_edges(decision),
        nowhere=nowhere(decision),
        missing_extras=missing_extras(decision),
        held_by_policy=policy_holds(decision),
        builds=build_layer(decision),
    )
