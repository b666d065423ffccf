"""How long does reading a nixpkgs tree of full size take, and how much memory, without Nix?"""

import sys
import tempfile
from pathlib import Path
from statistics import median

from measure import megabytes, run, table, unit
from nixtree import made_records, write_tree

PACKAGES = 10_500
LIMIT = 20.0
MEMORY = 2**30


def main() -> None:
    """Print the section of the results."""
    with tempfile.TemporaryDirectory() as temporary:
        print(section(Path(temporary)))


def section(folder: Path) -> str:
    """Write a tree, read it three times in a process of its own, and return the section."""
    tree = write_tree(made_records(PACKAGES))
    for path, text in tree.files.items():
        place = folder / "nixpkgs" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
    out = folder / "nixpkgs.json"
    command = [
        *(sys.executable, "-m", "coset", "snapshot", folder / "nixpkgs"),
        *("--by", "parse", "--quiet", "--out", out, "--date", "2026-01-01", "--revision", "none"),
    ]
    units, runs, texts = [], [], set()
    for _ in range(3):
        units += unit(2)
        runs.append(run(command))
        texts.add(out.read_bytes())
    assert len(texts) == 1, "the same tree gave different bytes"
    one = median(each.processor for each in units)
    processor = median(each.processor for each in runs)
    rows = [
        ["package files", f"{len(tree.files) - 1:,}"],
        ["seconds on the wall, the least of three", f"{min(each.seconds for each in runs):.1f}"],
        ["seconds of the processor, the median", f"{processor:.1f}"],
        ["units", f"{processor / one:.0f}"],
        ["memory, MB", megabytes(max(each.memory for each in runs))],
        ["nixpkgs.json, MB", megabytes(out.stat().st_size)],
    ]
    return (
        "## coset snapshot, by parsing\n\n"
        f"A generated tree in all ten forms. The figures to reach: {LIMIT:.0f} s and {megabytes(MEMORY)} MB.\n\n"
        + table(["what", "measured"], rows)
        + "\n"
    )


if __name__ == "__main__":
    main()
