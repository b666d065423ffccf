"""Which versions may the solver choose for a project? Every other release is excluded with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from packaging.version import Version

from dataset.currentset import Attribute
from dataset.records import DAY, LISTED, Release, Timestamp
from normalize.interpreters import supports
from normalize.requirements import Requirement
from normalize.targets import Target
from normalize.versionladder import is_prerelease, sort_keys
from normalize.versions import NixVersion, parse_nix_version, parse_version
from solver.itself import self_refusal
from solver.policy import ProjectOverride


class Kind(Enum):
    """What a value stands for.

    ``RELEASE``: a release on the index. ``EXPRESSION``: what nixpkgs has, where the index has no such release (a
    snapshot, a version that is only tagged, a version that could not be read). ``ABSENT``: the project is not in the
    set. ``OUTSIDE``: the project would be in the set, but the dataset does not hold it.
    """

    RELEASE = "release"
    EXPRESSION = "expression"
    ABSENT = "absent"
    OUTSIDE = "outside"


UPLOADED = "uploaded"
"""How the reason begins why a release that came too late is no candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a project's variable.

    Attributes:
        version: what requirements are compared with; None where nothing is known, which constrains nothing.
        text: the version for people: nixpkgs' spelling of the current one, else the index's.
        release: the release on the index, or None.
        current: whether nixpkgs has this one now.
    """

    kind: Kind
    version: Version | None = None
    text: str | None = None
    release: Release | None = None
    current: bool = False


class _Unfrozen:
    """A value that is being made: quicker than a frozen one, as :class:`dataset.facts._Unfrozen` is."""

    __slots__ = Value.__slots__

    def __init__(self, version: Version, release: Release) -> None:
        self.kind = Kind.RELEASE
        self.version = version
        self.text = release.version
        self.release = release
        self.current = False


ABSENT = Value(kind=Kind.ABSENT)
OUTSIDE = Value(kind=Kind.OUTSIDE)


def meets(value: Value, requirement: Requirement) -> bool:
    """Return whether a value is there and meets a requirement."""
    if value.kind is Kind.ABSENT:
        return False
    return value.version is None or not requirement.bounds.violated(value.version)


def _no_reason(_release: Release) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The values of one project, oldest first (``ABSENT`` before all), and the releases that are none of them.

    Attributes:
        left_out: the releases that are no values, in their order; ``why`` gives the reason of each.
        current: what nixpkgs has, whether or not it is one of the values; None for a project that it does not have.
        refused: why the current one is no value, or None where it is one.
    """

    values: tuple[Value, ...]
    left_out: tuple[Release, ...] = ()
    why: Callable[[Release], str] = _no_reason
    current: Value | None = None
    refused: str | None = None

    @property
    def excluded(self) -> tuple[tuple[str, str], ...]:
        """Version and reason of each release that is no value; worked out here, because few are ever shown."""
        found = tuple((release.version, self.why(release)) for release in self.left_out)
        if self.refused is not None and self.current is not None:
            found += ((self.current.text or "", self.refused),)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides whether a release is a candidate.

    Attributes:
        targets: the targets that a candidate must support.
        before: only releases uploaded before this time are candidates; None sets no limit.
        overrides: the policy's entries for the project.
        last_resorts: whether pre-releases are candidates, and yanked releases that somebody pins; they precede all
            others, so that they are chosen only where nothing else will do.
        closed: whether a project that the dataset does not hold has no release; else it is unknown.
        pinned: the versions that somebody pins.
        prereleases: whether pre-releases count as much as final ones, because one was asked for.
        itself: whether a release must meet what it requires of its own project, as installers see it.
    """

    targets: tuple[Target, ...]
    before: Timestamp | None = None
    overrides: tuple[ProjectOverride, ...] = ()
    last_resorts: bool = False
    closed: bool = False
    pinned: frozenset[Version] = frozenset()
    prereleases: bool = False
    itself: bool = False


def member_domain(attribute: Attribute, releases: Sequence[Release], rules: Rules) -> Domain:
    """Return the domain of a project that nixpkgs has: its candidates and its current version.

    The current version needs no leave, with one exception: where policy pins or excludes it away and leaves another
    candidate. Where it leaves none, the current version stays, for every project of the set stays in the plan.
    A version that could not be read is the only value: without it nobody can say what an update would be.
    A held project (policy) has its current version only. A versioned attribute never leaves its series.
    """
    nix = parse_nix_version(attribute.version) if attribute.version is not None else None
    if nix is None or (nix.release is None and nix.snapshot is None):
        value = Value(kind=Kind.EXPRESSION, text=attribute.version, current=True)
        why = "nixpkgs' version could not be read, so no update can be judged"
        return Domain(values=(value,), left_out=tuple(releases), why=lambda _: why, current=value)
    current = _current(nix, releases)
    holds = [one for one in rules.overrides if one.action == "hold"]
    if holds:
        others = tuple(release for release in releases if release is not current.release)
        held = f"held by policy: {holds[0].reason}"
        return Domain(values=(current,), left_out=others, why=lambda _: held, current=current)
    supported = (_supported(current.release, rules.targets) if current.release else ()) or rules.targets

    def reason(release: Release, version: Version | None) -> str | None:
        if attribute.series is not None and version is not None and not _in_series(version, attribute.series):
            return f"attribute {attribute.name} stays in the {attribute.series} series"
        return _reason(release, version, rules, supported)

    kept, left_out = _judged([release for release in releases if release is not current.release], reason)
    refused = None if current.version is None else refusal(current.version, rules.overrides)
    if refused is None or not kept:
        kept.append(current)
        refused = None
    return Domain(values=_in_order(kept), left_out=left_out, why=_why(reason), current=current, refused=refused)


def guest_domain(releases: Sequence[Release], rules: Rules) -> Domain:
    """Return the domain of a project that nixpkgs does not have: absent, or one of its candidates.

    A project of which the dataset holds no metadata at all is ``OUTSIDE``: unknown, which is not a conflict.
    """
    if all(release.unknown == LISTED for release in releases) and not rules.closed:
        return Domain(values=(ABSENT, OUTSIDE))

    def reason(release: Release, version: Version | None) -> str | None:
        return _reason(release, version, rules, rules.targets)

    kept, left_out = _judged(releases, reason)
    ordered = _in_order(kept)
    if rules.last_resorts:
        ordered = tuple(sorted(ordered, key=lambda value: not is_last_resort(value, rules)))
    return Domain(values=(ABSENT, *ordered), left_out=left_out, why=_why(reason))


_Reason = Callable[[Release, Version | None], str | None]


def _judged(releases: Sequence[Release], reason: _Reason) -> tuple[list[Value], tuple[Release, ...]]:
    """Tell the candidates from the releases that are none; listed ones never are, so nobody asks why."""
    kept: list[Value] = []
    left_out: list[Release] = []
    for release in releases:
        if release.unknown != LISTED:
            version = parse_version(release.version)
            if version is not None and reason(release, version) is None:
                made = _Unfrozen(version, release)
                made.__class__ = Value  # type: ignore[assignment]
                kept.append(made)  # type: ignore[arg-type]  # now it is one
                continue
        left_out.append(release)
    return kept, tuple(left_out)


def _why(reason: _Reason) -> Callable[[Release], str]:
    return lambda release: reason(release, parse_version(release.version)) or "not PEP 440"


def is_last_resort(value: Value, rules: Rules) -> bool:
    """Return whether a release is to be chosen only where no other will do."""
    if not rules.last_resorts or value.version is None or value.release is None:
        return False
    return value.release.yanked is not None or (value.version.is_prerelease and not rules.prereleases)


def _current(nix: NixVersion, releases: Sequence[Release]) -> Value:
    if nix.snapshot is None:
        normal = str(nix.release)
        found = next((one for one in releases if one.version == normal), None)  # as crawls spell it, and quick
        if found is None:
            found = next((one for one in releases if parse_version(one.version) == nix.release), None)
        if found is not None:
            return Value(kind=Kind.RELEASE, version=nix.release, text=nix.text, release=found, current=True)
    return Value(kind=Kind.EXPRESSION, version=nix.release, text=nix.text, current=True)


def _in_order(values: Sequence[Value]) -> tuple[Value, ...]:
    # A snapshot follows the release that it names; one that names none precedes every release.
    keys = sort_keys([value.version or _FIRST for value in values])
    places = sorted([(key, values[i].kind is Kind.EXPRESSION, i) for i, key in enumerate(keys)])
    return tuple([values[i] for _, _, i in places])


_FIRST = Version("0.dev0")


def _reason(release: Release, version: Version | None, rules: Rules, targets: tuple[Target, ...]) -> str | None:
    """Say why a release is not a candidate, or return None where it is one."""
    # Which releases are candidates is said in :func:`solver.newest._newest` too: importing one with the other would
    # import the current set and policy, which an ad hoc list has none of. `tests/solver/test_newest.py` ties the two.
    if version is None:
        return "its version is not PEP 440"
    refused = refusal(version, rules.overrides) if rules.overrides else None
    if refused is not None:
        return refused
    if is_prerelease(version) and not rules.last_resorts and not _allowed("prerelease", version, rules):
        return "a pre-release"
    if release.yanked is not None and version not in rules.pinned and not _allowed("yanked", version, rules):
        return f"yanked: {release.yanked}" if release.yanked else "yanked"
    if release.gone is not None:
        return f"gone from the index since {release.gone[:DAY]}"
    if release.unknown == LISTED:
        return "its metadata was not crawled"
    if rules.before is not None and (release.uploaded is None or release.uploaded >= rules.before):
        when = release.uploaded[:DAY] if release.uploaded else "at an unknown time"
        return f"{UPLOADED} {when}, not before {rules.before[:DAY]}"
    supported = _supported(release, targets) if release.requires_python else targets
    if len(supported) < len(targets):
        missing = [target for target in targets if target not in supported]
        return f"requires-python {release.requires_python} fails on {', '.join(map(str, missing))}"
    return self_refusal(release, version, rules.targets) if rules.itself else None


def refusal(version: Version, overrides: Sequence[ProjectOverride]) -> str | None:
    """Say why policy takes a version out of the candidates, or return None where it does not."""
    for one in overrides:
        accepted = one.versions.contains(version, prereleases=True)
        if (one.action == "exclude" and accepted) or (one.action == "pin" and not accepted):
            return f"excluded by policy: {one.reason}"
    return None


def _allowed(action: str, version: Version, rules: Rules) -> bool:
    return any(one.action == action and one.versions.contains(version, prereleases=True) for one in rules.overrides)


def _supported(release: Release, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets whose interpreter the release's requires-python accepts; an unreadable one accepts all."""
    needs = release.requires_python
    if not needs:
        return targets
    return tuple(target for target in targets if supports(needs, target.python))


def _in_series(version: Version, series: str) -> bool:
    wanted = tuple(int(number) for number in series.split("_"))
    return version.release[: len(wanted)] == wanted
