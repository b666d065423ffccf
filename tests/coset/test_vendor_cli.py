"""``coset vendor``: what it prints and writes, on a toy set and on the embedded data, and what bad input gets."""

import json
import tomllib
from dataclasses import replace

import pytest
from packaging.pylock import Pylock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from toys import application, current, registry

from coset.__main__ import main
from coset.inputs import read_current_set
from coset.places import open_dataset
from dataset.currentset import current_set_to_json
from dataset.records import File
from dataset.store import Store
from normalize.targets import parse_target
from normalize.versions import parse_nix_version

FILES = "https://files.example/"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """Return a folder with a dataset and a current set."""
    folder = tmp_path_factory.mktemp("toy")
    releases = registry("lib 1.0 @1", "lib 2.0 @2", "app 1.0 @3: lib<2", "user 1.0 @3: lib")
    filed = []
    for one in (one for several in releases.values() for one in several):
        file = File(name=f"{one.project}-{one.version}.tar.gz", path=f"p/{one.project}.tar.gz", sha256="0" * 64)
        filed.append(replace(one, files=(file,)))
    with Store.create(folder / "toy.sqlite") as store:
        store.put(filed)
    now = current(
        *("lib 2.0", "app 1.0", "user 1.0"),
        applications=(application("app", attribute="app"), application("../both", "user", "lib")),
        app={"dependencies": ("lib",)},
        user={"dependencies": ("lib",)},
    )
    (folder / "nixpkgs.json").write_text(json.dumps(current_set_to_json(now)))
    (folder / "none.toml").write_text("schema = 1\n")
    return folder


def vendor(toy, *options, file="none.toml"):
    """Run the command on the toy set."""
    places = ("--db", str(toy / "toy.sqlite"), "--nixpkgs", str(toy / "nixpkgs.json"))
    return main(["vendor", *options, *places, "--applications", str(toy / file), "--quiet"])


def test_text_names_the_price(toy, capsys):
    assert vendor(toy) == 0
    text = capsys.readouterr().out
    assert "Which application, vendored, frees the most?" in text
    assert "app 1, on Python 3.13: vendor it\n  in the set it costs 1 hold; the price is 1 private version" in text
    assert "- lib 1.0 instead of 2.0: app 1 requires lib<2" in text
    assert "every private version is one more to patch" in text


def test_files_are_written_for_each_application(toy, tmp_path, capsys):
    assert vendor(toy, "--out", str(tmp_path / "out"), "--files-base", FILES) == 0
    capsys.readouterr()
    found = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert found == [
        "app/override.nix",
        "app/pylock.toml",
        "both/override.nix",
        "both/pylock.toml",
        "vendoring.json",
        "vendoring.md",
    ]
    lock = Pylock.from_dict(tomllib.loads((tmp_path / "out" / "app" / "pylock.toml").read_text()))
    assert [(one.name, str(one.version)) for one in lock.packages] == [("app", "1.0"), ("lib", "1.0")]
    assert 'version = "1.0";' in (tmp_path / "out" / "app" / "override.nix").read_text()


def test_the_files_name_the_plan_that_they_stand_beside(toy, tmp_path, capsys):
    options = (
        "app",
        "--out",
        str(tmp_path / "out"),
        "--files-base",
        FILES,
        "--mode",
        "stable",
        "--before",
        "2026-12-01",
    )
    assert vendor(toy, *options) == 0
    solve = "'coset solve --mode stable --before 2026-12-01'"
    plan = f"the plan of {solve}, its own bounds left aside, for nixpkgs of 2026-07-15"
    nix = (tmp_path / "out" / "app" / "override.nix").read_text()
    assert f"# They stand beside {plan}, dataset " in nix
    assert "# Apply that plan first: arrows begin at its versions, which nixpkgs need not have yet.\n" in nix
    lock = tomllib.loads((tmp_path / "out" / "app" / "pylock.toml").read_text())
    assert lock["tool"]["coset"]["beside"] == plan
    told = (tmp_path / "out" / "vendoring.md").read_text()
    assert "the set's versions are those that 'coset solve' plans in the same mode" in told


def test_the_same_input_gives_the_same_bytes(toy, capsys):
    for form in ("--json", "--markdown"):
        assert vendor(toy, form) == 0
        first = capsys.readouterr().out
        assert vendor(toy, form) == 0
        assert capsys.readouterr().out == first


def test_an_unknown_application_has_near_names(toy, capsys):
    assert vendor(toy, "ap") == 2
    assert capsys.readouterr().err == "error: there is no application 'ap'\n  hint: near names: app\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 1\n[application.x", "is not TOML"),
        ("schema = 2", "expected 1, found 2"),
        ('schema = 1\n[application.x]\nversion = "1"\ndependencies = ["libb"]', "does not have: libb"),
        ('schema = 1\n[application.x]\nversion = "1"\nrequirements = ["lib >>"]', "is not a requirement"),
    ],
    ids=("toml", "schema", "attribute", "requirement"),
)
def test_bad_files_are_one_sentence(toy, capsys, text, said):
    (toy / "bad.toml").write_text(text)
    assert vendor(toy, file="bad.toml") == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("error:") == 1


