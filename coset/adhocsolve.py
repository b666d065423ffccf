"""How is an ad hoc list solved? By the dataset alone: one target, and nothing of nixpkgs."""

from collections.abc import Mapping

from coset.adhoc import Asked
from coset.adhocanswer import Answer
from coset.closure import asked_closure
from dataset.currentset import CurrentSet
from solver.compile import compile_problem
from solver.decide import Decision, decide
from solver.effort import Effort
from solver.extras import missing_extras
from solver.policy import Policy
from solver.question import Question
from solver.unknowns import unknowns


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
    if any(value.release is not None and value.release.yanked is not None for _, value in decision.present()):
        from solver.yankedpins import decide_ad_hoc  # noqa: PLC0415 -- few answers hold a yanked release

        decision = decide_ad_hoc(problem, effort, asked.show)
    refusal = None
    if decision.broken:
        from coset.adhocrefusal import explained  # noqa: PLC0415 -- most answers need none

        refusal = explained(decision, effort)
    relaxed, notes = ((), ()) if asked.strict else _relaxed(decision)  # a strict answer relaxes nothing
    for lacking in missing_extras(decision):
        asker = f", which {lacking.project} asks for" if lacking.project else ""
        notes += (f"note: {lacking.dependency} {lacking.chosen} has no extra {lacking.extra!r}{asker}",)
    unknown = unknowns(decision)
    found = {} if refusal else {node[0]: value.text for node, value in decision.present() if value.text is not None}
    return Answer(
        packages=found,
        relaxed=relaxed,
        notes=(*notes, *(f"unknown: {one.project}: {one.reason}" for one in unknown)),
        unknown=tuple(one.project for one in unknown),
        proven=decision.proven or refusal is not None,
        refusal=refusal,
    )


def _relaxed(decision: Decision) -> tuple[tuple[Mapping[str, str | None], ...], tuple[str, ...]]:
    """Return the relaxations as JSON has them, and a sentence on each."""
    from solver.describe import relaxations  # noqa: PLC0415 -- a strict answer needs no plan

    found, notes = [], []
    for one in relaxations(decision):
        found.append(
            {
                "project": one.project,
                "version": one.version,
                "dependency": one.dependency,
                "specifier": one.specifier,
                "chosen": one.chosen,
                "class": one.risk,
                "evidence": one.evidence,
            }
        )
        text = f"{one.project} {one.version} requires {one.dependency}{one.specifier}"
        notes.append(f"relaxed, {one.risk}: {text}; {one.evidence}")
    return tuple(found), tuple(notes)
