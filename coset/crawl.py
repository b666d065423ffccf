"""``coset crawl``: fill or refresh a dataset from a package index."""

import datetime as dt
import json as json_module
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from coset import terminal
from coset.options import Db, Json, Quiet, Verbose
from dataset.records import Timestamp
from normalize.errors import OutsideError, UsageError
from normalize.projects import ProjectName, project_name

_BEGUN = "crawl_begun"
"""Setting of the dataset: when the crawl that has not come to its end began. It goes on from there."""

_INTERRUPTED = 130

_MOST_NOTES = 20

_MOST_WITHOUT_CONTACT = 1_000
"""Requests that a crawl may plan for without saying who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What the user asked for."""

    projects: frozenset[ProjectName]
    keep: dict[ProjectName, frozenset[str]]
    closure: int
    newest: int
    index: str | None
    contact: str

    def most_requests(self) -> int:
        """Return how many project pages and releases there may be to ask for."""
        kept = sum(len(versions) for versions in self.keep.values())
        return (len(self.projects) + self.closure) * (1 + self.newest) + kept


def command(  # noqa: PLR0913 - one parameter per option, as typer wants it
    projects: Annotated[
        list[str] | None, typer.Argument(metavar="PROJECT", help="Projects on the index.", show_default=False)
    ] = None,
    *,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Crawl the projects of a current set (nixpkgs.json).")
    ] = None,
    closure: Annotated[bool, typer.Option("--closure", help="Crawl also what these projects require.")] = False,
    closure_limit: Annotated[
        int, typer.Option("--closure-limit", metavar="N", min=0, help="At most so many further projects.")
    ] = 40,
    newest: Annotated[
        int, typer.Option("--newest", metavar="N", min=0, help="Read the metadata of the N newest final releases.")
    ] = 8,
    index: Annotated[
        str | None, typer.Option("--index", metavar="URL", help="The package index. Default: the one that pip uses.")
    ] = None,
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            metavar="TEXT",
            help="An address at which those who run the index reach you; it is sent with every request. "
            "Needed from 1,000 planned requests on.",
        ),
    ] = "",
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Fill or refresh a dataset from a package index.

    A crawl that was interrupted goes on where it stopped when the same command is run again. One that may take 1,000
    requests or more (project pages and releases, with the closure at its limit) needs a contact.
    """
    if db is None:
        raise UsageError(
            "'coset crawl' writes to a dataset of your own, and none is named",
            hint="name a file with --db FILE; it is made where there is none yet",
        )
    keep = {} if source is None else _current_versions(source)
    names = frozenset(project_name(one) for one in projects or ()) | keep.keys()
    if not names:
        raise UsageError(
            "there is no project to crawl", hint="name projects, or a current set with --from nixpkgs.json"
        )
    job = _Job(
        projects=names,
        keep=keep,
        closure=closure_limit if closure else 0,
        newest=newest,
        index=index,
        contact=contact,
    )
    _check_contact(job)
    try:
        summary = _run(job, db, quiet=quiet, verbose=verbose)
    except KeyboardInterrupt:
        terminal.note("interrupted; run the same command again and the crawl goes on")
        raise typer.Exit(_INTERRUPTED) from None
    if json:
        terminal.print_json(summary)
    else:
        _print_summary(summary)


def _check_contact(job: _Job) -> None:
    planned = job.most_requests()
    if planned >= _MOST_WITHOUT_CONTACT and not job.contact.strip():
        raise UsageError(
            f"a crawl of up to {planned:,} requests should say who asks, and there is no --contact",
            hint="give an address at which those who run the index reach you, such as --contact me@mail.example",
        )


def _run(job: _Job, db: Path, *, quiet: bool, verbose: bool) -> dict[str, Any]:
    import asyncio  # noqa: PLC0415

    from coset.crawllock import only_crawl  # noqa: PLC0415
    from coset.crawlprogress import Shown  # noqa: PLC0415
    from coset.pipindex import default_index  # noqa: PLC0415
    from crawler.crawl import crawl  # noqa: PLC0415
    from crawler.fetch import Fetcher, Manners  # noqa: PLC0415
    from crawler.locations import shown  # noqa: PLC0415
    from crawler.order import Options, Summary  # noqa: PLC0415
    from crawler.pace import SystemClock  # noqa: PLC0415
    from crawler.pagereader import INDEX  # noqa: PLC0415
    from crawler.progress import Nobody  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    index = (job.index or default_index()).rstrip("/") + "/"
    if not index.startswith(("http://", "https://")):
        raise UsageError(
            f"the index {shown(index)!r} is not an http or https address",
            hint="write it as --index https://index.example/simple/",
        )
    now = Timestamp(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    show = nullcontext(Nobody()) if quiet else Shown(verbose=verbose)
    with only_crawl(db), Store.create(db) as store, show as watcher:
        begun = store.setting(_BEGUN) if store.setting(INDEX) == shown(index) else None
        since = Timestamp(min(begun, now)) if begun is not None else now
        store.set_setting(_BEGUN, since)
        options = Options(index=index, started=now, since=since, newest=job.newest, keep=job.keep, closure=job.closure)
        manners = Manners(agent=f"coset/{_version()}", contact=job.contact, trust_environment=True)

        async def run() -> Summary:
            async with Fetcher(manners, SystemClock()) as fetcher:
                return await crawl(job.projects, options, store, fetcher, watcher)

        summary = asyncio.run(run())
        store.set_setting(_BEGUN, None)
        store.keep_digest()
        counts, problems = store.counts(), store.problems()
    gone = [one.project for one in problems if one.code == "not-found" and not one.version]
    missing = [project for project in gone if project in job.projects]
    for project in missing[:_MOST_NOTES]:
        terminal.note(f"note: the index has no project {project!r}; check the spelling", quiet=quiet)
    return {
        "pages": dict(sorted(summary.pages.items())),
        "added": list(summary.added),
        "planned": summary.planned,
        "known": dict(sorted(summary.known.items())),
        "unknown": dict(sorted(summary.unknown.items())),
        "problems": dict(sorted(summary.problems.items())),
        "not_on_index": missing,
        "requests": summary.requests,
        "bytes": summary.received,
        "dataset": {
            "projects": counts.projects,
            "releases": counts.releases,
            "known": counts.known,
            "listed": counts.listed,
            "unknown": dict(counts.unknown),
            "requirements": counts.requirements,
        },
    }


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("coset")
    except PackageNotFoundError:
        return "0"


def _current_versions(path: Path) -> dict[ProjectName, frozenset[str]]:
    """Return the projects of a current set, each with the releases that nixpkgs has of it."""
    from dataset.currentset import current_set_from_json  # noqa: PLC0415
    from normalize.versions import parse_nix_version  # noqa: PLC0415

    try:
        data = json_module.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(path)!r}", hint="write one with 'coset snapshot'") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{str(path)!r} is not JSON: {error}", hint="write one with 'coset snapshot'") from None
    except OSError as error:
        raise OutsideError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    try:
        current = current_set_from_json(data, where=path.name)
    except UsageError as error:
        raise UsageError(error.sentence, hint=error.hint or "write one with 'coset snapshot'") from None
    found: dict[ProjectName, frozenset[str]] = {}
    for attribute in current.attributes:
        if attribute.project is not None:
            release = None if attribute.version is None else parse_nix_version(attribute.version).release
            versions = frozenset() if release is None else frozenset({str(release)})
            found[attribute.project] = found.get(attribute.project, frozenset()) | versions
    return found


def _print_summary(summary: dict[str, Any]) -> None:
    rows: list[tuple[str, int]] = [("project pages", sum(summary["pages"].values()))]
    rows += [(f"  {how}", number) for how, number in summary["pages"].items()]
    rows += [("projects added by the closure", len(summary["added"]))]
    rows += [("releases whose metadata was wanted", summary["planned"])]
    rows += [(f"  known from {rung}", number) for rung, number in summary["known"].items()]
    rows += [(f"  unknown: {reason}", number) for reason, number in summary["unknown"].items()]
    rows += [("problems recorded", sum(summary["problems"].values()))]
    rows += [(f"  {code}", number) for code, number in summary["problems"].items()]
    rows += [("requests", summary["requests"]), ("bytes received", summary["bytes"])]
    held = summary["dataset"]
    rows += [("the dataset now holds projects", held["projects"]), ("  releases", held["releases"])]
    rows += [("  of these only listed", held["listed"]), ("  distinct requirements", held["requirements"])]
    for label, number in rows:
        terminal.print_line(f"{label:<44}{number:>14,}")
