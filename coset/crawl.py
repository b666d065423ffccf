"""``coset crawl``: fill or refresh a dataset from a package index."""

from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.declarations import Argument, Option
from coset.options import Json, Quiet, Verbose
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name

_INTERRUPTED = 130


def command(  # noqa: PLR0913 - one parameter per option
    projects: Annotated[
        list[str] | None, Argument(metavar="[PROJECT...]", help="Projects on the index.", show_default=False)
    ] = None,
    *,
    source: Annotated[
        Path | None, Option("--from", metavar="FILE", help="Crawl the projects of a current set (nixpkgs.json).")
    ] = None,
    want: Annotated[
        Path | None,
        Option("--want", metavar="FILE", help="Crawl what fits the requirements in this file, one in a line."),
    ] = None,
    whole: Annotated[bool, Option("--all", help="Crawl all projects of the index; needs --contact.")] = False,
    closure: Annotated[bool, Option("--closure", help="Crawl also what these projects require.")] = False,
    closure_limit: Annotated[
        int | None,
        Option(
            "--closure-limit",
            metavar="N",
            min=0,
            help="With --closure: add at most so many projects that are new to it.",
        ),
    ] = None,
    newest: Annotated[
        int, Option("--newest", metavar="N", min=0, help="Read the metadata of each project's N newest final releases.")
    ] = 8,
    since: Annotated[
        str | None,
        Option("--since", metavar="DAY", help="Read also the metadata of all releases uploaded since this day."),
    ] = None,
    all_releases: Annotated[bool, Option("--all-releases", help="Read the metadata of all releases.")] = False,
    builds: Annotated[bool, Option("--build-requirements", help="Read also what building a release requires.")] = False,
    audit: Annotated[
        bool,
        Option(
            "--audit",
            help="Compare what several places say of a release, such as its wheels, the first 16; takes more requests.",
        ),
    ] = False,
    index: Annotated[
        str | None,
        Option("--index", metavar="URL", help="The package index, or a folder. Default: the one that pip uses."),
    ] = None,
    index_for: Annotated[
        list[str] | None,
        Option("--index-for", metavar="PATTERN=URL", help="Read these projects from another index."),
    ] = None,
    indexes: Annotated[
        Path | None, Option("--indexes", metavar="FILE", help="Which index has which projects, as TOML.")
    ] = None,
    contact: Annotated[
        str,
        Option(
            "--contact",
            metavar="TEXT",
            help="An address at which those who run the index reach you; it is sent with every request. "
            "Needed from 1,000 requests on, planned or sent.",
        ),
    ] = "",
    max_requests: Annotated[
        int | None, Option("--max-requests", metavar="N", min=1, help="End after so many requests.")
    ] = None,
    max_bytes: Annotated[
        str | None, Option("--max-bytes", metavar="SIZE", help="End after so many bytes, such as 200M.")
    ] = None,
    until: Annotated[
        str | None, Option("--until", metavar="TIME", help="End at this time: 06:30, or ISO 8601.")
    ] = None,
    rate: Annotated[
        float | None,
        Option("--rate", metavar="N", help="Requests a second to one host. Default: 8 for pages, 16 for files."),
    ] = None,
    connections: Annotated[
        int, Option("--connections", metavar="N", help="Connections at once to one host, 10 at most.")
    ] = 4,
    dry_run: Annotated[
        bool,
        Option(
            "--dry-run",
            help="Say how many requests it would take, and how long; at most the index's list of projects is read.",
        ),
    ] = False,
    db: Annotated[
        Path | None,
        Option("--db", metavar="FILE", help="The dataset to write to, always needed; made where there is none."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Fill or refresh a dataset from a package index.

    A crawl that was interrupted, or that reached a limit, goes on where it stopped when the same command is run again.
    One that may take 1,000 requests or more needs --contact; counted are the pages of projects and the releases to be
    read. --dry-run tells the number, and needs none. One that says nobody and comes to 1,000 after all, by --since,
    --all-releases or --closure for example, ends there with exit status 2 and goes on with --contact.

    --closure takes all that is required. --closure-limit ends it after so many projects whose pages were never asked
    for; how many it left out is said, and the same command, run again, goes on with them.

    A project that was read from an index of --index-for or --indexes, and not from that of --index, stays with it: a
    crawl that names no index for it leaves it as it is, says so, and records the problem own-index. Name its index
    again, or the index of the crawl to read it from there from now on: --index-for 'NAME=URL'.

    Exit status 1 when the index has no project of a name on the command line or in --want, no release that meets a
    requirement in --want, or such a project was left with its own index; the others are crawled. 3 when it does not
    answer, or when no project page is found at its address, or hardly any of those that the dataset has: then nothing
    is marked as gone.
    """
    from coset.crawljob import CONTACT_HINT, Job  # noqa: PLC0415
    from coset.crawlreport import print_forecast, print_summary  # noqa: PLC0415
    from coset.crawlrun import run_crawl, run_forecast  # noqa: PLC0415
    from coset.until import amount  # noqa: PLC0415
    from coset.until import since as day  # noqa: PLC0415
    from coset.wishes import current_versions, wanted_requirements  # noqa: PLC0415

    if db is None:
        raise UsageError(
            "'coset crawl' writes to a dataset of your own, and none is named",
            hint="name a file with --db FILE; it is made where there is none yet",
        )
    keep = {} if source is None else current_versions(source)
    named = frozenset(_project(one) for one in projects or ())
    accepted = {} if want is None else wanted_requirements(want)
    job = Job(
        named=named,
        keep=keep,
        accepted={project: texts for project, texts in accepted.items() if project not in named | keep.keys()},
        whole=whole,
        closure=closure,
        closure_limit=closure_limit,
        newest=newest,
        since=None if since is None else day(since),
        all_releases=all_releases,
        builds=builds,
        audit=audit,
        index=index,
        index_for=tuple(index_for or ()),
        indexes=indexes,
        contact=contact.strip(),
        max_requests=max_requests,
        max_bytes=None if max_bytes is None else amount(max_bytes),
        until=until,
        rate=rate,
        connections=connections,
    )
    job.check()
    if dry_run:
        forecast = run_forecast(job, db, quiet=quiet)
        if json:
            terminal.print_json(forecast)
        else:
            print_forecast(forecast)
        return 0
    job.check_contact()
    try:
        summary = run_crawl(job, db, quiet=quiet, verbose=verbose)
    except KeyboardInterrupt:
        terminal.note("interrupted; run the same command again and the crawl goes on")
        return _INTERRUPTED
    if json:
        terminal.print_json(summary)
    else:
        print_summary(summary)
    if summary["needs_contact"]:
        raise UsageError(
            f"{summary['stopped']}; what it has read is kept, and the same command with --contact goes on",
            hint=CONTACT_HINT,
        )
    unread = (*summary["not_on_index"], *summary["kept"])
    return int(bool(summary["unmet"]) or any(one in job.named or one in job.accepted for one in unread))


def _project(text: str) -> ProjectName:
    from crawler.locations import shown  # noqa: PLC0415

    if any(one in text for one in "/@%:="):  # an address without its option may have a password
        raise UsageError(
            f"{shown(text)!r} cannot be a project name", hint="name the index with --index, and projects by their names"
        )
    return project_name(text)
