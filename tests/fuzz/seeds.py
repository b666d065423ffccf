"""Which inputs does fuzzing start from? Small ones of every kind that readers tell apart, written to ``corpus/``.

``seeds.py`` writes them anew after something was added here; what is in ``corpus/`` besides, once broke a target. An
archive that another zlib packs differently may stay as it is.
"""

import bz2
import gzip
import io
import json
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from builtfiles import make_sdist, make_wheel, metadata, tar  # noqa: E402 - what tests share, wherever this is called

CORPUS = Path(__file__).parent / "corpus"
HASH = "ab" * 32
VERSION = {"api-version": "1.1"}


def _file(**facts):
    return {"filename": "a-1.zip", "url": "a-1.zip", "hashes": {"sha256": HASH}, **facts}


def _json(*files, **facts):
    return json.dumps({"meta": VERSION, "name": "a", "files": list(files), **facts}).encode()


def _link(attributes="", href=f"a-1.zip#sha256={HASH}", head=""):
    return f"<title>Links for a</title>{head}<a href='{href}' {attributes}>a-1.zip</a>".encode()


def pages():
    """Return project pages, JSON and HTML."""
    full = _file(
        filename="a-1-py3-none-any.whl",
        url="../../files/a-1-py3-none-any.whl",
        **{"requires-python": ">=3.9", "yanked": "why", "size": 1, "upload-time": "2026-01-01T00:00:00.5Z"},
        **{"core-metadata": {"sha256": HASH}},
    )
    return {
        "full.json": _json(full, meta={**VERSION, "_last-serial": 3}, versions=["1", "2004d"]),
        "empty.json": _json(),
        "later.json": _json(_file(), meta={"api-version": "1.9"}),
        "too-late.json": _json(_file(), meta={"api-version": "2.0"}),
        "status.json": _json(**{"project-status": {"status": "quarantined", "reason": "malware"}}),
        "null-files.json": _json()[:-3] + b"null}",
        "odd-files.json": _json(3, None, {}, {"filename": 3, "url": "x"}, {"filename": "a-1.zip"}),
        "sizes.json": _json(*(_file(filename=f"a-{n}.zip", size=one) for n, one in enumerate((0, -1, "12", 10**40)))),
        "hashes.json": _json(_file(hashes={"md5": "00"}), _file(hashes={"sha256": HASH.upper()}), _file(hashes=7)),
        "sidecars.json": _json(*(_file(**{"core-metadata": one}) for one in (True, False, {}, {"sha512": "0"}, 3))),
        "yanked.json": _json(*(_file(yanked=one) for one in (True, False, "", None, "why"))),
        "times.json": _json(_file(**{"upload-time": "2026-05-01T12:00:00.123456+02:00"})),
        "requires-python.json": _json(_file(**{"requires-python": ">=3.x,<<4"})),
        "urls.json": _json(*(_file(url=one) for one in ("//b.example/x", "javascript:x", "file:///x", "../..", "%zz"))),
        "twice.json": b'{"meta": {"api-version": "1.0"}, "files": [], "files": [{}], "x": NaN}',
        "deep.json": b'{"meta": {"api-version": "1.0"}, "files": ' + b"[" * 200,
        "digits.json": b'{"meta": {"api-version": "1.0"}, "files": [' + b"9" * 500 + b"]}",
        "surrogate.json": b'{"meta": {"api-version": "1.0"}, "files": [{"filename": "\\ud800.zip", "url": "\\udfff"}]}',
        "full.html": b'<meta name="pypi:repository-version" content="1.0"><a href="a-1.tar.gz#sha256='
        + HASH.encode()
        + b'" data-yanked="" data-requires-python="&gt;=3.9" data-core-metadata="sha256='
        + HASH.encode()
        + b'" data-upload-time="2026-01-01T00:00:00Z">a</a><!--SERIAL 12-->',
        "base.html": _link(head="<base href='https://b.example/x/'>"),
        "status.html": _link(head="<meta name='pypi:project-status' content='archived'>"),
        "two-hashes.html": _link(href=f"a-1.zip#sha256={HASH}&md5=00"),
        "md5.html": _link(href="a-1.zip#md5=00"),
        "upper.html": _link().upper(),
        "bare.html": b"<a href=a-1.zip data-yanked>a-1.zip<a href=a-2.zip>a-2.zip",
        "entities.html": _link("data-requires-python='&gt;=3&#x2e;9&bogus;&#1114112;'", "a&amp;b-1.zip?x=1"),
        "login.html": b"<html><title>Welcome</title>Please log in</html>",
    }


