"""Every rung of the ladder: sidecar, wheel tail, whole wheel, sdist, unknown."""

import hashlib

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import NOW, FakeIndex, body, reset, run_crawl, status
from readings import read

REQUIRES = ("numpy>=1.19.3", "typing-extensions; python_version < '3.8'")


def only(store):
    (found,) = store.releases()
    return found


def test_advertised_sidecar_is_verified(store):
    fake = FakeIndex()
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES), advertised=True, requires_python=">=3.9")
    summary = run_crawl(fake, store, ["h5py"])
    found = only(store)
    assert (found.requires, found.source, found.trust) == (tuple(sorted(REQUIRES)), "sidecar", "verified")
    assert (found.uploaded, found.requires_python) == ("2026-01-01T00:00:00Z", ">=3.9")
    assert found.imports == ("h5py",)
    (file,) = found.files
    assert (file.name, file.size) == (upload.name, len(upload.body))
    assert file.sha256 == hashlib.sha256(upload.body).hexdigest()
    assert "/" + file.path == fake.path(upload)
    assert summary.known == {"sidecar": 1}
    assert store.problems() == ()


def test_sidecar_that_is_not_advertised_is_tried_and_unverified(store):
    fake = FakeIndex(form="html")
    fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))
    run_crawl(fake, store, ["h5py"])
    assert (only(store).source, only(store).trust) == ("sidecar", "unverified")


@pytest.mark.parametrize("sizes", [True, False])
@pytest.mark.parametrize("pad", [0, 40_000, 2_000_000])
def test_wheel_tail_where_the_sidecar_is_missing(store, sizes, pad):
    fake = FakeIndex(sidecars=False, sizes=sizes)
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES, pad=pad))
    run_crawl(fake, store, ["h5py"])
    found = only(store)
    assert (found.requires, found.source, found.trust) == (tuple(sorted(REQUIRES)), "wheel", "unverified")
    assert found.imports == ("h5py",)
    assert store.problems() == ()
    assert fake.served[fake.path(upload)] <= 2


def test_a_part_that_changed_on_the_way_is_read_again(store):
    fake = FakeIndex(sidecars=False)
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))

    def changed(request):
        data = bytearray(upload.body)
        data[data.index(b"METADATA") + 20] ^= 1
        return fake._file(bytes(data), request)

    fake.faults[fake.path(upload)] = [changed]
    run_crawl(fake, store, ["h5py"])
    assert (only(store).requires, store.problems()) == (tuple(sorted(REQUIRES)), ())
    assert fake.served[fake.path(upload)] == 2


def test_directory_larger_than_the_first_tail(store):
    fake = FakeIndex(sidecars=False)
    members = [f"big/module_with_quite_a_long_name_{i:05}.py" for i in range(2000)]
    upload = fake.add("big", make_wheel("big", "1", REQUIRES, members=["big/__init__.py", *members], pad=300_000))
    run_crawl(fake, store, ["big"])
    assert (only(store).requires, only(store).imports) == (tuple(sorted(REQUIRES)), ("big",))
    assert fake.served[fake.path(upload)] <= 3


@pytest.mark.parametrize("sizes", [True, False])
def test_small_whole_wheel_where_the_host_gives_no_ranges(store, sizes):
    fake = FakeIndex(sidecars=False, ranges=False, sizes=sizes)
    fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))
    run_crawl(fake, store, ["h5py"])
    found = only(store)
    assert (found.requires, found.source, found.trust) == (tuple(sorted(REQUIRES)), "file", "verified")


@pytest.mark.parametrize("sizes", [True, False])
def test_large_wheel_without_ranges_is_not_read(store, sizes):
    fake = FakeIndex(sidecars=False, ranges=False, sizes=sizes)
    fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES, pad=3_000_000))
    summary = run_crawl(fake, store, ["h5py"])
    assert only(store).unknown == "wheel-unreadable"
    assert [one.code for one in store.problems()] == ["no-range"]
    assert summary.received < 100_000


