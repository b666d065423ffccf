"""The evaluation, by real Nix against a small set: it agrees with the static parse, and names what fails."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from nixtree import made_records, write_tree
from realnix import let_coset_ask

from coset.checkout import open_checkout
from coset.parsing import parse_checkout
from coset.terminal import no_progress
from nixpkgs.agreement import differences
from nixpkgs.evaluated import set_from_evaluation
from nixpkgs.evaluation import evaluate_set, shortened
from nixpkgs.setreading import SetReading
from normalize.errors import OutsideError, UsageError
from normalize.targets import DEFAULT_TARGETS, parse_target

pytestmark = pytest.mark.system

SMALL_SET = Path(__file__).parent / "smallset" / "default.nix"
RECORDS = Path(__file__).parents[3] / "shared" / "data" / "nixpkgs" / "packages.json"
TARGETS = (parse_target("3.13 x86_64-linux"), parse_target("3.14 aarch64-darwin"))
MODULES = "pkgs/development/python-modules"


@pytest.fixture
def asks_nix(monkeypatch, tmp_path):
    """Let coset start Nix without a store and without the user's configuration."""
    let_coset_ask(monkeypatch, tmp_path)


def write(folder, files):
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
    shutil.copy(SMALL_SET, folder / "default.nix")
    return folder.resolve()


def evaluated(folder, targets=TARGETS):
    return set_from_evaluation(evaluate_set(str(folder), targets), str(folder))


@pytest.mark.skipif(not RECORDS.is_file(), reason="the records of real packages do not lie beside the repository")
def test_evaluation_and_parse_agree_on_real_records(asks_nix, tmp_path):
    records = json.loads(RECORDS.read_text(encoding="utf-8"))
    folder = write(tmp_path / "nixpkgs", write_tree(records).files)
    one = evaluated(folder, DEFAULT_TARGETS)
    other = parse_checkout(open_checkout(folder), DEFAULT_TARGETS, no_progress)
    assert differences(one, other) == ()
    assert len([name for name in records if any(each.name == name for each in one.attributes)]) >= 297
    assert {name for name, _ in one.left_out} == {name for name, _ in other.left_out}


def test_evaluation_and_parse_agree_on_made_up_records(asks_nix, tmp_path):
    records = made_records(40)
    folder = write(tmp_path / "nixpkgs", write_tree(records).files)
    one = evaluated(folder)
    other = parse_checkout(open_checkout(folder), TARGETS, no_progress)
    assert differences(one, other) == ()
    assert {each.name for each in one.attributes} >= records.keys()


def small(folder, packages, **files):
    """Write a set with these declarations and package files."""
    texts = {"pkgs/top-level/python-packages.nix": f"self: super: with self; {{\n{packages}\n}}\n"}
    texts |= {f"{MODULES}/{name}/default.nix": text for name, text in files.items()}
    return write(folder, texts)


def package(name, more=""):
    return (
        "{ buildPythonPackage }: buildPythonPackage rec { "
        f'pname = "{name}"; version = "1"; pyproject = true; {more} }}'
    )


def calls(*names):
    return "\n".join(f"{name} = callPackage ../development/python-modules/{name} {{ }};" for name in names)


def test_failures_of_single_attributes_are_listed(asks_nix, tmp_path):
    folder = small(
        tmp_path,
        calls("good", "thrown", "wrong", "missing", "aborted", "unset", "off", "broken", "later")
        + '\nnull1 = null; text = "no package"; function = x: x;',
        good=package("good"),
        thrown='throw "no"',
        wrong=package("wrong", 'dependencies = [ (1 + "x") ];'),
        missing=package("missing", "dependencies = [ ({ }).nothing ];"),
        aborted=package("aborted", 'pythonRelaxDeps = [ (abort "never") ];'),
        unset='{ buildPythonPackage }: buildPythonPackage { pname = "unset"; version = "1"; }',
        off=package("off", "disabled = true;"),
        broken=package("broken", "meta.broken = true;"),
        later=package("later", "dependencies = [ (throw ''gone'') ];"),
    )
    reading = evaluated(folder)
    assert [one.name for one in reading.attributes] == ["good"]
    left_out = dict(reading.left_out)
    assert left_out["broken"] == "broken on every target"
    assert left_out["null1"] == "null on every target"
    for name in ("thrown", "unset", "off", "later"):
        assert left_out[name] == "does not evaluate on any target"
    assert "cannot" in left_out["wrong"] or "is not" in left_out["wrong"] or "expected" in left_out["wrong"]
    assert left_out["missing"] == "attribute 'nothing' missing"
    assert "never" in left_out["aborted"]
    assert "text" not in left_out
    assert len(reading.problems) == 7


