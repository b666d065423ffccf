"""How does the dataset answer over HTTP as a package index? Page by page, read from the store when asked for.

Only GET and HEAD. What a request names is looked up among names that the dataset knows; it never becomes a path, and
every address in an answer is relative, so that nothing depends on the Host that a request claims.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from aiohttp import web

from dataset.indexfiles import Offer, Offered, OfferedFile, offered
from dataset.indexpages import FILES, project_html, project_json, root_html, root_json
from dataset.store import Store
from normalize.errors import CosetError, OutsideError, UsageError
from normalize.projects import ProjectName, project_name

Form = Literal["application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.v1+html", "text/html"]

_JSON_FORM: Form = "application/vnd.pypi.simple.v1+json"
_FORMS: tuple[Form, ...] = ("text/html", "application/vnd.pypi.simple.v1+html", _JSON_FORM)
"""What is sent, the default first."""

_LATEST = {one.replace(".v1+", ".latest+"): one for one in _FORMS if ".v1+" in one}
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")

_NOT_HELD = "the dataset knows this file but does not hold it; --files-base says where it lies"

_MOST_FILES = 50_000
"""Files whose pages are kept in memory, with what is sent of them: some 70 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is served.

    Attributes:
        store: the dataset, opened in the thread that serves.
        offer: which releases count.
        files_base: the address below which the files of the index lie, ending with a slash; None where none is known.
        changed: tells a value that differs when the dataset may have changed.
        told: told one sentence about each thing that a person may want to know.
    """

    store: Store
    offer: Offer
    files_base: str | None = None
    changed: Callable[[], object] = field(default=lambda: None)
    told: Callable[[str], None] = field(default=lambda _text: None)


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    etag: str


class _Pages:
    """The pages of a service; what was asked for last is kept until the dataset changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._seen: object = None
        self._offered: OrderedDict[ProjectName, Offered] = OrderedDict()
        self._answers: dict[tuple[ProjectName | None, bool], _Answer] = {}
        self._kept = 0

    def root(self, form: Form) -> _Answer:
        """Return the list of all projects."""
        self._look()
        key = (None, form == _JSON_FORM)
        if key not in self._answers:
            projects = self._service.store.projects()
            self._answers[key] = _answer(root_json(projects) if key[1] else root_html(projects))
        return self._answers[key]

    def project(self, project: ProjectName, form: Form) -> _Answer | None:
        """Return the page of a project, or None where the dataset does not have it."""
        page = self._page(project)
        if page is None:
            return None
        key = (project, form == _JSON_FORM)
        if key not in self._answers:
            self._answers[key] = _answer(project_json(page) if key[1] else project_html(page))
        return self._answers[key]

    def file(self, project: ProjectName, name: str) -> OfferedFile | None:
        """Return the file of this name, or None where the project does not offer it."""
        page = self._page(project)
        return None if page is None else next((one for one in page.files if one.name == name), None)

    def _page(self, project: ProjectName) -> Offered | None:
        self._look()
        page = self._offered.get(project)
        if page is None:
            releases = tuple(self._service.store.releases([project]))
            if not releases:
                return None
            page = offered(project, releases, self._service.offer)
            self._tell(page)
            self._offered[project] = page
            self._kept += len(page.files)
            while self._kept > _MOST_FILES and len(self._offered) > 1:
                self._forget_oldest()
        self._offered.move_to_end(project)
        return page

    def _forget_oldest(self) -> None:
        project, page = self._offered.popitem(last=False)
        self._kept -= len(page.files)
        for json in (False, True):
            self._answers.pop((project, json), None)

    def _look(self) -> None:
        """Forget everything where the dataset may have changed."""
        seen = self._service.changed()
        if seen != self._seen:
            self._seen = seen
            self._offered.clear()
            self._answers.clear()
            self._kept = 0

    def _tell(self, page: Offered) -> None:
        for why, count in page.left_out:
            self._service.told(f"{page.project}: left out because {why}: {count}")


def preferred_form(accept: str) -> Form | None:
    """Return the form that an Accept header likes best, HTML where it says nothing, or None where it accepts none.

    >>> preferred_form("application/vnd.pypi.simple.v1+json, text/html;q=0.1")
    'application/vnd.pypi.simple.v1+json'
    >>> preferred_form("*/*"), preferred_form("image/png")
    ('text/html', None)
    """
    if not accept.strip():
        return _FORMS[0]
    wanted: dict[str, float] = {}
    for one in accept.lower().split(","):
        kind, *parameters = (part.strip() for part in one.split(";"))
        given = next((part[2:].strip() for part in parameters if part.startswith("q=")), "1")
        if _QUALITY.fullmatch(given):
            wanted[_LATEST.get(kind, kind)] = float(given)

    def liking(form: Form) -> tuple[float, int]:
        """Return the quality of the range that fits best, and how exactly it fits."""
        ranges = ("*/*", f"{form.partition('/')[0]}/*", form)
        return next(((wanted[ranges[i]], i) for i in (2, 1, 0) if ranges[i] in wanted), (0.0, 0))

    best = max(_FORMS, key=liking)  # the first of several
    return best if liking(best)[0] > 0 else None


