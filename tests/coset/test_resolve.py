"""``coset resolve``: an ad hoc list of requirements, on any dataset."""

import json
from dataclasses import replace

import pytest
from toys import release

from coset import adhocsolve
from coset.__main__ import main
from dataset.store import Store
from solver.decide import decide

TOWN = (
    "app 1.0 @1: lib>=1",
    "app 2.0 @2: lib>=2, tool[fast]; python_version >= '3'",
    "lib 1.0 @1",
    "lib 2.0 @2",
    "lib 3.0 @4",
    release("tool 1.0 @1: wheel; extra == 'fast'", extras=("fast",)),
    "wheel 1.0 @1",
    "capped 1.0 @3: lib<3",
    "below 1.0 @1: lib<2",
    "early 1.0rc1 @1",
    "mixed 1.0 @1",
    "mixed 2.0rc1 @2",
    release("pulled 1.0 @1"),
    release("pulled 1.1 @2", yanked="broken"),
    release("modern 1.0 @1", requires_python=">=3.9"),
    release("modern 2.0 @2", requires_python=">=3.14"),
    "epoch 2.0 @1",
    "epoch 1!1.0 @2",
    "post 1.0 @1",
    "post 1.0.post1 @2",
    "local 1.0 @1",
    "local 1.0+cpu @2",
    "lost 1.0 @1: nowhere>=1",
    "alone 1.0 @1: itself[x]>=1",
    release("itself 1.0 @1: itself[y]; extra == 'x', wheel; extra == 'y'", extras=("x", "y")),
    "old 1.0 @1: absent-before",
    "absent-before 1.0 @6",
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.sqlite"
    with Store.create(path) as store:
        store.put([release(one) if isinstance(one, str) else one for one in TOWN])
    return path


def ask(town, capsys, *arguments):
    status = main(["resolve", "--db", str(town), "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def packages(town, capsys, *arguments):
    status, answer = ask(town, capsys, *arguments)
    assert (status, answer["satisfiable"], answer["proven"]) == (0, True, True)
    return answer["packages"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["app"], {"app": "2.0", "lib": "3.0", "tool": "1.0", "wheel": "1.0"}),
        (["app<2"], {"app": "1.0", "lib": "3.0"}),
        (["tool"], {"tool": "1.0"}),
        (["tool[fast]"], {"tool": "1.0", "wheel": "1.0"}),
        (["tool[slow]"], {"tool": "1.0"}),  # an extra that no release declares brings nothing, as in pip
        (["lib!=3.0"], {"lib": "2.0"}),
        (["lib>=1,<3,!=2.*"], {"lib": "1.0"}),
        (["lib==1"], {"lib": "1.0"}),
        (["capped"], {"capped": "1.0", "lib": "2.0"}),
        (["early"], {"early": "1.0rc1"}),  # nothing else exists
        (["mixed"], {"mixed": "1.0"}),
        (["mixed>=2.0rc1"], {"mixed": "2.0rc1"}),
        (["mixed>1"], {"mixed": "2.0rc1"}),  # nothing else satisfies
        (["pulled"], {"pulled": "1.0"}),
        (["pulled==1.1"], {"pulled": "1.1"}),
        (["modern"], {"modern": "1.0"}),
        (["modern", "--python", "3.14"], {"modern": "2.0"}),
        (["epoch"], {"epoch": "1!1.0"}),
        (["epoch<1!0"], {"epoch": "2.0"}),
        (["post==1.0"], {"post": "1.0"}),
        (["post"], {"post": "1.0.post1"}),
        (["local==1.0"], {"local": "1.0+cpu"}),
        (["local===1.0"], {"local": "1.0"}),
        (["alone"], {"alone": "1.0", "itself": "1.0", "wheel": "1.0"}),
        (["lib", "--before", "2026-03-01"], {"lib": "2.0"}),
        (["lib; python_version < '3'", "wheel"], {"wheel": "1.0"}),
    ],
)
def test_what_a_complete_resolver_finds(town, capsys, asked, found):
    assert packages(town, capsys, "--no-relax", *asked) == found


@pytest.mark.parametrize(
    ("asked", "core"),
    [
        (["lib<1"], ["lib<1 is asked for"]),
        (["capped", "lib>=3"], ["capped is asked for", "lib>=3 is asked for", "capped 1.0 requires lib<3"]),
        (["pulled>1.0"], ["pulled>1.0 is asked for"]),
        (["lost"], ["lost is asked for", "lost 1.0 requires nowhere>=1"]),
        (["modern>=2"], ["modern>=2 is asked for"]),
        (["lib>=2", "below"], ["lib>=2 is asked for", "below is asked for", "below 1.0 requires lib<2"]),
        (["lib<2,>=2"], ["lib<2,>=2 is asked for"]),
    ],
)
def test_what_nothing_satisfies_has_a_minimal_core(town, capsys, asked, core):
    status, answer = ask(town, capsys, "--no-relax", *asked)
    assert (status, answer["satisfiable"], answer["packages"]) == (1, False, {})
    assert sorted(answer["core"]) == sorted(core)
    assert answer["correction"]


def test_what_others_cap_is_relaxed_with_its_class_and_never_what_is_asked_for(town, capsys):
    status, answer = ask(town, capsys, "capped", "lib>=3")
    assert (status, answer["packages"]) == (0, {"capped": "1.0", "lib": "3.0"})
    (edge,) = answer["relaxed"]
    assert (edge["project"], edge["dependency"], edge["specifier"], edge["class"]) == (
        "capped",
        "lib",
        "<3",
        "precautionary",
    )
    assert ask(town, capsys, "lib>=3", "lib<3")[0] == 1
    assert ask(town, capsys, "app>=2", "lib<2")[0] == 1  # lower parts hold


def test_a_project_that_the_dataset_does_not_hold_is_unknown_where_nothing_is_strict(town, capsys):
    status, answer = ask(town, capsys, "lost")
    assert (status, answer["packages"], answer["unknown"]) == (0, {"lost": "1.0"}, ["nowhere"])


def test_both_engines_answer_alike(town, capsys):
    for asked in (["app"], ["capped", "lib>=3"]):
        one = ask(town, capsys, *asked, "--engine", "incremental")
        assert one == ask(town, capsys, *asked, "--engine", "documented")


def test_every_way_out_is_in_the_json(town, capsys):
    _, answer = ask(town, capsys, "--no-relax", "capped", "lib>=3", "pulled>1.0")
    kinds = [[(remedy["kind"], remedy.get("class")) for remedy in fix["remedies"]] for fix in answer["fixes"]]
    assert [("relax", "precautionary"), ("loosen", None)] in [sorted(one, reverse=True) for one in kinds]
    assert [len(core["reasons"]) for core in answer["cores"]] == [1, 3]
    assert answer["cores"][0]["excluded"] == ["pulled 1.1: yanked: broken"]
    assert answer["cores"][1]["steps"][-1]["so"] == "no version of lib is left"


def test_text_for_people(town, capsys):
    assert main(["resolve", "--db", str(town), "capped", "lib>=3"]) == 0
    done = capsys.readouterr()
    assert done.out == "capped==1.0\nlib==3.0\n"
    assert done.err.startswith("relaxed, precautionary: capped 1.0 requires lib<3; lib 3.0 of 2026-04-01 came after")
    assert main(["resolve", "--db", str(town), "--no-relax", "lib<1"]) == 1
    assert capsys.readouterr().out == (
        "Nothing satisfies these together:\n"
        "  no version of lib is left, because lib<1 is asked for\n"
        "Each of these is a way out, as solving again has shown; the cheapest is first:\n"
        "  1.  widen lib<1 to allow lib 3.0 (yours to decide)\n"
        "      then lib 3.0\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lib>>1"], "'lib>>1' is not a requirement"),
        (["lib @ https://a.example/lib.whl"], "names an address; only the dataset is asked"),
        (["librr"], "the dataset knows nothing of 'librr', asked for by you"),
        (["librr"], "hint: near names: lib; or crawl it with 'coset crawl', and name the dataset with --db"),
        (["lib", "--python", "2.7"], "is not a target"),
        (["lib", "--before", "2026-02-30"], "'2026-02-30' is not a day"),
    ],
)
def test_bad_input_gets_one_sentence(town, capsys, arguments, sentence):
    assert main(["resolve", "--db", str(town), *arguments]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence", "hint"),
    [
        (["sklearn>=1", "numpy"], "'sklearn' is scikit-learn on the index", "ask for scikit-learn"),
        (["PIL", "yaml"], "'pil' is pillow, 'yaml' is pyyaml on the index", "ask for pillow, pyyaml"),
        (["sklearn", "zqxwv"], "the dataset knows nothing of 'zqxwv', asked", "'sklearn' is scikit-learn; or crawl it"),
    ],
)
def test_import_names_are_told_from_projects(capsys, arguments, sentence, hint):
    assert main(["resolve", *arguments]) == 2
    err = capsys.readouterr().err
    assert f"error: {sentence}" in err
    assert f"\n  hint: {hint}" in err


def test_an_answer_that_is_not_proven_says_so(town, capsys, monkeypatch):
    monkeypatch.setattr(adhocsolve, "decide", lambda *given: replace(decide(*given), proven=False))
    assert main(["resolve", "--db", str(town), "below", "lib"]) == 0
    assert "note: these satisfy; that nothing newer does was not proven within the effort\n" in capsys.readouterr().err
