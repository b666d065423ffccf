"""Which universes do laws try? Small ones, drawn at random; apart from the toys, for processes that draw none."""

from hypothesis import strategies as st
from toys import DARWIN, LINUX

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release, Timestamp
from normalize.projects import ProjectName, project_name
from solver.policyread import policy_from_toml
from solver.question import Question

NAMES = tuple(map(project_name, "abcdefgh"))

_COUNTS = (*(2, 3, 4, 5) * 3, 6, 7, 8)
"""How many projects a universe has: mostly few, because brute force tries every choice."""

_SMALL = 5
"""Universes of more projects than this have at most :data:`_DOUBLE` projects of two releases, the others one."""

_DOUBLE = 3

_SPECIFIERS = ("", "<2", "<3", ">=2", "~=1.0", "==1.0", "==2.0", "<=2.0", ">1.0", "!=2.0", ">=1.0,<2", "==1.*", "<1")

_MARKERS = ("", '; python_version < "3.14"', '; sys_platform == "darwin"', '; extra == "x"', '; extra == "y"')

# Strategies are made once: making them for every example takes longer than drawing from them.
_SPECIFIED = {
    exclusions: st.sampled_from([one for one in _SPECIFIERS if exclusions or "!=" not in one])
    for exclusions in (True, False)
}
_MARKED = st.sampled_from(_MARKERS)
_PROJECTS = st.sampled_from(_COUNTS)
_COUNTED = {(low, high): st.integers(low, high) for low, high in ((1, 1), (1, 2), (1, 3), (0, 2), (0, 3))}
_NAMED = {count: st.sampled_from(NAMES[: count + 1]) for count in range(2, len(NAMES) + 1)}
_WITH_EXTRA = st.sampled_from(("", "", "", "[x]", "[y]"))
_UPLOADED = st.sampled_from((None, *(Timestamp(f"2026-0{m}-01T00:00:00Z") for m in range(1, 7))))
_EXTRAS = st.sampled_from(((), ("x",), ("x", "y")))
_PYTHONS = st.sampled_from((None, None, None, ">=3.14", "<3.14"))
_NOW = {
    count: st.sampled_from([*(f"{version}.0" for version in range(1, count + 1)), "1.5", "1.0-unstable-2026-01-01"])
    for count in (1, 2, 3)
}
_RELAXED = st.sampled_from(((), (), ("a",), ("b", "c"), ("*",)))
_REMOVED = st.sampled_from(((), (), (), ("d",)))
_EDGES = st.lists(
    st.fixed_dictionaries(
        {
            "scope": st.sampled_from(("*:a", "a:b", "b:c", "c==1.0:d", "*:b")),
            "action": st.sampled_from(("force", "forbid", "drop")),
            "reason": st.just("drawn"),
        }
    ),
    max_size=1,
)


@st.composite
def universes(draw, *, exclusions=True):
    """Draw a question about up to eight projects; about at most five of them with up to three releases each."""
    specified = _SPECIFIED[exclusions]
    count = draw(_PROJECTS)
    releases: dict[ProjectName, list[Release]] = {}
    for at, name in enumerate(NAMES[:count]):
        releases[name] = []
        most = 3 if count <= _SMALL else 2 if at < _DOUBLE else 1
        for version in range(1, draw(_COUNTED[1, most]) + 1):
            requires = set()
            for _ in range(draw(_COUNTED[0, 2])):
                other = draw(_NAMED[count])
                if other == name:
                    continue
                extra = draw(_WITH_EXTRA)
                requires.add(f"{other}{extra}{draw(specified)}{draw(_MARKED)}")
            releases[name].append(
                Release(
                    project=name,
                    version=f"{version}.0",
                    uploaded=draw(_UPLOADED),
                    requires=tuple(sorted(requires)),
                    extras=draw(_EXTRAS),
                    requires_python=draw(_PYTHONS),
                    source="sidecar",
                    trust="verified",
                )
            )
    attributes = []
    for name in NAMES[:count]:
        if draw(_COUNTED[0, 3]):
            version = draw(_NOW[len(releases[name])])
            relaxed = draw(_RELAXED)
            removed = draw(_REMOVED)
            attributes.append(Attribute(name=name, project=name, version=version, relaxed=relaxed, removed=removed))
    edges = draw(_EDGES)
    return Question(
        releases={name: tuple(found) for name, found in releases.items()},
        current=CurrentSet(revision="drawn", date="2026-07-15", attributes=tuple(attributes)),
        policy=policy_from_toml({"schema": 1, "edge": edges}),
        targets=(LINUX, DARWIN),
    )
