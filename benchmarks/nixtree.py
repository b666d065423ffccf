"""What does a Python set look like in files? Records of packages, written as nixpkgs writes them, in all ten forms.

A record is a dictionary with the keys of `KEYS`; whatever a form cannot say is not in it. The same tree is read by the
static parse and, together with `tests/nixpkgs/smallset/default.nix`, evaluated by real Nix.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nixpkgs.nixtext import nix_string
from normalize.nixnames import nix_name

PYTHON_PACKAGES = "pkgs/top-level/python-packages.nix"
MODULES = "pkgs/development/python-modules"
FORMS = ("plain", "arguments", "other file", "pointer", "alias", "native", "part", "family", "null", "renamed")
MAINTAINERS = ("alice", "bob", "carol")

Record = Mapping[str, Any]

_DEFAULT = re.compile(r"(\w+) \(default:? ([^)]*)\).*")
_WORDS = {
    "not Darwin and not PyPy": "!stdenv.hostPlatform.isDarwin && !isPyPy",
    "not Darwin": "!stdenv.hostPlatform.isDarwin",
}
_SWITCHES = {"mpiSupport": "false", "cudaSupport": "config.cudaSupport or false"}
_FUNCTIONS = ("pythonOlder", "pythonAtLeast", "isPyPy", "isPy3k")


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


def condition(text: str) -> tuple[str, str, str]:
    """Return a record's condition as Nix, the argument that it needs ("" for none), and how it is told."""
    match = _DEFAULT.fullmatch(text)
    if match:
        name, default = match[1], _WORDS.get(match[2], match[2])
        return name, f"{name} ? {default}", text if default in ("true", "false") else name
    if text in _SWITCHES:
        default = _SWITCHES[text]
        return text, f"{text} ? {default}", f"{text} (default {default})" if default in ("true", "false") else text
    written = text.replace("hostPlatform", "stdenv.hostPlatform")
    return written, "", written


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
        tree.files[path] = _family_file([(name, records[name]) for name in family])
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


def package_file(name: str, record: Record, number: int, form: str) -> str:
    """Return the package file of a record; the number chooses among the ways in which maintainers write."""
    head, body = _function(record, number, form)
    if form == "part":
        body = f"{{\n  {name} = {body};\n}}"
    formals = "\n".join(f"  {one}," for one in head)
    text = f"# {name}\n{{\n{formals}\n}}:\n\n{body}\n"
    return text.replace("\n", "\r\n") if number % 7 == 3 else text


def _family_file(records: Sequence[tuple[str, Record]]) -> str:
    formals: dict[str, None] = {}
    parts = []
    for number, (name, record) in enumerate(records):
        head, body = _function(record, number * 4, "family")
        formals |= dict.fromkeys(head)
        parts.append(f"  {nix_name(name)} = {body};")
    # an argument may have a default in one member's head only
    with_default = {one.split(" ? ")[0] for one in formals if " ? " in one}
    head = [one for one in formals if one not in with_default]
    return "{\n" + "\n".join(f"  {one}," for one in head) + "\n}:\n\n{\n" + "\n\n".join(parts) + "\n}\n"


def _function(record: Record, number: int, form: str) -> tuple[list[str], str]:
    style = ("rec", "final", "let", "with")[number % 4]
    formals: dict[str, None] = dict.fromkeys(["lib", "stdenv", "buildPythonPackage", "config"])
    lines: list[str] = []
    dependencies = list(record["dependencies"])
    if form == "renamed":
        dependencies[0] = "renamed"
    own = {"rec": "", "with": "", "final": "finalAttrs."}.get(style)
    if record["pname"] is not None:
        lines.append(f"pname = {nix_string(record['pname'])};")
    version = record["version"]
    if version is not None:
        lines.append("inherit version;" if style == "let" else f"version = {nix_string(version)};")
    lines.append(_format_line(record["format"]))
    if record["disabled"]:
        lines.append(f"disabled = {record['disabled']};")
        formals |= dict.fromkeys(_used(record["disabled"]))
    lines += _source(record, style, formals)
    if record["build_system"]:
        lines.append(_list("build-system", record["build_system"]))
        formals |= dict.fromkeys(record["build_system"])
    if form == "arguments":
        formals["zlib"] = None
        lines.append("buildInputs = [ zlib ];")
    lines += _dependencies(record, dependencies, number, own, formals)
    if record["optional_dependencies"]:
        extras = [(extra, sorted(names)) for extra, names in sorted(record["optional_dependencies"].items())]
        formals |= dict.fromkeys(one for _, names in extras for one in names)
        if number % 5 == 2:
            lines += [_list(f"optional-dependencies.{nix_name(extra)}", names) for extra, names in extras]
        else:
            inner = "\n".join(f"  {line}" for extra, names in extras for line in [_list(nix_name(extra), names)])
            lines.append(f"optional-dependencies = {{\n{inner}\n}};")
    for key in ("pythonRelaxDeps", "pythonRemoveDeps", "pythonImportsCheck"):
        value = record[key]
        if value is True:
            lines.append(f"{key} = true;")
        elif value:
            lines.append(_list(key, [nix_string(one) for one in value]))
    if record["dontCheckRuntimeDeps"]:
        lines.append("dontCheckRuntimeDeps = true;")
    if number % 3 == 0:
        lines.append("# needs the network\ndoCheck = false;")
    if record["skipBulkUpdate"]:
        lines.append("passthru.skipBulkUpdate = true; # fragile")
    lines.append(_meta(number, style))
    inner = "\n\n".join("\n".join(f"  {one}" for one in line.split("\n")) for line in lines)
    body = f"{{\n{inner}\n}}"
    if style == "final":
        return list(formals), f"buildPythonPackage (finalAttrs: {body})"
    if style == "let" and version is not None:
        return list(formals), f"let\n  version = {nix_string(version)};\nin\nbuildPythonPackage {body}"
    return list(formals), f"buildPythonPackage {'' if style == 'let' else 'rec '}{body}"


