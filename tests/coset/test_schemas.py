"""Whatever a command prints with ``--json`` is as its published JSON Schema says."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from toys import application, current, release

from coset.__main__ import main
from coset.commands import COMMANDS
from dataset.currentset import Recipe, current_set_to_json
from dataset.records import File
from dataset.store import Store

DOCS = Path(__file__).parents[2] / "docs"
BASE = "https://schemas.example/"
FILES = [DOCS / "plan.schema.json", *sorted((DOCS / "schemas").glob("*.schema.json"))]
REGISTRY = Registry().with_resources(
    (
        f"{BASE}{path.relative_to(DOCS)}",
        Resource(json.loads(path.read_text(encoding="utf-8")), specification=DRAFT202012),
    )
    for path in FILES
)
PLANS = {"solve", "report"}  # they print the plan itself
NO_JSON = {"completion"}
UNIVERSE = """app 1.0 @1: lib<2, tool[fast], far; sys_platform == 'darwin'
app 2.0 @4: lib<2, tool[fast,slow], new>=1
lib 1.0 @1
lib 2.0 @3
tool 1.0 @1: wheel; extra == 'fast'
wheel 1.0 @1
new 1.0 @2
other 1.0 @1: lib==1.0
other 1.1 @2: lib==1.0, absent>=3
core 2.1 @1
core 2.2 @2
core 2.3 @3
status 2.1 @1: core>=2.1
status 2.2 @2: core>=2.2
status 2.3 @3: core>=2.3
one 1.0: two
two 1.0: one"""
POLICY = """schema = 1
[[edge]]
scope = "app:lib"
action = "force"
reason = "tested"
expires = "2020-01-01"
[[project]]
name = "nothing"
action = "pin"
versions = "==1"
reason = "abi"
"""


def schema_of(words):
    return "plan.schema.json" if words in PLANS else f"schemas/{words.replace(' ', '-')}.schema.json"


def validate(words, data):
    Draft202012Validator({"$ref": BASE + schema_of(words)}, registry=REGISTRY).validate(data)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Write a dataset, another one, two snapshots, a policy, a source and a lock file, and make a plan."""
    folder = tmp_path_factory.mktemp("world")
    made = []
    for line in UNIVERSE.splitlines():
        name, version = line.partition(":")[0].split()[:2]
        wheel = File(name=f"{name}-{version}-py3-none-any.whl", sha256="a" * 64, size=10)
        extras = ("fast",) if name == "tool" else ()
        made.append(release(line, files=(wheel,), extras=extras, imports=(name,)))
    made.append(release("mystery 1.0", requires=None, unknown="sdist-dynamic", trust="none"))
    for file, releases in (("db", made), ("other", [*made[3:], release("lib 3.0 @5")])):
        with Store.create(folder / f"{file}.sqlite") as store:
            store.put(releases)
    recipe = Recipe(maintainers=("alice",), build_system=("tool",))
    now = current(
        *("app 1.0", "lib 1.0", "tool 1.0", "other 1.0", "core 2.1", "status 2.1", "one 1.0", "two 1.0", "mystery 1.0"),
        app={"dependencies": ("lib", "tool"), "relaxed": ("lib", "tool"), "recipe": recipe},
        other={"dependencies": ("lib",)},
        applications=(application("editor", "app", python="3.12"), application("solo", "other")),
    )
    later = current("app 2.0", "lib 1.0", "extra 1.0", app={"dependencies": ("extra",)})
    texts = {
        "now.json": json.dumps(current_set_to_json(now)),
        "later.json": json.dumps(current_set_to_json(later)),
        "policy.toml": POLICY,
        "uses.py": "import lib, app.part, json, nothinglike\n",
        "requirements.txt": "lib==2.0\napp==1.0\nunheard==1\n",
        "packages.json": json.dumps(
            {
                "version": "2",
                "packages": {
                    "python313Packages.lib": {
                        "name": "python3.13-lib-1.0",
                        "pname": "lib",
                        "version": "1.0",
                        "system": "x86_64-linux",
                        "outputName": "out",
                        "outputs": {"out": None},
                        "meta": {"position": "pkgs/development/python-modules/lib/default.nix:1"},
                    }
                },
            }
        ),
    }
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    places = ("--db", str(folder / "db.sqlite"), "--nixpkgs", str(folder / "now.json"))
    assert main(["solve", *places, "--out", str(folder / "plan"), "--quiet"]) == 0
    assert main(["dataset", "export", str(folder / "shards"), "--db", str(folder / "db.sqlite"), "--quiet"]) == 0
    return folder


