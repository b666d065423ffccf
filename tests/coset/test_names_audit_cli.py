"""``coset names audit``: what it reads, prints and returns."""

import json
from pathlib import Path

import pytest

from coset.__main__ import main
from coset.namesauditdata import audit_of
from dataset.currentset import Attribute, CurrentSet, current_set_to_json
from dataset.records import LISTED, Release
from dataset.store import Store
from normalize.aliases import Alias
from normalize.projects import ProjectName

SHARED = Path(__file__).parents[3] / "shared" / "data" / "nixpkgs"


def attribute(name, project=None, **further):
    further.setdefault("version", "1.0")
    return Attribute(name=name, project=ProjectName(project or name), confidence="certain", **further)


def release(project, version="1.0", **further):
    return Release(project=ProjectName(project), version=version, **further)


RELEASES = [
    release("plastex", imports=("plasTeX",), imports_from="members", requires=()),
    release(
        "one",
        imports=("shared", "evil\x1b[2J"),
        imports_from="members",
        requires=("Brotli<2", "numpydoc"),
        source="wheel",
    ),
    release("one", "2.0", imports=("other",), imports_from="members", requires=()),
    release("two", "0.9", imports=("shared",), imports_from="members", requires=()),
    release("three", imports=("shared",), requires=()),
    release("listed", unknown=LISTED),
]
SET = CurrentSet(
    revision="r",
    date="2026-07-15",
    attributes=(
        attribute("listed"),
        attribute("one", relaxed=("brotli", "numpy"), removed=("brotli",)),
        attribute("plasTeX", "plastex"),
        attribute("three"),
        attribute("two"),
    ),
    aliases=(Alias(name="PlasTeX", target="plasTeX", date="2024-01-01"), Alias(name="x", target="nowhere")),
)


@pytest.fixture
def audit(tmp_path, capsys):
    db, nixpkgs = tmp_path / "small.sqlite", tmp_path / "nixpkgs.json"
    with Store.create(db) as store:
        store.put(RELEASES)

    def run(*arguments, current=SET):
        nixpkgs.write_text(json.dumps(current_set_to_json(current)))
        status = main(["names", "audit", *arguments, "--db", str(db), "--nixpkgs", str(nixpkgs)])
        return status, *capsys.readouterr()

    return run


def test_what_is_found_is_a_truthful_no(audit):
    status, out, err = audit("--verbose")
    assert (status, err) == (1, "install nobody knows what: listed\n")
    lines = out.splitlines()
    assert [line.partition(":")[0] for line in lines if not line.startswith(" ")] == [
        "alias-to-nowhere",
        "deviating-attribute",
        "import-clash",
        "relax-spelling",
        "relax-prefix",
        "5 findings in 5 attributes and 2 aliases",
        "what they install is not known",
    ]
    assert "  plasTeX = plastex; # added 2026-07-15" in lines
    assert "  PlasTeX = plastex; # added 2024-01-01" in lines


def test_nix_is_ready_to_be_pasted_and_the_same_in_every_run(audit):
    status, out, _ = audit("--format", "nix")
    assert status == 1
    assert out == "PlasTeX = plastex; # added 2024-01-01\nplasTeX = plastex; # added 2026-07-15\n"
    assert audit("--format", "nix")[1] == out


def test_markdown_and_json_hold_the_same_findings(audit):
    status, out, _ = audit("--json")
    found = json.loads(out)["findings"]
    assert status == 1
    status, text, _ = audit("--format", "markdown")
    assert status == 1
    assert text.count("\n| `") == len(found) == 5


def test_a_set_without_a_flaw_ends_well(audit):
    good = CurrentSet(revision="r", date="2026-07-15", attributes=(attribute("listed"),))
    status, out, err = audit(current=good)
    assert (status, err) == (0, "")
    assert out.startswith("nothing to mend in 1 attribute and 0 aliases\n")
    assert audit("--format", "nix", current=good) == (0, "", "")


def test_hostile_names_never_reach_the_terminal(audit):
    evil = "evil\x1b[2J\n${x}"
    bad = CurrentSet(
        revision=evil,
        date=evil,
        attributes=(attribute("a", "one", relaxed=(evil,)), Attribute(name=evil, project=None)),
        aliases=(Alias(name=evil, target=evil), Alias(name="x", target=evil), Alias(name=evil + "2", fatal=True)),
    )
    for form in ("text", "markdown", "nix"):
        status, out, _ = audit("--format", form, current=bad)
        assert status == 1
        assert all(line.isprintable() for line in out.split("\n"))
    status, out, _ = audit("--json", current=bad)
    assert "\x1b" not in out


def test_a_release_s_imports_count_before_those_of_other_releases_and_of_checks():
    (clash,) = [one for one in audit_of(SET, RELEASES).findings if one.kind == "import-clash"]
    assert clash.names == ("one", "three", "two")
    assert clash.strength == "guess"
    assert "one 1.0 and three 1.0 and two 0.9" in clash.sentence
    checked = CurrentSet(
        revision="r", date="d", attributes=(attribute("p", imports=("m.a", "m")), attribute("q", imports=("m",)))
    )
    (clash,) = audit_of(checked, []).findings
    assert (clash.kind, clash.strength) == ("import-clash", "guess")
    assert "pythonImportsCheck of p and pythonImportsCheck of q" in clash.sentence


def test_the_embedded_set_has_no_names_to_mend(capsys):
    main(["names", "audit", "--json"])
    found = json.loads(capsys.readouterr()[0])
    assert (found["attributes"], found["aliases"]) == (160, 21)
    assert {one["kind"] for one in found["findings"]} <= {"relax-prefix", "relax-spelling"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data of nixpkgs is not there")
def test_real_aliases_of_nixpkgs():
    aliases = json.loads((SHARED / "aliases.json").read_text())
    names = json.loads((SHARED / "attributes.json").read_text())
    current = CurrentSet(
        revision="r",
        date="2026-07-15",
        attributes=tuple(Attribute(name=name, project=None) for name in sorted(names)),
        aliases=tuple(
            Alias(name=name, target=one["target"], fatal=one["kind"] != "alias", date=one["date"])
            for name, one in sorted(aliases.items())
        ),
    )
    found = [one for one in audit_of(current, []).findings if one.kind != "alias-to-nowhere" or "did it" in one.hint]
    kinds = {one.names[0]: one.kind for one in found}
    assert kinds["python-subunit"] == "attribute-and-alias"
    assert kinds["tensorflow-tensorboard_2"] == kinds["amazon_kclpy"] == "alias-chain"
    assert kinds["easyeda2ato"] == "alias-to-nowhere"
    assert len(found) < 12
