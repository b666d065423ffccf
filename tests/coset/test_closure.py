"""Which releases are read for a question? All that its answer may hold, by laws over small universes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coset.closure import asked_closure, closure
from dataset.currentset import CurrentSet
from dataset.records import Release
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.targets import parse_target
from solver.compile import compile_problem
from solver.policy import Policy
from solver.question import Question

LINUX = parse_target("3.13 x86_64-linux")
NAMES = [ProjectName(one) for one in "abcdef"]
MARKERS = (
    "",
    "; extra == 'x'",
    "; extra == 'y'",
    "; sys_platform == 'win32'",
    "; sys_platform == 'win32' or extra == 'x'",
)
lines = st.builds(
    lambda name, extra, marker: f"{name}{extra}{marker}",
    st.sampled_from(NAMES),
    st.sampled_from(["", "[x]", "[x,y]"]),
    st.sampled_from(MARKERS),
)


class Shelf:
    """A dataset in memory, which notes what is read."""

    def __init__(self, releases):
        self._releases = releases
        self.read = []

    def releases(self, projects, *, files):
        assert not files
        self.read += projects
        return [one for one in self._releases if one.project in projects]

    def by_project(self, projects):
        read = self.releases(projects, files=False)
        return {project: [one for one in read if one.project == project] for project in projects}


def release(project, *requires, version="1"):
    return Release(project=ProjectName(project), version=version, requires=tuple(requires), extras=("x", "y"))


def question(releases, asked):
    nothing = CurrentSet(revision="none", date="none", attributes=())
    return Question(
        releases=releases, current=nothing, policy=Policy(), targets=(LINUX,), asked=asked, strict=True, ad_hoc=True
    )


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.lists(lines, max_size=3), min_size=1, max_size=2)), lines)
def test_nothing_that_an_answer_may_hold_is_missing(universe, line):
    asked = (parse_requirement(line.partition(";")[0]),)
    releases = [
        release(project, *texts, version=str(i))
        for project, several in universe.items()
        for i, texts in enumerate(several)
    ]
    whole, narrow = (
        closure(Shelf(releases), [asked[0].project]),
        asked_closure(Shelf(releases).by_project, asked, (LINUX,)),
    )
    assert narrow.items() <= {project: list(several) for project, several in whole.items()}.items()
    assert compile_problem(question(narrow, asked)).values == compile_problem(question(whole, asked)).values


@pytest.mark.parametrize(
    ("asked", "read"), [("a", ["a", "b"]), ("a[x]", ["a", "b", "c", "d"]), ("a[y]", ["a", "b", "e"])]
)
def test_only_what_may_be_needed_is_read(asked, read):
    shelf = Shelf(
        [
            release("a", "b", "c[x]; extra == 'x'", "e; extra == 'y'", "f; sys_platform == 'win32'"),
            release("c", "d; extra == 'x'", "f; extra == 'y'"),
        ]
    )
    asked_closure(shelf.by_project, [parse_requirement(asked)], (LINUX,))
    assert sorted(shelf.read) == read
