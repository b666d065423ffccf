"""Where do people read on about a project of a plan? What its metadata says, else what nixpkgs says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dataset.currentset import Attribute
from dataset.decode import Decoder
from dataset.records import Release
from normalize.addresses import is_address

Kind = Literal["changelog", "homepage", "repository"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses that may be linked; at least one is there."""

    changelog: str | None = None
    homepage: str | None = None
    repository: str | None = None


def links_of(chosen: Release | None, others: Iterable[Release], attribute: Attribute | None) -> Links | None:
    """Return where to read on about a release; None where nobody says it.

    Another release tells the addresses of its project as well, unless they name its version. Of nixpkgs' changelog, the
    version in it is exchanged for the chosen one.

    Args:
        chosen: the release; None where the index has none.
        others: of its project, newest first.
        attribute: nixpkgs' own; None where the project is to be added.
    """
    told = [one for one in others if one.about is not None and one is not chosen]
    recipe = None if attribute is None else attribute.recipe
    changelog, homepage, repository = (_told(kind, chosen, told) for kind in ("changelog", "homepage", "repository"))
    if recipe is not None:
        homepage = homepage or recipe.homepage
        if changelog is None and recipe.changelog is not None and attribute is not None:
            changelog = of_version(recipe.changelog, attribute.version, None if chosen is None else chosen.version)
    if changelog is homepage is repository is None:
        return None
    return Links(changelog=changelog, homepage=homepage, repository=repository)


def _told(kind: Kind, chosen: Release | None, others: Iterable[Release]) -> str | None:
    if chosen is not None and chosen.about is not None and (own := getattr(chosen.about, kind)) is not None:
        return str(own)
    found = ((one.version, getattr(one.about, kind)) for one in others)
    return next((address for version, address in found if address is not None and version not in address), None)


def of_version(address: str, old: str | None, new: str | None) -> str:
    """Return a changelog's address with one version in the place of another, where that one stands in it once.

    >>> of_version("https://a.example/v1.2/changes", "1.2", "1.3"), of_version("https://a.example/1.2.9", "1.2", "2.0")
    ('https://a.example/v1.3/changes', 'https://a.example/1.2.9')
    """
    if old is None or new is None or "." not in old:
        return address
    # taken from both ends, so that 1.2 is not found in 11.2 or 1.2.9
    parts = re.split(rf"(?<![0-9])(?<![0-9]\.){re.escape(old)}(?![0-9]|\.[0-9])", address)
    exchanged = new.join(parts)
    return exchanged if len(parts) == 2 and is_address(exchanged) else address


def links_from_json(one: Decoder) -> Links:
    """Read the JSON form.

    Raises:
        UsageError: it holds what may not be linked.
    """
    one.only("changelog", "homepage", "repository")
    return Links(
        changelog=one.optional_address("changelog"),
        homepage=one.optional_address("homepage"),
        repository=one.optional_address("repository"),
    )
