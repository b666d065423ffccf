"""setup.cfg and pyproject.toml: literal values are read, and nothing that a build could still change."""

import time

import pytest

from crawler.archive import BadArchive
from crawler.pyproject import build_requirements, project_table, under
from crawler.setupcfg import is_bare_setup, options

PLAIN = b"[metadata]\nname = A\nversion = 1.0\n[options]\ninstall_requires =\n  # why\n  b>1\n  c; os_name=='nt'\n"


def read(text, setup_py=None, pyproject=None):
    return options(text, setup_py, pyproject, "a", "1")


def test_options():
    more = b"python_requires = >=3.8\n[options.extras_require]\nTest = t\n  u>2; os_name=='x'\nall = v\n"
    found = read(PLAIN + more)
    assert found.requires == (
        "b>1",
        "c; os_name=='nt'",
        "t; extra == 'Test'",
        "u>2; (os_name=='x') and extra == 'Test'",
        "v; extra == 'all'",
    )
    assert (found.extras, found.requires_python) == (("Test", "all"), ">=3.8")
    assert read(b"[options]\n").requires == ()
    assert read(b"[options]\ninstall-requires = a; b\n").requires == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[metadata]\nname = a\n",
        b"[options]\ninstall_requires = file: requirements.txt\n",
        b"[options]\ninstall_requires = b%(x)s\n",
        b"[options]\npython_requires = attr: a.PYTHON\n",
        b"[options]\nextras_require = x\n",
        b"[options]\ninstall_requires = b\ninstall_requires = c\n",
        b"[options]\n[options]\n",
        b"[metadata]\nname = evil\n[options]\ninstall_requires = b\n",
        b"[metadata]\nversion = 2\n[options]\ninstall_requires = b\n",
        b"[metadata]\nname = attr: x\n[options]\ninstall_requires = b\n",
        b"[options\ninstall_requires = b\n",
        b"install_requires = b\n",
        b"\xff\xfe",
        b"[options.extras_require]\nx = file: y\n[options]\n",
    ],
)
def test_what_does_not_tell(text):
    assert read(text) is None


@pytest.mark.parametrize(
    "setup_py",
    [
        b"from setuptools import setup\nsetup()\n",
        b"#!/usr/bin/env python\n'''Doc'''\nimport setuptools\n\nif __name__ == '__main__':\n    setuptools.setup()\n",
        b"from __future__ import annotations\nfrom setuptools import find_packages, setup\nsetup()",
    ],
)
def test_bare_setup(setup_py):
    assert is_bare_setup(setup_py)
    assert read(PLAIN, setup_py).requires == ("b>1", "c; os_name=='nt'")


@pytest.mark.parametrize(
    "setup_py",
    [
        b"",
        b"setup(install_requires=['x'])",
        b"from setuptools import setup\nsetup(*x)",
        b"import os\nsetup()",
        b"from evil import setup\nsetup()",
        b"from setuptools import Command as setup\nsetup()",
        b"import setuptools as x, setuptools\nsetup()",
        b"setup()\nsetup()",
        b"setup = print\nsetup()",
        b"if True:\n    setup()",
        b"if __name__ == '__main__':\n    setup()\nelse:\n    x()",
        b"'\\d'\nsetup('\\d')",
        b"not python (",
        b"\0",
        b"setup()" + b"#" * 20_000,
        b"-" * 9_000 + b"1\nsetup()",
        b"(" * 9_000,
        b"1" + b"+1" * 8_000 + b"\nsetup()",
        b"a" + b".a" * 8_000 + b"()",
    ],
)
def test_any_other_setup(setup_py):
    start = time.process_time()
    assert not is_bare_setup(setup_py)
    assert read(PLAIN, setup_py) is None
    assert time.process_time() - start < 20  # what backtracks takes hours


def test_what_pyproject_says_of_setup_cfg():
    backend = b"[build-system]\nrequires = []\nbuild-backend = '%b'\n"
    assert read(PLAIN, None, b"[tool.black]\n") is not None
    assert read(PLAIN, None, backend % b"setuptools.build_meta:__legacy__") is not None
    assert read(PLAIN, None, backend % b"flit_core.buildapi") is None
    assert read(PLAIN, None, b"[project]\nname = 'a'\ndynamic = ['dependencies']\n") is None


@pytest.mark.parametrize(
    "text",
    [
        b"[options]\n" + b"a" + b" " * 1000000 + b"b",
        b"[options]\n" + b"x = 1\n" * 100000,
        b"[" * 1000000,
        b"[options]\nx =\n" + b" y\n" * 100000,
    ],
)
def test_costly_setup_cfg(text):
    start = time.process_time()
    found = read(text)
    assert found is None or found.requires == ()
    assert time.process_time() - start < 20  # what backtracks takes hours


@pytest.mark.parametrize(
    ("text", "builds"),
    [
        (b"", None),
        (b"[build-system]\n", None),
        (b"[build-system]\nrequires = 'x'\n", None),
        (b"build-system = 1\n", None),
        (b"[build-system]\nrequires = []\n", ()),
        (
            b"[build-system]\nrequires = ['setuptools>=61', 'wheel', 'x>=1<2', '?']\n",
            ("setuptools>=61", "wheel", "x>=1,<2"),
        ),
        (b"not toml [", None),
        (b"x = " + b"[" * 5000, None),
        (b"x = " + b"{a=" * 5000, None),
        (b"x = " + b"[ " * 100_000, None),
        (b"a." * 100_000 + b"a = 1", None),
        (b"x = {" + b"a . " * 100_000 + b"a = 1}", None),
        (b"[" + b"a." * 100_000 + b"a]", None),
    ],
)
def test_build_requirements(text, builds):
    start = time.process_time()
    found = build_requirements(text)
    assert (None if found is None else found.texts()) == builds
    assert time.process_time() - start < 20  # what backtracks takes hours


def test_groups_and_other_tools_tables_are_not_requirements():
    text = b"[dependency-groups]\ntest = ['x']\n[tool.poetry]\nname = 'a'\n[tool.poetry.dependencies]\nb = '1'\n"
    assert project_table(text, "a", "1") is None
    found = project_table(
        text + b"[project]\nname = 'a'\ndynamic = ['version', 'requires-python']\nrequires-python = '>=3'\n", "a", "1"
    )
    assert (found.requires, found.requires_python) == ((), None)


def test_conditions():
    assert under("a", "x or y") == "a; x or y"
    assert under("a; m", "x or y") == "a; (m) and (x or y)"
    assert under("a @ https://index.example/a;b", "", "e") == "a @ https://index.example/a;b ; extra == 'e'"
    assert under("a", "", "it's") == 'a; extra == "it\'s"'


def test_too_many_requirements():
    text = "[project]\nname='a'\ndependencies = [" + ",".join(f"'p{one}'" for one in range(10_001)) + "]"
    with pytest.raises(BadArchive):
        project_table(text.encode(), "a", "1")
