"""Which lines of the names table are stale, and that none of those that coset carries is."""

import json
import tomllib
from pathlib import Path

import pytest
from staletable import stale_lines

from dataset.currentset import current_set_from_json
from dataset.namelinks import links_of_current_set, links_of_table
from normalize.names import Link
from normalize.projects import ProjectName

DATA = Path(__file__).parents[2] / "data"


def link(project, kind, name, strength="certain"):
    return Link(project=ProjectName(project), kind=kind, name=name, strength=strength, source="index", because="a fact")


OTHERS = [
    link("pyyaml", "top-level", "yaml"),
    link("pyyaml", "attribute", "pyyaml"),
    link("protobuf", "top-level", "google"),
    link("torch", "attribute", "torch"),
    link("maybe", "import", "perhaps", "likely"),
]


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        (link("pyyaml", "import", "yaml"), ()),
        (link("protobuf", "import", "google.protobuf"), ()),  # more exact than the wheel's folder
        (link("unknown", "import", "whatever"), ()),
        (link("maybe", "import", "other"), ()),  # what contradicts it is not certain itself
        (link("pyyaml", "import", "ruyaml"), ("pyyaml: import ruyaml: its releases and import checks have yaml",)),
        (link("other", "attribute", "torch"), ("other: attribute torch: it is an attribute of torch",)),
        (
            link("torch", "former-attribute", "torch"),
            ("torch: former attribute torch: it is an attribute of the project now",),
        ),
        (link("pyyaml", "metapackage", "pyyaml"), ("pyyaml: metapackage pyyaml: it has yaml",)),
    ],
)
def test_stale_lines(line, sentences):
    assert stale_lines([line], OTHERS) == sentences


def test_one_confirmed_import_name_speaks_for_those_beside_it():
    table = [link("pyyaml", "import", "yaml"), link("pyyaml", "import", "_yaml")]
    assert stale_lines(table, OTHERS) == ()


def test_a_project_that_left_the_index_is_stale():
    line = link("pyyaml", "import", "yaml")
    assert stale_lines([line], OTHERS, ["torch"]) == ("pyyaml: import yaml: the index has no such project",)


def test_no_line_that_coset_carries_is_stale():
    table = list(links_of_table(tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))))
    current = current_set_from_json(json.loads((DATA / "nixpkgs" / "nixpkgs.json").read_text(encoding="utf-8")))
    assert stale_lines(table, links_of_current_set(current)) == ()
