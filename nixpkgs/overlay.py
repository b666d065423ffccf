"""How is an overlay of the Python set written? Recipes of nixpkgs overridden, and packages that it does not have.

Everything from outside is written through `nixtext`, or as a comment that cannot end before its line does.
"""

from collections.abc import Iterable, Sequence

from nixpkgs.licences import nix_licence
from nixpkgs.nixtext import assignment, holdable, nix_string
from nixpkgs.recipes import Dependency, EitherSource, ForgeSource, IndexSource, Init, Override, Source
from nixpkgs.versiontest import SUFFICES, stay_tests
from normalize.nixnames import needs_quotes, nix_name

_FINAL = "pyfinal."

_TAKEN = frozenset(
    {"buildPythonPackage", "builtins", "fetchPypi", "lib", "pkgs", "pythonAtLeast", "pythonOlder", "stdenv"}
    | {"build-system", "dependencies", "format", "pname", "pyproject", "src", "version"}
)
"""Names that mean something else in package files: what they are given, and what a ``rec`` set has itself."""

_SOURCE_OF = """\
# The source of another version: by the recipe's own fetcher where its tag or revision holds the version,
# with a hash that is to be prefetched (building says it); else the index's file.
sourceOf =
  package: version: file:
  let
    src = package.src or { };
    name = if (src.tag or null) != null then "tag" else "rev";
    present = src.${name} or null;
    next = builtins.replaceStrings [ package.version ] [ version ] present;
  in
  if src ? override && builtins.isString present && next != present then
    src.override {
      ${name} = next;
      hash = ""; # to be prefetched
    }
  else
    file;"""


def overlay_text(overrides: Iterable[Override], inits: Iterable[Init], notes: Iterable[str] = ()) -> str:
    """Return an overlay for all interpreters, which extends ``pythonPackagesExtensions``."""
    extension = _extension(list(overrides), list(inits))
    return _lines(
        *map(comment, notes),
        "final: prev: {",
        "  pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [",
        "    (",
        *_indented(extension, 6),
        "    )",
        "  ];",
        "}",
    )


def extension_text(overrides: Iterable[Override], inits: Iterable[Init], notes: Iterable[str] = ()) -> str:
    """Return the function alone, as ``packageOverrides`` of one interpreter takes it."""
    return _lines(*map(comment, notes), *_extension(list(overrides), list(inits)))


def _extension(overrides: Sequence[Override], inits: Sequence[Init]) -> list[str]:
    helpers = [SUFFICES] if any(one.stays is not None for one in overrides) else []
    helpers += [_SOURCE_OF] if any(isinstance(one.source, EitherSource) for one in overrides) else []
    return [
        "pyfinal: pyprev:",
        "let",
        "  inherit (pyfinal.pkgs) fetchPypi lib;",
        *(line for helper in helpers for line in ("", *_indented(helper.splitlines(), 2))),
        "in",
        *_sets(overrides, inits),
    ]


def _sets(overrides: Sequence[Override], inits: Sequence[Init]) -> list[str]:
    new = ["{", *_indented(_apart(map(init_lines, inits)), 2), "}"]
    if not overrides:
        return new
    return [
        "# what is null on an interpreter stays so",
        "builtins.mapAttrs (name: changed: if pyprev.${name} == null then null else changed) {",
        *_indented(_apart(map(override_lines, overrides)), 2),
        "}",
        *([f"// {new[0]}", *new[1:]] if inits else []),
    ]


def _apart(entries: Iterable[list[str]]) -> list[str]:
    """Return the lines of all entries, with a blank line between two."""
    return [line for i, entry in enumerate(entries) for line in (*[""] * bool(i), *entry)]


def override_lines(one: Override) -> list[str]:
    """Return the lines of one override.

    Where they are put, ``pyfinal``, ``pyprev``, ``lib`` and ``fetchPypi`` are known; for an `EitherSource`,
    ``sourceOf`` too, and where versions of nixpkgs' own may stay, ``suffices``.
    """
    name = nix_name(one.attribute)
    body: list[str] = []
    if one.version is not None:
        body.append(f"version = {_text(one.version)};")
        if one.source is not None:
            body += _source(one.source, one.version, f"pyprev.{name}")
    if one.relaxed is not None:
        body += assignment("pythonRelaxDeps", map(holdable, one.relaxed))
    if one.relaxed_too:
        body += _added("pythonRelaxDeps", [_text(text) for text in one.relaxed_too])
    if one.removed_too:
        body += _added("pythonRemoveDeps", [_text(text) for text in one.removed_too])
    if one.dependencies:
        plain, *conditional = _dependency_lists(one.dependencies, _FINAL)
        body += _added("dependencies", plain, conditional)
    added = one.relaxed_too or one.removed_too or one.dependencies
    old = "old" if added else "_"
    call = f"pyprev.{name}.overridePythonAttrs ({old}: {{"
    lines = [*map(comment, one.notes)]
    if one.stays is not None and one.version is not None:
        return [
            *lines,
            f"{name} =",
            "  if",
            f"    suffices pyprev.{name} {_text(one.version)} (",
            "      version:",
            *_indented(stay_tests(one.stays, _FINAL), 6),
            "    )",
            "  then",
            f"    pyprev.{name}",
            "  else",
            f"    {call}",
            *_indented(body, 6),
            "    });",
        ]
    return [*lines, f"{name} = {call}", *_indented(body, 2), "});"]


def _source(source: Source, version: str, package: str) -> list[str]:
    if isinstance(source, IndexSource):
        return ["src = fetchPypi {", *_indented(_fetched(source), 2), "};"]
    if isinstance(source, ForgeSource):
        return [
            f"src = {package}.src.override {{",
            f"  {source.argument} = {_text(source.revision)};",
            '  hash = ""; # to be prefetched',
            "};",
        ]
    if source.index is None:
        reason = "the index has no file for this recipe, and its own source does not name its version"
        return [f"src = sourceOf {package} {_text(version)} (throw {nix_string(reason)});"]
    return [f"src = sourceOf {package} {_text(version)} (fetchPypi {{", *_indented(_fetched(source.index), 2), "});"]


