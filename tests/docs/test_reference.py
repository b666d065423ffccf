"""Does the committed reference say what the code says? And can man read the man page?"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_what_is_committed_is_what_the_code_says():
    found = importlib.util.spec_from_file_location("docs_reference", ROOT / "docs" / "reference.py")
    reference = importlib.util.module_from_spec(found)
    found.loader.exec_module(reference)
    written = dict(reference.generated())
    assert {path.name for path in written} >= {"commands.md", "modules.md", "index.md", "coset.1"}
    stale = [path.name for path, text in written.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run 'make docs'"


def test_every_module_asks_a_question():
    lines = [
        one for one in (ROOT / "docs" / "reference" / "modules.md").read_text().splitlines() if one.startswith("| `")
    ]
    assert [one for one in lines if "?" not in one and ":" not in one] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is missing")
def test_the_man_page_has_no_mistake():
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbu", str(ROOT / "docs" / "coset.1")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "coset solve [OPTIONS]" in done.stdout
    assert "--repair" in done.stdout