_FIRST = "Metadata-Version: 2.1\nName: a\nVersion: 1\n"
_REQUIREMENTS = {
    "commas": ">=7.2.0<8.0.0 >=1,<2, (>=1,<2) ;python_version<'3'",
    "operators": "!=~5.0 >=1.9.* <3.4.* !=3.0* >dev ~=1 === whatever",
    "markers": "; extra == 'X.y' ; python_version in \"2.7 3.5\" ; os.name=='nt' and (sys.platform == \"win32\" or x)",
    "addresses": "@ https://index.example/b.zip @ file:///x @git+https://index.example/b",
}


def metadata_texts():
    """Return METADATA and PKG-INFO, as they should be and as they are."""
    spellings = {
        f"{key}.txt": (_FIRST + "".join(f"Requires-Dist: b{one}\n" for one in texts.split(" "))).encode()
        for key, texts in _REQUIREMENTS.items()
    }
    extra = ["Provides-Extra: Test", "Requires-Python: >=3.9", "Import-Name: a.b", "Import-Name: _c ; private"]
    full = metadata("A.b", "1.0", ["x>1", "y; extra == 'Test'", "x>1"], extra=extra, metadata_version="2.5")
    links = ["License-Expression: MIT OR Apache-2.0", "Project-URL: Changelog, https://a.example/c", "Home-page: x"]
    links += ["Classifier: License :: OSI Approved :: MIT License", "License: a\n        b"]
    return spellings | {
        "full.txt": full,
        "bom.txt": b"\xef\xbb\xbf" + full.replace(b"\n", b"\r\n"),
        "utf-16.txt": full.decode().encode("utf-16"),
        "latin-1.txt": (_FIRST + "Author: \xe9\nRequires-Dist: b; extra == '\xe9'\n").encode("latin-1"),
        "cr-only.txt": full.replace(b"\n", b"\r"),
        "nul.txt": full.replace(b"x>1", b"x\0>1"),
        "about.txt": metadata("a", "1", extra=links, metadata_version="2.4"),
        "folded.txt": (_FIRST + "Requires-Dist: b\n  >1\n\t; extra == 'x'\n").encode(),
        "no-colon.txt": (_FIRST + "nonsense\nRequires-Dist : b\n: c\n").encode(),
        "twice.txt": (_FIRST + _FIRST.replace("a\n", "b\n") + "Requires-Dist: b\n").encode(),
        "no-version.txt": b"Name: a\nVersion: 1\nRequires-Dist: b\n",
        "odd-version.txt": b"Metadata-Version: two\nName: a\nVersion: 1.12_1\nRequires-Dist: b\n",
        "later-version.txt": metadata("a", "1", ["b"], metadata_version="3.0"),
        "blank-inside.txt": (_FIRST + "Description: x\n\nRequires-Dist: not-this\n").encode(),
        "encoded-words.txt": (_FIRST + "Summary: =?utf-8?q?=C3=A9?=\nRequires-Dist: =?utf-8?q?b?=\n").encode(),
        "requires.txt": (_FIRST + "Requires: os\nRequires-Dist:\nRequires-Dist: \nProvides-Extra: \n").encode(),
        "dynamic.txt": metadata("a", "1", ["b"], extra=["Dynamic: Requires-Dist"], metadata_version="2.2"),
        "nested.txt": (_FIRST + "Requires-Dist: b; " + "(" * 60 + "extra == 'x'" + ")" * 60 + "\n").encode(),
        "long-version.txt": (_FIRST + "Requires-Dist: b>=" + "9" * 300 + "\n").encode(),
        "empty.txt": b"",
    }


def _zip(*members, method=zipfile.ZIP_DEFLATED, comment=b""):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        for name, content in members:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name), content, method)
        archive.comment = comment
    return body.getvalue()


_GOOD = ("a-1.dist-info/METADATA", metadata("a", "1", ["b>1"]))


