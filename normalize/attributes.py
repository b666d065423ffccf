"""How are attributes spelled? Nix identifiers, the name that nixpkgs' rules want, and versioned attributes."""

import re
from collections.abc import Collection, Container

from normalize.errors import UsageError
from normalize.projects import ProjectName

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*")

_KEYWORDS = frozenset({"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"})
"""``or`` is a name in some places and an operator in others, so it is always quoted."""

_ESCAPES = str.maketrans({'"': r"\"", "\\": r"\\", "$": r"\$"})

_UNDERSCORE_SERIES = re.compile(r"(?P<base>.*?[A-Za-z0-9])_(?P<series>\d+(?:_\d+)*)")
_DIGIT_SERIES = re.compile(r"(?P<base>.*[A-Za-z])(?P<series>\d+)")


def attribute_name(project: ProjectName) -> str:
    """Return the attribute that nixpkgs' rules want for a project: its PEP 503 name, as it is.

    An attribute that starts with a digit or is a Nix keyword is legal, but must be quoted: see ``nix_name``.

    >>> attribute_name(ProjectName("zope-interface"))
    'zope-interface'
    """
    return str(project)


def default_attribute(project: ProjectName, attributes: Collection[str]) -> str | None:
    """Return the attribute that a dependency on the project means; versioned and special ones stand beside it.

    By nixpkgs' rules it is the one that is named like the project, which may be a pointer (``protobuf = protobuf7``);
    where there is none it is the only one without a series. None means that there is none, or that it is not known.

    >>> default_attribute(ProjectName("django"), ["django", "django_5", "django_6"])
    'django'
    >>> default_attribute(ProjectName("pygobject"), ["pygobject3"])
    'pygobject3'
    """
    if attribute_name(project) in attributes:
        return attribute_name(project)
    unversioned = [name for name in attributes if split_series(name, {project})[1] is None]
    of_one = unversioned or list(attributes)
    return of_one[0] if len(of_one) == 1 else None


def needs_quotes(name: str) -> bool:
    """Return whether a name is not a Nix identifier and has to be quoted.

    >>> needs_quotes("2to3"), needs_quotes("with"), needs_quotes("ruamel.yaml"), needs_quotes("scikit-learn")
    (True, True, True, False)
    """
    return name in _KEYWORDS or _IDENTIFIER.fullmatch(name) is None


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


def split_series(attribute: str, known: Container[str]) -> tuple[str, str | None]:
    """Split a versioned attribute into its base and its series; the series is None for an ordinary attribute.

    nixpkgs spells a versioned attribute in three ways: ``django_5``, ``pytest_8_3`` and ``protobuf4``. Normalised names
    have no underscore, so ``_N`` is always a series. A bare trailing digit is one only with evidence, because many
    projects end in a digit (``lz4``, ``pyqt6``, ``urllib3``): the base must be known and the whole name must not.

    Args:
        attribute: the attribute.
        known: names that count as evidence: normalised projects that exist, or just the attribute's own ``pname``.

    >>> split_series("django_5", ()), split_series("aioquic_1_2", ())
    (('django', '5'), ('aioquic', '1.2'))
    >>> split_series("protobuf4", {"protobuf"}), split_series("lz4", {"lz4"}), split_series("urllib3", ())
    (('protobuf', '4'), ('lz4', None), ('urllib3', None))
    """
    match = _UNDERSCORE_SERIES.fullmatch(attribute)
    if match is not None:
        return match["base"], match["series"].replace("_", ".")
    match = _DIGIT_SERIES.fullmatch(attribute)
    if match is not None and attribute not in known and match["base"] in known:
        return match["base"], match["series"]
    return attribute, None