def test_what_the_dataset_does_not_hold_is_left_out_unless_it_is_named(toy, capsys):
    (toy / "strange.toml").write_text('schema = 1\n[application.strange]\nversion = "1"\nproject = "strange"\n')
    assert vendor(toy, file="strange.toml") == 0
    assert "strange" not in capsys.readouterr().out
    assert vendor(toy, "strange", file="strange.toml") == 1
    text = capsys.readouterr().out
    assert "strange 1, on Python 3.13: cannot be judged\n  what it requires is not in the dataset" in text


def test_a_file_that_is_not_there(toy, capsys):
    assert vendor(toy, file="nowhere.toml") == 2
    assert "there is no file" in capsys.readouterr().err


def test_what_contradicts_itself_is_a_truthful_no_with_its_core(toy, capsys):
    (toy / "torn.toml").write_text(
        'schema = 1\n[application.torn]\nversion = "1"\nrequirements = ["lib>=2"]\n'
        '[[application.torn.pins]]\nrequirement = "lib<2"\nreason = "an old interface"\n'
    )
    assert vendor(toy, "torn", file="torn.toml") == 1
    text = capsys.readouterr().out
    assert "torn 1, on Python 3.13: neither will do" in text
    assert "    lib<2 is asked for\n    lib>=2 is asked for\n" in text


def test_a_folder_that_cannot_be_written(toy, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert vendor(toy, "app", "--out", str(tmp_path / "file" / "out"), "--files-base", FILES) == 3
    assert "error:" in capsys.readouterr().err


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """Return what the command writes about all applications of the embedded data, by name."""
    folder = tmp_path_factory.mktemp("embedded")
    assert main(["vendor", "--markdown", "--quiet", "--out", str(folder), "--files-base", FILES]) == 0
    found = json.loads((folder / "vendoring.json").read_text())
    return folder, {one["application"]: one for one in found}


def private(one):
    """Return the private versions."""
    return {each["project"]: each["version"] for each in one["private"]["versions"]}


def test_what_the_embedded_data_show(embedded):
    _, found = embedded
    assert private(found["tensorflow"]) == {"h5py": "3.14.0"}
    assert found["tensorflow"]["python"] == "3.13"
    assert [python for python, _ in found["tensorflow"]["refused"]] == ["3.14"]
    assert private(found["calibre"]) == {}
    assert set(private(found["ceph"])) == {"sphinx", "docutils"}
    assert private(found["octoprint"])["tornado"].startswith("6.5")
    assert "multidict" in private(found["home-assistant"])
    for name in ("tensorflow", "calibre", "ceph"):
        assert found[name]["verdict"] == found[name]["vendoring"]["recommendation"]


def test_nixpkgs_tornado_for_octoprint_contradicts_octoprint_s_own_metadata(tmp_path, capsys):
    """The carried 6.4.2 is there because newer ones refuse several host headers; 1.11.7 wants 6.5.1 or later."""
    (tmp_path / "octoprint.toml").write_text(
        'schema = 1\n[application.octoprint]\nversion = "1.11.7"\nproject = "octoprint"\n'
        '[[application.octoprint.pins]]\nrequirement = "tornado==6.4.2"\nreason = "several host headers"\n'
    )
    given = ("--applications", str(tmp_path / "octoprint.toml"), "--quiet", "--json")
    assert main(["vendor", "octoprint", *given]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert sorted(found["private"]["conflict"]["core"]) == [
        'tornado<6.6,>=6.5.1; python_version >= "3.9" is asked for',
        "tornado==6.4.2 is asked for",
    ]


def test_every_requirement_holds_with_packaging_alone(embedded):
    """The private versions and the rest of the set satisfy all that the application uses, with nothing relaxed."""
    _, found = embedded
    members = {one.project: one for one in read_current_set(None).attributes}
    for one in found.values():
        chosen = {each["project"]: each["version"] for each in one["private"]["closure"]}
        environments = [
            parse_target(f"{each['python']} {each['system']}").environment() for each in one["private"]["targets"]
        ]
        with open_dataset(None) as store:
            releases = {(each.project, each.version): each for each in store.releases(sorted(chosen), files=False)}
        judged = 0
        for project, version in chosen.items():
            release = releases.get((project, version))
            member = members.get(project)
            for text in (release.requires or ()) if release else ():
                requirement = Requirement(text)
                name = canonicalize_name(requirement.name)
                if requirement.marker and not any(requirement.marker.evaluate(each) for each in environments):
                    continue
                if name not in chosen:  # nixpkgs builds without it
                    assert member is not None
                    continue
                judged += 1
                version_there = parse_nix_version(chosen[name]).release if chosen[name] else None
                assert version_there is None or requirement.specifier.contains(version_there, prereleases=True), text
        assert judged > 0


def test_the_overrides_are_nix(embedded, nix):
    folder, found = embedded
    for name in found:
        text = nix.parse(folder / name / "override.nix")
        assert "packageOverrides" in text
        Pylock.from_dict(tomllib.loads((folder / name / "pylock.toml").read_text()))