def wheels():
    """Return wheels, of which the last bytes are read first."""
    link = zipfile.ZipInfo(_GOOD[0])
    link.external_attr = 0o120777 << 16
    wide = zipfile.ZipInfo(_GOOD[0])
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive, archive.open(wide, "w", force_zip64=True) as member:
        member.write(_GOOD[1])
    plain = _zip(_GOOD)
    return {
        "plain.whl": make_wheel("a", "1", ["b>1"])[1],
        "stored.whl": _zip(_GOOD, method=zipfile.ZIP_STORED),
        "bzip2.whl": _zip(_GOOD, method=zipfile.ZIP_BZIP2),
        "lzma.whl": _zip(_GOOD, method=zipfile.ZIP_LZMA),
        "comment.whl": _zip(_GOOD, comment=b"a comment"),
        "end-in-comment.whl": _zip(_GOOD, comment=plain[-22:]),
        "junk-before.whl": b"#!/bin/sh\n" + plain,
        "junk-after.whl": plain + b"junk",
        "twice.whl": plain + plain,
        "cut.whl": plain[: len(plain) // 2],
        "wide.whl": body.getvalue(),
        "link.whl": _zip((link, b"x")),
        "folder.whl": _zip((_GOOD[0] + "/", b""), _GOOD),
        "decoys.whl": _zip(*((name, b"Name: evil") for name in ("METADATA", "a-1.DIST-INFO/metadata", "../x")), _GOOD),
        "two-infos.whl": _zip(_GOOD, ("b-1.dist-info/METADATA", _GOOD[1])),
        "vendored.whl": _zip(("a/_vendor/b-1.dist-info/METADATA", b"x"), _GOOD),
        "other.whl": _zip(("b-1.dist-info/METADATA", _GOOD[1])),
        "names.whl": _zip(("a\xe9/__init__.py", b""), ("a\\b.py", b""), ("/c.py", b""), _GOOD),
        "wrong-sum.whl": plain.replace((zlib.crc32(_GOOD[1])).to_bytes(4, "little"), b"\0\0\0\0"),
        "empty.whl": _zip(),
        "nothing.whl": b"",
    }


_INFO = metadata("a", "1", ["b>1"], metadata_version="2.2")
_OLD = metadata("a", "1", metadata_version="1.1")
_PROJECT = b'[build-system]\nrequires = ["x"]\n[project]\nname = "a"\nversion = "1"\ndependencies = ["b"]\n'
_CONFIG = b"[metadata]\nname = a\n[options]\ninstall_requires =\n  b>1\n[options.extras_require]\nx = c\n"
_REQUIRES = b"b\n\n[x]\nc\n\n[:python_version < '3']\nd\n\n[y:os_name == 'nt']\ne\n"


def _of(**members):
    spelled = {"info": "PKG-INFO", "project": "pyproject.toml", "config": "setup.cfg", "setup": "setup.py"}
    return make_sdist("a", "1", {spelled.get(key, key): value for key, value in members.items()})[1]


def sdists():
    """Return sdists: tar in gzip or bzip2, and zip."""
    long = tarfile.TarInfo("a-1/" + "x" * 120)
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(long)
    pax = io.BytesIO()
    with tarfile.open(fileobj=pax, mode="w", format=tarfile.PAX_FORMAT) as archive:
        long.pax_headers = {"path": "a-1/\xe9", "size": "0"}
        archive.addfile(long)
    plain = _of(info=_INFO, project=_PROJECT)
    return {
        "plain.tar.gz": plain,
        "plain.tar.bz2": bz2.compress(gzip.decompress(plain)),
        "plain.zip": _zip(("a-1/PKG-INFO", _INFO), ("a-1/pyproject.toml", _PROJECT)),
        "two-members.tar.gz": gzip.compress(gzip.decompress(plain)[:700], mtime=0)
        + gzip.compress(gzip.decompress(plain)[700:], mtime=0),
        "cut.tar.gz": plain[:-30],
        "junk-after.tar.gz": plain + b"junk",
        "config.tar.gz": _of(config=_CONFIG, setup=b"from setuptools import setup\nsetup()\n"),
        "config-of-files.tar.gz": _of(config=_CONFIG.replace(b"\n  b>1", b" file: x.txt\n%(y)s")),
        "requires.tar.gz": _of(info=_OLD, **{"a.egg-info/requires.txt": _REQUIRES}),
        "dynamic.tar.gz": _of(project=_PROJECT.replace(b"dependencies", b'dynamic = ["dependencies"]\noptional')),
        "poetry.tar.gz": _of(project=b'[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nb = "^1"\n'),
        "groups.tar.gz": _of(project=_PROJECT + b'[dependency-groups]\ntest = ["t", {include-group = "u"}]\n'),
        "no-toml.tar.gz": _of(project=b"[project\nname = a"),
        "link.tar.gz": _of(info=(tarfile.SYMTYPE, "../../x")),
        "hard-link.tar.gz": _of(info=(tarfile.LNKTYPE, "a-1/x")),
        "folder.tar.gz": _of(info=(tarfile.DIRTYPE, "")),
        "decoys.tar.gz": _of(**{"PKG-INFO.bak": b"x", "docs/PKG-INFO": b"x", "a.egg-info/PKG-INFO": _INFO}),
        "two-folders.tar.gz": tar({"b-1/PKG-INFO": _INFO, "a-1/PKG-INFO": _INFO}),
        "long-name.tar.gz": gzip.compress(body.getvalue(), mtime=0),
        "pax.tar.gz": gzip.compress(pax.getvalue(), mtime=0),
        "no-tar.tar.gz": gzip.compress(b"no archive at all", mtime=0),
        "empty.tar.gz": b"",
    }


def lines():
    """Return lines of a dataset."""
    first = {"project": "a", "version": "1"}
    whole = first | {
        "uploaded": "2026-05-01T10:00:00Z",
        "yanked": "why",
        "gone": "2026-05-02T10:00:00Z",
        "requires_python": ">=3.10",
        "requires": ["b>=1", "c; extra == 'x'"],
        "unusable": ["d >>"],
        "extras": ["x"],
        "imports": ["a"],
        "imports_from": "wheel",
        "source": "wheel",
        "trust": "verified",
        "repaired": ["comma: e>=1<2"],
        "builds": ["setuptools"],
        "files": [{"name": "a-1.tar.gz", "sha256": HASH, "size": 412345}],
        "licence": "MIT",
        "licence_from": "expression",
        "homepage": "https://a.example/",
    }
    several = {
        "requires": (None, [], ["b>1"], ["b >>"], [3], "b", {}),
        "unknown": ("listed", "not-found", 3),
        "version": ("2004d", "", 1, None),
        "project": ("A.b", "", "-", None),
        "uploaded": ("yesterday", 3, "2026-05-01T10:00:00+02:00"),
        "yanked": (True, False, ""),
        "files": (None, [], [{}], [{"name": "../x"}], [{"name": "a-1.zip", "size": -1}]),
        "extras": (["X.y"], "x"),
        "imports": (["a-b"], [3]),
        "source": ("wheel", "nobody"),
        "trust": ("verified", "nobody"),
        "licence": ("\x1b[2J", 3, "MIT"),
        "homepage": ("javascript:x", "https://u:p@a.example/"),
        "nonsense": (1,),
    }
    spelled = {
        f"{key}.jsonl": "".join(json.dumps(first | {"requires": []} | {key: one}) + "\n" for one in values).encode()
        for key, values in several.items()
    }
    return spelled | {
        "whole.jsonl": json.dumps(whole).encode() + b"\n",
        "unknown-and-known.jsonl": json.dumps(first | {"requires": [], "unknown": "listed"}).encode(),
        "no-end.jsonl": json.dumps(first | {"requires": None, "unknown": "listed"}).encode(),
        "twice.jsonl": b'{"project": "a", "project": "b", "version": "1", "requires": []}\n',
        "no-object.jsonl": b'[]\n3\nnull\n\n\r\n"x"\n',
        "surrogate.jsonl": b'{"project": "a", "version": "1", "requires": ["b; extra == \'\\ud800\'"]}\n',
        "deep.jsonl": b'{"project": ' + b"[" * 300 + b"\n",
        "number.jsonl": b'{"project": "a", "version": "1", "requires": [], "files": [{"size": 1e999, "name": NaN}]}\n',
        "no-text.jsonl": b"\xff\xfe\n",
    }


SEEDS = {"page": pages, "metadata": metadata_texts, "wheel": wheels, "sdist": sdists, "lines": lines}


def main():
    for target, made in SEEDS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made().items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
