"""What is said of one project? Its attributes, its import names, and the sentences of the evidence, each once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from normalize.attributes import attribute_name, default_attribute
from normalize.importnames import roots
from normalize.nameanswers import WEAKER, Match, Told
from normalize.namemap import no_attribute
from normalize.names import Link
from normalize.projects import ProjectName


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one owner.

    Attributes:
        links: all links that lead to it, sorted.
        shared: those of its top-level names that are namespaces, which other projects have a part in.
    """

    links: tuple[Link, ...]
    shared: frozenset[str] = frozenset()


def is_import(link: Link) -> bool:
    """Return whether the name can be imported."""
    return link.kind in ("import", "top-level")


def is_namespace(link: Link, shared: Collection[str]) -> bool:
    """Return whether the link only says that the project has a part in a namespace."""
    return link.kind == "top-level" and link.name in shared


def told(owner: str, known: Known) -> Told:
    """Return what is said of an owner.

    Args:
        owner: the project, or an attribute that has none (`normalize.names.Link.owner`).
        known: what is known of it.
    """
    project = None if owner.startswith(" ") else ProjectName(owner)
    links = [link for link in known.links if link.kind == "attribute"]
    attributes = tuple(sorted({link.name for link in links}))
    evidence = list(dict.fromkeys(sentences(known).values()))
    if project is not None and not links:
        evidence.insert(0, no_attribute(attribute_name(project)))
    default = None if project is None else default_attribute(project, attributes)
    if len(attributes) > 1 and default is not None:
        evidence.append(f"default attribute: {default}; a dependency on the project means this one")
    imports = shown(known)
    match = Match(
        project=project,
        attributes=attributes,
        imports=imports,
        evidence=tuple(evidence),
        confidence=min((link.strength for link in links), key=WEAKER.index, default="certain"),
        default=default,
    )
    return Told(match, silent=not imports and not any(link.kind in ("metapackage", "stubs") for link in known.links))


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
