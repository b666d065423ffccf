"""Attributes: Nix identifiers, the rule's name, and the three spellings of a versioned attribute."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.attributes import attribute_name, split_series
from normalize.errors import UsageError
from normalize.nixnames import needs_quotes, nix_name
from normalize.projects import project_name


@pytest.mark.parametrize(
    ("project", "attribute"),
    [
        ("zope.interface", "zope-interface"),
        ("ruamel.yaml", "ruamel-yaml"),
        ("PyYAML", "pyyaml"),
        ("Foo__Bar.baz", "foo-bar-baz"),
        ("typing_extensions", "typing-extensions"),
        ("2to3", "2to3"),
    ],
)
def test_the_rule_wants_the_normalised_name(project, attribute):
    assert attribute_name(project_name(project)) == attribute


@pytest.mark.parametrize(
    ("attribute", "known", "expected"),
    [
        ("django_5", (), ("django", "5")),
        ("cython_0", (), ("cython", "0")),
        ("pytest_8_3", (), ("pytest", "8.3")),
        ("aioquic_1_2", (), ("aioquic", "1.2")),
        ("pytest-asyncio_0", (), ("pytest-asyncio", "0")),
        ("lz4_4", (), ("lz4", "4")),
        ("protobuf4", ("protobuf",), ("protobuf", "4")),
        ("sip4", ("sip",), ("sip", "4")),
        ("protobuf4", (), ("protobuf4", None)),
        ("numpy", ("numpy",), ("numpy", None)),
    ],
)
def test_versioned_attributes_are_split(attribute, known, expected):
    assert split_series(attribute, known) == expected


@pytest.mark.parametrize(
    "name", ["html5lib", "lz4", "pyqt6", "jinja2", "beautifulsoup4", "urllib3", "bcrypt", "cmd2", "sgmllib3k", "h5py"]
)
def test_projects_that_end_in_a_digit_are_no_series(name):
    assert split_series(name, ()) == (name, None)
    assert split_series(name, {name, name.rstrip("0123456789")}) == (name, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("numpy", "numpy"),
        ("scikit-learn", "scikit-learn"),
        ("_private", "_private"),
        ("a'", "a'"),
        ("2to3", '"2to3"'),
        ("-x", '"-x"'),
        ("with", '"with"'),
        ("or", '"or"'),
        ("ruamel.yaml", '"ruamel.yaml"'),
        ('a"; b', '"a\\"; b"'),
        ("a${b}", '"a\\${b}"'),
        ("a\\", '"a\\\\"'),
    ],
)
def test_names_are_quoted_where_nix_needs_it(name, text):
    assert nix_name(name) == text
    assert needs_quotes(name) == text.startswith('"')


@pytest.mark.parametrize("name", ["", "a\nb", "a\x00", "a\x1b[2J", "ѕix", "\udcff"])
def test_what_no_attribute_can_be_is_refused(name):
    with pytest.raises(UsageError):
        nix_name(name)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_quoted_text_never_ends_early_and_never_interpolates(name):
    text = nix_name(name)
    if text == name:
        return
    inside = text[1:-1]
    assert text[0] == text[-1] == '"'
    unescaped, i = "", 0
    while i < len(inside):
        assert inside[i] not in '"$'
        i += inside[i] == "\\"
        unescaped += inside[i]
        i += 1
    assert unescaped == name


@settings(max_examples=settings.default.max_examples // 2)
@given(st.from_regex(r"[a-z]{1,6}(-[a-z]{1,5})?", fullmatch=True), st.lists(st.integers(0, 99), min_size=1, max_size=3))
def test_splitting_undoes_both_spellings(base, numbers):
    series = ".".join(map(str, numbers))
    assert split_series(f"{base}_{'_'.join(map(str, numbers))}", ()) == (base, series)
    assert split_series(f"{base}{numbers[0]}", {base}) == (base, str(numbers[0]))