def test_addresses_are_read_where_they_may_be_linked(asks_nix, tmp_path):
    folder = small(
        tmp_path,
        calls("a", "b", "c"),
        a=package(
            "a", 'meta = { homepage = [ "https://a.example/" 7 ]; changelog = "https://a.example/v${version}"; };'
        ),
        b=package("b", "meta = { homepage = ''javascript:alert(1)''; changelog = throw ''none''; };"),
        c=package("c", 'meta = { homepage = [ ]; changelog = "https://u:p@a.example/"; };'),
    )
    one = evaluated(folder)
    other = parse_checkout(open_checkout(folder), TARGETS, no_progress)
    found = [(each.name, each.recipe.homepage, each.recipe.changelog) for each in one.attributes]
    assert found == [("a", "https://a.example/", "https://a.example/v1"), ("b", None, None), ("c", None, None)]
    # a list is left to the evaluation
    told = [(each.name, each.recipe.homepage, each.recipe.changelog) for each in other.attributes]
    assert told == [("a", None, "https://a.example/v1"), ("b", None, None), ("c", None, None)]


def test_hostile_text_comes_back_as_text(asks_nix, tmp_path):
    text = r"\${builtins.abort ''x''} \" \\ \n ''"
    folder = small(tmp_path, calls("a"), a=package("a", f'pythonRelaxDeps = [ "{text}" ]; pythonRemoveDeps = true;'))
    one = evaluated(folder)
    other = parse_checkout(open_checkout(folder), TARGETS, no_progress)
    assert one.attributes[0].relaxed == ("${builtins.abort ''x''} \" \\ \n ''",)
    assert one.attributes[0].removed == ("*",)
    assert differences(one, other) == ()


def test_private_and_native_dependencies(asks_nix, tmp_path):
    folder = small(
        tmp_path,
        calls("a", "b"),
        a="{ buildPythonPackage, b, zlib }: buildPythonPackage { pname = ''a''; version = ''1''; pyproject = true; "
        "dependencies = [ b null zlib (b.overridePythonAttrs (old: { version = ''0.1''; })) ]; }",
        b=package("b"),
    )
    one = evaluated(folder).attributes[0]
    assert one.dependencies == ("b",)
    assert dict(one.unknown)["dependencies"] == "'b' 0.1 is no attribute of the set"


def test_a_set_that_nixpkgs_does_not_have(asks_nix, tmp_path):
    folder = small(tmp_path, calls("a"), a=package("a"))
    with pytest.raises(UsageError, match="has no 'python312Packages' on x86_64-linux"):
        evaluated(folder, (parse_target("3.12 x86_64-linux"),))


def test_nix_s_own_message_is_shown_and_shortened(asks_nix, tmp_path):
    folder = small(tmp_path, calls("a"), a=package("a"))
    (folder / "pkgs/top-level/python-packages.nix").write_text("self: super: {", encoding="utf-8")
    with pytest.raises(OutsideError, match=r"Nix cannot evaluate .*syntax error, unexpected end of file"):
        evaluated(folder)


@pytest.mark.parametrize(
    "out", ["", "garbage", "[]", '{"format": "other"}', '{"format": "coset snapshot 1", "targets": [1, 2]}']
)
def test_garbage_is_refused(monkeypatch, tmp_path, out):
    program = tmp_path / "nix-instantiate"
    program.write_text(f"#!/bin/sh\nprintf '%s' '{out}'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideError, match="Nix printed something else than the set"):
        evaluate_set("/nowhere", TARGETS)


def test_a_set_of_another_shape_is_refused(monkeypatch, tmp_path):
    program = tmp_path / "nix-instantiate"
    answer = '{"format": "coset snapshot 1", "targets": [{"attributes": {"a": {"package": {}}}, "maintainers": {}}]}'
    program.write_text(f"#!/bin/sh\nprintf '%s' '{answer}'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideError, match="a set of another shape"):
        evaluated(Path("/nowhere"), TARGETS[:1])


def test_nix_that_is_missing_or_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="nix-instantiate is not installed"):
        evaluate_set("/nowhere", TARGETS)
    program = tmp_path / "nix-instantiate"
    program.write_text(f"#!/bin/sh\necho 'error: {'x' * 2_000}' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(OutsideError, match="Nix cannot evaluate") as caught:
        evaluate_set("/nowhere", TARGETS)
    assert len(caught.value.sentence) < 400


def test_messages_of_nix_are_shortened_to_what_counts():
    told = "error: while evaluating 'x'\n\n   … while y\n\n   error: attribute 'foo' missing\n\n      at /x.nix:3:4:\n"
    assert shortened(told) == "attribute 'foo' missing"
    assert shortened("\x1b[31;1merror:\x1b[0m cannot open file\n") == "cannot open file"
    assert shortened("") == "it said nothing"


def test_differences_are_told_field_by_field(asks_nix, tmp_path):
    folder = small(tmp_path, calls("a", "b"), a=package("a"), b=package("b"))
    one = evaluated(folder)
    changed = SetReading(
        (replace(one.attributes[0], version="2", dependencies=("b",), unknown=(("imports", "x"),), imports=("no",)),)
    )
    found = [(each.attribute, each.field, each.one, each.other) for each in differences(one, changed)]
    assert found == [
        ("a", "version", "1", "2"),
        ("a", "dependencies", "nothing", "b"),
        ("b", "attribute", "there", "not there"),
    ]
