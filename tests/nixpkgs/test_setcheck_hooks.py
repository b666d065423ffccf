"""The check of the current set, against the two hooks written anew: sed's expressions and packaging on METADATA."""

import re
import shutil
import subprocess
from importlib import metadata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from setchecks import TARGETS, check
from toys import LINUX

from normalize.relaxhook import rewritten

# The hooks, as nixpkgs has them, without any code of coset.


def relax_hook(lines, relaxed, removed):
    """Return METADATA's ``Requires-Dist`` lines, each with its original, after python-relax-deps-hook.sh."""
    left = [(f"Requires-Dist: {line}", line) for line in lines]
    for dep in relaxed:
        name, flags = ("[a-zA-Z0-9_.-]+", 0) if dep == "*" else (dep, re.IGNORECASE)
        expression = re.compile(rf"(Requires-Dist: {name}\s*(\[[^]]+\])?)[^;]*(;.*)?", flags)
        left = [(expression.sub(r"\1\3", text, count=1), line) for text, line in left]
    for dep in removed:
        name = "" if dep == "*" else dep
        left = [(text, line) for text, line in left if not re.search(f"Requires-Dist: {name}", text)]
    return [(text.removeprefix("Requires-Dist: "), line) for text, line in left]


def runtime_hook(text, installed, target):
    """Return what python-runtime-deps-check-hook.py prints of a requirement: "" where it is content."""
    requirement = Requirement(text)
    if requirement.marker and not requirement.marker.evaluate(dict(target.environment())):
        return ""
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    version = installed(name)
    if version is None:
        return "not installed"
    requirement.specifier.prereleases = True
    if requirement.specifier and version not in requirement.specifier:
        return "not satisfied"
    return ""


def complaints(lines, relaxed, removed, versions, target):
    """Return what the build would complain of: original line -> what."""
    return {
        (line, said)
        for text, line in relax_hook(lines, relaxed, removed)
        if (said := runtime_hook(text, versions.get, target))
    }


# The check.


NAMES = ("a", "ab", "abc", "a-b", "a.b", "A")
PROJECTS = ("a", "ab", "abc", "a-b")
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(NAMES),
    st.sampled_from(("", "", "", "[x]", " [y] ")),
    st.sampled_from(("", "<2", ">=2", " (>=1,<2)", "==1.0", "~=1.0", "!=2.0", "==1.*", ">=2.0rc1,<3", "===2.0")),
    st.sampled_from(("", "", "", '; python_version < "3.14"', ' ; sys_platform == "darwin"', '; extra == "x"')),
)
VERSIONS = st.dictionaries(
    st.sampled_from(PROJECTS), st.sampled_from(("1.0", "1.5", "2.0", "2.0rc1", "3.1.dev0")), max_size=4
)
LISTS = st.lists(st.sampled_from((*NAMES, "b", "*")), max_size=2, unique=True)


@settings(max_examples=150)
@given(st.lists(LINES, max_size=4, unique=True), VERSIONS, LISTS, LISTS)
def test_the_check_says_what_a_build_would_say(lines, versions, relaxed, removed):
    found = check(lines, versions, relaxed=tuple(relaxed), removed=tuple(removed))
    words = {"violated": "not satisfied", "not-installed": "not installed"}
    for target in TARGETS:
        said = {
            (one.requirement, words[one.kind])
            for one in found
            if one.kind in words and (one.targets is None or str(target) in one.targets)
        }
        assert said == complaints(lines, relaxed, removed, versions, target)


def _everywhere(lines, relaxed, removed, versions):
    return [complaints(lines, relaxed, removed, versions, target) for target in TARGETS]


def _without(names, name):
    return [one for one in names if one != name]


