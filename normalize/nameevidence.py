"""Which project is an attribute? What nixpkgs' files say of it, weighed.

Half of nixpkgs' packages are fetched from a repository, and nothing states their project, so that three facts have to
do: nixpkgs' rules want the attribute and ``pname`` to be the project's name, and no package that is not on the index
may take a name used there.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

from normalize.attributes import split_series
from normalize.confidence import Confidence
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name

_INDEX_URL = re.compile(
    r"mirror://pypi/[A-Za-z0-9]/(?P<name>[^/]+)/|/packages/(?:source|py[23][^/]*)/[^/]/(?P<long>[^/]+)/"
)
_INTERPRETER = re.compile(r"python\d+\.\d+-")
"""What nixpkgs puts before the name of a derivation, and a derivation without ``pname`` has nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeFacts:
    """What nixpkgs says of one attribute.

    Attributes:
        attribute: its name.
        pname: of its derivation; None where it has none.
        fetched: the name that ``fetchPypi`` downloads, as it is spelled there; None for another fetcher.
        urls: the addresses of its source.
        imports: what ``pythonImportsCheck`` imports.
        native: whether it is a native package made usable from Python, or has the source of one (``toPythonModule
            pkgs.xen``, ``inherit (llvmPackages.libclang) src``).
    """

    attribute: str
    pname: str | None = None
    fetched: str | None = None
    urls: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    native: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What the facts amount to.

    Attributes:
        project: the project; None where there is none or nothing shows it.
        evidence: one sentence per fact, the strongest first.
        confidence: how far it can be trusted.
        alternatives: other projects that the same facts fit; not empty means ambiguous.
        series: of a versioned attribute, as it is spelled there (``8_3``); None for others.
    """

    project: ProjectName | None
    evidence: tuple[str, ...]
    confidence: Confidence = "guess"
    alternatives: tuple[ProjectName, ...] = ()
    series: str | None = None


def match_attribute(facts: AttributeFacts, projects: Container[str] | None = None) -> Matched:
    """Return the project of an attribute, with its evidence; contradicting facts are ambiguous, none is dropped.

    Args:
        facts: what nixpkgs says.
        projects: the projects on the index; None where they are not known.
    """
    pname = _project(_INTERPRETER.sub("", facts.pname)) if facts.pname else None
    base, dotted = split_series(facts.attribute, {pname} if pname else ())
    series = None if dotted is None else dotted.replace(".", "_")
    named = _project(base)
    downloaded, evidence = _downloaded(facts)
    if downloaded is not None:
        if pname == downloaded and pname == named:
            evidence += _agreement(facts, pname, series)
        elif pname is not None and pname != downloaded:
            # a file of another project's name may be downloaded for one (tensorflow from a wheel of tensorflow-cpu)
            evidence.append(f"pname {facts.pname!r} differs from what is downloaded")
            others = () if projects is not None and pname not in projects else (pname,)
            return Matched(
                project=downloaded, evidence=tuple(evidence), confidence="likely", alternatives=others, series=series
            )
        return Matched(project=downloaded, evidence=tuple(evidence), confidence="certain", series=series)
    if pname is not None and pname == named:
        return _agreed(facts, pname, series, projects)
    return _disagreed(facts, [one for one in (pname, named) if one is not None], series, projects)


def _project(text: str) -> ProjectName | None:
    try:
        return project_name(text)
    except UsageError:
        return None


def _downloaded(facts: AttributeFacts) -> tuple[ProjectName | None, list[str]]:
    if facts.fetched is not None and (project := _project(facts.fetched)) is not None:
        return project, [f"fetchPypi downloads {facts.fetched!r}"]
    for url in facts.urls:
        found = _INDEX_URL.search(url)
        if found is not None and (project := _project(found["name"] or found["long"])) is not None:
            return project, [f"its source is a file of {project} on the index"]
    return None, []


def _agreement(facts: AttributeFacts, project: ProjectName, series: str | None) -> list[str]:
    said = [f"pname {facts.pname!r} equals the attribute"]
    if series is not None:
        said = [f"pname {facts.pname!r}", f"the attribute without its series {series!r} is {project!r}"]
    return said + [f"pythonImportsCheck imports {name!r}" for name in facts.imports if _project(name) == project]


def _agreed(
    facts: AttributeFacts, project: ProjectName, series: str | None, projects: Container[str] | None
) -> Matched:
    evidence = _agreement(facts, project, series)
    confidence: Confidence = "certain" if series is None else "likely"
    if facts.native:
        # its name is the native package's, which no rule keeps apart from the names on the index
        confidence = "guess"
        evidence.append("it is made of a native package")
    if projects is not None and project not in projects:
        if facts.native:
            return Matched(project=None, evidence=(*evidence, f"the index has no project {project}"), series=series)
        confidence = "guess"
        evidence.append(f"the index has no project {project}")
    return Matched(project=project, evidence=tuple(evidence), confidence=confidence, series=series)


def _disagreed(
    facts: AttributeFacts, fitting: list[ProjectName], series: str | None, projects: Container[str] | None
) -> Matched:
    evidence = [f"pname {facts.pname!r} differs from the attribute" if facts.pname else "no pname is known"]
    if projects is not None:
        evidence += [f"the index has no project {one}" for one in fitting if one not in projects]
        fitting = [one for one in fitting if one in projects]
    if not fitting or (facts.native and projects is None):
        return Matched(project=None, evidence=tuple(evidence), series=series)
    strength: Confidence = "likely" if facts.pname and projects is not None and len(fitting) == 1 else "guess"
    if facts.native:
        strength = "guess"
        evidence.append("it is made of a native package")
    return Matched(
        project=fitting[0],
        evidence=tuple(evidence),
        confidence=strength,
        alternatives=tuple(fitting[1:]),
        series=series,
    )
