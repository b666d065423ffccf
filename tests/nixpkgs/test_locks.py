"""Lock files: which files and markers they hold, and that packaging takes them."""

import hashlib
import tomllib
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.pylock import Pylock
from packaging.requirements import Requirement
from packaging.tags import parse_tag
from toys import current, question, registry, release

from dataset.records import File
from nixpkgs.lockedfiles import LockedPackage, fits, locked_package
from nixpkgs.lockplan import lock_plan
from nixpkgs.pylock import pylock_text
from nixpkgs.requirementslock import requirements_text
from nixpkgs.targetmarkers import environment_marker, marker_of
from normalize.targets import DEFAULT_TARGETS, Target
from solver.curate import curate

BASE = "https://files.example/"
MORE = tuple(
    Target(python, system)
    for python in ("3.12", "3.13", "3.14")
    for system in ("x86_64-linux", "aarch64-linux", "x86_64-darwin")
)[:7]
NASTY = "${x} \" \\ ''\n\x1b[2J\u202e </script>"


def file(name, **facts):
    return File(
        **{"name": name, "path": f"packages/{name}", "sha256": hashlib.sha256(name.encode()).hexdigest(), **facts}
    )


def with_files(text, *files, **facts):
    return release(text, files=tuple(file(one) if isinstance(one, str) else one for one in files), **facts)


@pytest.mark.parametrize("targets", [DEFAULT_TARGETS, MORE], ids=["default", "uneven"])
def test_a_marker_holds_on_its_targets_and_nowhere_else(targets):
    for size in range(1, len(targets) + 1):
        for some in combinations(targets, size):
            text = marker_of(some, targets)
            marker = None if text is None else Marker(text)
            for target in targets:
                holds = marker is None or marker.evaluate(dict(target.environment()))
                assert holds == (target in some), text


def test_markers_read_as_a_person_writes_them():
    assert marker_of(DEFAULT_TARGETS[:3], DEFAULT_TARGETS) == "python_version == '3.13'"
    assert marker_of(DEFAULT_TARGETS[2::3], DEFAULT_TARGETS) == "sys_platform == 'darwin'"
    assert marker_of(DEFAULT_TARGETS[:1], DEFAULT_TARGETS) == (
        "python_version == '3.13' and platform_machine == 'x86_64'"
    )
    assert marker_of(DEFAULT_TARGETS, DEFAULT_TARGETS) is None


def test_the_marker_of_an_environment_holds_there_alone():
    for one in MORE:
        marker = Marker(environment_marker(one))
        assert [other for other in MORE if marker.evaluate(dict(other.environment()))] == [one]


@pytest.mark.parametrize(
    ("tags", "holds"),
    [
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        ("py2-none-any", False),
        ("py313-none-any", True),
        ("py314-none-any", False),
        ("cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64", True),
        ("cp313-cp313t-manylinux_2_17_x86_64", False),
        ("cp314-cp314-manylinux_2_17_x86_64", False),
        ("cp38-abi3-manylinux1_x86_64", True),
        ("cp314-abi3-manylinux1_x86_64", False),
        ("cp38-none-linux_x86_64", True),
        ("cp313-cp313-manylinux_2_17_aarch64", False),
        ("cp313-cp313-win_amd64", False),
        ("cp313-cp313-macosx_11_0_x86_64", False),
        ("pp310-pypy310_pp73-manylinux_2_17_x86_64", False),
    ],
)
def test_wheels_that_fit_a_target(tags, holds):
    assert fits(parse_tag(tags), [Target("3.13", "x86_64-linux")]) is holds


@pytest.mark.parametrize(
    ("platform", "holds"),
    [("macosx_11_0_arm64", True), ("macosx_10_9_universal2", True), ("macosx_11_0_x86_64", False)],
)
def test_wheels_that_fit_a_mac(platform, holds):
    assert fits(parse_tag(f"cp313-cp313-{platform}"), [Target("3.13", "aarch64-darwin")]) is holds


def test_a_locked_package_has_its_sdist_and_the_wheels_that_fit():
    one = with_files(
        "a-b 1.0:",
        "a_b-1.0.zip",
        "a-b-1.0.tar.gz",
        "a_b-1.0-py3-none-any.whl",
        "a_b-1.0-cp313-cp313-win_amd64.whl",
        "a_b-1.0-py3.9.egg",
        "other-1.0-py3-none-any.whl",
        file("a_b-1.0-cp313-cp313-manylinux_2_28_x86_64.whl", sha256=None),
        requires_python=">=3.10",
    )
    locked = locked_package(one, DEFAULT_TARGETS)
    assert [each.name for each in locked.files] == ["a_b-1.0-py3-none-any.whl", "a-b-1.0.tar.gz"]
    assert locked.requires_python == ">=3.10"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([], "the dataset does not know its files"),
        (["a-1.0-cp313-cp313-win_amd64.whl"], "it has no sdist, and no wheel that fits a target"),
        ([file("a-1.0.tar.gz", sha256=None)], "the dataset has no hashes of its files"),
        ([file("a-1.0.tar.gz", sha256="nonsense")], "the dataset has no hashes of its files"),
        ([file("a-1.0.tar.gz", path=None)], "the dataset does not know where its files lie"),
    ],
)
def test_what_cannot_be_locked_says_why(files, why):
    assert locked_package(with_files("a 1.0:", *files), DEFAULT_TARGETS) == why
    assert locked_package(with_files("a 2004d.x:", *files), DEFAULT_TARGETS) == "its version is not PEP 440"


