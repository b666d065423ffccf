"""What is an audit of names made from? The current set, and what its releases install and require."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from coset.inputs import read_current_set
from coset.places import open_dataset
from dataset.currentset import Attribute, CurrentSet
from dataset.records import Release
from normalize.aliasaudit import alias_findings
from normalize.importclashes import Depth, Distribution, import_findings
from normalize.importnames import roots
from normalize.nameaudit import Finding, Rules, attribute_findings, judged
from normalize.projects import ProjectName
from normalize.relaxhook import hook_findings, spelled_names
from normalize.versions import parse_nix_version, parse_version
from report.namesaudit import NamesAudit, arranged


def read_names_audit(db: Path | None, nixpkgs: Path | None) -> NamesAudit:
    """Read the current set and what the dataset knows of it, and judge the names.

    Raises:
        UsageError: a file does not have its shape.
        OutsideError: a file cannot be read.
    """
    current = read_current_set(nixpkgs)
    projects = {one.project for one in current.attributes if one.project is not None}
    with open_dataset(db) as store:
        known = store.projects()
        return audit_of(current, store.releases(projects, files=False), known)


def audit_of(current: CurrentSet, releases: Iterable[Release], known: Sequence[ProjectName] = ()) -> NamesAudit:
    """Return the audit of a current set.

    Args:
        current: the set; its day dates new aliases.
        releases: those of its projects.
        known: the projects on the index.
    """
    by_project: dict[ProjectName, list[Release]] = {}
    for each in releases:
        by_project.setdefault(each.project, []).append(each)
    aliases = {alias.name: alias for alias in current.aliases}
    names = [one.name for one in current.attributes]
    findings: list[Finding] = [
        *attribute_findings(current.attributes, Rules(aliases=aliases, known=frozenset(known), day=current.date)),
        *alias_findings(aliases, names, current.elsewhere),
    ]
    distributions, unseen = [], []
    for one in current.attributes:
        mine = by_project.get(one.project, []) if one.project is not None else []
        release = _release(one, mine)
        if release is not None and release.requires is not None:
            spelled = spelled_names((*release.requires, *release.unusable))
            where = f"{release.project} {release.version}"
            findings += hook_findings(one.name, where, spelled, one.relaxed, one.removed)
        if one.series is None and one.points_to is None and judged(one):
            distribution = _distribution(one, release, mine)
            if distribution is None:
                unseen.append(one.name)
            else:
                distributions.append(distribution)
    findings += import_findings(distributions)
    return NamesAudit(
        revision=current.revision,
        findings=arranged(findings),
        attributes=len(names),
        aliases=len(aliases),
        unjudged=tuple(sorted(one.name for one in current.attributes if not judged(one))),
        unseen=tuple(sorted(unseen)),
    )


def _release(attribute: Attribute, releases: Sequence[Release]) -> Release | None:
    """Return the release that the set has."""
    if attribute.version is None:
        return None
    version = parse_nix_version(attribute.version).release
    return next((one for one in releases if version is not None and parse_version(one.version) == version), None)


def _distribution(attribute: Attribute, release: Release | None, releases: Sequence[Release]) -> Distribution | None:
    """Return what an attribute installs, by the best witness: its release, the newest other one, nixpkgs' check."""
    assert attribute.project is not None
    shown = release if release is not None and release.imports else _newest_with_imports(releases)
    if shown is not None:
        return Distribution(
            attribute=attribute.name,
            project=attribute.project,
            imports=shown.imports,
            depth=_depth(shown),
            current=shown is release,
            because=f"{shown.project} {shown.version}",
        )
    if not attribute.imports:
        return None
    return Distribution(
        attribute=attribute.name,
        project=attribute.project,
        imports=roots(attribute.imports),
        depth="top-level",
        current=True,
        because=f"pythonImportsCheck of {attribute.name}",
    )


def _newest_with_imports(releases: Iterable[Release]) -> Release | None:
    ordered = [
        (version, one.version, one)
        for one in releases
        if one.imports and (version := parse_version(one.version)) is not None
    ]
    return max(ordered, key=lambda one: one[:2])[2] if ordered else None


def _depth(release: Release) -> Depth:
    return "modules" if release.imports_from in ("declared", "members") else "top-level"
