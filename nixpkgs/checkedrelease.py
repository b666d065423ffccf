"""What does METADATA of an attribute's release say, and what would the hook say of each line before any relaxing?"""

from collections.abc import Sequence
from dataclasses import dataclass

from dataset.currentset import Attribute
from dataset.records import Release
from nixpkgs.buildenvironment import Described, Environment
from nixpkgs.checkfindings import Finding, Kind
from nixpkgs.runtimecheck import Verdict, judge
from normalize.projects import extra_name
from normalize.relaxhook import rewritten
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.specifiers import Part
from normalize.targets import Target

CHECKED_FORMATS = ("pyproject", "wheel")
"""The formats for which nixpkgs adds the runtime-dependency hook."""

_PARTS = {Part.LOWER: "the lower part", Part.UPPER: "the upper part", Part.EXCLUSION: "an exclusion"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement of a release.

    Attributes:
        targets: bit mask over the targets on which the hook looks at it.
        wished: those on which only an extra brings it, at which the hook does not look.
        verdict: on it as METADATA has it; of a requirement that only extras bring, judged by what the set has.
        left: what the hooks leave of it; None where they delete it.
    """

    requirement: Requirement
    targets: int
    wished: int
    verdict: Verdict
    left: str | None

    @property
    def counts(self) -> bool:
        """Whether some target has it, be it by an extra."""
        return bool(self.targets or self.wished)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One attribute with its release.

    Attributes:
        targets: those that the release's ``requires-python`` allows.
        lines: its requirements, sorted as METADATA spells them.
        environment: what the hook sees.
    """

    attribute: Attribute
    release: Release
    targets: tuple[Target, ...]
    lines: tuple[Line, ...]
    environment: Environment

    @property
    def title(self) -> str:
        """The attribute with its version."""
        return f"{self.attribute.name} {self.attribute.version}"

    def not_read(self, field: str) -> str:
        """Return why a field of the attribute could not be read, "" where it was."""
        return dict(self.attribute.unknown).get(field, "")

    def unhooked(self) -> str:
        """Return why nixpkgs does not run its hook for the attribute, "" where it runs."""
        if self.attribute.format not in CHECKED_FORMATS:
            return f"the hook does not run for format {self.attribute.format}"
        return "" if self.attribute.checks_dependencies else "dontCheckRuntimeDeps is set"

    def finding(  # noqa: PLR0913 -- what is the same for all findings is filled in here
        self,
        kind: Kind,
        sentence: str,
        *,
        hint: str = "",
        doubt: str = "",
        name: str = "",
        line: Line | None = None,
        verdict: Verdict | None = None,
    ) -> Finding:
        """Return a finding; the verdict is the line's, unless another one is given."""
        verdict = verdict or (None if line is None else line.verdict)
        mask = 0 if line is None else line.targets or line.wished
        return Finding(
            kind=kind,
            attribute=self.attribute.name,
            version=self.attribute.version,
            sentence=sentence,
            hint=hint,
            doubt=doubt,
            name=name,
            requirement="" if line is None else line.requirement.text,
            installed=None if verdict is None or verdict.installed is None else str(verdict.installed),
            parts=() if verdict is None else tuple(part.value for part in Part if part in verdict.parts),
            targets=self.some_targets(mask),
            position=self.attribute.position,
            line=None if self.attribute.recipe is None else self.attribute.recipe.line,
        )

    def some_targets(self, mask: int) -> tuple[str, ...] | None:
        """Return the targets of a bit mask; None where it holds all of them, or none."""
        if mask in (0, (1 << len(self.targets)) - 1):
            return None
        return tuple(str(target) for i, target in enumerate(self.targets) if mask >> i & 1)

    def where(self, line: Line) -> str:
        """Return on which targets a line counts, as a phrase; "" for all."""
        return phrase(self.some_targets(line.targets or line.wished), self.targets)


def read_release(attribute: Attribute, release: Release, described: Described, targets: Sequence[Target]) -> Checked:
    """Return an attribute with its release, each line judged; the release's requirements are known."""
    environment = described.environment(attribute)
    extras = sorted({extra_name(extra) for extra in release.extras})
    live = tuple(targets)
    lines = []
    everything = Environment(found=described.everything)
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is None:
            continue
        always = applies(requirement, live)
        wished = 0
        if not always and requirement.marker is not None:
            for extra in extras:
                wished |= applies(requirement, live, extra)
        lines.append(
            Line(
                requirement=requirement,
                targets=always,
                wished=wished,
                verdict=judge(requirement, environment if always else everything),
                left=rewritten(text, attribute.relaxed, attribute.removed),
            )
        )
    return Checked(attribute=attribute, release=release, targets=live, lines=tuple(lines), environment=environment)


def violates(verdict: Verdict) -> str:
    """Return a phrase such as ``h5py 3.15.1 violates the upper part``."""
    return f"{verdict.installed} violates {' and '.join(_PARTS[part] for part in Part if part in verdict.parts)}"


def phrase(names: Sequence[str] | None, targets: Sequence[Target]) -> str:
    """Return some of the targets as a phrase: whole interpreters and whole systems by their name; "" for all.

    >>> linux, darwin = Target("3.13", "x86_64-linux"), Target("3.13", "aarch64-darwin")
    >>> newer = Target("3.14", "x86_64-linux")
    >>> phrase(["3.13 x86_64-linux", "3.13 aarch64-darwin"], [linux, darwin, newer])
    ' on 3.13'
    """
    if names is None:
        return ""
    for kind in ("python", "system"):
        values = list(dict.fromkeys(getattr(one, kind) for one in targets if str(one) in names))
        if [str(one) for one in targets if getattr(one, kind) in values] == list(names):
            return f" on {', '.join(values)}"
    return f" on {', '.join(names)}"
