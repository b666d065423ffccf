"""What would nixpkgs' hooks say of the whole current set, and which relaxations does nothing need any more?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from nixpkgs.buildenvironment import Described
from nixpkgs.checkedrelease import CHECKED_FORMATS, Checked, Line, read_release, violates
from nixpkgs.checkfindings import KINDS, Finding
from nixpkgs.declaredrelaxations import Newest, relaxation_findings, removal_findings
from nixpkgs.runtimecheck import Verdict, judge
from normalize.projects import ProjectName
from normalize.relaxhook import hit_beside
from normalize.requirements import parse_requirement
from normalize.specifiers import Part, is_specifier, parse_bounds
from normalize.targets import Target
from normalize.versions import parse_nix_version, parse_version


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCheck:
    """What a check of the current set found.

    Attributes:
        revision, date: of nixpkgs.
        targets: for which the set was checked, as people write them.
        attributes: how many were looked at.
        judged: how many of them have a release whose requirements are known.
        findings: by kind, then attribute.
    """

    revision: str
    date: str
    targets: tuple[str, ...]
    attributes: int
    judged: int
    findings: tuple[Finding, ...]

    @property
    def mend(self) -> int:
        """How many findings should be mended."""
        return sum(one.mend for one in self.findings)


def check_set(
    current: CurrentSet,
    releases: Mapping[ProjectName, Sequence[Release]],
    targets: Sequence[Target],
    only: Collection[str] = (),
) -> SetCheck:
    """Check the attributes of the current set against the requirements of their releases.

    Args:
        current: the whole set.
        releases: of the projects of the set.
        targets: on which requirements count.
        only: the attributes to look at; none stands for all.
    """
    described = Described(current)
    known: dict[ProjectName, str | None] = {}

    def newest(project: ProjectName) -> str | None:
        if project not in known:
            known[project] = _newest(releases.get(project, ()))
        return known[project]

    looked = [one for one in current.attributes if one.points_to is None and (not only or one.name in only)]
    findings: list[Finding] = []
    judged = 0
    for attribute in looked:
        release = _release(attribute, releases)
        if isinstance(release, Finding):
            findings.append(release)
            continue
        live = [one for one in targets if _allows(release, one)]
        if not live:
            why = f"{_title(attribute)} requires Python {release.requires_python}, which no target has"
            findings.append(_unknown(attribute, why))
            continue
        judged += 1
        findings += check_release(read_release(attribute, release, described, live), newest)
    return SetCheck(
        revision=current.revision,
        date=current.date,
        targets=tuple(map(str, targets)),
        attributes=len(looked),
        judged=judged,
        findings=tuple(sorted(findings, key=lambda one: (KINDS.index(one.kind), one.attribute))),
    )


def check_release(checked: Checked, newest: Newest) -> Iterator[Finding]:
    """Yield all there is to say of one attribute whose release's requirements are known."""
    for text in checked.release.unusable:
        yield checked.finding("unknown", f"{checked.title} has a line that is no requirement: {text}")
    found = [one for line in checked.lines if line.targets for one in _judged(checked, line)]
    yield from found
    if not checked.not_read("relaxed"):
        yield from relaxation_findings(checked, newest)
    if not checked.not_read("removed"):
        yield from removal_findings(checked)
    if _idle_switch(checked, found):
        yield checked.finding(
            "stale-switch",
            f"dontCheckRuntimeDeps of {checked.title} is not needed; every requirement is met",
            hint="take dontCheckRuntimeDeps out of the package",
        )


def _judged(checked: Checked, line: Line) -> Iterator[Finding]:
    """Yield what the hook says of a line after the other hook has had its way with it."""
    if line.left is None:
        return
    requirement, verdict = line.requirement, line.verdict
    if line.left != requirement.text:
        left = parse_requirement(line.left)
        if left is None:
            sentence = f"{checked.title}: pythonRelaxDeps makes {line.left!r} of {requirement.text}"
            yield checked.finding("unknown", sentence, line=line)
            return
        requirement, verdict = left, judge(left, checked.environment)
    asks = f"{checked.title} requires {line.requirement.text}{checked.where(line)}"
    if requirement.project != line.requirement.project:
        asks += f", of which pythonRelaxDeps makes {requirement.text}"
    if verdict.outcome == "unknown":
        yield checked.finding("unknown", f"{asks}; {verdict.doubt}", line=line, verdict=verdict)
    elif verdict.outcome != "met":
        yield _complaint(checked, line, verdict, f"{asks}; {_fault(requirement.project, verdict)}")


