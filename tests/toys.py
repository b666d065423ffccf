"""Toy universes: small registries in a one-line syntax, and random ones for laws."""

from hypothesis import strategies as st

from dataset.currentset import Application, Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import ProjectName, project_name
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


NAMES = tuple(map(project_name, "abcde"))
_SPECIFIERS = ("", "<2", "<3", ">=2", "~=1.0", "==1.0", "==2.0", "<=2.0", ">1.0", "!=2.0", ">=1.0,<2", "==1.*", "<1")
_MARKERS = ("", '; python_version < "3.14"', '; sys_platform == "darwin"', '; extra == "x"', '; extra == "y"')


@st.composite
def universes(draw, *, exclusions=True):
    """Draw a question about at most five projects of at most three releases each."""
    specifiers = [one for one in _SPECIFIERS if exclusions or "!=" not in one]
    count = draw(st.integers(2, len(NAMES)))
    releases: dict[ProjectName, list[Release]] = {}
    for name in NAMES[:count]:
        releases[name] = []
        for version in range(1, draw(st.integers(1, 3)) + 1):
            requires = set()
            for _ in range(draw(st.integers(0, 2))):
                other = draw(st.sampled_from(NAMES[: count + 1]))
                if other == name:
                    continue
                extra = draw(st.sampled_from(("", "", "", "[x]", "[y]")))
                requires.add(f"{other}{extra}{draw(st.sampled_from(specifiers))}{draw(st.sampled_from(_MARKERS))}")
            releases[name].append(
                Release(
                    project=name,
                    version=f"{version}.0",
                    uploaded=draw(
                        st.sampled_from((None, *(Timestamp(f"2026-0{m}-01T00:00:00Z") for m in range(1, 7))))
                    ),
                    requires=tuple(sorted(requires)),
                    extras=draw(st.sampled_from(((), ("x",), ("x", "y")))),
                    requires_python=draw(st.sampled_from((None, None, None, ">=3.14", "<3.14"))),
                    source="sidecar",
                    trust="verified",
                )
            )
    attributes = []
    for name in NAMES[:count]:
        if draw(st.integers(0, 3)):
            version = draw(
                st.sampled_from([one.version for one in releases[name]] + ["1.5", "1.0-unstable-2026-01-01"])
            )
            relaxed = draw(st.sampled_from(((), (), ("a",), ("b", "c"), ("*",))))
            removed = draw(st.sampled_from(((), (), (), ("d",))))
            attributes.append(Attribute(name=name, project=name, version=version, relaxed=relaxed, removed=removed))
    edges = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "scope": st.sampled_from(("*:a", "a:b", "b:c", "c==1.0:d", "*:b")),
                    "action": st.sampled_from(("force", "forbid", "drop")),
                    "reason": st.just("drawn"),
                }
            ),
            max_size=1,
        )
    )
    return Question(
        releases={name: tuple(found) for name, found in releases.items()},
        current=CurrentSet(revision="drawn", date="2026-07-15", attributes=tuple(attributes)),
        policy=policy_from_toml({"schema": 1, "edge": edges}),
        targets=(LINUX, DARWIN),
    )


def policy(**tables) -> Policy:
    """Return a policy from its TOML tables."""
    return policy_from_toml({"schema": 1, **tables})
