"""Does every committed file keep to what the project promises about itself?"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# the brackets keep this file from holding what it looks for
REGISTRIES = re.compile(r"py[p]i\.(org|python|io|py)|python[h]osted\.|anacond[a]\.org", re.IGNORECASE)
MACHINES = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[\w.-]+|[A-Z]:\\Users\\")


def committed():
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def found(pattern, *parts):
    """Return the places where a pattern matches; only files that hold one of these parts are searched, for speed."""
    hits = []
    for path in committed():
        content = path.read_bytes()
        lowered = content.lower()
        if not any(part in lowered for part in parts):
            continue
        text = content.decode("utf-8", errors="replace")
        hits += [
            f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
            for match in pattern.finditer(text)
        ]
    return hits


def test_no_file_names_the_host_of_a_package_registry():
    assert found(REGISTRIES, b"py" + b"pi.", b"hosted.", b"conda.org") == []


def test_no_file_names_a_folder_of_a_machine():
    assert found(MACHINES, *(b"/%b/" % one for one in (b"home", b"users", b"root", b"work")), b":\\users") == []


def test_the_patterns_find_what_they_look_for():
    assert REGISTRIES.search("https://" + "py" + "pi.org/simple/")
    assert REGISTRIES.search("https://files." + "python" + "hosted.org/x")
    assert MACHINES.search("see /" + "home/someone/coset")
    assert not MACHINES.search("https://index.example/" + "home/x/simple/")
    assert not REGISTRIES.search("https://index.example/simple/ of a " + "py" + "pi-like index")


def test_every_module_says_in_its_first_line_which_question_it_answers():
    silent = [
        str(path.relative_to(ROOT))
        for path in committed()
        if path.suffix == ".py" and not re.match(r'r?"""\S', path.read_text())
    ]
    assert silent == []
