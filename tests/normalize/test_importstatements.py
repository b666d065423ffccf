"""What a file imports, read by syntax; and hostile files."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.errors import UsageError
from normalize.importstatements import imported
from normalize.ownmodules import own_modules


def modules(text):
    return [(one.module, one.optional) for one in imported(text.encode())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import yaml", [("yaml", False)]),
        ("import a.b as c, d", [("a.b", False), ("d", False)]),
        ("from google import protobuf", [("google.protobuf", False)]),
        ("from numpy import *", [("numpy", False)]),
        ("from . import x\nfrom .y import z\nfrom ..w import v", []),
        ("def f():\n    class C:\n        import deep", [("deep", False)]),
        ("with x:\n  for a in b:\n    while c:\n      import deep", [("deep", False)]),
        ("match x:\n  case 1:\n    import deep", [("deep", False)]),
        (
            "try:\n  import a\nexcept ImportError:\n  import b\nelse:\n  import c",
            [("a", True), ("b", False), ("c", False)],
        ),
        ("try:\n  import a\nexcept (KeyError, ModuleNotFoundError):\n  pass", [("a", True)]),
        ("try:\n  import a\nexcept:\n  pass", [("a", True)]),
        ("try:\n  import a\nexcept* ImportError:\n  pass", [("a", True)]),
        ("try:\n  import a\nexcept KeyError:\n  pass", [("a", False)]),
        ("try:\n  import a\nfinally:\n  import b", [("a", False), ("b", False)]),
        ("if TYPE_CHECKING:\n  import a\nelse:\n  import b", [("a", True), ("b", False)]),
        ("if typing.TYPE_CHECKING:\n  import a", [("a", True)]),
        (
            "importlib.import_module('a.b')\n__import__('c')\nimport_module(name)\nimport_module('.x', p)",
            [("a.b", False), ("c", False)],
        ),
        ("import_module('a b')", []),
        ("x = 'import yaml'  # import toml", []),
        ("", []),
        ("\ufeffimport bom", [("bom", False)]),
        ("# -*- coding: latin-1 -*-\nimport yaml", [("yaml", False)]),
        ("s = '\\d'\nimport yaml", [("yaml", False)]),  # Python warns of such escapes
    ],
)
def test_import_statements(text, found):
    assert modules(text) == found


def test_a_look_alike_letter_stays_apart():
    assert modules("import ѕklearn") == [("ѕklearn", False)]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"import", "line 1"),
        (b"print 'two'", "line 1"),
        (b"x = 1\x00", "it is no Python"),
        (b"\xff\xfe", "it is no Python"),
        (b"(" * 100_000, "it is no Python"),
        (b"# coding: nonsense\n", "it is no Python"),
        (b"-" * 200_000 + b"1", "it is no Python"),
    ],
)
def test_what_is_no_python_is_refused_in_one_sentence(source, why):
    with pytest.raises(UsageError, match=why) as caught:
        imported(source)
    assert caught.value.sentence.isascii()
    assert len(caught.value.sentence) < 120


@given(st.one_of(st.binary(max_size=200), st.text("import fromxy.*\n :()", max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused(source):
    found = ()
    with contextlib.suppress(UsageError):
        found = imported(source)
    assert all(one.module and one.line >= 1 for one in found)


TREE = [
    "setup.py",
    "src/shop/__init__.py",
    "src/shop/till.py",
    "src/acme/cloud/shop/__init__.py",
    "tests/test_till.py",
    "tests/fake.py",
    "tests/deep/__init__.py",
    "tests/deep/test_more.py",
    "docs/conf.py",
]
OWN = own_modules(TREE, "checkout")


@pytest.mark.parametrize(
    ("module", "importer", "own"),
    [
        ("shop", "setup.py", True),
        ("shop.till.Till", "tests/test_till.py", True),
        ("shop.missing", "tests/test_till.py", True),  # a package's parts are its own business
        ("acme.cloud.shop", "tests/test_till.py", True),
        ("acme.cloud.other", "tests/test_till.py", False),  # another project's part of the namespace
        ("acme", "tests/test_till.py", False),
        ("fake", "tests/test_till.py", True),
        ("fake", "tests/deep/test_more.py", True),
        ("fake", "setup.py", False),
        ("tests.fake", "setup.py", True),
        ("docs", "setup.py", False),
        ("checkout", "setup.py", False),
        ("yaml", "setup.py", False),
    ],
)
def test_own_modules(module, importer, own):
    assert OWN.has(module, importer) is own


def test_a_tree_that_is_a_package_has_its_folders_name():
    own = own_modules(["__init__.py", "till.py"], "shop")
    assert own.has("shop.till", "till.py")
    assert not own_modules(["till.py"], "shop").has("shop.till", "till.py")


def test_modules_anywhere_in_the_tree():
    assert OWN.has_somewhere("fake.x")
    assert OWN.has_somewhere("cloud")
    assert not OWN.has_somewhere("yaml")
