"""``coset dataset replay``: read the stored texts again by the rules of today, without the index."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.declarations import Option
from coset.options import Json, Quiet, Verbose
from dataset.crawlstate import Problem, SourceText
from dataset.records import Release
from dataset.store import Store
from normalize.projects import ProjectName

_AT_ONCE = 200
"""Projects that are put in one transaction."""

_FACTS = ("requires", "repaired", "unusable", "unknown", "extras", "imports", "requires_python", "builds", "about")


def command(
    *,
    db: Annotated[Path, Option("--db", metavar="FILE", help="The dataset to read again and to change.")],
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would change; change nothing.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Read the texts that facts were read from again, by the rules of today, and say what changed.

    Nothing is asked for. Releases whose texts are not stored, such as those of an import, stay as they are.
    """
    from coset.places import open_dataset  # noqa: PLC0415
    from coset.writelock import only_writer  # noqa: PLC0415

    open_dataset(db).close()  # a name that is mistyped must not make a dataset
    changed: list[tuple[Release, Release]] = []
    with ExitStack() as stack:
        if dry_run:
            store = stack.enter_context(open_dataset(db))
            stack.enter_context(store.unchanging())
        else:
            stack.enter_context(only_writer(db, "a replay"))
            store = stack.enter_context(Store.create(db))
        show = stack.enter_context(terminal.progress(quiet=quiet))
        projects, hosts = store.projects(), _hosts(store)
        problems = _by_project(store.problems())
        for start in range(0, len(projects), _AT_ONCE):
            show("reading texts again", start, len(projects))
            for project in projects[start : start + _AT_ONCE]:
                found = list(_replayed(store, project, hosts))
                changed += [(before, after) for before, after, _ in found if before != after]
                if not dry_run:
                    _put(store, found, problems.get(project, ()))
        if not dry_run:
            store.keep_digest()
    if json:
        terminal.print_json(
            {
                "projects": len(projects),
                "changed": [
                    {"project": after.project, "version": after.version, "facts": _differing(before, after)}
                    for before, after in changed
                ],
            }
        )
        return
    for before, after in changed:
        terminal.print_line(f"{after.project} {after.version}: {', '.join(_differing(before, after))}")
        if verbose:
            for fact in _differing(before, after):
                terminal.note(f"  {fact}: {getattr(before, fact)!r} -> {getattr(after, fact)!r}", quiet=quiet)
    terminal.print_line(f"{len(changed):,} releases of {len(projects):,} projects are read otherwise than before")


def _by_project(problems: Iterable[Problem]) -> dict[ProjectName, tuple[Problem, ...]]:
    found: dict[ProjectName, list[Problem]] = {}
    for one in problems:
        if one.version:
            found.setdefault(one.project, []).append(one)
    return {project: tuple(several) for project, several in found.items()}


def _hosts(store: Store) -> frozenset[str]:
    """Return the hosts of the indexes that the dataset was read from, and of pip's own."""
    from coset.pipindex import own_addresses  # noqa: PLC0415
    from crawler.sites import known_hosts  # noqa: PLC0415
    from normalize.addresses import host_of  # noqa: PLC0415

    own = {host_of(one) for one in (*own_addresses(), store.setting("index") or "")} - {""}
    return known_hosts(store) | own


def _replayed(
    store: Store, project: ProjectName, hosts: frozenset[str]
) -> Iterator[tuple[Release, Release, tuple[Problem, ...]]]:
    """Yield each release of a project that has texts, as it is stored and as it is read now."""
    from crawler.replay import replayed  # noqa: PLC0415

    texts: dict[str, list[SourceText]] = {}
    for text in store.texts(project):
        texts.setdefault(text.version, []).append(text)
    if not texts:
        return
    for release in store.releases([project]):
        if release.version in texts:
            yield release, *replayed(release, tuple(texts[release.version]), hosts)


def _put(store: Store, found: list[tuple[Release, Release, tuple[Problem, ...]]], known: Iterable[Problem]) -> None:
    """Store what is read otherwise than before; problems that the texts do not show stay."""
    from crawler.facts import OF_TEXTS  # noqa: PLC0415

    for before, after, shown in found:
        there = [one for one in known if one.version == after.version]
        problems = {*(one for one in there if one.code not in OF_TEXTS), *shown}
        if before == after and problems == set(there):
            continue
        attempted = store.progress(after.project)[after.version].attempted
        assert attempted is not None, "texts come from crawls"
        store.put([after], problems=sorted(problems), attempted=attempted)


def _differing(before: Release, after: Release) -> list[str]:
    return [fact for fact in _FACTS if getattr(before, fact) != getattr(after, fact)]