@pytest.mark.parametrize("code", [416, 501])
def test_host_that_refuses_ranges(store, code):
    fake = FakeIndex(sidecars=False)
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))
    fake.faults[fake.path(upload)] = [status(code)]
    run_crawl(fake, store, ["h5py"])
    assert only(store).source == "file"


def test_wrong_sidecar_hash_falls_to_the_wheel(store):
    fake = FakeIndex()
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES), advertised=True)
    fake.always[fake.path(upload) + ".metadata"] = body(metadata("h5py", "3.14.0", ["evil"]))
    run_crawl(fake, store, ["h5py"])
    assert (only(store).requires, only(store).source) == (tuple(sorted(REQUIRES)), "wheel")
    assert [one.code for one in store.problems()] == ["sidecar-hash-mismatch"]
    assert fake.served[fake.path(upload) + ".metadata"] == 2


def test_hash_mismatch_once_is_asked_again(store):
    fake = FakeIndex()
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES), advertised=True)
    fake.faults[fake.path(upload) + ".metadata"] = [body(b"broken on the way")]
    run_crawl(fake, store, ["h5py"])
    assert (only(store).source, only(store).trust) == ("sidecar", "verified")
    assert store.problems() == ()


def test_sidecar_of_another_release_is_not_believed(store):
    fake = FakeIndex()
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))
    upload.sidecar = metadata("other", "3.14.0", ["evil"])
    run_crawl(fake, store, ["h5py"])
    assert (only(store).requires, only(store).source) == (tuple(sorted(REQUIRES)), "wheel")
    assert [one.code for one in store.problems()] == ["other-release"]


def test_the_best_witness_is_asked(store):
    fake = FakeIndex()
    for tag in ("cp313-cp313-win_amd64", "cp312-cp312-manylinux_2_17_x86_64", "cp313-cp313-manylinux_2_17_x86_64"):
        fake.add("h5py", make_wheel("h5py", "3.14.0", [f"dep=={tag.count('3')}"], tag=tag))
    fake.add("h5py", make_sdist("h5py", "3.14.0"))
    run_crawl(fake, store, ["h5py"])
    asked = {path for path in fake.paths() if path.startswith("/packages/")}
    assert {path.rpartition("/")[2].partition(".whl")[0] for path in asked} == {
        "h5py-3.14.0-cp313-cp313-manylinux_2_17_x86_64"
    }
    assert len(only(store).files) == 4


def test_import_names_are_read_for_the_newest_release_only(store):
    fake = FakeIndex()
    for version in ("1.0", "2.0", "3.0rc1"):
        fake.add("h5py", make_wheel("h5py", version, members=["h5py/__init__.py", "h5py_extra.py"]))
    run_crawl(fake, store, ["h5py"])
    assert {one.version: one.imports for one in store.releases()} == {
        "1.0": (),
        "2.0": ("h5py", "h5py_extra"),
        "3.0rc1": (),
    }


def test_second_wheel_where_the_first_is_broken(store):
    fake = FakeIndex(sidecars=False)
    fake.add("h5py", ("h5py-1-py3-none-any.whl", b"not a zip archive" * 9))
    fake.add("h5py", make_wheel("h5py", "1", REQUIRES, tag="cp313-cp313-manylinux_2_17_x86_64"))
    run_crawl(fake, store, ["h5py"])
    assert only(store).requires == tuple(sorted(REQUIRES))
    assert [one.code for one in store.problems()] == ["bad-archive"]


def test_static_sdist(store):
    fake = FakeIndex()
    fake.add("h5py", make_sdist("h5py", "3.14.0", requires=REQUIRES))
    run_crawl(fake, store, ["h5py"])
    assert (only(store).requires, only(store).trust) == (tuple(sorted(REQUIRES)), "claimed")


