"""Names that break nixpkgs' rules: attributes, and aliases in chains, circles and to nowhere."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.aliasaudit import alias_findings
from normalize.aliases import Alias, trail
from normalize.nameaudit import Rules, attribute_findings

DAY = "2026-07-15"


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    name: str
    project: str | None
    confidence: str = "certain"
    alternatives: tuple[str, ...] = ()
    version: str | None = "1"
    series: str | None = None
    position: str | None = None
    points_to: str | None = None


def judge(*attributes, aliases=(), known=()):
    rules = Rules(aliases={one.name: one for one in aliases}, known=frozenset(known), day=DAY)
    return list(attribute_findings(attributes, rules))


def follow(*aliases, attributes=(), elsewhere=()):
    return list(alias_findings({one.name: one for one in aliases}, attributes, elsewhere))


# attributes -----------------------------------------------------------------------------------------------------------


def test_a_deviating_attribute_is_renamed_and_its_old_name_stays_an_alias():
    (one,) = judge(One(name="plasTeX", project="plastex"))
    assert (one.kind, one.names, one.strength) == ("deviating-attribute", ("plasTeX",), "certain")
    assert one.hint == "rename it to plastex, and keep plasTeX as an alias"
    assert one.writes == (Alias(name="plasTeX", target="plastex", date=DAY),)


def test_aliases_that_led_to_the_old_name_lead_to_the_new_one_and_one_of_that_name_makes_way():
    aliases = [
        Alias(name="libclang", target="clang", date="2026-06-18"),
        Alias(name="cindex", target="clang", fatal=True, date="2024-01-01"),
    ]
    (one,) = judge(One(name="clang", project="libclang", confidence="likely"), aliases=aliases, known=["clang"])
    assert one.deletes == ("libclang",)
    assert one.strength == "likely"
    assert "; clang is another project on the index" in one.sentence
    assert one.writes == (
        Alias(name="cindex", target="libclang", fatal=True, date="2024-01-01"),
        Alias(name="clang", target="libclang", date=DAY),
    )
    after = {**{alias.name: alias for alias in aliases}, **{alias.name: alias for alias in one.writes}}
    after.pop("libclang")
    assert list(alias_findings(after, ["libclang"])) == []


def test_a_name_that_is_taken_is_no_rename():
    (one,) = judge(One(name="slackclient", project="slack-sdk"), One(name="slack-sdk", project=None), known=[])
    assert one.kind == "deviating-attribute"
    assert one.writes == ()
    assert "slack-sdk is taken by an attribute of no known project" in one.sentence


@pytest.mark.parametrize(
    "one",
    [
        One(name="scikit-learn", project="scikit-learn"),
        One(name="django_5", project="django", series="5"),
        One(name="aioquic_1_2", project="aioquic", series="1.2"),
        One(name="protobuf4", project="protobuf", series="4"),
        One(name="2to3", project="2to3"),
        One(name="opencv4", project="opencv-python", confidence="guess"),
        One(name="cv", project="opencv-python", alternatives=("opencv-contrib-python",)),
        One(name="local-thing", project=None),
        One(name="protobuf", project="protobuf", points_to="protobuf7"),
    ],
)
def test_these_names_are_right_or_not_known_to_be_wrong(one):
    assert judge(one, known=["django"]) == []


@pytest.mark.parametrize(
    ("name", "series", "wanted"), [("Django_5", "5", "django_5"), ("Django5", "5", "django5"), ("dj", "5", "django_5")]
)
def test_a_versioned_attribute_keeps_its_series(name, series, wanted):
    (one,) = judge(One(name=name, project="django", series=series))
    assert one.writes == (Alias(name=name, target=wanted, date=DAY),)


def test_default_pointers_and_versioned_attributes_are_no_second_attributes():
    assert (
        judge(
            One(name="protobuf", project="protobuf", points_to="protobuf7"),
            One(name="protobuf7", project="protobuf", series="7"),
            One(name="protobuf6", project="protobuf", series="6"),
            One(name="tensorflow", project="tensorflow", points_to="tensorflow-bin"),
            One(name="tensorflow-bin", project="tensorflow"),
        )
        == []
    )


def test_another_name_of_an_attribute_belongs_among_the_aliases():
    (one,) = judge(
        One(name="soundfile", project="soundfile"), One(name="pysoundfile", project="soundfile", points_to="soundfile")
    )
    assert (one.kind, one.writes) == ("silent-alias", (Alias(name="pysoundfile", target="soundfile", date=DAY),))


def test_two_attributes_of_one_project_and_one_file_become_an_attribute_and_an_alias():
    mpd, other = (One(name=name, project="python-mpd2", position="mpd.nix") for name in ("mpd2", "python-mpd2"))
    (one,) = judge(mpd, other)
    assert (one.kind, one.names) == ("second-attribute", ("mpd2", "python-mpd2"))
    assert one.writes == (Alias(name="mpd2", target="python-mpd2", date=DAY),)


def test_two_attributes_of_different_files_are_left_to_people():
    (one,) = judge(
        One(name="opencv", project="opencv", position="a.nix"),
        One(name="opencv4Full", project="opencv", position="b.nix"),
    )
    assert (one.kind, one.writes) == ("second-attribute", ())
    same_series = [One(name=name, project="django", series="5") for name in ("django5", "django_5")]
    assert [each.sentence for each in judge(*same_series)] == [
        "series 5 of django has 2 attributes, django5, django_5, from different package files"
    ]


def test_a_package_outside_the_index_takes_no_name_from_it():
    (one,) = judge(One(name="Dmenu", project=None), known=["dmenu"])
    assert (one.kind, one.strength) == ("borrowed-name", "likely")


def test_names_that_are_one_after_normalisation():
    found = judge(One(name="foo-bar", project=None), One(name="foo_bar", project=None), One(name="x", project="x"))
    assert [(one.kind, one.names) for one in found] == [("same-name", ("foo-bar", "foo_bar"))]
    aliases = [Alias(name="Foo_Bar", target="x"), Alias(name="FOO-BAR", target="foo-bar"), Alias(name="X", fatal=True)]
    found = judge(One(name="foo-bar", project=None), One(name="x", project="x"), aliases=aliases)
    assert [(one.names, one.hint) for one in found] == [
        (("Foo_Bar", "foo-bar"), "let it lead to foo-bar, or remove it"),
        (("X", "x"), "let it lead to x, or remove it"),
    ]


# aliases --------------------------------------------------------------------------------------------------------------


def test_good_aliases_are_silent():
    assert (
        follow(
            Alias(name="scikitlearn", target="scikit-learn", fatal=True),
            Alias(name="fetchPypi", target="pkgs.fetchPypi"),
            Alias(name="pool", target="psycopg.pool"),
            Alias(name="me", target="self.psycopg"),
            Alias(name="attr", target="attrs"),
            Alias(name="abjad", fatal=True),
            attributes=["scikit-learn", "psycopg"],
            elsewhere=["attrs"],
        )
        == []
    )


def test_an_attribute_and_an_alias_at_once():
    (one,) = follow(Alias(name="python-subunit", target="subunit"), attributes=["python-subunit", "subunit"])
    assert (one.kind, one.deletes) == ("attribute-and-alias", ("python-subunit",))


def test_an_alias_to_nowhere_and_what_it_may_have_meant():
    near = Alias(name="easyeda2kicad", target="atopile-easyda2kicad", fatal=True)
    (one, other) = follow(near, Alias(name="x", target="y"), attributes=["atopile-easyeda2kicad"])
    assert (one.kind, one.hint) == ("alias-to-nowhere", "did it mean atopile-easyeda2kicad?")
    assert (other.kind, other.hint) == ("alias-to-nowhere", "let it lead to an attribute, or remove it")


def test_a_chain_is_cut_short():
    chain = [Alias(name="a", target="b", date="2024-01-01"), Alias(name="b", target="c"), Alias(name="c", target="d")]
    found = follow(*chain, attributes=["d"])
    assert [one.sentence for one in found] == ["alias a leads over b, c to d", "alias b leads over c to d"]
    assert found[0].writes == (Alias(name="a", target="d", date="2024-01-01"),)


def test_a_chain_to_what_was_removed_says_so():
    removed = Alias(name="b", fatal=True, date="2026-03-24", reason="'b' was removed")
    (one,) = follow(Alias(name="a", target="b"), removed)
    assert one.sentence == "alias a leads to b, which was removed (2026-03-24)"
    assert one.writes == (Alias(name="a", fatal=True, reason="'b' was removed"),)


def test_a_circle_is_told_once_and_what_leads_into_it_too():
    found = follow(
        Alias(name="a", target="b"),
        Alias(name="b", target="a"),
        Alias(name="self", target="self"),
        Alias(name="z", target="b"),
    )
    assert [(one.kind, one.sentence) for one in found] == [
        ("alias-cycle", "aliases lead in a circle: a -> b -> a"),
        ("alias-cycle", "aliases lead in a circle: self -> self"),
        ("alias-cycle", "alias z leads to b, and so into a circle: b -> a -> b"),
    ]


NAMES = st.sampled_from("abcdefg")


@given(st.dictionaries(NAMES, st.none() | NAMES, max_size=7), st.sets(NAMES, max_size=3))
def test_what_is_written_leaves_no_chain_behind(targets, attributes):
    aliases = {name: Alias(name=name, target=target, fatal=target is None) for name, target in targets.items()}
    found = list(alias_findings(aliases, attributes))
    for one in found:
        for alias in one.writes:
            aliases[alias.name] = alias
        for name in one.deletes:
            aliases.pop(name, None)
    left = list(alias_findings(aliases, attributes))
    assert all(one.kind in ("alias-cycle", "alias-to-nowhere") for one in left)
    for name in aliases:
        assert len(trail(name, aliases)) <= 2 or any(name in one.names for one in left)
