"""Does policy keep back what a plan says that it keeps back? The candidates without its entries, found again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from normalize.projects import ProjectName
from solver.plan import Plan
from solver.recountdomains import Domains, Option

_NARROWING = ("pin", "hold", "exclude")


def policy_problems(plan: Plan, domains: Domains, chosen: Mapping[ProjectName, Option]) -> Iterator[str]:
    """Yield a sentence for each project that is wrongly listed as held by policy, or missing among others that are.

    A plan without the list is asked for none: those that earlier releases of coset wrote have no such list. One whose
    list is empty says that policy keeps nothing back.

    Args:
        plan: what is checked.
        domains: the candidates.
        chosen: where each project of the plan is.
    """
    if plan.held_by_policy is None:
        return
    policy = domains.policy
    kept = tuple(one for one in policy.projects if one.action not in _NARROWING)
    free = Domains(domains.releases, domains.members, replace(policy, projects=kept), domains.pythons, domains.before)
    expected = {}
    for project in sorted({one.project for one in policy.projects if one.action in _NARROWING} & chosen.keys()):
        newest, now = free.of(project)[-1:], chosen[project].version
        if not newest or newest[0].version is None or now is None or newest[0].version <= now:
            continue
        if newest[0].text not in {one.text for one in domains.of(project)}:
            expected[project] = (chosen[project].text, newest[0].text)
    listed = {one.project: (one.chosen, one.newest) for one in plan.held_by_policy}
    for project in sorted(expected.keys() | listed.keys()):
        if listed.get(project) != expected.get(project):
            said = "wrongly listed" if project in listed else "missing"
            yield f"{project} is {said} as held by policy"
    told = {(one.project, one.action, one.reason) for one in policy.projects}
    for one in plan.held_by_policy:
        if (one.project, one.action, one.reason) not in told:
            yield f"{one.project} is held by no policy that says {one.action}: {one.reason}"
