"""What does a command import before it answers? Counted in modules, because a time says more of the machine."""

import subprocess
import sys

import pytest

from coset.unpacked import embedded_dataset


@pytest.fixture(autouse=True, scope="module")
def _unpacked():
    """Unpack the embedded dataset first: what a first start imports for that is nothing that an answer needs."""
    embedded_dataset()


def imported(*words):
    """Return the modules that a process has imported when a command ends."""
    code = "import sys, coset.__main__ as m; m.main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def own(modules):
    rooms = ("coset", "report", "nixpkgs", "solver", "crawler", "dataset", "normalize")
    return {one for one in modules if one.partition(".")[0] in rooms and "." in one}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked where the map is")
@pytest.mark.parametrize("words", [["sklearn"], ["Scikit_Learn", "--json"], ["sklearm", "google"]])
def test_looking_a_name_up_needs_little(words):
    imported("names", "show", "sklearn")  # makes the map
    found = imported("names", "show", *words)
    assert len(own(found)) < 16
    assert not {"typing", "pathlib", "re", "enum", "functools", "json", "difflib", "dataclasses", "typer"} & found


def test_looking_a_name_up_with_words_that_are_not_plain_needs_no_dataset():
    imported("names", "show", "sklearn")
    found = imported("names", "show", "Scikit_Learn", "--verbose")
    assert not {"typer", "packaging", "sqlite3", "tomllib", "dataset.records", "solver", "platform", "tempfile"} & found
    assert len(own(found)) < 30


def test_where_the_newest_agree_nothing_is_solved():
    found = imported("resolve", "--no-relax", "requests", "--quiet")
    assert {one for one in found if one.startswith("solver.")} == {"solver.engines", "solver.itself", "solver.newest"}
    assert not {"typer", "dataset.currentset", "dataset.store", "coset.adhocsolve", "solver.policy"} & found
    assert len(own(found)) < 42


def test_a_strict_answer_needs_no_plan():
    found = imported("resolve", "--no-relax", "pyqt6-webengine", "--quiet")
    assert "solver.decide" in found, "the newest releases do not agree"
    plan = {
        "solver.plan",
        "solver.describe",
        "solver.conflict",
        "solver.vendoring",
        "solver.policyread",
        "report.conflict",
    }
    kept = {"dataset.store", "dataset.crawlstate", "dataset.writer"}
    heavy = {
        "typer",
        "networkx",
        "rich",
        "jinja2",
        "aiohttp",
        "tomllib",
        "difflib",
        "shutil",
        "platformdirs",
        "asyncio",
    }
    search = {"solver.sat", "solver.components", "pycosat", "ctypes"}
    assert not (plan | kept | heavy | search | {"normalize.names"}) & found
    assert len(own(found)) < 71


def test_a_refusal_needs_no_plan():
    found = imported("resolve", "--no-relax", "--json", "requests<2", "requests>=2")
    assert "solver.conflict" in found
    assert not {"typer", "solver.describe", "solver.planread", "report.conflict"} & found


def test_telling_a_refusal_needs_no_plan():
    found = imported("resolve", "--no-relax", "requests<2", "requests>=2")
    assert "report.conflict" in found
    assert not {"solver.plan", "solver.planlayers", "solver.describe", "report.words", "report.blockers"} & found
