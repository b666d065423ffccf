"""A dataset of toys, served on the loopback interface in a thread, and a client that follows nothing."""

import asyncio
import http.client
import json
import queue
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from coset.indexserver import Service, serve
from coset.serve import _state
from dataset.indexfiles import Offer
from dataset.records import File, Release
from dataset.store import Store

JSON = "application/vnd.pypi.simple.v1+json"


def release(project, version, requires=(), *names, **facts):
    return Release(
        **{
            "project": project,
            "version": version,
            "requires": requires,
            "uploaded": "2026-01-01T00:00:00Z",
            "files": tuple(File(name=name) for name in names),
            **facts,
        }
    )


RELEASES = (
    release("app", "1.0", ("cp", "lib>=1", "old[fast]"), "app-1.0-py3-none-any.whl", "app-1.0.tar.gz"),
    release("lib", "1.0", (), "lib-1.0-py3-none-any.whl"),
    release("lib", "1.1", (), "lib-1.1-py3-none-any.whl", uploaded="2026-03-01T00:00:00Z"),
    release("lib", "2.0", (), "lib-2.0-py3-none-any.whl", yanked="broken"),
    release("lib", "3.0", (), "lib-3.0-py3-none-any.whl", requires_python=">=3.99"),
    release("lib", "4.0", None, "lib-4.0.tar.gz", unknown="sdist-dynamic"),
    release("lib", "5.0", None, unknown="listed"),
    # known from an sdist alone: there is nothing to download, so a resolver that built it would fail
    release("old", "1.0", ("leaf<2; extra == 'fast'",), "old-1.0.tar.gz", extras=("fast",)),
    release("leaf", "1.0"),
    release("leaf", "2.0"),
    release("cp", "1.0", (), "cp-1.0-py3-none-any.whl"),
    Release(
        project="cp",
        version="2.0",
        requires=(),
        uploaded="2026-01-01T00:00:00Z",
        files=(File(name="cp-2.0-cp39-cp39-win32.whl", path="packages/a b/cp-2.0-cp39-cp39-win32.whl"),),
    ),
    release("zope-interface", "1.0", uploaded=None),
)
TOY = {"app": "1.0", "cp": "1.0", "leaf": "1.0", "lib": "1.1", "old": "1.0"}


def put_toys(folder):
    """Return a dataset of these releases, written into a folder."""
    path = folder / "toys.sqlite"
    with Store.create(path) as store:
        store.put(RELEASES)
    return path


@contextmanager
def serving(path, offer=None, host="127.0.0.1", **facts):
    """Serve a dataset in a thread and yield the address of the index."""
    started = queue.Queue()

    async def run():
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        with Store.open(path) as store:
            service = Service(**{"store": store, "offer": offer or Offer(), "changed": lambda: _state(path), **facts})
            await serve(service, host, 0, lambda url: started.put((url, loop, task)))

    def guarded():
        with suppress(asyncio.CancelledError):
            asyncio.run(run())

    thread = threading.Thread(target=guarded)
    thread.start()
    url, loop, task = started.get(timeout=60)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def ask(url, *, method="GET", path=None, **headers):
    """Return the answer with its body; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, path or parts.path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        answer.content = answer.read()
    finally:
        connection.close()
    return answer


def page(url, project):
    answer = ask(f"{url}{project}/", Accept=JSON)
    assert answer.status == 200
    return json.loads(answer.content)
