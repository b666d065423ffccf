"""What nixpkgs has from after the day of a question is counted, whatever way its version is written."""

from toys import current, registry

from dataset.records import Timestamp
from solver.lateversions import late_note, late_versions

DAY = Timestamp("2026-03-01T00:00:00Z")
SET = current("app 1.0", "lib 2", "old 1.0", "tip 0-unstable-2026-06-01", "gone 7")
RELEASES = registry("app 1.0 @5", "lib 1.0 @1", "lib 2.0 @3", "lib 3.0 @6", "old 1.0 @2", "old 2.0 @6")


def test_versions_of_the_current_set_from_that_day_on():
    assert late_versions(SET, RELEASES, DAY) == (("app", "1.0"), ("lib", "2"))
    assert late_versions(SET, RELEASES, Timestamp("2026-03-02T00:00:00Z")) == (("app", "1.0"),)


def test_the_note_counts_them_and_says_what_to_do():
    (several,) = late_note(SET, RELEASES, DAY)
    assert several.startswith("2 versions of the current set were uploaded on 2026-03-01 or later, such as app 1.0: ")
    assert several.endswith("; --nixpkgs takes a snapshot of then")
    (one,) = late_note(SET, RELEASES, Timestamp("2026-05-01T00:00:00Z"))
    assert one.startswith("1 version of the current set was uploaded on 2026-05-01 or later, app 1.0: a current")


def test_without_a_day_or_with_a_late_one_nothing_is_to_be_said():
    assert late_note(SET, RELEASES, None) == late_note(SET, RELEASES, Timestamp("2026-06-01T00:00:00Z")) == ()
