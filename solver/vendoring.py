"""What does an application cost the shared set, and should it carry private versions instead?"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from dataset.currentset import Application
from normalize.interpreters import supports
from normalize.projects import ProjectName
from normalize.versions import parse_nix_version, parse_version
from solver.compile import Problem, compile_problem
from solver.decide import Decision, decide
from solver.describe import packages, relaxations
from solver.graph import exclusive, reachable
from solver.holds import holds
from solver.plan import Difference, Plan, Relaxation, Vendoring
from solver.planwords import RISKY
from solver.question import Question

_SHOWN = 5
"""How many gains a recommendation names; the plan lists them all."""


def vendorings(
    problem: Problem, plan: Plan, mode: str, show: Callable[[str], None] = lambda _: None
) -> tuple[Vendoring, ...]:
    """Return for each application of the current set what it costs, by solving again without it.

    "Without" means that the application and every attribute that only it uses leave the set. The graph between
    attributes is nixpkgs' own (``dependencies``), because that is what a maintainer could move.
    """
    current = problem.question.current
    graph = {attribute.name: attribute.dependencies for attribute in current.attributes}
    roots = {app.name: _roots(app) for app in current.applications}
    alone = exclusive(graph, roots)
    found = []
    for app in current.applications:
        if roots[app.name]:
            show(f"solving without {app.name}")
            found.append(vendoring(problem, plan, mode, app, alone[app.name]))
    return tuple(found)


def _roots(app: Application) -> tuple[str, ...]:
    return (app.attribute,) if app.attribute is not None else app.dependencies


def vendoring(problem: Problem, plan: Plan, mode: str, app: Application, alone: tuple[str, ...]) -> Vendoring:
    """Return what one application costs the set.

    Args:
        problem: about the set that holds it.
        plan: the best plan of that problem; only its packages, relaxations and holds are looked at.
        mode: the order of the levels by which the plan was found.
        app: the application.
        alone: the attributes that only it uses.
    """
    question = problem.question
    current = question.current
    graph = {attribute.name: attribute.dependencies for attribute in current.attributes}
    used = reachable(graph, _roots(app))
    gone = set(alone)
    rest = tuple(attribute for attribute in current.attributes if attribute.name not in gone)
    reduced = replace(question, current=replace(current, attributes=rest))
    without = decide(compile_problem(reduced, problem.ledger), mode)
    theirs = {attribute.project for attribute in current.attributes if attribute.name in gone}
    violated = tuple(one for one in plan.relaxed if one.project in theirs)
    obeyed = tuple(
        one for one in plan.held if one.project not in theirs and one.project not in {h.project for h in holds(without)}
    )
    newer = _newer(plan, without)
    kept = {(one.project, one.dependency) for one in relaxations(without)}
    coherent = tuple(
        one for one in plan.relaxed if one.project not in theirs and (one.project, one.dependency) not in kept
    )
    unsupported = _unsupported(question, plan, app, used)
    gained = [*(f"{one.project} {one.without}" for one in newer), *(f"{one.project} unrelaxed" for one in coherent)]
    recommendation, reason = _recommend(app, violated, gained, unsupported)
    return Vendoring(
        application=app.name,
        version=app.version,
        python=app.python,
        uses=len(used & graph.keys()),
        exclusive=alone,
        violated=violated,
        obeyed=obeyed,
        newer=newer,
        coherent=coherent,
        unsupported=unsupported,
        recommendation=recommendation,
        reason=reason,
    )


def _newer(plan: Plan, without: Decision) -> tuple[Difference, ...]:
    """Return the projects that the set holds in both plans and that are newer without the application."""
    alone = {package.project: package.version for package in packages(without)}
    found = []
    for package in plan.packages:
        other = alone.get(package.project)
        if package.version is None or other is None or other == package.version:
            continue
        before, after = parse_nix_version(package.version).release, parse_nix_version(other).release
        if before is not None and after is not None and after > before:
            found.append(Difference(project=package.project, together=package.version, without=other))
    return tuple(found)


def _unsupported(
    question: Question, plan: Plan, app: Application, used: frozenset[str]
) -> tuple[tuple[ProjectName, str, str], ...]:
    """Return the chosen releases that the application uses and the interpreter that it fixes cannot run."""
    if app.python is None:
        return ()
    found = []
    for package in plan.packages:
        if package.attribute not in used or package.version is None:
            continue
        version = parse_nix_version(package.version).release
        for release in question.releases.get(package.project, ()):
            needs = release.requires_python
            if needs and parse_version(release.version) == version and not supports(needs, app.python):
                found.append((package.project, package.version, needs))
    return tuple(found)


def _recommend(
    app: Application,
    violated: tuple[Relaxation, ...],
    gained: list[str],
    unsupported: tuple[tuple[ProjectName, str, str], ...],
) -> tuple[Literal["keep", "vendor"], str]:
    """Recommend private versions only where the set gains or the application cannot do without, and name the price."""
    price = "every private version is one more to patch"
    if gained:
        return "vendor", f"without it the shared set gains {_listed(gained)}; {price}"
    if unsupported:
        names = _listed([f"{name} {version}" for name, version, _ in unsupported])
        return "vendor", f"the Python {app.python} that it fixes cannot run {names}, so it needs its own; {price}"
    risky = sum(one.risk in RISKY and not one.already for one in violated)
    if risky:
        pins = f"{risky} risky {'relaxation' if risky == 1 else 'relaxations'} of its own"
        return "keep", f"it needs {pins}, but costs the shared set nothing; {price}"
    return "keep", "it costs the shared set nothing"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
