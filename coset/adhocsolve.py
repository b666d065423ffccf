"""How is an ad hoc list solved? By the dataset alone: one target, and nothing of nixpkgs."""

from dataclasses import dataclass
from typing import Any

from coset.adhoc import Asked
from coset.closure import asked_closure
from dataset.currentset import CurrentSet
from normalize.projects import ProjectName
from solver.answervalues import MissingExtra, Unknown
from solver.compile import compile_problem
from solver.decide import decide
from solver.effort import Effort
from solver.extras import missing_extras
from solver.policy import Policy
from solver.question import Question
from solver.unknowns import unknowns


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found.

    Attributes:
        packages: the version of each project; none where nothing satisfies.
        conflict: why nothing satisfies, a :class:`solver.planconflict.Conflict`; None where something does.
        relaxed: the relaxations, each a :class:`solver.plan.Relaxation`.
        missing: the extras that are asked for in vain.
        unknown: what the answer rests on and nobody could read.
        proven: whether there is no better answer.
    """

    packages: dict[ProjectName, str]
    conflict: Any
    relaxed: tuple[Any, ...]
    missing: tuple[MissingExtra, ...]
    unknown: tuple[Unknown, ...]
    proven: bool


def solved(asked: Asked) -> Answer:
    """Return the best answer to what is asked for, or why there is none."""
    question = Question(
        releases=asked_closure(asked.dataset.all, asked.requirements, (asked.target,)),
        current=CurrentSet(revision="none", date="none", attributes=()),
        policy=Policy(),
        targets=(asked.target,),
        asked=asked.requirements,
        strict=asked.strict,
        ad_hoc=True,
        before=asked.before,
    )
    effort = Effort(engine=asked.engine, stop=asked.stop.asked, tell=asked.stop.heard)
    asked.show("compiling the requirements")
    problem = compile_problem(question)
    asked.show("solving")
    decision = decide(problem, "fresh", effort, asked.show)
    conflict = None
    if decision.broken:
        from solver.conflict import explain_conflict  # noqa: PLC0415 -- most answers need none

        conflict = explain_conflict(decision, "fresh", effort)
    relaxed: tuple[Any, ...] = ()
    if not asked.strict:
        from solver.describe import relaxations  # noqa: PLC0415 -- a strict answer relaxes nothing

        relaxed = relaxations(decision)
    found = {} if conflict else {node[0]: value.text for node, value in decision.present() if value.text is not None}
    return Answer(
        packages=found,
        conflict=conflict,
        relaxed=relaxed,
        missing=missing_extras(decision),
        unknown=unknowns(decision),
        proven=decision.proven or conflict is not None,
    )
