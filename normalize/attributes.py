"""How are attributes spelled? Nix identifiers, the name that nixpkgs' rules want, and versioned attributes."""

import re
from collections.abc import Collection, Container

from normalize.nixnames import underscored_series
from normalize.projects import ProjectName

_DIGIT_SERIES = re.compile(r"(?P<base>.*[A-Za-z])(?P<series>\d+)")


def attribute_name(project: ProjectName) -> str:
    """Return the attribute that nixpkgs' rules want for a project: its PEP 503 name, as it is.

    An attribute that starts with a digit or is a Nix keyword is legal, but must be quoted: see ``normalize.nixnames``.

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
    base, series = underscored_series(attribute)
    if series is not None:
        return base, series
    match = _DIGIT_SERIES.fullmatch(attribute)
    if match is not None and attribute not in known and match["base"] in known:
        return match["base"], match["series"]
    return attribute, None