def test_a_file_without_a_place_has_a_hash_all_the_same():
    one = with_files("a 1.0:", file("a-1.0.tar.gz", path=None))
    assert isinstance(locked_package(one, DEFAULT_TARGETS, addressed=False), LockedPackage)


def test_pylock_is_what_packaging_reads_back():
    first = locked_package(
        with_files(
            "a 1.0:",
            file("a-1.0+local-py3-none-any.whl"),
            file("a-1.0-py3-none-any.whl", path="p q/%x/a-1.0-py3-none-any.whl", size=3),
        ),
        DEFAULT_TARGETS,
        "sys_platform == 'darwin'",
    )
    second = locked_package(with_files("b 2.0:", "b-2.0.tar.gz", requires_python="not a specifier"), DEFAULT_TARGETS)
    text = pylock_text([second, first], BASE, DEFAULT_TARGETS, {"note": NASTY})
    data = tomllib.loads(text)
    lock = Pylock.from_dict(data)
    assert [(one.name, str(one.version), str(one.marker or "")) for one in lock.packages] == [
        ("a", "1.0", 'sys_platform == "darwin"'),
        ("b", "2.0", ""),
    ]
    assert data["packages"][0]["wheels"] == [
        {
            "name": "a-1.0-py3-none-any.whl",
            "url": "https://files.example/p%20q/%25x/a-1.0-py3-none-any.whl",
            "size": 3,
            "hashes": {"sha256": hashlib.sha256(b"a-1.0-py3-none-any.whl").hexdigest()},
        }
    ]
    assert "requires-python" not in data["packages"][1]
    assert data["tool"]["coset"]["note"] == NASTY
    assert len(data["environments"]) == len(DEFAULT_TARGETS)
    assert pylock_text([first, second], BASE, DEFAULT_TARGETS, {"note": NASTY}) == text


def test_requirements_are_pinned_and_have_hashes():
    one = locked_package(with_files("a 1.0:", "a-1.0.tar.gz", "a-1.0-py3-none-any.whl"), DEFAULT_TARGETS)
    two = locked_package(with_files("b 2.0:", "b-2.0.tar.gz"), DEFAULT_TARGETS, "sys_platform == 'darwin'")
    text = requirements_text([two, one], ["a\nnote"])
    note, first, second = text.replace(" \\\n", " ").splitlines()
    assert note == "# a note"
    assert Requirement(first.partition("--hash")[0]) == Requirement("a==1.0")
    assert first.count("--hash=sha256:") == 2
    assert Requirement(second.partition("--hash")[0]) == Requirement("b==2.0; sys_platform == 'darwin'")


HAVE = registry(
    with_files("a 1.0 @1:", "a-1.0.tar.gz"),
    with_files("a 2.0 @2: mac; sys_platform == 'darwin', wheels", "a-2.0.tar.gz"),
    with_files("mac 1.0 @1:", "mac-1.0-py3-none-any.whl"),
    with_files("wheels 1.0 @1:", "wheels-1.0-cp313-cp313-manylinux_2_28_x86_64.whl"),
    with_files("spelled 0.9.0 @1:", "spelled-0.9.0.tar.gz"),
)


def test_a_plan_is_locked_for_its_targets():
    now = current("a 1.0", "gone 1.0", "snapshot 1-unstable-2026-01-01", "spelled 0.9")
    plan = curate(question(HAVE, now, targets=DEFAULT_TARGETS), mode="fresh")
    lock = lock_plan(plan, HAVE)
    assert [(one.project, one.version, one.marker) for one in lock.packages] == [
        ("a", "2.0", None),
        ("mac", "1.0", "sys_platform == 'darwin'"),
        ("spelled", "0.9.0", None),
        ("wheels", "1.0", None),
    ]
    assert [(project, why) for project, _, why in lock.left_out] == [
        ("gone", "the index has no such release"),
        ("snapshot", "nixpkgs has a snapshot of it, which is no release"),
    ]
    assert lock.missing[0] == "gone 1.0: the index has no such release"
    assert [(project, len(targets)) for project, targets in lock.gaps] == [("wheels", 5)]


@given(st.lists(st.text(), max_size=4), st.text())
def test_no_file_name_of_the_index_breaks_a_lock(names, version):
    one = release("a 1.0:", version=version or "1", files=tuple(file(name, path=name) for name in names))
    locked = locked_package(one, DEFAULT_TARGETS)
    if isinstance(locked, LockedPackage):
        Pylock.from_dict(tomllib.loads(pylock_text([locked], BASE)))
