"""The hook of ``pythonRelaxDeps``, compared with its sed, and what an audit says of the names that it is given."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.relaxhook import also_relaxes, hit_beside, hits, hook_findings, spelled_names

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "other", "hit"),
    [
        ("python", "python-dateutil", True),
        ("pkg1", "pkg10", True),
        ("numpy", "numpy", False),
        ("ruamel.yaml", "ruamel_yaml_clib", True),
        ("ruamel-yaml", "ruamel.yaml.clib", False),
        ("uv", "UVloop", True),
    ],
)
def test_the_hook_hits_what_begins_like_the_name(name, other, hit):
    assert also_relaxes(name, other) is hit


@given(NAMES, NAMES, NAMES)
def test_a_hit_is_what_the_regular_expression_of_the_hook_matches(name, start, rest):
    for other in (start, name + rest, name.replace(".", "_") + rest, name.swapcase() + rest):
        line = f"Requires-Dist: {other}>=1"
        assert hits(name, other) is (re.match(f"Requires-Dist: {name}", line, re.IGNORECASE) is not None)
        assert hits(name, other, removing=True) is (re.match(f"Requires-Dist: {name}", line) is not None)


def test_every_requirement_counts_whatever_it_is_for():
    lines = [
        "numpy<3",
        "numpydoc; extra == 'docs'",
        "NumPy-stubs; sys_platform == 'win32'",
        "numpy-old (what is this)",
        "x",
    ]
    spelled = spelled_names(lines)
    assert spelled == ("NumPy-stubs", "numpy", "numpy-old", "numpydoc", "x")
    assert hit_beside("numpy", spelled) == ("NumPy-stubs", "numpy-old", "numpydoc")
    assert hit_beside("x", spelled) == ()


def test_lines_without_a_name_are_left_out():
    assert spelled_names(["", "@x", "\x1b[2J"]) == ()


def test_the_audit_tells_spellings_that_match_nothing_and_names_that_match_too_much():
    spelled = ("Brotli", "python", "python-dateutil", "ruamel.yaml", "uv", "uvicorn")
    found = list(hook_findings("app", "app 1.0", spelled, ["brotli", "ruamel-yaml", "python", "*"], ["UV", "uv"]))
    assert [(one.kind, one.sentence.partition(",")[0]) for one in found] == [
        ("relax-prefix", "pythonRelaxDeps of app has python"),
        ("relax-spelling", "pythonRelaxDeps of app has ruamel-yaml"),
        ("relax-spelling", "pythonRemoveDeps of app has UV"),
        ("relax-prefix", "pythonRemoveDeps of app has uv"),
    ]
    assert "also relaxes python-dateutil of app 1.0" in found[0].sentence
    assert found[1].hint == "write ruamel.yaml: the hook does not normalise, and relaxes nothing"
    assert "also removes uvicorn" in found[3].sentence
    assert all(one.names == ("app",) for one in found)