RUNS = {
    "solve": ("DB SET", "DB SET --policy W/policy.toml --mode stable"),
    "report": ("W/plan/plan.json",),
    "resolve": ("DB app", "DB app lib>=2", "DB other lib>=2 --no-relax", "DB tool[slow] lib"),
    "propose": ("DB SET lib==2.0", "DB SET other>=1.1 --ladder patch"),
    "explain": ("DB SET lib --plan W/plan/plan.json", "DB SET lib --force 2.0", "DB SET app --gains"),
    "sweep": ("DB SET",),
    "distance": ("DB SET W/requirements.txt",),
    "vendor": ("DB SET",),
    "verify": ("W/plan/plan.json DB SET", "W/plan/plan.json DB --nixpkgs W/later.json"),
    "check": ("DB SET", "--policy W/policy.toml DB SET"),
    "export overlay": ("DB SET --plan W/plan/plan.json",),
    "export pylock": ("DB SET --plan W/plan/plan.json",),
    "export requirements": ("DB SET --plan W/plan/plan.json",),
    "dataset import": ("W/shards --db W/new.sqlite",),
    "dataset export": ("W/again DB",),
    "dataset merge": ("W/other.sqlite --db W/merged.sqlite",),
    "dataset diff": ("W/db.sqlite W/other.sqlite",),
    "dataset doctor": ("DB",),
    "dataset stats": ("DB",),
    "dataset replay": ("DB --dry-run",),
    "names show": ("DB lib tool nonsense",),
    "names imports": ("DB W/uses.py",),
    "names audit": ("DB SET",),
    "diff": ("W/now.json W/plan/plan.json", "W/now.json W/later.json", "W/plan/plan.json W/plan/plan.json"),
    "snapshot": ("W/packages.json --out W/read.json --date 2026-07-15 --revision abc",),
    "crawl": ("lib DB --dry-run --index http://127.0.0.1:9/simple/",),
}
ELSEWHERE = {"dataset serve", "apply"}  # a server that does not end, and edits of a checkout


@pytest.mark.parametrize("words", RUNS)
def test_what_commands_print_is_as_their_schema_says(words, world, capsys):
    for line in RUNS[words]:
        text = line.replace("DB", "--db W/db.sqlite").replace("SET", "--nixpkgs W/now.json").replace("W/", f"{world}/")
        capsys.readouterr()
        assert main([*words.split(), *text.split(), "--json"]) in {0, 1}, capsys.readouterr().err
        validate(words, json.loads(capsys.readouterr().out))


def test_every_command_has_a_schema():
    commands = {one.words for one in COMMANDS} - NO_JSON
    assert commands == {*RUNS, *ELSEWHERE}
    wanted = {DOCS / schema_of(words) for words in commands}
    assert set(FILES) == {*wanted, DOCS / "schemas" / "nixpkgs.schema.json"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition(".")[0])
def test_schemas_are_schemas_and_refuse_what_they_do_not_know(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(data)
    assert data["title"]
    assert data["description"]
    uri = f"{BASE}{path.relative_to(DOCS)}"
    with pytest.raises(ValidationError):
        Draft202012Validator({"$ref": uri}, registry=REGISTRY).validate({"surprise": 1})


def test_the_embedded_set_is_as_its_schema_says():
    data = json.loads((DOCS.parent / "data" / "nixpkgs" / "nixpkgs.json").read_text(encoding="utf-8"))
    Draft202012Validator({"$ref": f"{BASE}schemas/nixpkgs.schema.json"}, registry=REGISTRY).validate(data)
    address = {"url": "http://127.0.0.1:8080/simple/", "before": None}
    validate("dataset serve", address)
