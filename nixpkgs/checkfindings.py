"""What can a check of the current set find, and what of it should be mended?"""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "violated",
    "not-installed",
    "update-first",
    "prefix",
    "wider",
    "stale-relaxation",
    "stale-removal",
    "stale-switch",
    "relaxed",
    "removed",
    "unchecked",
    "unknown",
]
"""``violated``: the build fails. ``not-installed``: the build fails, unless what was not read brings it.
``update-first``: a relaxation hides a violated lower part. ``prefix``: a name in a list hits another requirement.
``wider``: less would do. ``stale-``: a relaxation, a removal, or ``dontCheckRuntimeDeps`` that nothing needs.
``relaxed``, ``removed``: a relaxation or removal that METADATA shows to be needed. ``unchecked``: what the hook would
say if it ran. ``unknown``: what nobody can judge."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are told: what stops a build first."""

SILENT: frozenset[Kind] = frozenset({"relaxed", "removed", "unchecked", "unknown"})
"""Kinds that are told and need no mending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check found.

    Attributes:
        attribute, version: whose it is; the version as nixpkgs spells it, None where it is not known.
        sentence: what is so.
        hint: what to do; "" where nothing is to be done.
        doubt: why it may be otherwise; such a finding needs no mending. "" where it is certain.
        name: what stands in ``pythonRelaxDeps`` or ``pythonRemoveDeps``, ``*`` for ``true``; "" elsewhere.
        requirement: as METADATA spells it; "" where the finding is about none, or about several.
        installed: the attribute with its version that is compared; None where there is none.
        parts: of the specifier that are violated: ``lower``, ``upper``, ``exclusion``.
        targets: on which; None for all.
        position, line: of the package, where the current set says it.
        reason: the dataset's code for requirements that are unknown, "" elsewhere.
    """

    kind: Kind
    attribute: str
    version: str | None
    sentence: str
    hint: str = ""
    doubt: str = ""
    name: str = ""
    requirement: str = ""
    installed: str | None = None
    parts: tuple[str, ...] = ()
    targets: tuple[str, ...] | None = None
    position: str | None = None
    line: int | None = None
    reason: str = ""

    @property
    def mend(self) -> bool:
        """Whether it should be mended, which makes a check end with status 1."""
        return self.kind not in SILENT and not self.doubt
