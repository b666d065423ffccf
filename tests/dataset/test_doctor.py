"""Does the doctor find each kind of damage, mend what can be mended, and leave a whole dataset alone?"""

import sqlite3
from contextlib import closing

import pytest

from dataset.crawlstate import SourceText
from dataset.doctor import examine
from dataset.records import File, Release
from dataset.store import Store
from normalize.errors import UsageError

RELEASES = (
    Release(project="a", version="1.9", requires=("x",), source="wheel", trust="verified", files=(File(name="a.whl"),)),
    Release(project="a", version="1.10", unknown="listed"),
    Release(project="b", version="1", requires=(), source="wheel", trust="verified"),
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "x.sqlite"
    with Store.create(path) as store:
        store.put(RELEASES, texts=[SourceText(project="a", version="1.9", file="a.whl", kind="metadata", content=b"x")])
        store.keep_digest()
    return path


def damage(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        for statement in statements:
            connection.execute(statement)


def codes(findings):
    return [one.code for one in findings]


def test_a_whole_dataset_has_no_findings_and_is_left_alone(path):
    before = path.read_bytes()
    assert examine(path, repair=False) == ()
    assert path.read_bytes() == before
    assert examine(path, repair=True) == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE release SET place = 'z' WHERE version = '1.9'", "misplaced-release"),
        ("UPDATE source SET content = x'00'", "damaged-text"),
        ("UPDATE setting SET value = 'ab' WHERE key = 'digest'", "stale-digest"),
    ],
)
def test_what_can_be_mended_is_mended(path, statement, code):
    damage(path, statement)
    (found,) = [one for one in examine(path, repair=False) if one.code == code]
    assert found.mending
    assert not found.mended
    assert code in codes(one for one in examine(path, repair=True) if one.mended)
    assert examine(path, repair=False) == ()
    with Store.open(path) as store:
        assert tuple(store.releases()) == RELEASES
        assert store.digest() == store.setting("digest")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE facts SET said = replace(said, '\"x\"', '\"y\"')", "wrong-facts"),
        ("UPDATE facts SET said = 'no JSON' WHERE unknown IS NULL", "wrong-facts"),
        ("UPDATE facts SET unknown = 'listed' WHERE said LIKE '%\"x\"%'", "unlawful-facts"),
        ("UPDATE facts SET unknown = 'odd' WHERE unknown = 'listed'", "unlawful-facts"),
        ("DELETE FROM facts WHERE unknown = 'listed'", "dangling-row"),
        ("DELETE FROM project WHERE name = 'b'", "dangling-row"),
        ("DELETE FROM files", "dangling-row"),
        ("UPDATE files SET said = '[{'", "damaged-files"),
        ("UPDATE project SET name = 'A_b' WHERE name = 'b'", "odd-name"),
        ("UPDATE project SET name = '../b' WHERE name = 'b'", "odd-name"),
    ],
)
def test_what_only_the_index_can_mend_is_found_and_left(path, statement, code):
    damage(path, statement)
    found = [one for one in examine(path, repair=False) if one.code == code]
    assert len(found) == 1
    assert found[0].mending == ""
    assert code in codes(one for one in examine(path, repair=True) if not one.mended)


def test_what_takes_space_is_harmless_and_deleted(path):
    with Store.create(path) as store:
        store.put([Release(project="b", version="1", requires=("new",), source="wheel", trust="verified")])
        store.keep_digest()
    (found,) = examine(path, repair=False)
    assert (found.code, found.harmless, found.number) == ("unused-facts", True, 1)
    assert examine(path, repair=True)[0].mended
    assert examine(path, repair=False) == ()


def test_a_damaged_file_is_a_finding_not_a_crash(path):
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    path.write_bytes(content)
    (found,) = examine(path, repair=False)
    assert (found.code, found.mending) == ("damaged-file", "")


def test_many_cases_are_told_by_a_few(path):
    with Store.create(path) as store:
        store.put([Release(project="c", version=str(i), unknown="listed") for i in range(9)])
    damage(path, "UPDATE release SET place = 'z' || version WHERE project_id = 3")
    found = next(one for one in examine(path, repair=False) if one.code == "misplaced-release")
    assert found.number == 9
    assert found.detail == "c 0; c 1; c 2; c 3; c 4 and 4 more"


def test_no_dataset_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no dataset"):
        examine(tmp_path / "gone", repair=True)
    assert not (tmp_path / "gone").exists()
