"""What does a setup.cfg say without being run? Literal values of ``[options]``, where no setup.py can say otherwise."""

import ast
import configparser
import re
import warnings

from crawler.metadata import Metadata, judged
from crawler.pyproject import build_backend, has_project_table, one_line, under
from normalize.projects import ProjectName, extra_name
from normalize.versions import parse_version

_LONGEST_BARE = 16 * 1024
"""A setup.py that only calls ``setup()`` holds a licence at most."""

_BLANKS = re.compile(r"(?<=\S)[^\S\n]{2,}")
_FROM_ELSEWHERE = ("file:", "attr:")


class _Parser(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Keep the letters of extras."""
        return optionstr


def tells_options(text: bytes) -> bool:
    """Return whether a setup.cfg may tell requirements, so that the setup.py beside it matters."""
    return b"[options" in text


def options(
    text: bytes, setup_py: bytes | None, pyproject: bytes | None, project: ProjectName, version: str
) -> Metadata | None:
    """Return what ``[options]`` says, or None where it need not be what is built.

    Args:
        text: the setup.cfg.
        setup_py: the setup.py beside it, None where there is none; anything but a bare ``setup()`` may override it.
        pyproject: the pyproject.toml beside it; another build backend reads no setup.cfg, and ``[project]`` goes first.
        project: whose it is; a literal name that differs is not believed.
        version: likewise.
    """
    if setup_py is not None and not is_bare_setup(setup_py):
        return None
    if pyproject is not None and (
        has_project_table(pyproject) or not (build_backend(pyproject) or "setuptools").startswith("setuptools")
    ):
        return None
    sections = _sections(text)
    if sections is None or "options" not in sections:
        return None
    said = sections["options"]
    about = sections.get("metadata", {})
    name, stated = about.get("name", project), about.get("version", version)
    if not _literal(name) or ProjectName(extra_name(name)) != project:
        return None
    if _literal(stated) and parse_version(stated) != parse_version(version):
        return None
    extras = sections.get("options.extras_require", {})
    values = [said.get("install_requires", ""), said.get("python_requires", ""), *extras.values()]
    if not all(map(_literal, values)) or "extras_require" in said:
        return None
    lines = _lines(said.get("install_requires", ""))
    for extra, value in extras.items():
        lines += [under(line, "", extra) for line in _lines(value)]
    return Metadata(
        name=project,
        version=version,
        requirements=judged(lines),
        extras=tuple(sorted(map(one_line, extras))),
        requires_python=one_line(said.get("python_requires", "")) or None,
    )


def is_bare_setup(text: bytes) -> bool:
    r"""Return whether a setup.py does nothing but call ``setup()`` without arguments; it is parsed, never run.

    >>> is_bare_setup(b"from setuptools import setup\nsetup()\n"), is_bare_setup(b"import x\nsetup(a=1)")
    (True, False)
    """
    if len(text) > _LONGEST_BARE:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    calls = 0
    for statement in tree.body:
        for one in _guarded(statement) or [statement]:
            if _is_setup_call(one):
                calls += 1
            elif not _is_harmless(one):
                return False
    return calls == 1


def _guarded(statement: ast.stmt) -> list[ast.stmt]:
    """Return what stands under ``if __name__ == "__main__":``."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return []
    return statement.body if ast.unparse(statement.test) == "__name__ == '__main__'" else []


def _is_setup_call(statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    return not call.args and not call.keywords and ast.unparse(call.func) in ("setup", "setuptools.setup")


def _is_harmless(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(one.name == "setuptools" and one.asname is None for one in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return statement.module in ("setuptools", "__future__") and all(one.asname is None for one in statement.names)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _sections(text: bytes) -> dict[str, dict[str, str]] | None:
    parser = _Parser(comment_prefixes=("#", ";"), default_section="\0none")
    try:
        # configparser's patterns take quadratic time on blanks, which mean nothing within a line.
        parser.read_string(_BLANKS.sub(" ", text.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")))
    except (configparser.Error, ValueError, AttributeError):
        return None
    return {
        section: {
            key.replace("-", "_") if section == "options" else key: value for key, value in parser[section].items()
        }
        for section in parser.sections()
    }


def _literal(value: str) -> bool:
    return "%" not in value and not any(one in value for one in _FROM_ELSEWHERE)


def _lines(value: str) -> list[str]:
    """Return the requirements of a value: a line each, or in one line with semicolons between, as setuptools has it."""
    parts = value.split("\n") if "\n" in value else value.split(";")
    return [one_line(part) for part in parts if part.strip() and not part.strip().startswith("#")]
