"""Which universes do laws try? Small ones, drawn at random; apart from the toys, for processes that draw none."""

from hypothesis import strategies as st
from toys import DARWIN, LINUX

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import ProjectName, project_name
from solver.policyread import policy_from_toml
from solver.question import Question

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
