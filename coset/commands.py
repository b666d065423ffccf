"""Which commands are there? Each with its place, one line about it, and examples for its help."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        words: what the user types after ``coset``.
        place: its module and function; imported only when the command is called, so that ``coset --help`` is quick.
        summary: what it does, for the list of commands; its own help shows the function's docstring.
        examples: for its help.
    """

    words: str
    place: str
    summary: str
    examples: tuple[str, ...]


GROUPS = {
    "export": "Write a plan as Nix, or as lock files of other installers.",
    "dataset": "Move what is known of the index in and out of files.",
    "names": "Map projects, attributes and import names to each other.",
}

COMMANDS = (
    Command(
        "crawl",
        "coset.crawl:command",
        "Fill or refresh a dataset from a package index.",
        (
            "coset crawl numpy scipy --closure --db my.sqlite",
            "coset crawl --from nixpkgs.json --closure --newest 8 --contact me@mail.example --db my.sqlite",
            "coset crawl --all --until 06:30 --contact me@mail.example --db whole.sqlite",
        ),
    ),
    Command(
        "snapshot",
        "coset.snapshot:command",
        "Read the current set from a nixpkgs checkout or a channel's list.",
        (
            "coset snapshot ~/nixpkgs --out nixpkgs.json",
            "coset snapshot ~/nixpkgs --by parse --target '3.13 x86_64-linux' --out nixpkgs.json",
            "coset snapshot packages.json.br --out nixpkgs.json",
        ),
    ),
    Command(
        "solve",
        "coset.solve:command",
        "Find the newest coherent set, with every relaxation and every hold justified.",
        ("coset solve --out plan", "coset solve --mode stable --before 2026-07-15 --json"),
    ),
    Command(
        "report",
        "coset.reportcmd:command",
        "Tell a plan as Markdown, made to be pasted into a pull request, or as a page to look at.",
        (
            "coset report out/plan.json",
            "coset report out/plan.json --out plan.md",
            "coset report out/plan.json --html plan.html",
        ),
    ),
    Command(
        "diff",
        "coset.diffcmd:command",
        "Say what differs between two plans, two snapshots, or a snapshot and a plan.",
        ("coset diff old/plan.json new/plan.json", "coset diff nixpkgs.json out/plan.json --markdown"),
    ),
    Command(
        "verify",
        "coset.verify:command",
        "Check every edge of a plan again, with none of the solver's code.",
        ("coset verify plan/plan.json",),
    ),
    Command(
        "explain",
        "coset.explain:command",
        "Say why a project has its version in a plan: what holds it, what is relaxed, what does not count.",
        ("coset explain numpy", "coset explain sklearn --plan plan/plan.json", "coset explain h5py --force newest"),
    ),
    Command(
        "propose",
        "coset.propose:command",
        "Say what an update takes: what moves along, what to relax, what is built again, which branch.",
        (
            "coset propose numpy==2.5.5 'protobuf>=7.36'",
            "coset propose scikit-learn --ladder minor --markdown",
        ),
    ),
    Command(
        "sweep",
        "coset.sweep:command",
        "Propose every available update by itself, the easiest first, in batches that do not touch each other.",
        (
            "coset sweep --out round",
            "coset sweep --workers 8 --ladder minor",
            "coset sweep --scheduler tcp://10.0.0.5:8786",
        ),
    ),
    Command(
        "vendor",
        "coset.vendor:command",
        "Say what applications cost the set, and what they would need to carry to leave it alone.",
        (
            "coset vendor",
            "coset vendor tensorflow --markdown",
            "coset vendor ceph --out vendored --before 2026-07-15",
        ),
    ),
    Command(
        "distance",
        "coset.distance:command",
        "Compare an application's lock file with the set.",
        ("coset distance uv.lock", "coset distance requirements.txt --plan plan/plan.json --markdown"),
    ),
    Command(
        "resolve",
        "coset.resolve:command",
        "Find the newest versions that satisfy an ad hoc list of requirements.",
        ("coset resolve 'scikit-learn>=1.5' scipy", "coset resolve --no-relax --json 'jinja2[i18n]' 'babel<2.18'"),
    ),
    Command(
        "check",
        "coset.check:command",
        "Check the current set as nixpkgs' hooks do: violated bounds, stale and wide relaxations; or the policy.",
        (
            "coset check",
            "coset check --nixpkgs nixpkgs.json --attribute scikit-learn --markdown",
            "coset check --nixpkgs nixpkgs.json --format github",
            "coset check --policy my-policy.toml",
        ),
    ),
    Command(
        "apply",
        "coset.apply:command",
        "Edit a nixpkgs checkout, so that its Python set is a plan's.",
        (
            "coset apply ~/nixpkgs --plan plan/plan.json --dry-run > plan.patch",
            "coset apply ~/nixpkgs --plan plan/plan.json --commit --only h5py --only numpy",
        ),
    ),
    Command(
        "export overlay",
        "coset.export:overlay",
        "Write a plan as an overlay of nixpkgs' Python set.",
        (
            "coset export overlay --plan out/plan.json --out overlay.nix",
            "coset export overlay --plan out/plan.json --from-index --package-overrides",
        ),
    ),
    Command(
        "export pylock",
        "coset.export:pylock",
        "Write a plan as pylock.toml, for pip and uv.",
        (
            "coset export pylock --plan out/plan.json --out pylock.toml",
            "coset export pylock --plan out/plan.json --files-base https://files.example/",
        ),
    ),
    Command(
        "export requirements",
        "coset.export:requirements",
        "Write a plan as requirements.txt with hashes.",
        ("coset export requirements --plan out/plan.json --out requirements.txt",),
    ),
    Command(
        "dataset import",
        "coset.datasetcmd:import_command",
        "Put JSON Lines into a dataset: all of them, or nothing where one is bad.",
        ("coset dataset import data/dataset --db my.sqlite", "coset dataset import private.jsonl --db my.sqlite"),
    ),
    Command(
        "dataset export",
        "coset.datasetcmd:export_command",
        "Write the dataset as JSON Lines, one release per line, with a manifest.",
        ("coset dataset export shards --db my.sqlite",),
    ),
    Command(
        "dataset merge",
        "coset.datasetmerge:command",
        "Make one dataset of several, whatever their order.",
        ("coset dataset merge other.sqlite shards --db my.sqlite",),
    ),
    Command(
        "dataset diff",
        "coset.datasetdiff:command",
        "Say what one dataset says otherwise than another.",
        ("coset dataset diff old.sqlite new.sqlite", "coset dataset diff data/dataset shards --json"),
    ),
    Command(
        "dataset doctor",
        "coset.datasetdoctor:command",
        "Look for damage in a dataset, and mend what can be mended.",
        ("coset dataset doctor --db my.sqlite", "coset dataset doctor --repair --db my.sqlite"),
    ),
    Command(
        "dataset stats",
        "coset.datasetcmd:stats_command",
        "Say how much the dataset holds, what is unknown and why.",
        ("coset dataset stats", "coset dataset stats --json"),
    ),
    Command(
        "dataset replay",
        "coset.replaycmd:command",
        "Read the texts behind the facts again by the rules of today, without the index.",
        ("coset dataset replay --db my.sqlite", "coset dataset replay --dry-run --verbose --db my.sqlite"),
    ),
    Command(
        "dataset serve",
        "coset.serve:command",
        "Serve the dataset as a package index, for pip, uv and other resolvers.",
        (
            "coset dataset serve",
            "coset dataset serve --before 2026-07-15 --port 8080 --db my.sqlite",
        ),
    ),
    Command(
        "names show",
        "coset.names:show",
        "Map any of the three spellings to the other two, with evidence and ambiguity.",
        ("coset names show sklearn", "cut -d, -f1 wanted.csv | coset names show --json -"),
    ),
    Command(
        "names imports",
        "coset.namesimports:command",
        "Map what a source tree imports to projects and attributes.",
        ("coset names imports src", "coset names imports --json setup.py"),
    ),
    Command(
        "names audit",
        "coset.namesaudit:audit",
        "Look for names that break nixpkgs' rules, clash, or lead nowhere, and say how to mend them.",
        ("coset names audit", "coset names audit --nixpkgs nixpkgs.json --format nix"),
    ),
)
"""All commands, in the order in which the help shows them; each new one adds its entry here."""
