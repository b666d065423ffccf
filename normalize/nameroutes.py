"""Which ways lead from a spelling to a project, and how far is each to be trusted?"""

from collections import defaultdict
from collections.abc import Iterator

from normalize.nameanswers import Route
from normalize.namemap import by_name
from normalize.namespelling import parents
from normalize.nametold import Known, is_namespace, sentences, shown


def routes_to(owner: str, known: Known) -> list[Route]:
    """Return all routes to one owner, sorted."""
    return sorted(set(_routes(owner, known)), key=lambda route: route.order)


def _routes(owner: str, known: Known) -> Iterator[Route]:
    if not owner.startswith(" "):
        yield by_name(owner)
    said = sentences(known)
    for link in known.links:
        if not is_namespace(link, known.shared):
            kind = "import" if link.kind == "top-level" else link.kind
            yield Route(owner, link.name, link.strength, said.get(link, str(link)), kind)
    for space, names in _spaces(known).items():
        why = f"namespace {space}: holds {' and '.join(names)} of {owner.strip()} (guess)"
        if names == (space,):
            why = f"namespace {space}: {owner.strip()} has a part in it (guess)"
        yield Route(owner, space, "guess", why, "namespace")


def _spaces(known: Known) -> dict[str, tuple[str, ...]]:
    """Return the packages that hold import names of one owner, each with the outermost of these names."""
    spaces: defaultdict[str, list[str]] = defaultdict(list)
    for name in shown(known):
        for parent in parents(name):
            spaces[parent].append(name)
    for link in known.links:
        if is_namespace(link, known.shared) and link.name not in spaces:
            spaces[link.name].append(link.name)
    return {space: tuple(names) for space, names in spaces.items()}