@settings(max_examples=150)
@given(st.lists(LINES, max_size=4, unique=True), VERSIONS, LISTS, LISTS)
def test_what_is_stale_can_go_and_what_is_needed_cannot(lines, versions, relaxed, removed):
    before = _everywhere(lines, relaxed, removed, versions)
    for one in check(lines, versions, relaxed=tuple(relaxed), removed=tuple(removed)):
        if one.kind == "stale-relaxation":
            after = _everywhere(lines, _without(relaxed, one.name), removed, versions)
            assert all(new <= old for new, old in zip(after, before, strict=True))
        elif one.kind == "stale-removal":
            after = _everywhere(lines, relaxed, _without(removed, one.name), versions)
            assert all(new <= old for new, old in zip(after, before, strict=True))
        elif one.kind == "relaxed" and len(relaxed) == 1 and "extra" not in one.requirement:
            bare = _everywhere(lines, [], removed, versions)
            assert any((one.requirement, "not satisfied") in new for new in bare)
        elif one.kind == "removed" and len(removed) == 1:
            bare = _everywhere(lines, relaxed, [], versions)
            assert any(new - old for new, old in zip(bare, before, strict=True))


@settings(max_examples=80)
@given(st.lists(LINES, max_size=4, unique=True), VERSIONS, st.booleans())
def test_where_true_is_wider_than_needed_the_names_of_the_hint_do_the_same(lines, versions, removing):
    lists = {"removed" if removing else "relaxed": ("*",)}
    for one in check(lines, versions, **lists):
        if one.kind == "wider" and one.hint.startswith("write python"):
            names = re.findall(r'"([^"]+)"', one.hint)
            relaxed, removed = ([], names) if removing else (names, [])
            for target in TARGETS:
                before = complaints(lines, [] if removing else ["*"], ["*"] if removing else [], versions, target)
                after = complaints(lines, relaxed, removed, versions, target)
                # a name of the hint may begin like another requirement, and then asks for itself of that one
                assert {said for said in after - before if said[1] == "not satisfied"} == set()


@pytest.mark.skipif(shutil.which("sed") is None, reason="needs sed")
def test_the_relax_hook_is_its_sed():
    names = ("numpy", "NumPy", "ruamel.yaml", "ruamel-yaml", "python", "pkg1", "a", "typing_extensions", "*")
    lines = (
        "numpy",
        "numpy<3,>=1",
        "numpy (<3)",
        'numpy[x, y] ~=1.0 ; os_name == "posix"',
        "numpydoc>=1; extra == 'docs'",
        "ruamel_yaml.clib<1",
        "ruamel.yaml @ https://host.example/a;b",
        "python-dateutil~=2.8.2",
        "pkg10>=2",
        "Typing_Extensions>=4 ; python_version < '3.13'",
    )
    asked = [(name, line) for name in names for line in lines]
    program = []
    for number, (name, _) in enumerate(asked, 1):
        wanted, flag = ("[a-zA-Z0-9_.-]+", "") if name == "*" else (name, "i")
        program.append(rf"{number}s/(Requires-Dist: {wanted}\s*(\[[^]]+\])?)[^;]*(;.*)?/\1\3/{flag}")
    text = "".join(f"Requires-Dist: {line}\n" for _, line in asked)
    sed = subprocess.run(["sed", "-r", "\n".join(program)], input=text, capture_output=True, text=True, check=True)
    assert sed.stdout.splitlines() == [f"Requires-Dist: {rewritten(line, [name])}" for name, line in asked]


def test_installed_distributions_are_found_as_python_finds_them(tmp_path):
    installed = {"Zope.Interface": "7.0", "typing_extensions": "4.12.0", "old": "1.0b2"}
    for name, version in installed.items():
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = ["zope-interface>=7", "Typing-Extensions<4", "old<1.0", "gone"]

    def version(name):
        found = list(metadata.distributions(name=name, path=[str(tmp_path)]))
        return found[0].version if found else None

    said = {line: runtime_hook(line, version, LINUX) for line in lines}
    findings = check(lines, {"zope-interface": "7.0", "typing-extensions": "4.12.0", "old": "1.0b2"}, targets=(LINUX,))
    assert {one.requirement for one in findings} == {line for line in lines if said[line]}
