"""How does an index write its pages? JSON (PEP 691, 700) and HTML (PEP 503), with yanks, sidecars and upload times."""

import json
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import quote

from dataset.indexfiles import Offered, OfferedFile
from normalize.projects import ProjectName

FILES = "files"
"""The folder beside ``simple`` in which the addresses of files lie: ``files/PROJECT/NAME``."""


def project_json(page: Offered) -> bytes:
    """Return the page of one project as JSON."""
    return _json(
        {
            "meta": {"api-version": _version(page)},
            "name": page.project,
            "versions": list(page.versions),
            "files": [_file_json(page.project, one) for one in page.files],
        }
    )


def project_html(page: Offered) -> bytes:
    """Return the page of one project as HTML."""
    title = f"Links for {page.project}"
    return _html(title, _version(page), (_file_html(page.project, one) for one in page.files))


def root_json(projects: Iterable[ProjectName]) -> bytes:
    """Return the list of all projects as JSON."""
    return _json({"meta": {"api-version": "1.0"}, "projects": [{"name": project} for project in projects]})


def root_html(projects: Iterable[ProjectName]) -> bytes:
    """Return the list of all projects as HTML."""
    return _html("Simple index", "1.0", (f'<a href="{quote(one)}/">{escape(one)}</a>' for one in projects))


def _version(page: Offered) -> str:
    """Return the version of the protocol that the page keeps to: 1.1 promises the size of every file."""
    return "1.0" if any(one.size is None for one in page.files) else "1.1"


def _address(project: ProjectName, file: OfferedFile) -> str:
    """Return where the file is to be asked for, relative to its project's page."""
    return f"../../{FILES}/{quote(project, safe='')}/{quote(file.name, safe='')}"


def _file_json(project: ProjectName, file: OfferedFile) -> dict[str, Any]:
    release = file.release
    sidecar = None if file.metadata_sha256 is None else {"sha256": file.metadata_sha256}
    optional = {
        "size": file.size,
        "upload-time": release.uploaded,
        "requires-python": release.requires_python,
        "core-metadata": sidecar,  # the older key beside it would make the pips of its day fail, see PEP 714
    }
    return {
        "filename": file.name,
        "url": _address(project, file),
        "hashes": {} if file.sha256 is None else {"sha256": file.sha256},
        "yanked": False if release.yanked is None else release.yanked or True,
        **{key: value for key, value in optional.items() if value is not None},
    }


def _file_html(project: ProjectName, file: OfferedFile) -> str:
    release = file.release
    sidecar = None if file.metadata_sha256 is None else f"sha256={file.metadata_sha256}"
    fragment = "" if file.sha256 is None else f"#sha256={file.sha256}"
    attributes = {
        "href": _address(project, file) + fragment,
        "data-requires-python": release.requires_python,
        "data-upload-time": release.uploaded,  # in no PEP for HTML, but what indexes write and crawlers read
        "data-yanked": release.yanked,
        "data-core-metadata": sidecar,
    }
    given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value is not None)
    return f"<a{given}>{escape(file.name)}</a>"


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()


def _html(title: str, version: str, links: Iterable[str]) -> bytes:
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="pypi:repository-version" content="{version}">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
    )
    body = "".join(f"{link}<br>\n" for link in links)
    return f"{head}{body}</body>\n</html>\n".encode("utf-8", "replace")
