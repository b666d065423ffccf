"""How do maintainers write a package file? The text of a record, in each way in which the files of nixpkgs are."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nixpkgs.nixtext import nix_string
from normalize.nixnames import nix_name

MAINTAINERS = ("alice", "bob", "carol")

Record = Mapping[str, Any]

_DEFAULT = re.compile(r"(\w+) \(default:? ([^)]*)\).*")
_WORDS = {
    "not Darwin and not PyPy": "!stdenv.hostPlatform.isDarwin && !isPyPy",
    "not Darwin": "!stdenv.hostPlatform.isDarwin",
}
_SWITCHES = {"mpiSupport": "false", "cudaSupport": "config.cudaSupport or false"}
_FUNCTIONS = ("pythonOlder", "pythonAtLeast", "isPyPy", "isPy3k")


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


def package_file(name: str, record: Record, number: int, form: str) -> str:
    """Return the package file of a record; the number chooses among the ways in which maintainers write."""
    head, body = _function(record, number, form)
    if form == "part":
        body = f"{{\n  {name} = {body};\n}}"
    formals = "\n".join(f"  {one}," for one in head)
    text = f"# {name}\n{{\n{formals}\n}}:\n\n{body}\n"
    return text.replace("\n", "\r\n") if number % 7 == 3 else text


def family_file(records: Sequence[tuple[str, Record]]) -> str:
    """Return the package file that these records share."""
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
