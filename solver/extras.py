"""Which extras does a plan ask for that the chosen releases do not have?"""

from normalize.projects import extra_name
from solver.answervalues import MissingExtra
from solver.decide import Decision
from solver.edges import NO_EXTRA


def missing_extras(decision: Decision) -> tuple[MissingExtra, ...]:
    """Return the extras that are asked for and that METADATA of the chosen release does not declare.

    They bring nothing and break nothing, which is how pip sees it too: it warns.
    """
    problem = decision.problem
    found = set()
    for node, i in decision.choice.items():
        for project, edges in problem.edges[node][i].items():
            release = decision.value((project, NO_EXTRA)).release
            if release is None or release.requires is None:
                continue
            declared = {extra_name(extra) for extra in release.extras}
            found |= {
                MissingExtra(
                    project=node[0] or None,
                    version=edge.depender.version if edge.depender else None,
                    dependency=project,
                    chosen=release.version,
                    extra=extra,
                )
                for edge in edges
                for extra in edge.requirement.extras
                if extra not in declared
            }
    return tuple(
        sorted(found, key=lambda one: (one.dependency, one.extra, one.project or "", one.version or "", one.chosen))
    )
