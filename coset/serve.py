"""``coset dataset serve``: the dataset as a package index."""

import sys
from pathlib import Path
from typing import Annotated

from coset import terminal
from coset.days import first_moment
from coset.declarations import Option
from coset.options import Db, Json, Quiet, Verbose
from normalize.errors import UsageError

_INTERRUPTED = 130


def command(  # noqa: PLR0913 - one parameter per option
    *,
    before: Annotated[
        str | None,
        Option("--before", metavar="DAY", help="Only releases uploaded before this day, such as 2026-07-15."),
    ] = None,
    everything: Annotated[
        bool,
        Option("--all", help="Also releases whose requirements are unknown, and those gone from the index."),
    ] = False,
    any_platform: Annotated[
        bool,
        Option(
            "--any-platform", help="Offer every release whose requirements are known on every platform and interpreter."
        ),
    ] = False,
    files_base: Annotated[
        str | None,
        Option(
            "--files-base",
            metavar="URL",
            help="Where the files of the index lie; who asks for one is sent there. Without it the answer is 404.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[str, Option("--host", help="The interface to answer on.")] = "127.0.0.1",
    port: Annotated[int, Option("--port", min=0, max=65_535, help="The port; 0 takes any that is free.")] = 0,
    db: Db = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Serve the dataset as a package index, for pip, uv and other resolvers.

    Prints the address of the index and answers until Ctrl-C (status 130). It is made to resolve, not to install: each
    wheel has a metadata file with the requirements that the dataset knows, and that is all that a resolver reads.

    A resolver would download and build an sdist to learn its requirements. So a release that has an sdist, or of which
    no file is known, also offers NAME-VERSION-py3-none-any.whl: a made wheel of metadata without any code. A release
    that has only wheels for other platforms offers these and nothing else, as on the index; --any-platform adds the
    made wheel there too.

    Releases whose requirements are unknown are left out, because a resolver would have to download their files;
    --all offers those files, and lists the versions of which no file is known. With --before, releases whose upload
    time is not known are left out, --all or not. Whether a release is yanked is told as of the last crawl.
    """
    import asyncio  # noqa: PLC0415

    from coset.indexserver import Service, serve  # noqa: PLC0415
    from coset.unpacked import embedded_dataset  # noqa: PLC0415
    from dataset.indexfiles import Offer  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    limit = None if before is None else first_moment(before)
    offer = Offer(before=limit, everything=everything, any_platform=any_platform)
    base = None if files_base is None else files_address(files_base)
    path = embedded_dataset(terminal.no_progress if quiet else None) if db is None else db

    def ready(address: str) -> None:
        if json:
            terminal.print_json({"url": address, "before": offer.before})
        else:
            terminal.print_line(address)
        sys.stdout.flush()  # who started this waits for the address
        terminal.note("serving; Ctrl-C ends it", quiet=quiet)

    with Store.open(path) as store:
        service = Service(
            store=store,
            offer=offer,
            files_base=base,
            changed=lambda: _state(path),
            told=lambda text: terminal.note(text, quiet=quiet or not verbose),
        )
        try:
            asyncio.run(serve(service, host, port, ready))
        except KeyboardInterrupt:
            terminal.note("ended", quiet=quiet)
            return _INTERRUPTED
    return 0


def _state(path: Path) -> tuple[tuple[int, int], ...]:
    """Return what differs after another process has written to the dataset, at the price of two looks at the disk."""
    found = []
    for one in (path, path.with_name(f"{path.name}-wal")):
        try:
            status = one.stat()
        except OSError:
            continue
        found.append((status.st_mtime_ns, status.st_size))
    return tuple(found)


def files_address(url: str) -> str:
    """Return the address below which files lie, with the slash at its end.

    Raises:
        UsageError: it is no address.
    """
    if not url.isprintable() or not url.startswith(("http://", "https://")):
        raise UsageError(
            f"the base of files {url!r} is not an http or https address",
            hint="write it as --files-base https://files.example/",
        )
    return url.rstrip("/") + "/"