def _dependencies(
    record: Record, names: Sequence[str], number: int, own: str | None, formals: dict[str, None]
) -> list[str]:
    field_name = "propagatedBuildInputs" if "propagatedBuildInputs" in (record.get("note") or "") else "dependencies"
    conditional = record["conditional_dependencies"]
    formals |= dict.fromkeys(names)
    spread = ""
    kept = list(names)
    for extra, wanted in sorted(record["optional_dependencies"].items()):
        size = len(wanted)
        if own is not None and wanted and not spread and kept[-size:] == sorted(wanted):
            kept = kept[:-size]
            outer = f"{own}passthru." if own else ""
            spread = f"\n++ {outer}optional-dependencies.{nix_name(extra)}"
    parts = []
    for one in conditional:
        written, formal, _ = condition(one["condition"])
        formals |= dict.fromkeys([formal, *_used(formal)] if formal else _used(written))
        formals[one["attr"]] = None
        wrapped = written if re.fullmatch(r"[\w.]+", written) else f"({written})"
        parts.append(
            f"\n++ lib.optional {wrapped} {one['attr']}"
            if number % 2
            else f"\n++ lib.optionals {wrapped} [\n  {one['attr']}\n]"
        )
    if not names and not parts:
        return []
    return [_list(field_name, kept).removesuffix(";") + spread + "".join(parts) + ";"]


def _used(written: str) -> list[str]:
    return [one for one in _FUNCTIONS if one in written]


def _format_line(form: str) -> str:
    if form in ("pyproject", "other"):
        return f"pyproject = {'true' if form == 'pyproject' else 'false'};"
    return f'format = "{form}";'


def _source(record: Record, style: str, formals: dict[str, None]) -> list[str]:
    fetcher = record["fetcher"]
    if fetcher is None:
        return []
    if fetcher == "other":
        formals["elsewhere"] = None
        return ["src = elsewhere.src;"]
    formals[fetcher] = None
    own = "finalAttrs." if style == "final" else ""
    texts = []
    has_version, has_pname = record["version"] is not None, record["pname"] is not None
    if fetcher == "fetchPypi" and has_pname and has_version:
        texts.append(
            {
                "final": "inherit (finalAttrs) pname version;",
                "let": f"pname = {nix_string(record['pname'])};\n  inherit version;",
            }.get(style, "inherit pname version;")
        )
    elif fetcher == "fetchurl":
        texts.append('url = "https://files.example/source.tar.gz";')
    else:
        texts.append('owner = "someone";')
        texts.append('repo = "something";')
        texts.append(f'tag = "v${{{own}version}}";' if has_version else 'tag = "v1";')
    if record["hash"] is not None:
        texts.append(f"hash = {nix_string(record['hash'])};")
    inner = "\n".join(f"  {text}" for text in texts)
    return [f"src = {fetcher} {{\n{inner}\n}};"]


def _list(name: str, items: Sequence[str]) -> str:
    if len(items) == 1:
        return f"{name} = [ {items[0]} ];"
    inner = "".join(f"\n  {one}" for one in items)
    return f"{name} = [{inner}\n];"


def maintainers(number: int) -> tuple[str, ...]:
    """Return the maintainers of the package with this number."""
    return MAINTAINERS[: number % 3 + 1]


def _meta(number: int, style: str) -> str:
    names = maintainers(number)
    if style == "with":
        people = f"with maintainers; [ {' '.join(names)} ]"
    elif style == "rec":
        people = f"with lib.maintainers; [ {' '.join(names)} ]"
    else:
        people = f"[ {' '.join(f'lib.maintainers.{one}' for one in names)} ]"
    opening = "with lib; {" if style == "with" else "{"
    return (
        f"meta = {opening}\n  # what it is\n  description = ''\n    A package with '''quotes''' and ''${{no}} code\n"
        "  '';\n"
        f'  homepage = "https://project.example";\n  maintainers = {people};\n}};'
    )


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
