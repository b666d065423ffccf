"""What does a Python set look like in files? Records of packages, written as nixpkgs writes them, in all ten forms.

A record is a dictionary with the keys that `made_records` gives; whatever a form cannot say is not in it. The same tree
is read by the static parse and, together with `tests/nixpkgs/smallset/default.nix`, evaluated by real Nix.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nixpackagefile import Record, family_file, package_file

PYTHON_PACKAGES = "pkgs/top-level/python-packages.nix"
MODULES = "pkgs/development/python-modules"
FORMS = ("plain", "arguments", "other file", "pointer", "alias", "native", "part", "family", "null", "renamed")


@dataclass(frozen=True, slots=True)
class Tree:
    """A written set.

    Attributes:
        files: path -> text.
        positions: attribute -> its package file.
        forms: attribute -> the form in which it is declared.
        stubs: attributes that records only name.
        extra: attributes that no record has: pointers' targets, aliases and native packages.
    """

    files: dict[str, str] = field(default_factory=dict)
    positions: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    stubs: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


def write_tree(records: Mapping[str, Record]) -> Tree:  # noqa: PLR0915 -- one branch for each form
    """Return the files of a set that holds these records."""
    tree = Tree()
    lines: dict[str, str] = {}
    family: list[str] = []
    named: set[str] = set()
    for number, name in enumerate(sorted(records)):
        record = records[name]
        named |= _named(record)
        form = FORMS[number % len(FORMS)]
        path = record["path"]
        if record.get("alias_of"):
            lines[name] = f"{name} = {record['alias_of']};"
            tree.positions[name], tree.forms[name] = path, "pointer"
            continue
        plain = path == f"{MODULES}/{name}/default.nix"
        call = _relative(path)
        if not plain:
            form = "other file"
        if form == "pointer":
            base = f"{name}_9"
            lines[base] = f"{base} = callPackage {call} {{ }};"
            lines[name] = f"{name} = {base};" if number % 20 < 10 else f"{name} = self.{base};"
            tree.extra[base] = name
        elif form == "alias":
            lines[name] = f"{name} =\n    callPackage {call}\n      {{ }};"
            other = f"{name}-alias"
            lines[other] = f"{other} = self.{name};"
            tree.extra[other] = name
        elif form == "native":
            lines[name] = f"{name} = callPackage {call} {{ }};"
            other = f"{name}-native"
            lines[other] = (
                f"{other} = toPythonModule (pkgs.native.override {{ python3Packages = self; }});"
                if number % 20 < 10
                else f"{other} = (toPythonModule (pkgs.native.override {{ python3Packages = self; }})).python;"
            )
            tree.extra[other] = ""
        elif form == "part":
            path = f"{MODULES}/{name}-parts/default.nix"
            lines[name] = f"{name} = (callPackage {_relative(path)} {{ }}).{name};"
        elif form == "family":
            path = f"{MODULES}/family/default.nix"
            family.append(name)
        elif form == "null":
            lines[name] = f'{name} = if pythonAtLeast "3.99" then null else callPackage {call} {{ }};'
        elif form == "arguments":
            lines[name] = f"{name} = callPackage {call} {{ inherit (pkgs) zlib; }};"
        elif form == "renamed" and record["dependencies"]:
            first = record["dependencies"][0]
            lines[name] = f"{name} = callPackage {call} {{\n    renamed = {first};\n  }};"
        else:
            form = "other file" if not plain else "plain"
            lines[name] = f"{name} = callPackage {call} {{ }};"
        tree.positions[name], tree.forms[name] = path, form
        if form != "family":
            tree.files[path] = package_file(name, record, number, form)
    if family:
        path = f"{MODULES}/family/default.nix"
        tree.files[path] = family_file([(name, records[name]) for name in family])
        lines[family[0]] = f"inherit (callPackage {_relative(path)} {{ }})\n    " + "\n    ".join(family) + "\n    ;"
    for name in sorted(named - records.keys() - lines.keys()):
        tree.stubs.append(name)
        path = f"{MODULES}/{name}/default.nix"
        tree.files[path] = (
            "{ buildPythonPackage }:\n\nbuildPythonPackage {\n"
            f'  pname = "{name}";\n  version = "0.stub";\n  pyproject = false;\n}}\n'
        )
        lines[name] = f"{name} = callPackage {_relative(path)} {{ }};"
    body = "\n\n".join(f"  {lines[name]}" for name in sorted(lines))
    tree.files[PYTHON_PACKAGES] = (
        "# All attributes of the set.\n\nself: super: with self; {\n  # keep-sorted start block=yes\n"
        f"{body}\n  # keep-sorted end\n}}\n"
    )
    return tree


def _relative(path: str) -> str:
    shown = path.removesuffix("/default.nix")
    return f"../{shown.removeprefix('pkgs/')}"


def _named(record: Record) -> set[str]:
    return {
        *record["dependencies"],
        *record["build_system"],
        *(one["attr"] for one in record["conditional_dependencies"]),
        *(name for names in record["optional_dependencies"].values() for name in names),
    }


def made_records(count: int, seed: int = 7) -> dict[str, dict[str, Any]]:
    """Return made-up records: a few dependencies each, some of them conditional, extras, relaxations."""
    draw = random.Random(seed)
    names = [f"p{i}" for i in range(count)]
    found: dict[str, dict[str, Any]] = {}
    for i, name in enumerate(names):
        others = [names[draw.randrange(count)] for _ in range(draw.randrange(7))]
        others = list(dict.fromkeys(one for one in others if one != name))
        extras = {f"extra{j}": sorted({names[draw.randrange(count)]}) for j in range(draw.randrange(3))}
        found[name] = {
            "path": f"{MODULES}/{name}/default.nix",
            "pname": name,
            "version": f"{draw.randrange(30)}.{draw.randrange(30)}.{draw.randrange(9)}",
            "format": draw.choice(["pyproject"] * 8 + ["setuptools", "wheel"]),
            "fetcher": draw.choice(["fetchFromGitHub", "fetchPypi"]),
            "hash": "sha256-" + "".join(draw.choices("abcdefghijklmnopqrstuvwxyz0123456789+/", k=43)) + "=",
            "build_system": ["setuptools"] if i % 3 else ["hatchling", "hatch-vcs"],
            "dependencies": others[1:] if i % 9 == 0 else others,
            "conditional_dependencies": (
                [{"attr": others[0], "condition": 'pythonOlder "3.12"'}] if i % 9 == 0 and others else []
            ),
            "optional_dependencies": extras,
            "pythonRelaxDeps": others[:1] if i % 8 == 0 and others else None,
            "pythonRemoveDeps": None,
            "dontCheckRuntimeDeps": i % 50 == 0,
            "pythonImportsCheck": [name],
            "skipBulkUpdate": i % 70 == 0,
            "disabled": 'pythonOlder "3.9"' if i % 11 == 0 else None,
        }
    return found
