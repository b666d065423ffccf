"""``coset distance``: what it prints, and how it ends."""

import json

import pytest
from toys import release

from coset.__main__ import main
from dataset.store import Store

LOCK = (
    "app==1.0\nlib==1.5\nsame==1.0\nhelper==2.0\n--pre\nlib>=3\nhostile @ https://me:secret@host.example/%1b[2J.zip\n"
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with Store.create(folder / "town.sqlite") as store:
        store.put([release("helper 2.0 @2: lib<2"), release("lib 2.0 @3"), release("app 1.0: lib<2")])
    attributes = {
        name: {"project": name, "version": version}
        for name, version in (("app", "1.0"), ("lib", "2.0"), ("same", "1.0"))
    }
    (folder / "set.json").write_text(
        json.dumps({"schema": 1, "revision": "r", "date": "2026-07-15", "attributes": attributes})
    )
    (folder / "lock.txt").write_text(LOCK)
    (folder / "good.txt").write_text("app==1.0\nlib>=1\n")
    return folder


def run(town, capsys, file, *arguments, set_of=("--nixpkgs", "set.json")):
    there = [str(town / one) if one.endswith(".json") else one for one in set_of]
    status = main(["distance", str(town / file), "--db", str(town / "town.sqlite"), *there, *arguments])
    return status, capsys.readouterr()


GOLDEN = """\
lock.txt (requirements) against the current set of 2026-07-15
project  lock  set
helper   2.0   -    not in the set
hostile  -     -    not in the set
lib      1.5   2.0  newer in the set; 1 bound to relax: 1 precautionary
would be relaxed:
  helper 2.0 requires lib<2; the set has 2.0 (precautionary, cheap)
    lib 2.0 of 2026-03-01 came after 2.0 of 2026-02-01
of 5 projects 2 are the set's versions, 1 is newer in the set and 2 are not in the set; 1 bound would be relaxed
"""

MARKDOWN = """\
# `lock.txt` against the current set of 2026-07-15

of 5 projects 2 are the set's versions, 1 is newer in the set and 2 are not in the set; 1 bound would be relaxed.

## Pins that differ

| project | lock | set | what |
|---|---|---|---|
| `helper` | `2.0` | – | not in the set |
| `hostile` | – | – | not in the set |
| `lib` | `1.5` | `2.0` | newer in the set; 1 bound to relax: 1 precautionary |

## Would be relaxed

- `helper 2.0` requires `lib<2`; the set has `2.0` (precautionary, cheap): \
lib 2.0 of 2026-03-01 came after 2.0 of 2026-02-01.

## In nobody's way, violated in the set already

- `app 1.0` requires `lib<2`; the set has `2.0` (not known, counted as deliberate, risky): \
upload times do not show which came first.

## Pins that the set meets

`app 1.0`, `same 1.0`

## Notes

- options do not matter for versions and were not followed: --pre
"""


def test_lines(town, capsys):
    lock = LOCK.replace("lib>=3\n", "")
    (town / "lock.txt").write_text(lock)
    status, done = run(town, capsys, "lock.txt")
    assert (status, done.out) == (1, GOLDEN)
    assert done.err == (
        "note: options do not matter for versions and were not followed: --pre\n"
        "note: lock.txt does not say what the application itself asks for, only pins\n"
    )
    assert run(town, capsys, "lock.txt", "--quiet")[1].err == ""


def test_markdown(town, capsys):
    (town / "lock.txt").write_text(LOCK.replace("lib>=3\n", ""))
    status, done = run(town, capsys, "lock.txt", "--markdown")
    assert (status, done.out) == (1, MARKDOWN)


def test_json_and_verbose(town, capsys):
    (town / "lock.txt").write_text(LOCK)
    status, done = run(town, capsys, "lock.txt", "--json")
    answer = json.loads(done.out)
    assert (status, answer["served"], answer["application_bounds_known"]) == (1, False, True)
    assert answer["pins"][2] == {
        "project": "hostile",
        "lock": None,
        "set": None,
        "attribute": None,
        "relation": "missing",
        "source": "url",
        "address": "https://host.example/%1b[2J.zip",
    }
    assert [(one["project"], one["of"], one["in_the_way"]) for one in answer["bounds"]] == [
        (None, "application", True),
        ("helper", "brought", True),
        ("app", "kept", False),
    ]
    assert answer["bounds"][0]["part"] == "lower"
    assert [one.get("class") for one in answer["bounds"]] == [None, "precautionary", "deliberate"]
    assert [one.get("shown") for one in answer["bounds"]] == [None, None, False]
    assert answer["pins"][3]["bridge"] == {"relaxed": {"precautionary": 1}, "update_first": 1}
    _, done = run(town, capsys, "lock.txt", "--verbose")
    kept = "  app 1.0 requires lib<2; the set has 2.0 (not known, counted as deliberate, risky)\n"
    assert f"in nobody's way, violated in the set already:\n{kept}" in done.out
    assert "the set is too old for:\n  the application requires lib>=3; the set has 2.0\n" in done.out


def test_a_set_that_serves_it(town, capsys):
    status, done = run(town, capsys, "good.txt")
    assert (status, done.err) == (0, "")
    assert done.out.endswith(
        "of 2 projects 1 is the set's version and 1 is only bounded and fits; no bound would be relaxed\n"
    )


def test_against_a_plan(town, capsys):
    where = ["--db", str(town / "town.sqlite"), "--nixpkgs", str(town / "set.json")]
    assert main(["solve", *where, "--out", str(town / "plan"), "--quiet"]) == 0
    capsys.readouterr()
    status, done = run(town, capsys, "good.txt", set_of=("--plan", "plan/plan.json"))
    assert (status, done.out.splitlines()[0]) == (0, "good.txt (requirements) against a plan of mode fresh")


@pytest.mark.parametrize(
    ("call", "status", "sentence"),
    [
        (("nothing.txt",), 2, "there is no file"),
        (("town.sqlite",), 2, "is not UTF-8 text"),
        (("set.json",), 2, "set.json is no lock file that coset reads: it is JSON"),
        (("good.txt", "--plan", "p.json"), 2, "--plan and --nixpkgs name two sets"),
        (("good.txt", "--target", "2.7 vax"), 2, "is not a target"),
        ((".",), 2, "is a folder, not a file"),
    ],
)
def test_bad_input(town, capsys, call, status, sentence):
    found, done = run(town, capsys, *call)
    assert (found, done.out) == (status, "")
    assert sentence in done.err


def test_a_monster_is_not_read(town, capsys):
    with (town / "monster.lock").open("wb") as file:
        file.truncate(65_000_000)
    status, done = run(town, capsys, "monster.lock")
    assert (status, done.out) == (2, "")
    assert "65,000,000 bytes" in done.err
