"""Which targets are there, and do markers hold where they should?"""

import pytest
from packaging.markers import default_environment

from normalize.errors import UsageError
from normalize.requirements import applies, parse_requirement
from normalize.targets import DEFAULT_TARGETS, Target, parse_target


@pytest.mark.parametrize("target", DEFAULT_TARGETS, ids=str)
def test_targets_read_back_as_they_are_written(target):
    assert parse_target(str(target)) == target
    assert parse_target(f"  {target} ") == target


def test_the_environment_holds_every_variable_of_pep_508():
    assert set(Target("3.13", "x86_64-linux").environment()) == {*default_environment(), "extra"}


@pytest.mark.parametrize(
    ("marker", "held"),
    [
        ("python_version >= '3.14'", "3.14 x86_64-linux, 3.14 aarch64-linux, 3.14 aarch64-darwin"),
        ("python_full_version >= '3.13.1' and python_version < '3.14'",
         "3.13 x86_64-linux, 3.13 aarch64-linux, 3.13 aarch64-darwin"),
        ("sys_platform == 'darwin'", "3.13 aarch64-darwin, 3.14 aarch64-darwin"),
        ("platform_machine == 'aarch64'", "3.13 aarch64-linux, 3.14 aarch64-linux"),
        ("platform_machine == 'arm64'", "3.13 aarch64-darwin, 3.14 aarch64-darwin"),
        ("platform_system == 'Windows' or os_name == 'nt'", ""),
        ("platform_python_implementation != 'CPython'", ""),
        ("extra == 'test'", ""),
    ],
)  # fmt: skip
def test_markers_hold_on_the_targets_that_they_mean(marker, held):
    mask = applies(parse_requirement(f"a; {marker}"), DEFAULT_TARGETS)
    found = {str(target) for i, target in enumerate(DEFAULT_TARGETS) if mask >> i & 1}
    assert found == set(filter(None, held.split(", ")))


def test_extras_and_missing_markers():
    everywhere = (1 << len(DEFAULT_TARGETS)) - 1
    assert applies(parse_requirement("a>=1"), DEFAULT_TARGETS) == everywhere
    assert applies(parse_requirement("a; extra == 'test'"), DEFAULT_TARGETS, "test") == everywhere


def test_a_patch_release_is_meant_where_it_is_named():
    target = parse_target("3.13.05 x86_64-linux")
    assert target.full_version == "3.13.5"
    assert target.environment()["python_version"] == "3.13"
    assert (
        applies(parse_requirement("a; python_full_version < '3.13.6'"), (target, Target("3.13", "x86_64-linux")))
        == 0b01
    )


@pytest.mark.parametrize(
    "text", ["", "3.13", "x86_64-linux", "2.7 x86_64-linux", "3 x86_64-linux", "3.13  x86_64-linux x"]
)
def test_what_is_no_target_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="is not a target") as caught:
        parse_target(text)
    assert "for example '3.13 x86_64-linux'" in caught.value.hint


def test_an_unknown_system_gets_the_known_ones():
    with pytest.raises(UsageError, match="unknown system 'riscv64-linux'") as caught:
        parse_target("3.13 riscv64-linux")
    assert "x86_64-linux" in caught.value.hint