def _complaint(checked: Checked, line: Line, verdict: Verdict, sentence: str) -> Finding:
    """Return what the hook complains of, or would if it ran, or may if what was not read does not prevent it."""
    for field, what in (("relaxed", "pythonRelaxDeps"), ("removed", "pythonRemoveDeps"), *_RUNS):
        why = checked.not_read(field)
        if why and (field != "relaxed" or verdict.outcome == "violated"):
            return checked.finding("unknown", f"{sentence}; {what} was not read: {why}", line=line, verdict=verdict)
    if why := checked.unhooked():
        return checked.finding("unchecked", f"{sentence}; {why}", line=line, verdict=verdict)
    if verdict.outcome == "missing":
        hint = "add it to dependencies, unless the tests bring it, of which nothing was read"
        return checked.finding("not-installed", sentence, hint=hint, doubt=verdict.doubt, line=line, verdict=verdict)
    hint = _hint(checked, line)
    return checked.finding("violated", sentence, hint=hint, doubt=verdict.doubt, line=line, verdict=verdict)


_RUNS = (("checks_dependencies", "whether the hook runs"), ("format", "the format, which says whether the hook runs,"))


def _fault(project: ProjectName, verdict: Verdict) -> str:
    return f"no dependency brings {project}" if verdict.outcome == "missing" else violates(verdict)


def _hint(checked: Checked, line: Line) -> str:
    """Return what to do about a violated bound."""
    requirement = line.requirement
    if Part.LOWER in line.verdict.parts:
        return f"update {requirement.project} first: a lower part says what the code needs, and is never relaxed"
    if Part.EXCLUSION in line.verdict.parts:
        return f"take another version of {requirement.project}: an exclusion says that this one is faulty"
    beside = hit_beside(requirement.name, [one.requirement.name for one in checked.lines])
    caution = f", which also hits {', '.join(beside)}" if beside else ""
    return f"write {requirement.name} in pythonRelaxDeps{caution}, or hold {requirement.project}"


def _idle_switch(checked: Checked, found: Sequence[Finding]) -> bool:
    """Return whether ``dontCheckRuntimeDeps`` is set without need: nothing to complain of, and nothing unknown."""
    return (
        checked.attribute.format in CHECKED_FORMATS
        and not checked.attribute.checks_dependencies
        and not found
        and not checked.release.unusable
        and not any(map(checked.not_read, ("checks_dependencies", "format", "relaxed", "removed", "dependencies")))
    )


def _release(attribute: Attribute, releases: Mapping[ProjectName, Sequence[Release]]) -> Release | Finding:
    """Return the release that an attribute has, with its requirements, or why there is none to judge by."""
    project, text = attribute.project, attribute.version
    why = dict(attribute.unknown).get("version", "")
    if project is None:
        return _unknown(attribute, f"which project {_title(attribute)} is on the index is not known")
    if text is None:
        return _unknown(attribute, f"which version {attribute.name} has is not known" + (f": {why}" if why else ""))
    if attribute.confidence == "guess":
        return _unknown(attribute, f"that {_title(attribute)} is project {project} is a guess")
    version = parse_version(text)
    if version is None:
        shot = "a snapshot" if parse_nix_version(text).snapshot else "no version of PEP 440"
        return _unknown(attribute, f"{_title(attribute)} is {shot}: what it requires is not on the index")
    if project not in releases:
        return _unknown(attribute, f"the dataset does not hold {project}, so that {_title(attribute)} cannot be judged")
    found = next((one for one in releases[project] if parse_version(one.version) == version), None)
    if found is None:
        return _unknown(attribute, f"the dataset holds {project}, but no release {text} of it")
    if found.requires is None:
        reason = found.unknown or ""
        return _unknown(attribute, f"what {_title(attribute)} requires is not known", reason)
    return found


def _unknown(attribute: Attribute, sentence: str, reason: str = "") -> Finding:
    return Finding(
        kind="unknown",
        attribute=attribute.name,
        version=attribute.version,
        sentence=sentence,
        position=attribute.position,
        line=None if attribute.recipe is None else attribute.recipe.line,
        reason=reason,
    )


def _title(attribute: Attribute) -> str:
    return attribute.name if attribute.version is None else f"{attribute.name} {attribute.version}"


def _allows(release: Release, target: Target) -> bool:
    """Return whether a release is for a target's interpreter; an unreadable ``requires-python`` forbids nothing."""
    asked = release.requires_python
    version = parse_version(target.full_version)
    return not asked or version is None or not is_specifier(asked) or not parse_bounds(asked).violated(version)


def _newest(releases: Sequence[Release]) -> str | None:
    """Return the newest release that is neither yanked nor gone nor a pre-release."""
    found = [
        (version, one.version)
        for one in releases
        if one.yanked is None
        and one.gone is None
        and (version := parse_version(one.version)) is not None
        and not version.is_prerelease
    ]
    return max(found)[1] if found else None
