"""``coset check`` of the current set: what it reads, prints, and how it ends."""

import json

import pytest
from toys import release

from coset.__main__ import main
from dataset.store import Store

POSITION = "pkgs/development/python-modules/app/default.nix"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with Store.create(folder / "town.sqlite") as store:
        store.put(
            [
                release("app 1.0 @4: lib<2, other<1"),
                release("lib 1.0 @1:"),
                release("lib 2.0 @2:"),
                release("other 2.0 @2:"),
                release("quiet 1.0: lib"),
            ]
        )
    return folder


@pytest.fixture
def check(town, tmp_path, capsys):
    def run(attributes, *arguments):
        made = {"schema": 1, "revision": "r", "date": "2026-07-15", "attributes": attributes}
        (tmp_path / "set.json").write_text(json.dumps(made))
        places = ("--db", str(town / "town.sqlite"), "--nixpkgs", str(tmp_path / "set.json"))
        status = main(["check", *places, *arguments])
        return status, capsys.readouterr()

    return run


def attributes(**app):
    def one(name, version, **facts):
        return {"project": name, "confidence": "certain", "version": version, **facts}

    return {
        "app": one("app", "1.0", dependencies=["lib", "other"], position=POSITION, recipe={"line": 9}, **app),
        "lib": one("lib", "2.0"),
        "other": one("other", "2.0"),
        "quiet": one("quiet", "1.0", dependencies=["lib"]),
    }


def test_violations_fail_and_what_is_relaxed_does_not(check):
    status, done = check(attributes())
    assert (status, done.err) == (1, "")
    assert done.out == (
        "violated: app 1.0 requires lib<2; lib 2.0 violates the upper part\n"
        "  hint: write lib in pythonRelaxDeps, or hold lib\n"
        "violated: app 1.0 requires other<1; other 2.0 violates the upper part\n"
        "  hint: write other in pythonRelaxDeps, or hold other\n"
        "2 to mend in 4 attributes, of which 4 could be judged; 0 relaxations and 0 removals are needed\n"
    )
    status, done = check(attributes(relaxed=["lib", "other"]))
    assert status == 0
    assert done.out.splitlines()[-1].startswith("nothing to mend in 4 attributes")
    assert done.out.count("relaxed: ") == 2


def test_one_attribute_alone(check):
    status, done = check(attributes(), "--attribute", "quiet", "--target", "3.13 x86_64-linux")
    assert (status, done.out.partition(",")[0]) == (0, "nothing to mend in 1 attribute")


def test_json_markdown_and_annotations(check):
    status, done = check(attributes(), "--json", "--target", "3.13 x86_64-linux")
    found = json.loads(done.out)["set"]
    assert (status, found["mend"], found["targets"]) == (1, 2, ["3.13 x86_64-linux"])
    assert found["findings"][0]["parts"] == ["upper"]
    status, done = check(attributes(), "--markdown")
    assert (status, done.out.splitlines()[0]) == (1, "## Requirements in nixpkgs' Python set")
    assert check(attributes(), "--format", "markdown")[1].out == done.out
    status, done = check(attributes(), "--format", "github")
    assert status == 1
    assert done.out.splitlines()[0] == (
        f"::error file={POSITION},line=9,title=app%3A violated::app 1.0 requires lib<2; "
        "lib 2.0 violates the upper part; write lib in pythonRelaxDeps, or hold lib"
    )


def test_unknown_alone_is_no_reason_to_fail(check):
    status, done = check({"app": {"project": "app", "confidence": "certain", "version": "1.1-unstable-2024-02-21"}})
    assert status == 0
    assert "unknown: app 1.1-unstable-2024-02-21 is a snapshot: what it requires is not on the index\n" in done.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--attribute", "ap"), "error: the current set has no attribute 'ap'\n  hint: near names: app\n"),
        (("--attribute", "zzzz"), "no attribute 'zzzz'\n  hint: 'coset names show'"),
        (("--attribute", "alias"), "error: attribute 'alias' is another name of 'app'\n  hint: ask for app\n"),
        (("--target", "2.7 beos"), "error: '2.7 beos' is not a target"),
        (("--format", "html"), "'html' is not one of 'text', 'markdown', 'github'"),
        (("policy.toml",), "error: 'policy.toml' would be the policy, which only --policy checks"),
        (("--policy", "--attribute", "app"), "error: --attribute is about the current set"),
        (("--nixpkgs", "gone.json"), "error: there is no file 'gone.json'"),
        (("--db", "gone.sqlite"), "gone.sqlite"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(check, arguments, sentence):
    status, done = check({**attributes(), "alias": {"points_to": "app"}}, *arguments)
    assert (status, done.out) == (2, "")
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_half_a_file_is_a_sentence_too(town, tmp_path, capsys):
    path = tmp_path / "half.json"
    path.write_text('{"schema": 1, "revision": "r"')
    assert main(["check", "--nixpkgs", str(path), "--db", str(town / "town.sqlite")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {str(path)!r} is not JSON")


def test_the_embedded_set(capsys):
    assert main(["check", "--json", "--quiet"]) == 1
    found = json.loads(capsys.readouterr().out)["set"]
    names = {}
    for one in found["findings"]:
        names.setdefault(one["kind"], []).append((one["attribute"], one["name"]))
    assert "violated" not in names
    assert not any(one["mend"] for one in found["findings"] if one["kind"] == "not-installed")
    assert names["relaxed"] == [("tensorflow", "h5py")]
    assert names["removed"] == [("tensorflow", "libclang"), ("tensorflow", "keras")]
    assert names["stale-relaxation"] == [
        ("google-auth", "cachetools"),
        ("h5py", "mpi4py"),
        ("pyopenssl", "cryptography"),
        ("scikit-learn", "numpy"),
        ("scikit-learn", "scipy"),
        ("tensorboard", "google-auth-oauthlib"),
        ("tensorboard", "protobuf"),
    ]
    assert [attribute for attribute, _ in names["stale-switch"]] == [
        f"sphinxcontrib-{name}" for name in ("applehelp", "devhelp", "htmlhelp", "qthelp", "serializinghtml")
    ]
    assert ("markdown-it-py", "linkify-it-py") in names["unknown"]
    assert found["attributes"] - found["judged"] == sum(
        one["kind"] == "unknown" and not one["requirement"] and not one["name"] for one in found["findings"]
    )
