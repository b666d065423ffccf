"""Repairs: what each one reads, what none may touch, and the real lines of 2020."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.repairs import REPAIRS, is_requirement, repaired
from normalize.requirements import parse_requirement

EXTRACTS = Path(__file__).parents[2].parent / "shared/data/pypi-2020/index"

CASES = [
    ("x>=7.2.0<8.0.0", "x>=7.2.0,<8.0.0", "missing-comma"),
    ("web3[a1]>=7.2.0 <8.0.0 ; os_name=='nt'", "web3[a1]>=7.2.0,<8.0.0 ; os_name=='nt'", "missing-comma"),
    ("x (>=1!2.0<3)", "x (>=1!2.0,<3)", "missing-comma"),
    ("x!=~5.0", "x!=5.0.*", "not-equal-tilde"),
    ("x>=1.9.*", "x>=1.9", "star-without-equality"),
    ("x<3.4.*", "x<3.4", "star-without-equality"),
    ("x <3.4.*", "x <3.4", "star-without-equality"),
    ("x (< 3.4 .*)", "x (< 3.4)", "star-without-equality"),
    ("x!=3.0*", "x!=3.0.*", "missing-dot"),
    ("x>=1,,<2", "x>=1,<2", "surplus-comma"),
    ("x (,>=1,)", "x (>=1)", "surplus-comma"),
    ("x,", "x", "surplus-comma"),
    ("x>dev", "x>0.0.0.dev0", "greater-than-dev"),
    ("x>=9.0.0a1.0", "x>=9.0.0a1", "trailing-zero"),
    ("x>='1.0'", "x>=1.0", "stray-quotes"),
    ("'x>=1'", "x>=1", "stray-quotes"),
    ('x>="1"; os_name == "nt"', 'x>=1; os_name == "nt"', "stray-quotes"),
    ("x; platform.system == 'A.b'", "x; platform_system == 'A.b'", "old-marker-names"),
    ("x>=1.*; sys.platform=='WIN32'", "x>=1; sys.platform=='WIN32'", "star-without-equality"),
    ("x>=2.7,!=3.1*,<4.*,,", "x>=2.7,!=3.1.*,<4", "surplus-comma+missing-dot+star-without-equality"),
]


@pytest.mark.parametrize(("raw", "text", "names"), CASES)
def test_repairs(raw, text, names):
    assert repaired(raw) == (text, names)


def test_every_repair_has_a_case_and_a_name_of_its_own():
    names = [repair.name for repair in REPAIRS]
    assert len(set(names)) == len(names)
    assert {name for _, _, several in CASES for name in several.split("+")} == set(names)


@pytest.mark.parametrize(
    "strict",
    [
        "x>=1,",
        "x (>=1)",
        "x; os.name=='nt'",
        "x; sys.platform=='W'",
        "x; platform.python_implementation=='C'",
        "x; python_version in '2.7 3.5'",
        "x===3.0*",
        "x @ https://index.example/a<1>2",
        "x[a]; extra=='A_b'",
    ],
)
def test_what_is_strict_is_left_alone(strict):
    assert is_requirement(strict)
    assert repaired(strict) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x>=18.5decorator",
        "x>=2004d",
        "x; python_version>=2",
        "x @ 'a'",
        "x<1>2; foo=='1'",
        "-e .",
        "x>=1 and <2",
        "x; " + "(" * 1000 + "os_name=='a'" + ")" * 1000,
        "x>=1<2" + " " * 5000,
        "x==" + "9" * 5000,
        "x" * 1000000,
    ],
)
def test_what_cannot_be_repaired(line):
    assert repaired(line) is None


pieces = st.sampled_from(
    [
        "x",
        "y2",
        "[a]",
        " ",
        ">=",
        "<",
        "!=",
        "~",
        "==",
        "1.0",
        "2",
        ".*",
        "*",
        ",",
        "'",
        '"',
        "dev",
        "a1.0",
        "(",
        ")",
        "; ",
        "os.name",
        "platform.system",
        "python_version",
        "'Nt'",
        " and ",
        "@ a:b",
        "!",
        "rc1",
    ]
)
lines = st.one_of(st.lists(pieces, max_size=9).map("".join), st.text(max_size=30))


@given(lines)
def test_law_a_repaired_line_is_strict_and_a_strict_one_is_never_touched(line):
    found = repaired(line)
    if is_requirement(line):
        assert found is None
    if found is not None:
        assert parse_requirement(found[0]) is not None
        assert repaired(found[0]) is None  # repairing twice changes nothing
        assert not set(found[1].split("+")) - {repair.name for repair in REPAIRS}


@given(lines, st.sampled_from(["os_name == 'Nt'", "python_version < \"3\" and extra == 'A.b'"]))
def test_law_a_marker_keeps_its_letters_and_quotes(line, marker):
    found = repaired(f"{line.replace(';', '')}; {marker}")
    if found is not None:
        assert found[0].endswith(f"; {marker}")


@pytest.mark.skipif(not EXTRACTS.is_dir(), reason="needs the extracts of 2020, which lie outside of the repository")
def test_the_lines_of_2020():
    count = Counter()
    for path in sorted(EXTRACTS.glob("*.json")):
        for versions in json.loads(path.read_text()).values():
            if isinstance(versions, dict):
                count.update(line for one in versions.values() for line in one["dependencies"])
    kinds = Counter()
    for line, times in count.items():
        kinds["strict" if is_requirement(line) else "repaired" if repaired(line) else "unusable"] += times
    assert len(count) == 5_836
    assert kinds == {"strict": 263_035, "unusable": 1}
