"""How is what people are told of a release, its licence and its addresses, kept in lines and read from them?"""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from dataset.decode import Decoder
from dataset.records import LONGEST_LICENCE, About, LicenceFrom
from normalize.errors import UsageError

_ADDRESSES = ("changelog", "homepage", "repository")
ABOUT = ("licence", "licence_from", *_ADDRESSES)
"""The keys, in their order; each is absent where nothing is told."""

TOLD = ("licence", *_ADDRESSES)
"""The keys that tell people something by themselves."""

_KEYS = frozenset(ABOUT)
_LICENCE_FROM: tuple[LicenceFrom, ...] = get_args(LicenceFrom)


def about_to_pairs(about: About) -> Iterator[tuple[str, str]]:
    """Yield the keys that a line has, with their values."""
    for key in ABOUT:
        value = getattr(about, key)
        if value:
            yield key, value


def about_from_json(data: Mapping[str, Any]) -> About | None:
    """Return what a decoded text of ours tells; None where it tells nothing."""
    if _KEYS.isdisjoint(data):
        return None
    told = About(
        licence=data.get("licence"),
        licence_from=data.get("licence_from") or "",
        changelog=data.get("changelog"),
        homepage=data.get("homepage"),
        repository=data.get("repository"),
    )
    return told or None


def read_about(data: Decoder) -> About | None:
    """Return what a line of anybody tells.

    Raises:
        UsageError: it could not be shown to people.
    """
    if not any(map(data.has, ABOUT)):
        return None
    for key in _ADDRESSES:
        data.optional_address(key)
    licence = data.optional_text("licence")
    if licence is not None and not (licence.strip() and licence.isprintable() and len(licence) <= LONGEST_LICENCE):
        raise UsageError(f"{data.where}: licence: expected the name of a licence, found {licence[:60]!r}")
    if data.choice("licence_from", _LICENCE_FROM, "") and licence is None:
        raise UsageError(f"{data.where}: licence_from: there is no licence")
    return about_from_json({key: data.raw(key) for key in ABOUT})
