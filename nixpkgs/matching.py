"""Which project on the index is an attribute? What the package file shows, strongest first; a guess is called one."""

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.attributes import split_series
from normalize.errors import UsageError
from normalize.names import Confidence
from normalize.projects import ProjectName, project_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMatch:
    """The project of an attribute; ``CurrentSet``'s attributes explain the fields."""

    project: ProjectName | None
    evidence: tuple[str, ...]
    confidence: Confidence
    alternatives: tuple[ProjectName, ...] = ()
    series: str | None = None


def matched(attribute: str, pname: str | None, downloaded: str | None, imports: Sequence[str]) -> ProjectMatch:
    """Return the project of an attribute.

    Args:
        attribute: the attribute.
        pname: the package's ``pname``; None where it is not known.
        downloaded: what ``fetchPypi`` downloads; None where the source comes from elsewhere.
        imports: what ``pythonImportsCheck`` imports.

    >>> matched("django_5", "django", None, ["django"]).project, matched("django_5", "django", None, []).series
    ('django', '5')
    """
    named, fetched = _project(pname), _project(downloaded)
    base, series = split_series(attribute, () if named is None else (named,))
    spelling = series.replace(".", "_") if series is not None else None
    own, plain = _project(attribute), _project(base)
    project = fetched or named or plain
    if project is None:
        return ProjectMatch(project=None, evidence=(), confidence="guess", series=spelling)
    evidence: list[str] = []
    confidence: Confidence = "guess"
    if fetched is not None:
        evidence.append(f"fetchPypi downloads {downloaded!r}")
        confidence = "certain" if named in (None, fetched) else "likely"
    if named == project and named == own:
        evidence.append(f"pname {pname!r} equals the attribute")
        confidence = "certain"
    elif named == project:
        evidence.append(f"pname {pname!r}")
        if series is not None and plain == project:
            evidence.append(f"the attribute without its series {spelling!r} is {base!r}")
            confidence = "certain" if confidence == "certain" else "likely"
    if pname is None and fetched is None:
        evidence.append("no pname could be read; this is the attribute's name")
    evidence.extend(f"pythonImportsCheck imports {one!r}" for one in imports if _project(one.lstrip("_")) == project)
    others = tuple(sorted({one for one in (named, fetched) if one not in (None, project)}, key=str))
    return ProjectMatch(
        project=project,
        evidence=tuple(evidence),
        confidence=confidence,
        alternatives=tuple(one for one in others if one is not None),
        series=spelling,
    )


def _project(text: str | None) -> ProjectName | None:
    try:
        return None if text is None else project_name(text)
    except UsageError:
        return None
