"""The static parse of a checkout: records written as Nix in all ten forms come back exactly, made-up and real ones."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nixpackagefile import condition, maintainers
from nixtree import FORMS, PYTHON_PACKAGES, made_records, write_tree

from nixpkgs.declarations import read_declarations
from nixpkgs.setreading import SetReading
from nixpkgs.staticparse import jobs, linked, read_file
from normalize.targets import DEFAULT_TARGETS

RECORDS = Path(__file__).parents[3] / "shared" / "data" / "nixpkgs" / "packages.json"
NATIVE = "a native package"


def parsed(files):
    """Return the package facts of each attribute, and the whole reading."""
    declarations, problems = read_declarations(files[PYTHON_PACKAGES].encode(), DEFAULT_TARGETS)
    assert problems == ()
    facts = {}
    found = []
    for job in jobs(declarations):
        text = files.get(job.file)
        (one,) = read_file(
            job.file, [job], lambda _, text=text: None if text is None else text.encode(), DEFAULT_TARGETS
        )
        found.append((job, one))
        facts[job.name] = one
    for one in declarations:
        if len(one.other) == 1:
            facts[one.name] = facts.get(one.other[0])
    return facts, linked(declarations, found, DEFAULT_TARGETS)


def record_of(facts):
    """Return what the parse found as a record has it; conditions as they are told."""

    def plain(names):
        assert names.unknown == ()
        return [part.path[0] for part in names.parts if part.when is None]

    flags = dict(facts.flags)
    source = facts.source
    return {
        "pname": facts.pname,
        "version": facts.version,
        "format": facts.format,
        "fetcher": source.fetcher if isinstance(source.fetcher, str | None) else "other",
        "hash": source.hash if isinstance(source.hash, str | None) else None,
        "build_system": plain(facts.build_system),
        "dependencies": plain(facts.dependencies),
        "conditional_dependencies": [
            (part.path[0], part.when.text) for part in facts.dependencies.parts if part.when is not None
        ],
        "optional_dependencies": {extra: plain(names) for extra, names in facts.optional},
        "pythonRelaxDeps": plain(facts.relaxed),
        "pythonRemoveDeps": plain(facts.removed),
        "pythonImportsCheck": plain(facts.imports),
        "dontCheckRuntimeDeps": flags.get("dontCheckRuntimeDeps") == "true",
        "skipBulkUpdate": flags.get("skipBulkUpdate") == "true",
        "disabled": flags.get("disabled"),
        "doCheck": flags.get("doCheck"),
        "maintainers": plain(facts.maintainers),
    }


def expected(record, number):
    """Return the record as the parse should find it."""

    def names(value):
        return ["*"] if value is True else list(value or [])

    return {
        "pname": record["pname"],
        "version": record["version"],
        "format": record["format"],
        "fetcher": record["fetcher"],
        "hash": record["hash"],
        "build_system": record["build_system"],
        "dependencies": record["dependencies"],
        "conditional_dependencies": [
            (one["attr"], condition(one["condition"])[2]) for one in record["conditional_dependencies"]
        ],
        "optional_dependencies": {
            extra: sorted(several) for extra, several in sorted(record["optional_dependencies"].items())
        },
        "pythonRelaxDeps": names(record["pythonRelaxDeps"]),
        "pythonRemoveDeps": names(record["pythonRemoveDeps"]),
        "pythonImportsCheck": names(record["pythonImportsCheck"]),
        "dontCheckRuntimeDeps": record["dontCheckRuntimeDeps"],
        "skipBulkUpdate": record["skipBulkUpdate"],
        "disabled": record["disabled"],
        "doCheck": "false" if number % 3 == 0 else None,
        "maintainers": list(maintainers(number)),
    }


def hold_against(records, tree):
    """Compare what is read with what was written, field by field and attribute by attribute."""
    facts, reading = parsed(tree.files)
    attributes = {one.name: one for one in reading.attributes}
    left_out = dict(reading.left_out)
    families = [name for name in sorted(records) if tree.forms[name] == "family"]
    for number, name in enumerate(sorted(records)):
        record = records[name]
        if tree.forms[name] == "pointer" and record.get("alias_of"):
            wanted = records[record["alias_of"]]
            number = sorted(records).index(record["alias_of"])  # noqa: PLW2901
        else:
            wanted = record
        if tree.forms[name] == "family":
            number = families.index(name) * 4  # noqa: PLW2901
        assert record_of(facts[name]) == expected(wanted, number), name
        if name not in left_out:
            assert attributes[name].position == tree.positions[name]
            assert attributes[name].version == wanted["version"]
            assert set(wanted["dependencies"]) <= set(attributes[name].dependencies)
    return facts, reading


@pytest.mark.skipif(not RECORDS.is_file(), reason="the records of real packages do not lie beside the repository")
def test_real_records_in_ten_forms_come_back_exactly():
    records = json.loads(RECORDS.read_text(encoding="utf-8"))
    assert len(records) == 298
    tree = write_tree(records)
    assert set(tree.forms.values()) >= set(FORMS) - {"alias_of"}
    _, reading = hold_against(records, tree)
    unknown = {one.name for one in reading.attributes if one.unknown}
    natives = {name for name in tree.extra if name.endswith("-native")}
    others = {name for name, record in records.items() if record["fetcher"] == "other"}
    assert unknown == natives | others
    assert {problem.split(": ")[-1] for problem in reading.problems} == {NATIVE}


def test_made_up_records_come_back_exactly():
    records = made_records(60)
    hold_against(records, write_tree(records))


NAMES = st.sampled_from([f"p{i}" for i in range(12)] + ["ruamel-yaml", "zope_x", "backports-zstd"])
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
CONDITIONS = st.sampled_from(
    [
        'pythonOlder "3.14"',
        'pythonAtLeast "3.13"',
        "!isPyPy",
        "hostPlatform.isDarwin",
        "withQt (default false)",
        "mpiSupport",
    ]
)


@st.composite
def made_up(draw):
    found = {}
    for name in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True)):
        others = draw(st.lists(NAMES.filter(lambda one, name=name: one != name), max_size=4, unique=True))
        found[name] = {
            "path": f"pkgs/development/python-modules/{name}/default.nix",
            "pname": draw(TEXTS),
            "version": draw(TEXTS),
            "format": draw(st.sampled_from(["pyproject", "setuptools", "wheel", "other"])),
            "fetcher": draw(st.sampled_from([None, "fetchPypi", "fetchFromGitHub", "fetchurl"])),
            "hash": None,
            "build_system": draw(st.lists(NAMES, max_size=2, unique=True)),
            "dependencies": others[2:],
            "conditional_dependencies": [{"attr": one, "condition": draw(CONDITIONS)} for one in others[:2]],
            "optional_dependencies": draw(
                st.dictionaries(
                    st.sampled_from(["a", "with", "b.c"]), st.lists(NAMES, max_size=2, unique=True), max_size=2
                )
            ),
            "pythonRelaxDeps": draw(st.one_of(st.just(True), st.lists(TEXTS, max_size=2, unique=True))),
            "pythonRemoveDeps": draw(st.lists(TEXTS, max_size=2, unique=True)),
            "pythonImportsCheck": draw(st.lists(TEXTS, max_size=2, unique=True)),
            "dontCheckRuntimeDeps": draw(st.booleans()),
            "skipBulkUpdate": draw(st.booleans()),
            "disabled": draw(st.sampled_from([None, 'pythonOlder "3.14"', "isPyPy"])),
        }
    return found


@settings(max_examples=20)
@given(made_up())
def test_whatever_is_written_is_read(records):
    hold_against(records, write_tree(records))


@settings(max_examples=20)
@given(made_up(), st.integers(0, 10_000))
def test_a_file_that_ends_too_early_never_makes_up_anything(records, length):
    tree = write_tree(records)
    files = dict(tree.files)
    name = min(records)
    path = tree.positions[name]
    files[path] = files[path][:length]
    if len(files[path]) == len(tree.files[path]):
        return
    _, reading = parsed(files)
    one = next((one for one in reading.attributes if one.name == name), None)
    # only the last line end may be missing from a file that can still be read
    if one is not None and files[path].rstrip() != tree.files[path].rstrip():
        assert one.version is None
        assert one.dependencies == ()
        assert dict(one.unknown)["dependencies"]
        assert any(path in problem for problem in reading.problems)


def read(packages, **files):
    """Return the attributes of a small set by name."""
    texts = {PYTHON_PACKAGES: f"self: super: with self; {{\n{packages}\n}}\n"}
    texts |= {f"pkgs/development/python-modules/{name}/default.nix": text for name, text in files.items()}
    declarations, _ = read_declarations(texts[PYTHON_PACKAGES].encode(), DEFAULT_TARGETS)
    found = []
    for job in jobs(declarations):
        data = texts.get(job.file)
        found += zip(
            [job],
            read_file(job.file, [job], lambda _, data=data: None if data is None else data.encode(), DEFAULT_TARGETS),
            strict=True,
        )
    reading = linked(declarations, found, DEFAULT_TARGETS)
    assert isinstance(reading, SetReading)
    return {one.name: one for one in reading.attributes}, reading


def call(*names):
    return "\n".join(f"{name} = callPackage ../development/python-modules/{name} {{ }};" for name in names)


def package(name, more="", head=""):
    return (
        f"{{ lib, stdenv, buildPythonPackage, fetchPypi, config, pythonOlder, {head} }}: buildPythonPackage rec {{ "
        f'pname = "{name}"; version = "1"; pyproject = true; {more} }}'
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("version = lib.removeSuffix x y;", "lib.removeSuffix ..."),
        ('version = "${lib.concatStrings a}";', '"${lib.concatStrings a}"'),
        ("inherit (stdenv) version;", "stdenv.version"),
        ('version = if config.x then "1" else "2";', "depends on 'config.x'"),
        ("version = missing;", "'missing' is not defined"),
        ("version = version;", "defined by itself"),
    ],
)
def test_what_is_computed_is_unknown_and_says_why(text, why):
    file = package("a").replace('version = "1";', text)
    attributes, _ = read(call("a"), a=file)
    assert attributes["a"].version is None
    assert dict(attributes["a"].unknown)["version"] == why


@pytest.mark.parametrize(
    ("text", "needed", "conditional", "unknown"),
    [
        ("dependencies = [ b ];", ("b",), (), None),
        ("dependencies = with b.pkgs; [ d ];", (), (), "d"),
        ("dependencies = lib.filter f [ b ];", (), (), "lib.filter ..."),
        (
            "dependencies = [ b ] ++ lib.optionals config.unusual [ c ];",
            ("b",),
            (("c", "config.unusual"),),
            "whether config.unusual",
        ),
        ('dependencies = lib.optional (pythonOlder "3.14") b;', ("b",), (), None),
        ('dependencies = lib.optional (pythonOlder "3.12") b;', (), (("b", 'pythonOlder "3.12"'),), None),
        ('dependencies = if pythonOlder "3.12" then [ b ] else [ c ];', ("c",), (("b", 'pythonOlder "3.12"'),), None),
        ("dependencies = [ (if stdenv.hostPlatform.isDarwin then b else c) ];", ("b", "c"), (), None),
        ("dependencies = c.optional-dependencies.x;", ("b",), (), None),
        ("dependencies = c.optional-dependencies.none;", (), (), "c.optional-dependencies.none"),
        ("dependencies = [ b zlib ];", ("b",), (), None),
        ("dependencies = [ gone ];", (), (), None),
        ("propagatedBuildInputs = [ b ]; dependencies = [ c ];", ("b", "c"), (), None),
        ("dependencies = [ later ];", ("later",), (), None),
        ("dependencies = [ never ];", (), (("never", '!(pythonAtLeast "3.11")'),), None),
    ],
)
def test_dependencies_are_known_where_the_file_tells_them(text, needed, conditional, unknown):
    extra = 'later = if pythonOlder "3.14" then null else callPackage ../development/python-modules/b { };\n'
    extra += 'never = if pythonAtLeast "3.11" then null else callPackage ../development/python-modules/b { };\n'
    attributes, reading = read(
        extra + call("a", "b", "c"),
        a=package("a", text, "b, c, zlib, gone ? null, later, never"),
        b=package("b"),
        c=package("c", "optional-dependencies = { x = [ b ]; };", "b"),
    )
    found = attributes["a"]
    assert (found.dependencies, found.conditional) == (needed, conditional)
    assert dict(found.unknown).get("dependencies") == unknown
    assert dict(reading.left_out) == {"never": "null on every target"}


def test_extras_that_lead_in_a_circle_are_unknown():
    text = "optional-dependencies = { x = a.optional-dependencies.y; y = a.optional-dependencies.x; };"
    attributes, _ = read(call("a"), a=package("a", text, "a"))
    assert "a.optional-dependencies" in dict(attributes["a"].unknown)["optional_dependencies"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("meta.broken = true;", "broken on every target"),
        ('disabled = pythonOlder "3.15";', "disabled on every target"),
    ],
)
def test_what_no_target_has_is_left_out(text, why):
    attributes, reading = read(call("a"), a=package("a", text))
    assert attributes == {}
    assert reading.left_out == (("a", why),)


def test_addresses_are_those_that_the_file_alone_tells():
    attributes, _ = read(
        call("a", "b"),
        a=package(
            "a", 'meta = { changelog = "https://a.example/${pname}/${version}"; homepage = "https://a.example"; };'
        ),
        b=package("b", 'meta = { changelog = "https://b.example/${src.rev}"; homepage = "javascript:x"; };'),
    )
    recipes = {name: (one.recipe.changelog, one.recipe.homepage) for name, one in attributes.items()}
    assert recipes == {"a": ("https://a.example/a/1", "https://a.example"), "b": (None, None)}
    assert attributes["b"].unknown == attributes["a"].unknown


def test_pointers_parts_and_overrides():
    attributes, reading = read(
        call("b", "b_2")
        + """
        a = b_2;
        loop = loop2; loop2 = loop;
        b-pool = b.pool;
        changed = b.overridePythonAttrs (old: { version = "9"; });
        none = nobody;
        computed = callPackage (../. + "/x") { };
        "2to3" = callPackage ../development/python-modules/b { };
        """,
        b=package("b", 'passthru.pool = buildPythonPackage { pname = "pool"; version = "3"; pyproject = true; };'),
        b_2=package("b"),
    )
    assert attributes["a"].points_to == "b_2"
    assert attributes["b_2"].series == "2"
    assert attributes["b-pool"].version == "3"
    assert attributes["2to3"].version == "1"
    for name in ("changed", "none", "computed", "loop"):
        assert attributes[name].version is None
        assert dict(attributes[name].unknown)["version"]
        assert any(f"{name}:" in problem for problem in reading.problems), name
