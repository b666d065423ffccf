"""How are aliases written? Lines of ``python-aliases.nix``, in which no name and no reason can become code."""

from collections.abc import Iterable

from nixpkgs.nixtext import nix_string
from normalize.aliases import Alias
from normalize.errors import UsageError
from normalize.nixnames import needs_quotes, nix_name

_TAKEN = frozenset(
    {
        "self",
        "super",
        "lib",
        "config",
        "true",
        "false",
        "null",
        "builtins",
        "throw",
        "abort",
        "import",
        "map",
        "toString",
    }
    | {
        "baseNameOf",
        "derivation",
        "derivationStrict",
        "dirOf",
        "fetchGit",
        "fetchMercurial",
        "fetchTarball",
        "fetchTree",
    }
    | {"fromTOML", "isNull", "placeholder", "removeAttrs", "scopedImport", "warnAlias", "mapAliases", "break"}
)
"""Names that mean something else where aliases are written: ``with self;`` gives way to everything."""


def alias_line(alias: Alias) -> str:
    """Return the line of one alias.

    Raises:
        UsageError: its name or its target cannot be an attribute.

    >>> print(alias_line(Alias(name="gpgme", target="gpg", date="2026-06-26")))
    gpgme = gpg; # added 2026-06-26
    >>> print(alias_line(Alias(name="2to3", target="with")))
    "2to3" = self."with";
    >>> print(alias_line(Alias(name="abjad", fatal=True, date="2026-03-24")))
    abjad = throw "'abjad' was removed"; # Added 2026-03-24
    """
    name = nix_name(alias.name)
    target = None if alias.target is None else _reference(alias.target)
    if not alias.fatal and target is not None:
        return f"{name} = {target};{_comment('added', alias.date)}"
    if alias.target is None:
        reason = alias.reason or f"'{alias.name}' was removed"
        return f"{name} = throw {nix_string(_printable(reason))};{_comment('Added', alias.date)}"
    reason = alias.reason or f"'{alias.name}' has been renamed to/replaced by '{alias.target}'"
    return f"{name} = throw {nix_string(_printable(reason))};{_comment('Converted to throw', alias.date)}"


def alias_lines(aliases: Iterable[Alias]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of aliases, sorted by name, and the names of those that Nix cannot spell."""
    lines, unspellable = [], []
    for alias in sorted(aliases, key=lambda one: (one.name, one.target or "")):
        try:
            lines.append(alias_line(alias))
        except UsageError:
            unspellable.append(alias.name)
    return tuple(lines), tuple(unspellable)


def _reference(target: str) -> str:
    """Return the expression for an attribute of the set, or for a path of attributes."""
    parts = target.split(".")
    if parts[0] in ("self", "super", "pkgs", "lib") and len(parts) > 1:
        return ".".join([parts[0], *map(nix_name, parts[1:])])
    path = ".".join(map(nix_name, parts))
    return f"self.{path}" if needs_quotes(parts[0]) or parts[0] in _TAKEN or parts[0].startswith("__") else path


def _comment(what: str, day: str | None) -> str:
    if day is None or not all(one.isascii() and (one.isdigit() or one == "-") for one in day):
        return ""
    return f" # {what} {day}"


def _printable(text: str) -> str:
    """Return the text without anything that a terminal or an editor would obey."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
