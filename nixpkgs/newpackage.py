"""What is the recipe of a project that is new to nixpkgs? Made of what the dataset knows of the chosen release."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from dataset.records import About, Release
from nixpkgs.licences import certain_licences
from nixpkgs.needs import Needs
from nixpkgs.newsource import index_sdist, index_wheel
from nixpkgs.recipes import Dependency, Init
from nixpkgs.targetconditions import condition_of
from normalize.attributes import attribute_name
from normalize.projects import ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.targets import Target
from solver.plan import Addition, Plan


def new_package(plan: Plan, one: Addition, release: Release, targets: tuple[Target, ...], needs: Needs) -> Init | str:
    """Return the recipe of a project that is new to nixpkgs, or why there is none.

    Args:
        plan: the plan that adds it.
        one: the addition.
        release: what the dataset knows of the chosen release, with its files.
        targets: the plan's.
        needs: of all attributes; what the package needs is added.
    """
    sdist = index_sdist(release)
    source = sdist or index_wheel(release, {})
    if source is None or one.version is None:
        return f"{one.version} has neither an sdist nor a wheel for every system on the index"
    attributes = {each.project: each.attribute for each in plan.packages}
    chosen = {each.project: each.version for each in plan.packages}
    dependencies: list[Dependency] = []
    circular: set[ProjectName] = set()
    for project, mask in sorted(_required(release, targets).items()):
        if project not in chosen:
            continue
        if not needs.add(one.attribute, attributes[project]):
            circular.add(project)
            continue
        where = condition_of([target for i, target in enumerate(targets) if mask >> i & 1], targets)
        dependencies.append(Dependency(attribute=attributes[project], condition=where))
    notes = [f"{depender} {version} requires {text}" for depender, version, text in one.because]
    notes += [f"{attributes[project]} depends on it: left out" for project in sorted(circular)]
    notes += [
        f"look at this: add what the extra {', '.join(each.extras)} of {each.name} needs"
        for each in parsed(release.requires or ())
        if each.extras and applies(each, targets)
    ]
    if release.requires is None:
        notes.append("look at this: what it requires is not known to the dataset")
    if sdist is not None and release.builds is None:
        notes.append("look at this: its build system is not known to the dataset")
    about = release.about or About()
    licences = certain_licences(about)
    if not licences:
        notes.append(f"look at this: {_unclear(about)}")
    return Init(
        attribute=one.attribute,
        version=one.version,
        source=source,
        wheel=sdist is None,
        build_system=_build_system(release, attributes),
        dependencies=tuple(dependencies),
        relaxed=tuple(sorted({e.spelling for e in plan.relaxed if e.project == one.project and e.kind == "run"})),
        removed=spelled(release, circular),
        imports=release.imports,
        licences=licences,
        homepage=about.homepage or about.repository,
        changelog=about.changelog,
        notes=tuple(notes),
    )


def _unclear(about: About) -> str:
    if about.licence is None:
        return "its licence is not known to the dataset"
    if about.licence_from == "classifiers":
        return f"its licence is {about.licence!r} by its classifiers, which does not say which one"
    return f"its licence is {about.licence!r}, which nixpkgs does not say in one word"


def _required(release: Release, targets: tuple[Target, ...]) -> dict[ProjectName, int]:
    """Return what a release requires to run, and on which targets."""
    found: dict[ProjectName, int] = {}
    for one in parsed(release.requires or ()):
        mask = applies(one, targets)
        if mask:
            found[one.project] = found.get(one.project, 0) | mask
    return found


def _build_system(release: Release, attributes: Mapping[ProjectName, str]) -> tuple[str, ...] | None:
    if release.builds is None:
        return None
    projects = {one.project for one in parsed(release.builds)} - {ProjectName("wheel")}  # setuptools has its own
    return tuple(sorted(attributes.get(project, attribute_name(project)) for project in projects))


def spelled(release: Release | None, projects: Collection[ProjectName]) -> tuple[str, ...]:
    """Return how METADATA spells projects, which is what the hook has to be told."""
    texts = () if release is None else release.requires or ()
    return tuple(sorted({one.name for one in parsed(texts) if one.project in projects}))


def parsed(texts: Iterable[str]) -> Iterator[Requirement]:
    """Yield the requirements that can be read."""
    return (one for text in texts if (one := parse_requirement(text)) is not None)
