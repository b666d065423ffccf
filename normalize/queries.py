"""What may be typed where a name is asked for? A project, an attribute or an import name, and nothing else."""

import unicodedata

from normalize.errors import UsageError
from normalize.namespelling import LONGEST_NAME

_HINT = "give a project, an attribute or an import name, such as scikit-learn or sklearn"


def name_in(query: str) -> str:
    """Return the name in what a user typed: without the path to nixpkgs' Python set, and without Nix's quotes.

    Raises:
        UsageError: the text cannot be a name; the sentence quotes it so that it is harmless, and says what is wrong.

    >>> name_in("python313Packages.numpy"), name_in('"2to3"'), name_in("google.protobuf")
    ('numpy', '2to3', 'google.protobuf')
    """
    if not query.strip():
        raise UsageError("an empty name cannot be looked up", hint=_HINT)
    if len(query) > LONGEST_NAME:
        raise UsageError(
            f"a name of {len(query)} characters ({query[:40]!a}...) is longer than any on the index", hint=_HINT
        )
    name = query.strip(" ")
    name = name[_path_length(name) :]
    if len(name) > 2 and name[0] == name[-1] == '"':
        name = name[1:-1]
    if _is_name(name):
        if not name.strip("_"):
            raise UsageError(f"{query!a} has no letter and no digit, so nothing of it is left as a project", hint=_HINT)
        return name
    strange = next((one for one in name if not one.isascii()), None)
    if strange is not None:
        called = unicodedata.name(strange, "an unnamed character")
        raise UsageError(f"{query!a} holds U+{ord(strange):04X} ({called}), but names are ASCII", hint=_HINT)
    raise UsageError(f"{query!a} cannot be a project, an attribute or an import name", hint=_HINT)


def _is_name(text: str) -> bool:
    """Return whether a text is of letters, digits and ``_.'-``, the last three only between others.

    Without regular expressions, whose import takes half as long as Python's own start.
    """
    inner = text.replace("_", "a")
    plain = inner.replace(".", "a").replace("-", "a").replace("'", "a")
    return plain.isascii() and plain.isalnum() and inner[0].isalnum() and inner[-1].isalnum()


def _path_length(name: str) -> int:
    """Return the length of ``python3Packages.``, ``pkgs.python313.pkgs.`` and the like, with which a name begins."""
    rest = name.removeprefix("pkgs.")
    if not rest.startswith("python3"):
        return 0
    rest = rest.removeprefix("python3")
    while rest[:1].isdecimal():
        rest = rest[1:]
    for end in ("Packages.", ".pkgs."):
        if rest.startswith(end):
            return len(name) - len(rest) + len(end)
    return 0
