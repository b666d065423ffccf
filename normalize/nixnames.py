"""How does Nix read a name, and where does a versioned attribute's series start? Without imports but the errors'."""

from normalize.errors import UsageError

_KEYWORDS = frozenset({"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"})
"""``or`` is a name in some places and an operator in others, so it is always quoted."""

_ESCAPES = str.maketrans({'"': r"\"", "\\": r"\\", "$": r"\$"})


def needs_quotes(name: str) -> bool:
    """Return whether a name is not a Nix identifier and has to be quoted.

    >>> needs_quotes("2to3"), needs_quotes("with"), needs_quotes("ruamel.yaml"), needs_quotes("scikit-learn")
    (True, True, True, False)
    """
    # an identifier: [A-Za-z_][A-Za-z0-9_'-]*
    plain = name.replace("_", "a").replace("-", "1").replace("'", "1")
    return name in _KEYWORDS or not (plain.isascii() and plain.isalnum() and plain[0].isalpha())


def nix_name(name: str) -> str:
    r"""Return an attribute as Nix text reads it, quoted where it must be.

    Raises:
        UsageError: the name is empty or holds characters that no attribute has any use for (control characters, and
            all outside ASCII).

    >>> nix_name("numpy"), nix_name("2to3"), nix_name('a${b}"')
    ('numpy', '"2to3"', '"a\\${b}\\""')
    """
    if not name or not name.isascii() or not name.isprintable():
        raise UsageError(
            f"{name[:80]!a} cannot be an attribute", hint="attributes have printable ASCII characters only"
        )
    return f'"{name.translate(_ESCAPES)}"' if needs_quotes(name) else name


def underscored_series(attribute: str) -> tuple[str, str | None]:
    """Split off a series that an underscore begins; the series is None where there is none.

    >>> underscored_series("django_5"), underscored_series("pytest_8_3"), underscored_series("protobuf4")
    (('django', '5'), ('pytest', '8.3'), ('protobuf4', None))
    """
    words = attribute.split("_")
    first = len(words)
    while first > 1 and words[first - 1].isdecimal():
        first -= 1
    while first < len(words):
        base = "_".join(words[:first])
        if base[-1:].isascii() and base[-1:].isalnum() and "\n" not in base:
            return base, ".".join(words[first:])
        first += 1
    return attribute, None
