"""What is said of one project? Its attributes, its import names, and the sentences of the evidence, each once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from normalize.attributes import attribute_name, default_attribute, nix_name
from normalize.confidence import Confidence
from normalize.importnames import roots
from normalize.nameindex import Known, is_import, is_namespace
from normalize.names import Link
from normalize.projects import ProjectName

WEAKER: tuple[Confidence, ...] = ("guess", "likely", "certain")
"""The strengths, the weakest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one owner, whatever was asked; the same names as in `normalize.names.Match`."""

    project: ProjectName | None
    attributes: tuple[str, ...]
    default: str | None
    imports: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: Confidence


def told(owner: str, known: Known, *, listed: bool = False) -> Told:
    """Return what is said of an owner.

    Args:
        owner: the project, or an attribute that has none (`normalize.names.Link.owner`).
        known: what is known of it.
        listed: whether the index has the project.
    """
    project = None if owner.startswith(" ") else ProjectName(owner)
    links = [link for link in known.links if link.kind == "attribute"]
    attributes = tuple(sorted({link.name for link in links}))
    evidence = list(dict.fromkeys(sentences(known).values()))
    if project is not None and not links:
        wanted = nix_name(attribute_name(project))
        evidence.insert(0, f"attribute: none is known; nixpkgs' rules would name it {wanted}")
    default = None if project is None else default_attribute(project, attributes)
    if len(attributes) > 1 and default is not None:
        evidence.append(f"default attribute: {default}; a dependency on the project means this one")
    if listed:
        evidence.append(f"project {owner}: on the index (index, certain)")
    return Told(
        project=project,
        attributes=attributes,
        default=default,
        imports=shown(known),
        evidence=tuple(evidence),
        confidence=min((link.strength for link in links), key=WEAKER.index, default="certain"),
    )


def shown(known: Known) -> tuple[str, ...]:
    """Return the import names that are worth telling: the outermost ones that are no namespaces."""
    return roots(link.name for link in known.links if is_import(link) and not is_namespace(link, known.shared))


def sentences(known: Known) -> Mapping[Link, str]:
    """Return the sentence of each link worth telling; links that rest on the same evidence share one."""
    names = shown(known)
    groups: defaultdict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in known.links:
        if not is_import(link) or (link.name in names and not is_namespace(link, known.shared)):
            groups[link.because, link.source, link.strength].append(link)
    said = {}
    for (because, source, strength), group in groups.items():
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for link in group:
            by_kind["import" if link.kind == "top-level" else link.kind.replace("-", " ")].append(link.name)
        subject = "; ".join(f"{kind} {', '.join(some)}" for kind, some in by_kind.items())
        said.update(dict.fromkeys(group, f"{subject}: {because} ({source}, {strength})"))
    return said
