"""Which part of a specifier does a version violate? Lower parts, upper parts and exclusions."""

from enum import Enum
from functools import cache, lru_cache

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import Version

from normalize.versions import parse_version


class Part(Enum):
    """The part of a specifier that a version violates.

    ``LOWER``: ``>=``, ``>``, and the floor of ``~=``, ``==X.*`` and ``==``.
    ``UPPER``: ``<``, ``<=``, and the ceiling of ``~=``, ``==X.*``, ``==`` and ``===``.
    ``EXCLUSION``: ``!=``.
    """

    LOWER = "lower"
    UPPER = "upper"
    EXCLUSION = "exclusion"

    __hash__ = object.__hash__  # Enum's own is a call in Python, and parts are looked up for every version


def violated_part(specifier: Specifier, version: Version) -> Part | None:
    """Return which part of one specifier the version violates, or None where the version satisfies it.

    Pre-releases count as versions like any other (the policy on pre-releases belongs to the choice of candidates),
    which is also how nixpkgs' runtime-dependency hook judges.

    >>> violated_part(Specifier("~=2.8.2"), Version("2.9")), violated_part(Specifier("~=2.8.2"), Version("2.8.1"))
    (<Part.UPPER: 'upper'>, <Part.LOWER: 'lower'>)
    """
    if specifier.contains(version, prereleases=True):
        return None
    operator = specifier.operator
    if operator == "!=":
        return Part.EXCLUSION
    if operator in (">", ">="):
        return Part.LOWER
    if operator in ("<", "<="):
        return Part.UPPER
    bound = parse_version(specifier.version.removesuffix(".*"))
    if bound is None:  # `===` takes any text; an unordered one can only be an upper part
        return Part.UPPER
    return Part.LOWER if version < bound else Part.UPPER


def violated_parts(specifiers: SpecifierSet, version: Version) -> frozenset[Part]:
    """Return all parts of the specifiers that the version violates; empty exactly where it satisfies them."""
    if not len(specifiers) or specifiers.contains(version, prereleases=True):
        return frozenset()
    return frozenset(part for one in specifiers if (part := violated_part(one, version)) is not None)


class Bounds:
    """The specifiers of a requirement, asked about each version once: releases repeat the same ones all the time.

    Args:
        specifiers: as packaging has them; none accept every version.
    """

    __slots__ = ("_floor", "_known", "_pin", "_text", "specifiers")

    def __init__(self, specifiers: SpecifierSet) -> None:
        self.specifiers = specifiers
        self._known: dict[Version, frozenset[Part]] = {}

    @property
    def text(self) -> str:
        """Their canonical spelling, "" for none."""
        try:
            return self._text
        except AttributeError:
            self._text: str = str(self.specifiers)
            return self._text

    @property
    def floor(self) -> Version | None:
        """The highest lower bound, or None."""
        try:
            return self._floor
        except AttributeError:
            self._floor: Version | None = floor(self.specifiers)
            return self._floor

    @property
    def is_pin(self) -> bool:
        """Whether they hold ``==`` (or ``===``) on a full version."""
        try:
            return self._pin
        except AttributeError:
            self._pin: bool = is_pin(self.specifiers)
            return self._pin

    def __str__(self) -> str:
        return self.text

    def violated(self, version: Version) -> frozenset[Part]:
        """Return all parts that the version violates; empty exactly where it satisfies the specifiers."""
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = violated_parts(self.specifiers, version)
        return known


@cache
def parse_bounds(text: str) -> Bounds:
    """Return the bounds of a text such as ``>=1.2,<2``; the same text gives the same object.

    Raises:
        InvalidSpecifier: it is no specifier.
    """
    return Bounds(SpecifierSet(text))


@lru_cache(50_000)
def is_specifier(text: str) -> bool:
    """Return whether a text is a set of specifiers whose numbers Python can read.

    >>> is_specifier(">=3.9,<4"), is_specifier("3.9 or later")
    (True, False)
    """
    try:
        SpecifierSet(text)
    except (InvalidSpecifier, ValueError):
        return False
    return True


def floor(specifiers: SpecifierSet) -> Version | None:
    """Return the highest lower bound, or None where there is none.

    That of ``==2.*`` is 2, though pre-releases of 2 satisfy it, too: the floor says what authors meant.

    >>> floor(SpecifierSet("~=2.8,>2.1,<4"))
    <Version('2.8')>
    """
    bounds = [
        bound
        for one in specifiers
        if one.operator in (">", ">=", "~=", "==")
        and (bound := parse_version(one.version.removesuffix(".*"))) is not None
    ]
    return max(bounds, default=None)


def is_pin(specifiers: SpecifierSet) -> bool:
    """Return whether the specifiers hold ``==`` (or ``===``) on a full version."""
    return any(one.operator in ("==", "===") and not one.version.endswith(".*") for one in specifiers)
