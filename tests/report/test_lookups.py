"""How answers about names are shown: quoted attributes, attributes without project, paths outside of the set."""

from normalize.nameanswers import Lookup, Match
from normalize.projects import ProjectName
from report.lookups import lookup_lines, lookup_to_json, written


def match(project, *attributes, default=None):
    return Match(
        project=None if project is None else ProjectName(project),
        attributes=attributes,
        imports=(),
        evidence=("a fact",),
        confidence="certain",
        default=default,
    )


def test_attributes_are_written_as_nix_reads_them():
    assert [written(one) for one in ("numpy", "2to3", "with", "a.b", "pkgs.autotrash")] == [
        "numpy",
        '"2to3"',
        '"with"',
        '"a.b"',
        "pkgs.autotrash",
    ]
    assert written("a\x1b[2J") == "'a\\x1b[2J'"
    lines = list(lookup_lines([Lookup(query="2to3", matches=(match("2to3", "2to3"),))]))
    assert lines[1] == '  attributes  "2to3"'


def test_an_attribute_without_project_says_so():
    lookup = Lookup(query="xen", matches=(match(None, "xen"),))
    assert next(iter(lookup_lines([lookup]))) == "xen: no project on the index (certain)"
    assert lookup_to_json(lookup)["matches"][0]["project"] is None


def test_the_default_is_there_only_where_there_are_several():
    several = Lookup(query="django", matches=(match("django", "django", "django_5", default="django"),))
    assert lookup_to_json(several)["matches"][0]["default"] == "django"
    assert "default" not in lookup_to_json(Lookup(query="a", matches=(match("a", "a", default="a"),)))["matches"][0]
