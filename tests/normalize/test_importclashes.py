"""Import names that several distributions install, and namespaces, which are none of these."""

from normalize.importclashes import Distribution, import_findings


def dist(attribute, *imports, depth="modules", current=True):
    return Distribution(
        attribute=attribute,
        project=attribute,
        imports=imports,
        depth=depth,
        current=current,
        because=f"{attribute} 1.0",
    )


def told(*distributions):
    return [(one.kind, one.names, one.strength) for one in import_findings(distributions)]


def test_two_that_install_one_module_clash():
    (one,) = import_findings(
        [dist("opencv-python", "cv2"), dist("numpy", "numpy"), dist("opencv-python-headless", "cv2")]
    )
    assert (one.kind, one.names, one.strength) == (
        "import-clash",
        ("opencv-python", "opencv-python-headless"),
        "certain",
    )
    assert one.sentence == (
        "opencv-python, opencv-python-headless both install cv2 (opencv-python 1.0 and opencv-python-headless 1.0)"
    )


def test_those_who_share_several_names_are_told_once():
    assert told(dist("a", "x", "y", "z"), dist("b", "x", "y"), dist("c", "z")) == [
        ("import-clash", ("a", "b"), "certain"),
        ("import-clash", ("a", "c"), "certain"),
    ]


def test_parts_of_a_namespace_do_not_clash():
    assert told(dist("zope-interface", "zope.interface"), dist("zope-event", "zope.event")) == []
    assert told(dist("protobuf", "google.protobuf"), dist("google-auth", "google", depth="top-level")) == []
    assert (
        told(
            dist("protobuf", "google.protobuf"),
            dist("a", "google", depth="top-level"),
            dist("b", "google", depth="top-level"),
        )
        == []
    )


def test_the_same_part_of_a_namespace_clashes():
    assert told(dist("protobuf", "google.protobuf"), dist("other", "google.protobuf")) == [
        ("import-clash", ("other", "protobuf"), "certain")
    ]


def test_where_only_the_top_level_is_known_it_is_said():
    (one,) = import_findings([dist("a", "x", depth="top-level"), dist("b", "x")])
    assert one.strength == "guess"
    assert "only the top level is known" in one.sentence


def test_a_namespace_of_the_old_kind_is_no_sure_clash():
    (one,) = import_findings([dist("backports-a", "backports"), dist("backports-b", "backports")])
    assert one.strength == "guess"
    assert "of the old kind" in one.sentence


def test_another_release_than_that_of_the_set_is_less_sure():
    assert told(dist("a", "x"), dist("b", "x", current=False)) == [("import-clash", ("a", "b"), "likely")]


def test_what_was_packed_by_mistake_is_removed():
    (one,) = import_findings([dist("a", "tests", "a"), dist("b", "tests")])
    assert one.hint == "remove what was packed by mistake after the installation"
    (one,) = import_findings([dist("a", "_yaml"), dist("b", "_yaml")])
    assert one.hint.startswith("never put them into one closure")


def test_a_package_may_hide_a_part_of_a_namespace_of_its_name():
    (one,) = import_findings([dist("ns", "ns"), dist("ns-part", "ns.part", "ns.other")])
    assert (one.kind, one.names, one.strength) == ("import-hidden", ("ns", "ns-part"), "guess")
    assert "ns-part installs ns.other, ns.part in a namespace of that name" in one.sentence


def test_one_project_does_not_clash_with_itself_and_hostile_names_are_left_out():
    assert told(dist("a", "x", "evil\x1b[2J", "a; b"), dist("b", "evil\x1b[2J", "a; b")) == []
    twice = dist("a", "x")
    assert told(twice, twice) == []
