"""``coset sweep``: what it prints, what it keeps, and how it ends."""

import json

import pytest
from toys import release

from coset import sweeping
from coset.__main__ import main
from coset.crews import Here
from dataset.store import Store

RELEASES = (
    *("free 1.0 @1", "free 2.0 @3", "lib 1.0 @1", "lib 2.0 @3", "strict 1.0 @4: lib<2", "strict 1.1 @5: lib<2"),
    *("pair 1.0 @1: half==1.0", "pair 2.0 @3: half==2.0, new", "half 1.0 @1", "half 2.0 @3", "new 1.0 @3"),
    *("stuck 1.0 @1", "stuck 2.0 @3: lib>=9"),
)

GOLDEN = """\
free (2):
  free    1.0 -> 2.0  rebuilds 1 attribute and app
  strict  1.0 -> 1.1  rebuilds 1 attribute
with relaxations (1):
  lib     1.0 -> 2.0  relaxes lib<2 of strict (deliberate); rebuilds 1 attribute
with other projects (2):
  half    1.0 -> 2.0  with pair 2.0; adds new 1.0; rebuilds 3 attributes
  pair    1.0 -> 2.0  with half 2.0; adds new 1.0; rebuilds 3 attributes
impossible (1):
  stuck   1.0 -> 2.0  stuck 2.0 requires lib>=9, and would meet lib 1.0
batches, whose updates do not touch each other:
  1. free, 2 updates: free, strict
  2. with relaxations, 1 update: lib
  3. with other projects, 1 update: half (pair comes with half)
6 updates are available: 2 free, 1 with relaxations, 2 with other projects, 1 impossible
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with Store.create(folder / "town.sqlite") as store:
        store.put([release(text) for text in RELEASES])
    attributes = {
        name: {"project": name, "version": "1.0"} for name in ("free", "half", "lib", "pair", "strict", "stuck")
    }
    app = {"version": "1", "dependencies": ["free"]}
    current = {
        "schema": 1,
        "revision": "r",
        "date": "2026-07-15",
        "attributes": attributes,
        "applications": {"app": app},
    }
    (folder / "set.json").write_text(json.dumps(current))
    (folder / "policy.toml").write_text("schema = 1\n")
    return folder


def sweep(town, capsys, *arguments, journal="journal.jsonl"):
    places = [part for name in ("db", "nixpkgs", "policy") for part in (f"--{name}", str(town / FILES[name]))]
    status = main(["sweep", *places, "--journal", str(town / journal), *arguments])
    return status, capsys.readouterr()


FILES = {"db": "town.sqlite", "nixpkgs": "set.json", "policy": "policy.toml"}


def test_the_table(town, capsys):
    status, done = sweep(town, capsys, "--anew", "--workers", "1")
    assert (status, done.out, done.err) == (0, GOLDEN, "")


def test_results_do_not_depend_on_who_works(town, capsys, monkeypatch):
    _, alone = sweep(town, capsys, "--json", "--anew", "--workers", "1")
    _, several = sweep(town, capsys, "--json", "--anew", "--workers", "2")
    _, as_pays_off = sweep(town, capsys, "--json", "--anew")
    monkeypatch.setattr("coset.payoff.LOOK", 2)  # then the processes, which cost nothing
    monkeypatch.setattr("coset.payoff.WORTH", 1e-9)
    _, after_two = sweep(town, capsys, "--json", "--anew")
    assert alone.out == several.out == as_pays_off.out == after_two.out
    found = json.loads(alone.out)
    assert found["summary"] == {"free": 2, "relaxing": 1, "others": 2, "vendoring": 0, "impossible": 1}
    assert [one["update"]["project"] for one in found["updates"]] == ["free", "strict", "lib", "half", "pair", "stuck"]
    assert found["batches"][2] == {
        "ease": "others",
        "updates": ["half"],
        "contained": [{"project": "pair", "in": "half"}],
    }


def test_files_and_markdown(town, capsys):
    status, done = sweep(town, capsys, "--workers", "1", "--out", str(town / "round" / "one"), "--markdown")
    assert status == 0
    assert (town / "round" / "one" / "sweep.md").read_text() == done.out
    assert json.loads((town / "round" / "one" / "sweep.json").read_text())["schema"] == 1
    assert "\n## Impossible\n" in done.out
    assert done.err.count("written: ") == 2


class Counting(Here):
    """Works here, and stops like Ctrl-C after some tasks."""

    def __init__(self, most=100):
        self.most, self.done = most, []

    def submit(self, function, /, *arguments):
        if len(self.done) == self.most:
            raise KeyboardInterrupt
        self.done.append(arguments[-1].project)
        return super().submit(function, *arguments)


def with_crew(monkeypatch, crew):
    monkeypatch.setattr(sweeping, "_crew", lambda *_: crew)
    monkeypatch.setattr(sweeping.Trial, "done", lambda *_: ())
    return crew


def test_an_interrupt_keeps_what_is_finished(town, capsys, monkeypatch):
    first = with_crew(monkeypatch, Counting(2))
    status, done = sweep(town, capsys, "--anew", journal="cut.jsonl")
    assert (status, done.out) == (130, "")
    assert "what was finished before is kept" in done.err
    second = with_crew(monkeypatch, Counting())
    status, done = sweep(town, capsys, "--verbose", journal="cut.jsonl")
    assert (status, done.out) == (0, GOLDEN)
    assert "2 results were kept from before\n" in done.err
    assert (len(first.done), len(second.done)) == (2, 4)
    assert set(first.done).isdisjoint(second.done)
    third = with_crew(monkeypatch, Counting())
    assert sweep(town, capsys, journal="cut.jsonl")[1].out == GOLDEN
    assert third.done == []


def test_a_line_that_was_cut_off_is_done_again(town, capsys, monkeypatch):
    with_crew(monkeypatch, Counting())
    sweep(town, capsys, "--anew", journal="torn.jsonl")
    whole = (town / "torn.jsonl").read_bytes()
    for cut in (1, 40, len(whole) // 2, len(whole) - 20):
        (town / "torn.jsonl").write_bytes(whole[:-cut])
        crew = with_crew(monkeypatch, Counting())
        assert sweep(town, capsys, journal="torn.jsonl")[1].out == GOLDEN
        assert len(crew.done) >= 1
        assert sorted((town / "torn.jsonl").read_bytes().splitlines()) == sorted(whole.splitlines())


def test_other_inputs_are_another_sweep(town, capsys, monkeypatch):
    with_crew(monkeypatch, Counting())
    sweep(town, capsys, "--anew", journal="shared.jsonl")
    for option in (("--ladder", "minor"), ("--target", "3.14 x86_64-linux"), ("--before", "2026-06-01")):
        crew = with_crew(monkeypatch, Counting())
        assert sweep(town, capsys, *option, journal="shared.jsonl")[0] == 0
        assert crew.done


def test_workers_that_die_at_a_task(town, capsys, monkeypatch):
    class Killed(Here):
        def submit(self, function, /, *arguments):
            if arguments[-1].project == "lib":
                return super().submit(int, "not a number")
            return super().submit(function, *arguments)

        def deaths(self, error):
            return 2 * isinstance(error, ValueError)

    with_crew(monkeypatch, Killed())
    status, done = sweep(town, capsys, "--anew", journal="killed.jsonl")
    assert status == 3
    assert "no answer: lib 1.0 -> 2.0: its workers died\n" in done.out
    assert done.out.endswith("1 impossible, 1 without an answer, for its workers died\n")
    _, done = sweep(town, capsys, "--json", journal="killed.jsonl")
    assert json.loads(done.out)["died"] == [{"project": "lib", "before": "1.0", "after": "2.0"}]
    assert "## Without an answer\n" in sweep(town, capsys, "--markdown", journal="killed.jsonl")[1].out
    crew = with_crew(monkeypatch, Counting())
    assert sweep(town, capsys, journal="killed.jsonl")[1].out == GOLDEN
    assert crew.done == ["lib"]


def test_only_some_projects(town, capsys):
    status, done = sweep(town, capsys, "--workers", "1", "lib", "free")
    assert (status, done.out.splitlines()[-1]) == (0, "2 updates are available: 1 free, 1 with relaxations")


def test_names_are_found_as_everywhere_else_and_what_has_no_update_says_why(town, capsys):
    (town / "hold.toml").write_text(
        'schema = 1\n[[project]]\nname = "lib"\naction = "hold"\nreason = "it moves with its server"\n'
    )
    status, done = sweep(town, capsys, "--workers", "1", "--policy", str(town / "hold.toml"), "lib", "Free")
    assert (status, done.out.splitlines()[-1]) == (0, "1 update is available: 1 free")
    assert done.err == (
        "note: Free is free on the index\n"
        "note: there is no update to lib, which is at 1.0; "
        "lib 2.0 is no candidate: held by policy: it moves with its server\n"
    )


def test_nothing_to_update(town, capsys):
    status, done = sweep(town, capsys, "--before", "2026-01-02")
    assert (status, done.out) == (0, "0 updates are available\n")


BAD = [
    (("--workers", "0"), 2, "--workers 0 is too few"),
    (("--ladder", "rope"), 2, "there is no ladder 'rope'"),
    (("nothing",), 2, "the set has no project or attribute 'nothing'"),
    (("--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), 2, "--workers and --scheduler exclude each other"),
    (("--out", "{town}/set.json/below"), 3, "cannot be made"),
]


@pytest.mark.parametrize(("arguments", "status", "sentence"), BAD, ids=lambda value: str(value)[:20])
def test_bad_input(town, capsys, arguments, status, sentence):
    found, done = sweep(town, capsys, *(one.format(town=town) for one in arguments))
    assert (found, done.out) == (status, "")
    assert sentence in done.err


@pytest.mark.parametrize(
    ("journal", "status", "sentence"),
    [
        ("set.json", 2, "is no journal of a sweep"),
        ("set.json/below", 3, "cannot be written"),
        (".", 3, "cannot be written"),
    ],
)
def test_journals_that_cannot_be(town, capsys, journal, status, sentence):
    before = (town / "set.json").read_bytes()
    found, done = sweep(town, capsys, "--workers", "1", journal=journal)
    assert (found, done.out) == (status, "")
    assert sentence in done.err
    assert (town / "set.json").read_bytes() == before