def test_dynamic_sdist_is_unknown_and_not_asked_again(store):
    fake = FakeIndex()
    fake.add("h5py", make_sdist("h5py", "3.14.0", requires=REQUIRES, dynamic=["Requires-Dist"]))
    run_crawl(fake, store, ["h5py"])
    assert (only(store).requires, only(store).unknown) == (None, "sdist-dynamic")
    assert store.problems() == ()  # it is how sdists are
    before = len(fake.log)
    run_crawl(fake, store, ["h5py"], started="2026-06-01T00:00:00Z", since="2026-06-01T00:00:00Z")
    assert len(fake.log) - before == 1


def test_unreachable_file_is_asked_again_by_the_next_crawl(store):
    fake = FakeIndex(sidecars=False)
    upload = fake.add("h5py", make_wheel("h5py", "3.14.0", REQUIRES))
    fake.always[fake.path(upload)] = reset
    fake.always[fake.path(upload) + ".metadata"] = status(503)
    run_crawl(fake, store, ["h5py"])
    assert only(store).unknown == "unreachable"
    assert [one.code for one in store.problems()] == ["sidecar-unreachable", "unreachable"]
    fake.always.clear()
    run_crawl(fake, store, ["h5py"])
    assert only(store).requires == tuple(sorted(REQUIRES))
    assert store.problems() == ()


def test_unusable_requirements_are_kept_verbatim_and_repaired_ones_are_said(store):
    fake = FakeIndex()
    text = metadata("h5py", "1", ["good>=1", "b>=7.2.0<8.0.0 ", "Worse (>1); foo.bar=='X'", "", "x" * 11_000])
    fake.add("h5py", make_wheel("h5py", "1", text=text))
    run_crawl(fake, store, ["h5py"])
    found = only(store)
    assert found.requires == ("b>=7.2.0,<8.0.0", "good>=1")
    assert found.repaired == ("missing-comma: b>=7.2.0<8.0.0 ",)
    assert found.unusable == ("Worse (>1); foo.bar=='X'", "x" * 11_000)
    assert [one.code for one in store.problems()] == ["unusable-requirement"] * 2


def test_release_with_nothing_to_read(store):
    fake = FakeIndex()
    fake.add("h5py", ("h5py-1.0.win32-py2.7.exe", b"MZ"))
    run_crawl(fake, store, ["h5py"])
    assert (only(store).version, only(store).unknown) == ("1.0", "no-readable-file")
    assert fake.paths() == ["/simple/h5py/"]


def test_releases_outside_the_depth_are_listed(store):
    fake = FakeIndex()
    for version in ("1.0", "1.1", "1.2", "2.0a1"):
        fake.add("h5py", make_wheel("h5py", version))
    fake.add("h5py", make_wheel("h5py", "1.3"), yanked="broken")
    fake.add("h5py", ("h5py-2004d.tar.gz", b"x"))
    run_crawl(fake, store, ["h5py"], newest=1, keep={"h5py": frozenset({"1.0.0", "9"})})
    found = {one.version: one for one in store.releases()}
    assert {version: one.unknown for version, one in found.items()} == {
        "2004d": "listed",
        "1.0": None,
        "1.1": "listed",
        "1.2": None,
        "1.3": "listed",
        "2.0a1": "listed",
    }
    assert found["1.3"].yanked == "broken"
    assert found["1.1"].uploaded == "2026-01-01T00:00:00Z"
    assert found["1.1"].files == ()
    assert [(one.code, one.detail) for one in store.problems()] == [("version-not-on-index", "9")]


def test_a_page_of_another_projects_files(store):
    fake = FakeIndex()
    fake.add("h5py", make_wheel("evil", "1"))
    fake.add("h5py", make_wheel("h5py", "1"))
    run_crawl(fake, store, ["h5py"])
    assert [one.version for one in store.releases()] == ["1"]
    assert [(one.file, one.code) for one in store.problems()] == [("evil-1-py3-none-any.whl", "strange-file")]


