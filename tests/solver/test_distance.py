"""How far a lock is from a set: versions, bounds in the way and in nobody's, targets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import DARWIN, LINUX, current, registry, release

from dataset.currentset import Attribute
from dataset.lockfiles import read_lock
from normalize.errors import UsageError
from normalize.targets import Target
from solver.distance import distance
from solver.setversions import versions_of_set

SET = versions_of_set(
    current(
        "same 1.0",
        "newer 2.0",
        "older 1.0",
        "lib 3.0",
        Attribute(name="snapshot", project="snapshot", version="1.0-unstable-2026-01-01"),
        Attribute(name="lost", project="lost", version="who knows"),
        Attribute(name="lib_1", project="lib", version="1.0", series="1"),
    )
)


def measure(text, name="requirements.txt", known=(), targets=(LINUX,)):
    return distance(read_lock(text, name), SET, registry(*known), targets)


def relations(told):
    return {one.project: one.relation for one in told.pins}


def test_every_relation():
    told = measure(
        "same==1.0.0\nnewer==1.5\nolder==1.5\nabsent==1\nsnapshot==1.0\nlost==1\nlib @ https://host.example/lib.zip\n"
    )
    assert relations(told) == {
        "absent": "missing",
        "lib": "direct",
        "lost": "unknown",
        "newer": "newer",
        "older": "older",
        "same": "same",
        "snapshot": "newer",
    }
    assert not told.served
    assert not told.bounded


def test_what_is_only_bounded():
    told = measure("lib>=2\nnewer<2\nolder>1.0\nsame\nabsent>=1\n")
    assert relations(told) == {"absent": "missing", "lib": "fits", "newer": "newer", "older": "older", "same": "fits"}
    assert [(one.dependency, one.lower, one.weight) for one in told.violated] == [
        ("older", True, "application"),
        ("newer", False, "application"),
    ]


def test_bounds_of_what_comes_along_count_and_of_what_is_replaced_do_not():
    known = ("absent 1.0: lib<2", "newer 1.5: lib<2", "same 1.0: lib<3", "absent 2.0: lib")
    told = measure("absent==1.0\nnewer==1.5\nsame==1.0\n", known=known)
    assert [(one.depender, one.weight) for one in told.violated] == [
        ("absent", "brought"),
        ("same", "kept"),
        ("newer", "replaced"),
    ]
    assert [one.depender for one in told.counted] == ["absent"]
    assert told.unknown == ()
    assert measure("absent==2.0\n", known=known).violated == ()


def test_what_the_dataset_does_not_know_is_said():
    unread = release("absent 1.0", requires=None, unknown="sdist-dynamic")
    assert measure("absent==1.0\n", known=(unread,)).unknown == (("absent", "1.0"),)
    assert measure("absent==9.0\nnewer==9.0\n", known=(unread,)).unknown == (("absent", "9.0"),)


def test_the_lock_s_own_record_beats_the_dataset():
    poetry = (
        '[[package]]\nname = "absent"\nversion = "1.0"\n[package.dependencies]\nlib = "^1 || ^2"\n'
        '[metadata]\nlock-version = "2.0"\npython-versions = ">=3.9"\n'
    )
    told = measure(poetry, "poetry.lock", known=("absent 1.0: newer<1",))
    assert [(one.dependency, one.text, one.lower) for one in told.counted] == [("lib", "^1 || ^2", False)]


@pytest.mark.parametrize(
    ("bound", "lower"), [("^1 || ^4", False), (">=4", True), ("^3 || ^5", None), (">=2,<3.0 || >3.0", False)]
)
def test_alternatives(bound, lower):
    """The set has 3.0. A gap between alternatives is an upper part, for an update does not bring it back."""
    poetry = f'[[package]]\nname = "absent"\nversion = "1.0"\n[package.dependencies]\nlib = "{bound}"\n'
    told = measure(f'{poetry}[metadata]\nlock-version = "2.0"\npython-versions = "*"\n', "poetry.lock")
    assert [one.lower for one in told.counted] == ([] if lower is None else [lower])


def uv(*packages, python=">=3.9"):
    return f'version = 1\nrequires-python = "{python}"\n' + "".join(f"[[package]]\n{one}\n" for one in packages)


ROOT = 'name = "app"\nversion = "1"\nsource = { virtual = "." }\n'
INDEX = 'source = { registry = "https://index.example/simple" }\n'


def test_forks_count_where_a_target_installs_them():
    text = uv(
        ROOT + 'dependencies = [{ name = "lib", version = "1.0", marker = "sys_platform == \'darwin\'" }, '
        '{ name = "lib", version = "3.0", marker = "sys_platform != \'darwin\'" }, '
        '{ name = "newer", marker = "sys_platform == \'win32\'" }]\n',
        f'name = "lib"\nversion = "1.0"\n{INDEX}',
        f'name = "lib"\nversion = "3.0"\n{INDEX}',
        f'name = "newer"\nversion = "1.0"\n{INDEX}dependencies = [{{ name = "deep" }}]',
        f'name = "deep"\nversion = "1.0"\n{INDEX}',
    )
    linux = measure(text, "uv.lock")
    assert [(one.project, one.locked, one.targets) for one in linux.pins] == [("lib", "3.0", None)]
    assert linux.nowhere == (("deep", "1.0"), ("lib", "1.0"), ("newer", "1.0"))
    assert linux.served
    both = measure(text, "uv.lock", targets=(LINUX, DARWIN))
    assert [(one.locked, one.targets, one.series) for one in both.pins] == [
        ("1.0", ("3.14 aarch64-darwin",), "lib_1"),
        ("3.0", ("3.13 x86_64-linux",), None),
    ]


def test_the_application_s_own_bounds_and_cycles():
    text = uv(
        f'{ROOT}dependencies = [{{ name = "lib" }}]\n[package.optional-dependencies]\nmore = [{{ name = "newer" }}]\n'
        '[package.metadata]\nrequires-dist = [{ name = "lib", specifier = "<3" }, '
        '{ name = "newer", specifier = ">=3", marker = "extra == \'more\'" }]\n',
        f'name = "lib"\nversion = "2.0"\n{INDEX}dependencies = [{{ name = "newer" }}]',
        f'name = "newer"\nversion = "3.0"\n{INDEX}dependencies = [{{ name = "lib" }}]',
    )
    told = measure(text, "uv.lock")
    assert told.bounded
    assert [(one.dependency, one.lower, one.part) for one in told.counted] == [
        ("newer", True, "an extra"),
        ("lib", False, ""),
    ]


def test_interpreters_that_the_lock_excludes():
    text = uv(ROOT, python=">=3.9, <3.14")
    told = measure(text, "uv.lock", targets=(LINUX, DARWIN))
    assert (told.excluded, told.served) == (("3.14 aarch64-darwin",), False)
    assert measure(text, "uv.lock").served


LIBS = ("lib 1.0 @1", "lib 2.0 @3", "lib 3.0 @5")


def pylock(*pins, environments=()):
    packages = "".join(
        f'[[packages]]\nname = "{name}"\nversion = "{version}"\nmarker = \'{marker}\'\n'
        f'sdist = {{name = "{name}-{version}.tar.gz", url = "https://index.example/a", hashes = {{sha256 = "00"}}}}\n'
        for name, version, marker in pins
    )
    return f'lock-version = "1.0"\ncreated-by = "a tool"\nenvironments = {list(environments)}\n{packages}'


NEEDS = release("newer 2.0", requires_python=">=3.13")


def test_the_set_s_releases_must_run_on_what_the_lock_is_for():
    """Here the lock's environments decide, by the interpreter nearest to the targets' that they leave."""
    pins = (("newer", "1.0", 'python_version < "3.13"'), ("same", "1.0", 'python_version >= "3.8"'))
    fixed = pylock(*pins, environments=("python_version == '3.12' and sys_platform == 'linux'",))
    told = measure(fixed, "pylock.toml", known=(NEEDS,))
    assert (told.excluded, told.instead, told.nowhere, told.served) == ((str(LINUX),), "3.12", (), False)
    assert {one.project: (one.requires_python, one.refused) for one in told.pins} == {
        "newer": (">=3.13", ("3.12",)),
        "same": ("", ()),
    }
    assert measure(fixed, "pylock.toml").pins[0].refused == ()


@pytest.mark.parametrize(
    ("python", "targets", "refused"),
    [
        (">=3.9", (LINUX,), ()),
        (">=3.9, <3.13", (LINUX,), ("3.12",)),
        ("==3.11.*", (LINUX, DARWIN), ("3.11",)),
        (">=3.9", (Target("3.12", "x86_64-linux"), LINUX), ("3.12",)),
        (">=3.13", (Target("3.12", "x86_64-linux"), LINUX), ()),
        (">=3.15", (LINUX,), ()),
        ("==3.12.4", (LINUX,), ()),
    ],
)
def test_requires_python_of_a_lock_and_targets_decide_which_interpreters_count(python, targets, refused):
    root = ROOT + 'dependencies = [{ name = "newer" }]\n'
    text = uv(root, f'name = "newer"\nversion = "1.0"\n{INDEX}', python=python)
    told = measure(text, "uv.lock", known=(NEEDS,), targets=targets)
    assert told.pins[0].refused == refused
    poetry = (
        '[[package]]\nname = "newer"\nversion = "1.0"\n'
        f'[metadata]\nlock-version = "2.0"\npython-versions = "{python}"\n'
    )
    assert measure(poetry, "poetry.lock", known=(NEEDS,), targets=targets).pins[0].refused == refused


def test_what_is_only_bounded_must_run_too():
    told = measure("newer>=1\n", known=(NEEDS,), targets=(Target("3.12", "x86_64-linux"),))
    assert [(one.relation, one.refused) for one in told.pins] == [("fits", ("3.12",))]
    assert not told.served


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lib==1.0\nLIB==3.0\nsame==1.0\nolder==1\nolder==2\n", "requirements.txt"),
        (pylock(("lib", "1.0", "python_version > '3'"), ("lib", "3.0", "python_version > '3.9'")), "pylock.toml"),
    ],
)
def test_a_lock_that_contradicts_itself(text, name):
    with pytest.raises(UsageError, match=r"contradicts itself.*: lib 1\.0 and 3\.0"):
        measure(text.replace("'3'", '"3"').replace("'3.9'", '"3.9"'), name)


def test_markers_keep_two_versions_apart_and_spellings_do_not_make_two():
    apart = "lib==1.0; sys_platform == 'linux'\nlib==3.0; sys_platform != 'linux'\nsame==1.0\nsame==1\n"
    assert [one.locked for one in measure(apart, targets=(LINUX, DARWIN)).pins] == ["1.0", "3.0", "1", "1.0"]
    extras = "lib==1.0; extra == 'old'\nlib==3.0; extra == 'new'\n"
    assert len(measure(extras).pins) == 2


def test_a_class_that_nothing_shows_says_so():
    """The application has no upload time, so nobody knows whether it could know the release that it excludes."""
    told = measure("lib<2\nabsent==1.0\nnewer!=2.0", known=("absent 1.0 @4: lib<2", *LIBS))
    assert [(one.depender, one.risk, one.shown) for one in told.counted] == [
        (None, "deliberate", False),
        (None, "exclusion", True),
        ("absent", "deliberate", True),
    ]


names = st.sampled_from(("same", "newer", "older", "lib", "absent"))
pins = st.dictionaries(names, st.sampled_from(("1.0", "1.5", "2.0", "3.0")))
edges = st.lists(st.tuples(names, names, st.sampled_from(("<2", ">=2", "==1.5"))), max_size=4)


@given(pins, edges)
def test_nothing_is_lost_and_the_set_itself_is_no_distance(pins, edges):
    lines = "".join(f"{name}=={version}\n" for name, version in pins.items()) or "lib\n"
    known = [f"{name} {version}: {'lib<3' if name == 'absent' else 'lib'}" for name, version in pins.items()]
    told = measure(lines, known=known)
    assert {one.project for one in told.pins} == set(pins or ("lib",))
    same = all(one.relation in ("same", "fits") for one in told.pins)
    assert told.served == (not told.counted and "absent" not in pins)
    assert not same or told.served


@pytest.mark.parametrize(
    ("bound", "later", "risk"),
    [
        ("lib<3", "absent 2.0 @6: lib<4", "lifted"),
        ("lib<3", "absent 2.0 @6: lib<3", "precautionary"),
        ("lib<2", "absent 2.0 @6: lib<2", "deliberate"),
        ("lib==2.0", "absent 2.0 @6: lib==2.0", "pin"),
        ("lib!=3.0", "absent 2.0 @6: lib!=3.0", "exclusion"),
    ],
)
def test_each_pin_says_how_risky_taking_the_set_s_version_is(bound, later, risk):
    told = measure("absent==1.0\nlib==1.0\n", known=(f"absent 1.0 @4: {bound}", later, *LIBS))
    assert [(one.dependency, one.risk) for one in told.counted] == [("lib", risk)]
    by_name = {one.project: told.bridge(one) for one in told.pins}
    assert by_name == {"absent": (), "lib": told.counted}


def test_of_specifiers_of_which_one_must_hold_the_mildest_is_relaxed_and_lower_parts_have_no_class():
    lock = """
        [[package]]
        name = "absent"
        version = "1.0"
        [package.dependencies]
        lib = "1.0 || >=2,<3"
        older = ">=2"
        [metadata]
        lock-version = "2.1"
        python-versions = "*"
    """
    told = measure(lock, "poetry.lock", ("absent 1.0 @4", *LIBS))
    assert [(one.dependency, one.risk) for one in told.counted] == [("older", None), ("lib", "precautionary")]
