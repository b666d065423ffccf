"""Which hash does a package's source have? That of the file that ``fetchPypi`` downloads, in SRI form."""

import base64
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dataset.records import File
from nixpkgs.splice import LeftAlone
from normalize.projects import extra_name

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")

TO_BE_PREFETCHED = ""
"""An empty hash: Nix takes it for no hash, fails, and says the right one. The old hash would silently fetch the old
source, because Nix looks for a source by its hash."""


def sri(sha256: str) -> str:
    """Return a SHA-256 in hexadecimal in SRI form.

    >>> sri("00" * 32)
    'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
    """
    return f"sha256-{base64.b64encode(bytes.fromhex(sha256)).decode('ascii')}"


def downloaded_name(arguments: Mapping[str, str]) -> str | None:
    """Return the name of the file that ``fetchPypi`` downloads; None for a format that it does not know.

    >>> downloaded_name({"pname": "h5py", "version": "3.16.0"})
    'h5py-3.16.0.tar.gz'
    >>> downloaded_name({"pname": "a", "version": "1", "format": "wheel", "python": "py3"})
    'a-1-py3-none-any.whl'
    """
    stem = f"{arguments['pname']}-{arguments['version']}"
    form = arguments.get("format", "setuptools")
    if form == "setuptools":
        return f"{stem}.{arguments.get('extension', 'tar.gz')}"
    if form == "wheel":
        tags = (arguments.get("python", "py2.py3"), arguments.get("abi", "none"), arguments.get("platform", "any"))
        return f"{stem}-{'-'.join(tags)}.whl"
    return None


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a source has once its version changes.

    Attributes:
        hash: the hash, or `TO_BE_PREFETCHED`.
        pname: what ``fetchPypi`` has to be told, where the file is called otherwise than before.
    """

    hash: str = TO_BE_PREFETCHED
    pname: str | None = None


def new_source(arguments: Mapping[str, str], computed: Collection[str], files: Sequence[File]) -> NewSource:
    """Return what ``fetchPypi`` has to be told.

    Newer sdists are called by their normalised name (``scikit_learn-1.9.1.tar.gz``, PEP 625).

    Args:
        arguments: those of ``fetchPypi`` that are plain text, the new version among them.
        computed: its other arguments.
        files: the release's, as far as they are known.

    Raises:
        LeftAlone: the release has no such file.
    """
    if computed or not {"pname", "version"} <= arguments.keys() or not files:
        return NewSource()
    name = downloaded_name(arguments)
    if name is None:
        return NewSource()
    by_name = {file.name: file for file in files}
    if name in by_name:
        return NewSource(_hash(by_name[name]))
    end = name.removeprefix(arguments["pname"])
    renamed = [one for one in by_name if one.endswith(end) and _same(one.removesuffix(end), arguments["pname"])]
    if len(renamed) == 1:
        return NewSource(_hash(by_name[renamed[0]]), renamed[0].removesuffix(end))
    sdists = ", ".join(one for one in by_name if one.endswith((".tar.gz", ".zip", ".tar.bz2")))
    raise LeftAlone(f"the release has no file '{name}', which fetchPypi would download: {sdists or 'it has no sdist'}")


def _hash(file: File) -> str:
    return sri(file.sha256) if file.sha256 is not None and _SHA256.fullmatch(file.sha256) else TO_BE_PREFETCHED


def _same(name: str, other: str) -> bool:
    return _NAME.fullmatch(name) is not None and extra_name(name) == extra_name(other)
