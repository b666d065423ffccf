"""A lock file's distance from a set, told: hostile text stays text."""

import re
from dataclasses import replace

from toys import DARWIN, LINUX, current, registry, release

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
    assert "Python" not in summary(found)
    lines = list(distance_lines(found))
    assert f"  absent {HOSTILE} requires lib>=1,<2; the set has 2.0 (not known, counted as deliberate, risky)" in lines
    assert distance_json(found)["notes"] == [f"absent {HOSTILE}: its bound on odd was not understood"]


def test_words_for_interpreters_and_for_what_is_not_known():
    lock = read_lock("lib<2\nlib==2.0; sys_platform == 'win32'\nother==1.0\n", "requirements.txt")
    lock = replace(lock, environments=("python_version == '3.12'",))
    known = registry(release("other 1.0", requires_python=">=3.13"))
    found = distance(lock, versions_of_set(current("lib 2.0", "other 1.0")), known, (LINUX,))
    lines = list(distance_lines(found))
    assert lines[2] == "other    1.0   1.0  the same; Python 3.12 cannot run it, for it requires >=3.13"
    assert "  the application requires lib<2; the set has 2.0 (not known, counted as deliberate, risky)" in lines
    assert summary(found) == (
        "of 1 project 1 is the set's version; 1 bound would be relaxed, its own environments leave out 1 target and "
        "Python 3.12 was taken in their place, Python 3.12 cannot run 1 release of the set"
    )
    document = whole(distance_document(found))
    assert "| `other` | `1.0` | `1.0` | the same; Python 3.12 cannot run it" in document
    assert "(not known, counted as deliberate, risky): upload times do not show which came first." in document
    data = distance_json(found)
    assert (data["served"], data["python_instead"], data["bounds"][0]["shown"]) == (False, "3.12", False)
    assert (data["pins"][0]["requires_python"], data["pins"][0]["refused"]) == (">=3.13", ["3.12"])


def test_forks_of_a_project_are_pins_of_one_project():
    lock = read_lock("lib==1.0; sys_platform == 'linux'\nlib==2.0; sys_platform != 'linux'\n", "requirements.txt")
    found = distance(lock, versions_of_set(current("lib 2.0")), {}, (LINUX, DARWIN))
    assert summary(found).startswith("of 2 pins of 1 project 1 is the set's version and 1 is newer in the set;")
