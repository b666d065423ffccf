"""What is left of a specifier without its upper part, or without its lower one?"""

from collections.abc import Iterable

from packaging.specifiers import Specifier, SpecifierSet

from normalize.versions import parse_version


def lower_part(specifiers: SpecifierSet) -> SpecifierSet:
    """Return the lower part alone: ``>=``, ``>``, and the floors of ``~=``, ``==X.*``, ``==`` and ``===``.

    >>> str(lower_part(SpecifierSet("~=2.8.2,!=2.8.4"))), str(lower_part(SpecifierSet("==1.*")))
    ('>=2.8.2', '>=1.dev0')
    """
    return _joined(_lower(one) for one in specifiers)


def upper_part(specifiers: SpecifierSet) -> SpecifierSet:
    """Return the upper part alone: ``<``, ``<=``, ``!=``, and the ceilings of ``~=``, ``==X.*``, ``==`` and ``===``.

    >>> str(upper_part(SpecifierSet("~=2.8.2,!=2.8.4"))), str(upper_part(SpecifierSet("==1.*")))
    ('!=2.8.4,<2.9', '<2')
    """
    return _joined(_upper(one) for one in specifiers)


def _lower(one: Specifier) -> str:
    if one.operator in (">", ">="):
        return str(one)
    version = parse_version(one.version.removesuffix(".*"))
    if one.operator not in ("~=", "==", "===") or version is None:
        return ""
    # the pre-releases of its first version match a prefix as well
    return f">={version.public}.dev0" if one.version.endswith(".*") else f">={version.public}"


def _upper(one: Specifier) -> str:
    if one.operator in (">", ">="):
        return ""
    version = parse_version(one.version.removesuffix(".*"))
    if one.operator not in ("~=", "==", "===") or version is None or version.local is not None:
        return str(one)
    if one.operator != "~=" and not one.version.endswith(".*"):
        return f"<={version.public}"
    *prefix, last = version.release[:-1] if one.operator == "~=" else version.release
    ceiling = ".".join(map(str, (*prefix, last + 1)))
    return f"<{version.epoch}!{ceiling}" if version.epoch else f"<{ceiling}"


def _joined(texts: Iterable[str]) -> SpecifierSet:
    return SpecifierSet(",".join(text for text in texts if text))
