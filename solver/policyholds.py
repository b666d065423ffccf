"""Which projects does policy keep below their newest release, and for which reason?"""

from collections.abc import Sequence
from dataclasses import replace

from packaging.version import Version

from solver.candidates import refusal
from solver.decide import Decision
from solver.describe import attribute_of
from solver.ledger import Ledger
from solver.planlayers import PolicyHold
from solver.policy import NARROWING, ProjectOverride


def policy_holds(decision: Decision) -> tuple[PolicyHold, ...]:
    """Return the projects whose newest candidate would be newer without a pin, a hold or an exclusion."""
    question = decision.problem.question
    entries = [one for one in question.policy.projects if one.action in NARROWING]
    if not entries:
        return ()
    named = {one.project for one in entries}
    others = tuple(one for one in question.policy.projects if one.action not in NARROWING)
    free = Ledger(replace(question, policy=replace(question.policy, projects=others)))
    found = []
    for node, chosen in decision.present():
        if node[0] not in named or chosen.version is None:
            continue
        newest = free.domain(node[0], question.members.get(node[0])).values[-1]
        known = decision.problem.values[node]
        if newest.version is None or newest.version <= chosen.version or newest.text in {one.text for one in known}:
            continue
        entry = _decisive([one for one in entries if one.project == node[0]], newest.version)
        found.append(
            PolicyHold(
                project=node[0],
                attribute=attribute_of(decision, node[0]),
                action=entry.action,
                chosen=chosen.text or "",
                newest=newest.text or "",
                reason=entry.reason,
            )
        )
    return tuple(found)


def _decisive(entries: Sequence[ProjectOverride], version: Version) -> ProjectOverride:
    """Return the entry that keeps a version from being a candidate: a hold, else the first that refuses it."""
    refusing = (one for one in entries if one.action == "hold" or refusal(version, [one]) is not None)
    return min(refusing, key=lambda one: one.action != "hold")