def _fetched(source: IndexSource) -> list[str]:
    known = [("pname", source.pname), ("version", source.version), *source.arguments, ("hash", source.hash)]
    return [f"{name} = {_text(value)};" for name, value in known]


def init_lines(one: Init) -> list[str]:
    """Return the lines of a package that nixpkgs does not have; inside the parentheses is the file to be added."""
    dependencies = [each.attribute for each in one.dependencies]
    mentioned = [*(one.build_system or ()), *dependencies]
    arguments = {"buildPythonPackage", "fetchPypi", *(name for name in mentioned if _is_argument(name))}
    arguments |= {name for each in one.dependencies if each.condition for name in each.condition.attributes}
    lists = _dependency_lists(one.dependencies, "")
    if len(lists) > 1 or one.licences:
        arguments.add("lib")
    same = one.source.version == one.version
    fetched = [line for line in _fetched(one.source) if not (same and line.startswith("version ="))]
    body = [
        f"pname = {_text(one.attribute)};",
        f"version = {_text(one.version)};",
        'format = "wheel";' if one.wheel else "pyproject = true;",
        "",
        "src = fetchPypi {",
        *_indented([fetched[0], *(["inherit version;"] if same else []), *fetched[1:]], 2),
        "};",
    ]
    if one.build_system:
        body += ["", *_list("build-system", [_reference(name, "") for name in one.build_system])]
    if dependencies:
        body += ["", *_joined("dependencies", lists)]
    for field, names in (
        ("pythonRelaxDeps", one.relaxed),
        ("pythonRemoveDeps", one.removed),
        ("pythonImportsCheck", one.imports),
    ):
        if names:
            body += ["", *assignment(field, map(holdable, names))]
    meta = [
        f"{name} = {_text(text)};" for name, text in (("homepage", one.homepage), ("changelog", one.changelog)) if text
    ]
    if one.licences:
        meta.append(f"license = {nix_licence(one.licences)};")
    if meta:
        body += ["", "meta = {", *_indented(meta, 2), "};"]
    return [
        comment(f"python3Packages.{one.attribute}: init at {one.version}"),
        *map(comment, one.notes),
        f"{nix_name(one.attribute)} = pyfinal.callPackage (",
        "  {",
        *(f"    {name}," for name in sorted(arguments)),
        "  }:",
        f"  buildPythonPackage {'rec ' if same else ''}{{",
        *_indented(body, 4),
        "  }",
        ") { };",
    ]


def comment(text: str) -> str:
    r"""Return a comment of one line, whatever the text holds.

    >>> comment("1.0 -> 2.0\n}")
    '# 1.0 -> 2.0\\n}'
    """
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
    return f"# {shown}".rstrip()


def _dependency_lists(dependencies: Iterable[Dependency], prefix: str) -> list[list[str]]:
    """Return what is always there, and then for each condition: its expression, and what is there where it holds."""
    always: list[str] = []
    where: dict[str, list[str]] = {}
    for one in sorted(dependencies, key=lambda one: one.attribute):
        reference = _reference(one.attribute, prefix)
        if one.condition is None:
            always.append(reference)
        else:
            where.setdefault(one.condition.expression(prefix), []).append(reference)
    return [always, *([condition, *names] for condition, names in sorted(where.items()))]


def _reference(attribute: str, prefix: str) -> str:
    """Return how an attribute is named where it is a dependency."""
    return f"{prefix}{nix_name(attribute)}" if prefix or _is_argument(attribute) else f"{_FINAL}{nix_name(attribute)}"


def _is_argument(attribute: str) -> bool:
    return not needs_quotes(attribute) and attribute not in _TAKEN


def _list(name: str, values: Sequence[str]) -> list[str]:
    if len(values) == 1:
        return [f"{name} = [ {values[0]} ];"]
    return [f"{name} = [", *_indented(values, 2), "];"]


def _joined(name: str, lists: Sequence[Sequence[str]]) -> list[str]:
    always, *where = lists
    if not where:
        return _list(name, always)
    first = [f"{name} ="] if not always else [f"{name} = [", *_indented(always, 2), "]"]
    rest = _optionals(where)
    if not always:
        rest[0] = rest[0].removeprefix("++ ")
        rest = _indented(rest, 2)
    return [*first, *rest[:-1], rest[-1] + ";"]


def _added(name: str, values: Sequence[str], where: Sequence[Sequence[str]] = ()) -> list[str]:
    """Return the assignment of what the recipe has and these values."""
    had = f"(old.{name} or [ ])"
    if len(values) == 1 and not where:
        return [f"{name} = {had} ++ [ {values[0]} ];"]
    added = [had]
    if values:
        added += [f"++ [ {values[0]} ]"] if len(values) == 1 else ["++ [", *_indented(values, 2), "]"]
    added += _optionals(where)
    return [f"{name} =", *_indented(added[:-1], 2), f"  {added[-1]};"]


def _optionals(where: Iterable[Sequence[str]]) -> list[str]:
    lines = []
    for condition, *names in where:
        asked = f"({condition})" if " " in condition else condition
        if len(names) == 1:
            lines.append(f"++ lib.optionals {asked} [ {names[0]} ]")
        else:
            lines += [f"++ lib.optionals {asked} [", *_indented(names, 2), "]"]
    return lines


def _text(text: str) -> str:
    return nix_string(holdable(text))


def _indented(lines: Iterable[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}" if line else "" for line in lines]


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
