"""What does the requires.txt in an sdist's egg-info say? A claim: what setup.py said where the sdist was made."""

from crawler.metadata import Requirements, judged
from crawler.pyproject import one_line, under


def egg_requirements(text: bytes) -> tuple[Requirements, tuple[str, ...]]:
    r"""Return the requirements and the extras. Sections are ``[extra]``, ``[extra:marker]`` and ``[:marker]``.

    >>> egg_requirements(b"a>1\n[test]\nb\n[:os_name=='nt']\nc\n")[0].strict
    ('a>1', "b; extra == 'test'", "c; os_name=='nt'")
    """
    lines: list[str] = []
    extras: set[str] = set()
    extra, marker = "", ""
    for raw in text.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
        line = one_line(raw)
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = (part.strip() for part in line[1:-1].partition(":"))
            extras |= {extra} if extra else set()
            continue
        lines.append(under(line, marker, extra))
    return judged(lines), tuple(sorted(extras))
