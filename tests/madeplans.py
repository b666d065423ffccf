"""Parts of plans and small plans, written down in few words, for the tests of whoever reads plans."""

from normalize.projects import ProjectName, project_name
from solver.plan import Addition, Blocker, Package, Plan


def blocker(project, version, requires, dependency, chosen, risk, **further):  # noqa: PLR0917 - as a sentence goes
    return Blocker(
        project=ProjectName(project),  # hostile ones too
        version=version,
        requires=requires,
        dependency=ProjectName(dependency),
        chosen=chosen,
        risk=risk,
        **further,
    )


def one_package(name, version, current, state, *, attribute=None):
    return Package(
        project=project_name(name),
        attribute=attribute or name,
        version=version,
        current=current,
        newest=version,
        state=state,
    )


def addition(name, version, because):
    """Return an attribute outside the set, which these require: (depender, its version, requirement)."""
    return Addition(
        project=project_name(name),
        attribute=name,
        version=version,
        because=tuple((project_name(one), of, text) for one, of, text in because),
        elsewhere=True,
    )


def plan_of(packages, added=(), **facts):
    return Plan(
        **{
            "status": "optimal",
            "mode": "fresh",
            "targets": ("3.13 x86_64-linux",),
            "dataset": (),
            "levels": (),
            "packages": tuple(sorted(packages, key=lambda one: one.project)),
            "added": tuple(sorted(added, key=lambda one: one.project)),
            **facts,
        }
    )
