"""What does ``coset names show`` answer before anything is imported that takes longer than looking names up?

The same as `coset.names`, from the same map, where it is kept and the words are plain. All else, and all that is to be
refused, is left to that.
"""

import sys

from coset.namescache import read_index
from coset.namesstate import first_line, kept_file
from normalize.errors import CosetError
from normalize.nameanswers import Lookup
from normalize.namemap import NameMap
from report.lookups import lookup_lines, lookup_to_json


def answered(words: list[str]) -> int | None:
    """Print what the words ask for, and return the exit status; None where nothing is printed.

    Args:
        words: names, and perhaps ``--json`` and ``--db FILE``.
    """
    names, options = _parted(words)
    dataset = options.pop("--db", None)
    as_json = options.pop("--json", None) is not None
    kept = kept_file(dataset)
    if not names or options or kept is None:
        return None
    index = read_index(kept, first_line(dataset))
    if index is None:
        return None
    known = NameMap(index, sys.stdlib_module_names)
    try:
        lookups = [known.lookup(name) for name in names]
    except CosetError:
        return None
    text = json_text([lookup_to_json(one) for one in lookups]) if as_json else _plain_text(lookups)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()  # a reader that went away must be noticed here, not at the interpreter's end
    except BrokenPipeError:
        return 141
    except OSError as error:
        from coset.calling import refused  # noqa: PLC0415 -- takes longer than looking a name up

        return refused(error)
    return 0 if all(one.matches for one in lookups) else 1


def _parted(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the names, and the options with their values; a name that is not plain is an option that nobody knows."""
    names: list[str] = []
    options: dict[str, str] = {}
    left = iter(words)
    for word in left:
        if word == "--db":
            options[word] = next(left, "-")
            if options[word].startswith("-"):
                options["a file"] = ""
        elif word.startswith("-"):
            options[word] = ""
        else:
            names.append(word)
    return names, options


def _plain_text(lookups: list[Lookup]) -> str:
    lines = list(lookup_lines(lookups))
    if sys.stdout.isatty() or not all(map(str.isprintable, lines)):
        from coset.terminal import bent, harmless  # noqa: PLC0415 -- what reads a pipe does without it

        lines = [bent(harmless(line), sys.stdout) for line in lines]
    return "\n".join(lines)


def json_text(data: object, start: str = "\n") -> str:
    """Return what ``json.dumps(data, indent=2)`` gives for lists, objects, texts, None and truth, without its import.

    Args:
        data: what to write.
        start: a line end, and the spaces that stand before the innermost open bracket.
    """
    inner = start + "  "
    if isinstance(data, str):
        if data.isascii() and data.isprintable() and '"' not in data and "\\" not in data:
            return f'"{data}"'
        import json  # noqa: PLC0415 -- few texts have what must be escaped

        return json.dumps(data)
    if isinstance(data, dict) and data:
        return (
            f"{{{inner}{f',{inner}'.join(f'{json_text(k)}: {json_text(v, inner)}' for k, v in data.items())}{start}}}"
        )
    if isinstance(data, list) and data:
        return f"[{inner}{f',{inner}'.join(json_text(one, inner) for one in data)}{start}]"
    return {None: "null", True: "true", False: "false"}[data] if data is None or isinstance(data, bool) else repr(data)