def test_nothing_is_stored_that_names_the_host(store):
    fake = FakeIndex()
    fake.add("h5py", make_wheel("h5py", "1", REQUIRES))
    fake.add("h5py", make_sdist("h5py", "0.9", {"PKG-INFO": b""}))
    run_crawl(fake, store, ["h5py", "missing"])
    rows = "\n".join(line for line in store._connection.iterdump() if not line.startswith('INSERT INTO "setting"'))
    assert "127.0.0.1" not in rows
    assert fake.url + "/" in [value for _, value in store._connection.execute("SELECT * FROM setting")]
    assert store.page("h5py").fetched_at == NOW


WINDOWS, LINUX = "cp313-cp313-win_amd64", "cp313-cp313-manylinux_2_17_x86_64"


def test_wheels_that_differ_in_their_bytes_alone():
    fake = FakeIndex()
    fake.add("h5py", make_wheel("h5py", "1", ["numpy>=1,<2", "B; os_name=='nt'"], tag=WINDOWS))
    fake.add("h5py", make_wheel("h5py", "1", ['b ; os_name == "nt"', "NumPy <2,>=1"], tag=LINUX))
    ((found, reading),) = read(fake, "h5py", audit=True)
    assert len([text for text in reading.texts if text.kind == "sidecar"]) == 2
    assert found.requires == ("NumPy <2,>=1", 'b ; os_name == "nt"')
    assert reading.problems == []


def test_wheels_that_require_different_things():
    fake = FakeIndex()
    fake.add("h5py", make_wheel("h5py", "1", ["numpy>=1"], tag=WINDOWS))
    fake.add("h5py", make_wheel("h5py", "1", ["numpy>=2"], tag=LINUX))
    fake.add("h5py", make_wheel("h5py", "1", ["numpy >= 2"], tag="cp312-cp312-manylinux_2_17_x86_64"))
    ((found, reading),) = read(fake, "h5py")
    assert reading.problems == []
    ((found, reading),) = read(fake, "h5py", audit=True)
    assert found.requires == ("numpy>=2",)
    (problem,) = reading.problems
    assert problem.code == "files-differ"
    assert WINDOWS in problem.detail
    assert "cp312-cp312-manylinux" in problem.detail


def test_an_audit_is_bounded():
    fake = FakeIndex()
    for minor in range(20):
        fake.add("h5py", make_wheel("h5py", "1", tag=f"cp3{minor}-cp3{minor}-win_amd64"))
    read(fake, "h5py", audit=True)
    assert len([path for path in fake.paths() if path.endswith(".metadata")]) == 16


def test_what_was_read_is_handed_on_as_it_was():
    fake = FakeIndex(sidecars=False)
    fake.add("h5py", make_wheel("h5py", "1", REQUIRES))
    ((_, reading),) = read(fake, "h5py")
    texts = {text.kind: text.content for text in reading.texts}
    assert texts["metadata"] == metadata("h5py", "1", REQUIRES).partition(b"\n\n")[0]
    assert texts["members"] == b"h5py/__init__.py\n"


def test_declared_import_names_save_the_directory():
    fake = FakeIndex()
    text = metadata("h5py", "1", extra=["Import-Name: h5py", "Import-Namespace: ns"], metadata_version="2.5")
    wheel = fake.add("h5py", make_wheel("h5py", "1", text=text))
    ((found, _),) = read(fake, "h5py", wants_imports=True)
    assert (found.imports, found.imports_from) == (("h5py",), "declared")
    assert fake.served[fake.path(wheel)] == 0


def test_import_names_of_the_members():
    fake = FakeIndex()
    members = ["h5py/__init__.py", "h5py.libs/x.so", "h5py-1.data/platlib/b.so", "h5py-1.data/scripts/c.py"]
    fake.add("h5py", make_wheel("h5py", "1", members=members))
    ((found, reading),) = read(fake, "h5py", wants_imports=True)
    assert (found.imports, found.imports_from) == (("b", "h5py"), "members")
    assert reading.texts[-1].content == b"h5py-1.data/platlib/b.so\nh5py/__init__.py\n"
