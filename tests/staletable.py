"""Which lines of the names table have come to contradict what nixpkgs and the index say?"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from normalize.names import Link
from normalize.namespelling import parents
from normalize.nametold import is_import


def stale_lines(table: Iterable[Link], others: Iterable[Link], projects: Collection[str] = ()) -> tuple[str, ...]:
    """Return one sentence for each fact of the table that is no longer true, sorted.

    A fact is stale where better evidence about the same project is there and lacks it: import names of which no wheel
    and no import check has any, a project that the index does not have, an attribute that belongs to another project, a
    former attribute that is one again. Where nothing else is known of the project, nothing is said; and one import name
    that is confirmed speaks for those beside it, because import checks are not complete, and private ones are not kept.

    Args:
        table: the table's links.
        others: those of the current set and of the dataset.
        projects: the projects on the index; empty where they are not known.
    """
    imports: defaultdict[str, set[str]] = defaultdict(set)
    attributes: dict[str, set[str]] = defaultdict(set)
    for link in others:
        if is_import(link) and link.strength == "certain":
            imports[link.owner].add(link.name)
        elif link.kind == "attribute" and link.strength != "guess":
            attributes[link.name].add(link.owner)
    table = tuple(table)
    confirmed = {link.owner for link in table if is_import(link) and _within(link.name, imports[link.owner])}
    found = set()
    for link in table:
        at = f"{link.owner}: {link.kind.replace('-', ' ')} {link.name}"
        if link.kind == "import" and imports[link.owner] and link.owner not in confirmed:
            found.add(f"{at}: its releases and import checks have {', '.join(sorted(imports[link.owner]))}")
        elif link.kind == "attribute" and attributes[link.name] - {link.owner}:
            found.add(f"{at}: it is an attribute of {', '.join(sorted(attributes[link.name]))}")
        elif link.kind == "former-attribute" and link.owner in attributes[link.name]:
            found.add(f"{at}: it is an attribute of the project now")
        elif link.kind == "metapackage" and imports[link.owner]:
            found.add(f"{at}: it has {', '.join(sorted(imports[link.owner]))}")
        if projects and not link.owner.startswith(" ") and imports[link.owner] and link.owner not in projects:
            found.add(f"{at}: the index has no such project")
    return tuple(sorted(found))


def _within(name: str, known: Collection[str]) -> bool:
    """Return whether a name is known, lies in a known one, or holds one."""
    return (
        name in known or any(one in known for one in parents(name)) or any(name in set(parents(one)) for one in known)
    )
