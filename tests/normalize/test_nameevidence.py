"""Which project is an attribute: each kind of evidence, and that contradictions are never settled silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.nameevidence import AttributeFacts, match_attribute


def matched(attribute, projects=None, **facts):
    return match_attribute(AttributeFacts(attribute=attribute, **facts), projects)


@pytest.mark.parametrize(
    ("facts", "project", "confidence", "series"),
    [
        ({"attribute": "numpy", "pname": "numpy"}, "numpy", "certain", None),
        ({"attribute": "repoze-lru", "pname": "repoze-lru", "fetched": "repoze.lru"}, "repoze-lru", "certain", None),
        ({"attribute": "tidylib", "pname": "pytidylib", "fetched": "pytidylib"}, "pytidylib", "certain", None),
        ({"attribute": "django_5", "pname": "django"}, "django", "likely", "5"),
        ({"attribute": "pytest_8_3", "pname": "pytest"}, "pytest", "likely", "8_3"),
        ({"attribute": "protobuf4", "pname": "protobuf", "fetched": "protobuf"}, "protobuf", "certain", "4"),
        ({"attribute": "lz4", "pname": "lz4"}, "lz4", "certain", None),
        ({"attribute": "six", "pname": "python3.13-six"}, "six", "certain", None),
        ({"attribute": "python3-saml", "pname": "python3-saml"}, "python3-saml", "certain", None),
        (
            {"attribute": "foo", "pname": "Foo_Bar", "urls": ("mirror://pypi/F/Foo.Bar/Foo.Bar-1.0.tar.gz",)},
            "foo-bar",
            "certain",
            None,
        ),
        (
            {"attribute": "foo", "urls": ("https://files.example/packages/source/b/baz/baz-1.tar.gz",)},
            "baz",
            "certain",
            None,
        ),
        ({"attribute": "audit", "pname": "audit", "native": True}, "audit", "guess", None),
    ],
)
def test_evidence_for_one_project(facts, project, confidence, series):
    found = match_attribute(AttributeFacts(**facts))
    assert (found.project, found.confidence, found.series, found.alternatives) == (project, confidence, series, ())
    assert found.evidence


def test_two_names_are_ambiguous_until_the_index_has_only_one():
    found = matched("dmenu-python", pname="dmenu")
    assert (found.project, found.alternatives, found.confidence) == ("dmenu", ("dmenu-python",), "guess")
    found = matched("dmenu-python", {"dmenu"}, pname="dmenu")
    assert (found.project, found.alternatives, found.confidence) == ("dmenu", (), "likely")
    assert "the index has no project dmenu-python" in found.evidence


def test_another_name_than_what_is_downloaded_is_ambiguous():
    found = matched("foo", pname="foo", fetched="foo-ng")
    assert (found.project, found.alternatives, found.confidence) == ("foo-ng", ("foo",), "likely")
    assert matched("foo", {"foo-ng"}, pname="foo", fetched="foo-ng").alternatives == ()
    assert found.evidence == ("fetchPypi downloads 'foo-ng'", "pname 'foo' differs from what is downloaded")


def test_a_name_that_the_index_does_not_have_is_a_guess_and_a_native_one_has_no_project():
    found = matched("foo", {"bar"}, pname="foo")
    assert (found.project, found.confidence) == ("foo", "guess")
    found = matched("xen", {"bar"}, pname="xen", native=True)
    assert found.project is None
    assert found.evidence[-1] == "the index has no project xen"
    assert matched("xen", pname=None, native=True).project is None


def test_the_import_check_that_is_spelled_like_the_project_is_told():
    found = matched("opt-einsum", pname="opt-einsum", imports=("opt_einsum", "opt_einsum.x"))
    assert found.evidence[-1] == "pythonImportsCheck imports 'opt_einsum'"


@given(st.text(max_size=30), st.one_of(st.none(), st.text(max_size=30)), st.booleans())
def test_any_text_is_answered(attribute, pname, native):
    found = matched(attribute, pname=pname, native=native)
    assert found.evidence
    assert found.project is not None or not found.alternatives
