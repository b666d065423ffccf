"""A lock file's distance from a set, told: hostile text stays text."""

import re

from toys import LINUX, current

from dataset.lockfiles import read_lock
from report.distance import distance_document, distance_json, distance_lines, summary
from report.parts import whole
from solver.distance import distance
from solver.setversions import versions_of_set

HOSTILE = "1.0`|<b>@octocat #1"
LOCK = f"""
[[package]]
name = "absent"
version = "{HOSTILE}"
[package.dependencies]
lib = ">=1,<2"
odd = "{HOSTILE}"
[[package]]
name = "lib"
version = "1.0"
[package.source]
type = "url"
url = "https://host.example/{HOSTILE}"
[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
"""


def told():
    lock = read_lock(LOCK, "poetry.lock")
    return distance(lock, versions_of_set(current("lib 2.0", "other 1.0")), {}, (LINUX,))


def test_hostile_text_stays_text():
    text = whole(distance_document(told()))
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    for bad in ("@octocat", " #1"):
        assert bad not in outside
    assert re.search(r"(?<!\\)<b>", outside) is None
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row.replace("\\|", "").count("|") for row in rows] == [5] * len(rows)
    assert len(rows) == 3


def test_words():
    found = told()
    assert summary(found) == (
        "of 2 projects 1 is not in the set and 1 comes from a source instead of the index; 1 bound would be relaxed"
    )
    lines = list(distance_lines(found))
    assert f"  absent {HOSTILE} requires lib>=1,<2; the set has 2.0 (deliberate, risky)" in lines
    assert distance_json(found)["notes"] == [f"absent {HOSTILE}: its bound on odd was not understood"]