def application(service: Service) -> web.Application:
    """Return the web application that answers for a service."""
    pages = _Pages(service)

    @web.middleware
    async def guarded(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as response_raised:
            response = _said(response_raised.status, response_raised.reason.lower())
            if response_raised.status == 405:
                response.headers["Allow"] = "GET, HEAD"
        except CosetError as error:
            service.told(error.sentence)
            response = _said(503, "the dataset cannot be read just now; the server's log says why")
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        service.told(f"{request.method} {request.rel_url.raw_path} {response.status}")
        return response

    async def root(request: web.Request) -> web.StreamResponse:
        if not request.path.endswith("/"):
            return _moved("simple/")
        form = preferred_form(",".join(request.headers.getall("Accept", ())))
        return _not_acceptable() if form is None else _page(request, pages.root(form), form)

    async def project(request: web.Request) -> web.StreamResponse:
        given = request.match_info["project"]
        slash = request.path.endswith("/")
        name = _project(given)
        if name is None:
            return _said(404, "this cannot be a project's name")
        if name != given or not slash:
            return _moved(f"{'../' if slash else ''}{name}/")
        form = preferred_form(",".join(request.headers.getall("Accept", ())))
        if form is None:
            return _not_acceptable()
        answer = pages.project(name, form)
        return _said(404, "the dataset does not have this project") if answer is None else _page(request, answer, form)

    async def file(request: web.Request) -> web.StreamResponse:
        project, name = _project(request.match_info["project"]), request.match_info["name"]
        wanted = None if project is None else pages.file(project, name.removesuffix(".metadata"))
        if wanted is None:
            return _said(404, "the dataset offers no such file")
        if name.endswith(".metadata"):
            if wanted.metadata is None:
                return _said(404, "the requirements of this file are not known")
            return _page(request, _answer(wanted.metadata), "text/plain")
        if wanted.made is not None:
            return _page(request, _answer(wanted.made), "application/octet-stream")
        if service.files_base is None or wanted.path is None:
            return _said(404, _NOT_HELD)
        return _moved(service.files_base + quote(wanted.path, safe="/%!$&'()*+,;=:@~"), status=302)

    made = web.Application(middlewares=[guarded])
    made.router.add_get("/simple", root)
    made.router.add_get("/simple/", root)
    made.router.add_get("/simple/{project}", project)
    made.router.add_get("/simple/{project}/", project)
    made.router.add_get(f"/{FILES}/{{project}}/{{name}}", file)
    return made


async def serve(service: Service, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Answer until the task is cancelled.

    Args:
        service: what is served.
        host: the interface, by address or name.
        port: 0 for any that is free.
        ready: told the address of the index once it answers.

    Raises:
        OutsideError: nothing can listen there.
    """
    runner = web.AppRunner(application(service), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise OutsideError(
                f"nothing can listen on {host!r}, port {port}: {error.strerror or error}",
                hint="name another --host, or let --port 0 find a free port",
            ) from None
        address, bound, *_ = runner.addresses[0]
        ready(f"http://{f'[{address}]' if ':' in address else address}:{bound}/simple/")
        await asyncio.Event().wait()  # which nobody sets
    finally:
        await runner.cleanup()


def _project(text: str) -> ProjectName | None:
    try:
        return project_name(text)
    except UsageError:
        return None


def _answer(body: bytes) -> _Answer:
    return _Answer(body, hashlib.sha256(body).hexdigest())


def _page(request: web.Request, answer: _Answer, kind: str) -> web.Response:
    """Return an answer, or only the word that the client's copy of it still holds."""
    headers = {"ETag": f'"{answer.etag}"', "Vary": "Accept", "Cache-Control": "no-cache"}
    if any(one.value in (answer.etag, "*") for one in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return web.Response(body=answer.body, headers={**headers, "Content-Type": kind + charset})


def _moved(place: str, *, status: int = 301) -> web.Response:
    """Return a redirect; to the right spelling of a project's name it is lasting."""
    return web.Response(status=status, headers={"Location": place})


def _not_acceptable() -> web.Response:
    return _said(406, f"this index answers as {', '.join(_FORMS)}")


def _said(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=f"{sentence}\n")
