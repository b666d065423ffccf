"""A requirement that a plan tells as text is read back as it was, with what it is there for."""

import pytest

from normalize.requirements import parse_requirement
from solver.planwords import read_kind, told_kind


@pytest.mark.parametrize(
    "text", ["lib", "lib[x]>=1,<2; python_version < '4'", "lib @ https://loop.example/lib.zip", ""]
)
@pytest.mark.parametrize("kind", ["run", "build"])
def test_what_is_told_is_read_back(text, kind):
    told = told_kind(text, kind)
    assert read_kind(told) == (text, kind)
    assert told == text or parse_requirement(told) is None  # so that no requirement is taken for one that is told so
