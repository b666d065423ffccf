"""What does one dataset say otherwise than another? Releases added, gone and changed, field by field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from dataset.aboutlines import ABOUT
from dataset.records import About, Release
from dataset.versionkey import version_key

FIELDS = tuple(one.name for one in fields(Release) if one.name not in ("project", "version"))
"""What can change of a release."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One release of which two datasets say different things.

    Attributes:
        kind: what became of it.
        before, after: what is said of it; None where a dataset does not have it.
    """

    kind: Literal["added", "gone", "changed"]
    before: Release | None
    after: Release | None

    @property
    def release(self) -> Release:
        """Return the release as it is now, or was last."""
        found = self.after or self.before
        assert found is not None
        return found

    def changes(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each field that changed with its values before and after; none where the release came or went."""
        if self.before is not None and self.after is not None:
            for name in FIELDS:
                old, new = getattr(self.before, name), getattr(self.after, name)
                if old != new and name == "about":
                    yield from _told(old, new)
                elif old != new:
                    yield name, old, new


def _told(old: About | None, new: About | None) -> Iterator[tuple[str, Any, Any]]:
    for key in ABOUT:
        before, after = (getattr(one, key) or None if one is not None else None for one in (old, new))
        if before != after:
            yield key, before, after


def differences(old: Iterable[Release], new: Iterable[Release]) -> Iterator[Difference]:
    """Yield the differences by project, then version.

    Args:
        old: releases by project, then version, as a store yields them.
        new: the same.
    """
    olds, news = iter(old), iter(new)
    before, after = next(olds, None), next(news, None)
    while before is not None or after is not None:
        if after is None or (before is not None and _key(before) < _key(after)):
            yield Difference("gone", before, None)
            before = next(olds, None)
        elif before is None or _key(after) < _key(before):
            yield Difference("added", None, after)
            after = next(news, None)
        else:
            if before != after:
                yield Difference("changed", before, after)
            before, after = next(olds, None), next(news, None)


def _key(release: Release) -> tuple[str, str, str]:
    return (release.project, version_key(release.version), release.version)
