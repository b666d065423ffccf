"""Toy universes: small registries in a one-line syntax."""

from dataset.currentset import Application, Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import project_name
from normalize.requirements import parse_requirement
from normalize.targets import Target
from solver.policy import Policy
from solver.policyread import policy_from_toml
from solver.question import Question

LINUX = Target("3.13", "x86_64-linux")
DARWIN = Target("3.14", "aarch64-darwin")


def release(text, **facts):
    """Return a release from ``name 1.0 @day: requirement; requirement``; the day (of 2026) and the rest are optional.

    Requirements are separated by ", " so that markers may hold semicolons.
    """
    head, _, requires = text.partition(":") if ": " in text or text.endswith(":") else (text, "", "")
    name, version, *day = head.split()
    parts = tuple(sorted(one.strip() for one in requires.split(", ") if one.strip()))
    return Release(
        **{
            "project": project_name(name),
            "version": version,
            "uploaded": Timestamp(f"2026-{int(day[0][1:]):02d}-01T00:00:00Z") if day else None,
            "requires": parts,
            "source": "sidecar",
            "trust": "verified",
            **facts,
        }
    )


def registry(*releases):
    """Return releases by project, from texts or releases."""
    found = {}
    for one in releases:
        made = release(one) if isinstance(one, str) else one
        found.setdefault(made.project, []).append(made)
    return found


def current(*attributes, applications=(), **facts):
    """Return a current set from ``name version`` texts or attributes; ``facts`` go to every attribute by name."""
    made = []
    for one in attributes:
        if isinstance(one, Attribute):
            made.append(one)
            continue
        name, version = one.split()
        made.append(Attribute(name=name, project=project_name(name), version=version, **facts.get(name, {})))
    return CurrentSet(
        revision="toy",
        date="2026-07-15",
        attributes=tuple(sorted(made, key=lambda one: one.name)),
        applications=tuple(applications),
    )


def question(releases, now, *, policy=None, targets=(LINUX,), asked=(), **facts):
    """Return a question about a toy universe."""
    return Question(
        releases=releases,
        current=now,
        policy=policy_from_toml({"schema": 1, **(policy or {})}),
        targets=targets,
        asked=tuple(parse_requirement(text) for text in asked),
        **facts,
    )


def application(name, *dependencies, **facts):
    """Return an application that uses attributes."""
    return Application(name=name, version="1", dependencies=tuple(sorted(dependencies)), **facts)


def policy(**tables) -> Policy:
    """Return a policy from its TOML tables."""
    return policy_from_toml({"schema": 1, **tables})
