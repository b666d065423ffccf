"""What does metadata tell people of a release: under which licence it is, and where they read on?

Nothing of it decides anything, so what an sdist only claims counts as well. What could harm who follows it is dropped.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from string import punctuation, whitespace

from dataset.records import LONGEST_LICENCE, About, LicenceFrom
from normalize.addresses import is_address, is_at
from normalize.licences import spdx_expression

_LABELS: Mapping[str, Sequence[str]] = {
    "changelog": ("changelog", "changes", "whatsnew", "history", "releasenotes"),
    "homepage": ("homepage",),
    "repository": ("source", "repository", "sourcecode", "github"),
}
"""What each address is for -> the normalised labels of the specification "Well-known Project URLs in Metadata"."""

_PLAIN = str.maketrans("", "", punctuation + whitespace)
_OSI = re.compile(r"License *:: *(?:OSI Approved *(?::: *|\Z))?", re.IGNORECASE)
_LONGEST_FIELD = 100
_LONGEST, _MOST = 400, 50
_KEPT = 2_000
_NOTHING = frozenset({"", "unknown", "none", "license", "see license file"})


def about_of(
    expression: str | None, field: str | None, classifiers: Iterable[str], addresses: Iterable[tuple[str, str]]
) -> About | None:
    """Return what is worth keeping; None where nothing is.

    The licence is the SPDX expression (PEP 639), or that of the older field where it holds one, which classifiers
    would only blur; else the classifiers; else the field, where it names a licence rather than quoting it.

    Args:
        expression: ``License-Expression``.
        field: ``License``.
        classifiers: all that begin with ``License ::``.
        addresses: pairs of a label and an address, ``Home-page`` last.
    """
    # Only what is short is looked at, for it is remembered.
    return _about(
        expression if expression is not None and len(expression) <= _LONGEST else None,
        field if field is not None and len(field) <= _LONGEST else None,
        tuple(one for one in islice(classifiers, _MOST) if len(one) <= _LONGEST),
        tuple((label, one.strip()) for label, one in islice(addresses, _MOST) if len(label) + len(one) <= _LONGEST),
    )


@lru_cache(_KEPT)
def _about(
    expression: str | None, field: str | None, classifiers: tuple[str, ...], addresses: tuple[tuple[str, str], ...]
) -> About | None:
    licence, licence_from = _licence(expression, field, classifiers)
    found = dict(_chosen(addresses))
    if licence is None and not found:
        return None
    return About(licence=licence, licence_from=licence_from, **found)


def without(told: About | None, hosts: Collection[str]) -> About | None:
    """Return it without addresses at these hosts: a page of the index is where everybody comes from."""
    if told is None or not hosts or not (told.changelog or told.homepage or told.repository):
        return told
    kept = replace(
        told,
        changelog=_unless_at(hosts, told.changelog),
        homepage=_unless_at(hosts, told.homepage),
        repository=_unless_at(hosts, told.repository),
    )
    return kept or None


def both(one: About | None, other: About | None) -> About | None:
    """Return what one tells, and the other where it is silent."""
    if one is None or other is None:
        return one or other
    first = one if one.licence is not None else other
    return About(
        licence=first.licence,
        licence_from=first.licence_from,
        changelog=one.changelog or other.changelog,
        homepage=one.homepage or other.homepage,
        repository=one.repository or other.repository,
    )


def _licence(expression: str | None, field: str | None, classifiers: Iterable[str]) -> tuple[str | None, LicenceFrom]:
    if expression is not None and (found := spdx_expression(expression)) is not None:
        return found, "expression"
    if field is not None and (found := spdx_expression(field)) is not None:
        return found, "field"
    named = sorted({one for text in classifiers if (one := _OSI.sub("", _one_line(text), count=1))})
    told = "; ".join(named)
    if named and len(told) <= LONGEST_LICENCE and told.isprintable():
        return told, "classifiers"
    text = _one_line(field or "")
    if text.casefold() not in _NOTHING and len(text) <= _LONGEST_FIELD and text.isprintable():
        return text, "field"
    return None, ""


def _chosen(addresses: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what each address is for: the first that may be linked, of the best label."""
    there: dict[str, str] = {}
    for label, address in addresses:
        if is_address(address):
            there.setdefault(label.translate(_PLAIN).lower(), address)
    for key, labels in _LABELS.items():
        found = next((there[label] for label in labels if label in there), None)
        if found is not None:
            yield key, found


def _unless_at(hosts: Collection[str], address: str | None) -> str | None:
    return None if address is None or is_at(address, hosts) else address


def _one_line(text: str) -> str:
    return " ".join(text.split())
