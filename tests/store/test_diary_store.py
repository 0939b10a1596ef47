"""The diary in the database."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from diaries import AT, cramp, drink, families, quiet, stretch, untimed
from hypothesis import given

from remind.core.diary import Cramp, Drink, Removal, Row, Stretch, Undo, corrected, current_entries, merged, removal
from remind.store.database import Database
from remind.store.diary import Diary, new_id
from remind.store.errors import StoreError

HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "remind.db", AT) as database:
        yield database


@pytest.fixture
def diary(database: Database) -> Diary:
    return Diary(database)


@given(families(1))
def test_rows_come_back_as_they_were_written(diaries: list[list[Row]]) -> None:
    """Every kind and field comes back, with its offset, in the order of writing."""
    (rows,) = diaries
    with Database.open_for_reading(Path("/none"), AT) as memory:
        for row in rows:
            Diary(memory).add(row)
        back = Diary(memory).rows()
    assert back == rows
    assert [row.at and row.at.utcoffset() for row in back] == [row.at and row.at.utcoffset() for row in rows]


@given(families())
def test_merging_into_a_database_is_merging(diaries: list[list[Row]]) -> None:
    """In any order and any number of times, the same entries count as in the core."""
    with Database.open_for_reading(Path("/none"), AT) as memory:
        for rows in (*diaries, *diaries):
            Diary(memory).merge(rows)
        assert merged(Diary(memory).rows()) == merged(*diaries)
        assert Diary(memory).entries() == current_entries(merged(*diaries))


def test_entries_are_given_by_time_and_by_kind(diary: Diary) -> None:
    """A range includes its start and excludes its end."""
    early, late = drink(at=AT), drink(at=AT + HOUR)
    for row in (late, cramp(at=AT), early):
        diary.add(row)
    assert diary.of(Drink) == [early, late]
    assert diary.of(Drink, AT, AT + HOUR) == [early]
    assert {type(entry) for entry in diary.entries(AT, AT + HOUR)} == {Cramp, Drink}


def test_an_entry_moved_by_a_correction_is_found_where_it_is_now(diary: Diary) -> None:
    """It is no longer found where it was."""
    first = drink()
    moved = corrected(first, new_id(), AT, at=AT - 24 * HOUR)
    diary.add(first)
    diary.add(moved)
    assert diary.of(Drink, AT, AT + HOUR) == []
    assert diary.of(Drink, AT - 25 * HOUR, AT) == [moved]


def test_a_cramp_without_a_time_is_found_in_its_night(diary: Diary) -> None:
    """A time can be given later, and taken away again."""
    night = AT.date() - timedelta(days=1)
    first = untimed(night)
    diary.add(first)
    assert diary.of(Cramp, AT - 12 * HOUR, AT + 12 * HOUR) == [first]
    timed = corrected(first, new_id(), AT, at=AT, night=None)
    diary.add(timed)
    assert diary.of(Cramp, AT, AT + HOUR) == [timed]
    diary.add(corrected(timed, new_id(), AT, at=None, night=night))
    assert [(one.at, one.night) for one in diary.of(Cramp)] == [(None, night)]


def test_a_cramp_that_an_earlier_version_wrote_is_read(database: Database, diary: Diary) -> None:
    """It stands for one cramp, and says no more than it did."""
    one = cramp(severity=3)
    diary.add(one)
    with database.transaction() as connection:
        connection.execute(
            "UPDATE diary SET details = ?", ('{"leg":null,"severity":3,"minutes":null,"woke":null,"note":""}',)
        )
    assert diary.entries() == [one]


def test_the_last_session_is_the_one_that_ended_last(diary: Diary) -> None:
    """Removed ones don't count; before the first there is None."""
    assert diary.last_stretch() is None
    sessions = [stretch(at=AT + number * HOUR) for number in range(4)]
    for session in reversed(sessions):
        diary.add(session)
    assert diary.last_stretch() == sessions[3]
    diary.add(removal(sessions[3], new_id(), AT))
    diary.add(removal(sessions[2], new_id(), AT))
    assert diary.last_stretch() == sessions[1]


def test_undo_goes_back_step_by_step(diary: Diary) -> None:
    """Each undo takes the entry before, corrections and removals first, until nothing is left."""
    first = cramp(severity=3)
    change = corrected(first, new_id(), AT, severity=4)
    gone = removal(change, new_id(), AT)
    for row in (first, change, gone):
        diary.add(row)
    for taken, left in ((gone, [change]), (change, [first]), (first, []), (None, [])):
        assert diary.undo(AT) == taken
        assert diary.entries() == left
    assert diary.rows()[:3] == [first, change, gone]


def test_undo_leaves_alone_what_was_imported(diary: Diary) -> None:
    """It undoes what was written here, even if another machine wrote later."""
    own = drink()
    diary.add(own)
    diary.merge([drink(at=AT + HOUR)])
    assert diary.undo(AT) == own
    assert diary.undo(AT) is None


def test_an_imported_undo_of_nothing_leaves_undo_as_it_was(diary: Diary) -> None:
    """A file may contain an undo that names no row."""
    own = drink()
    diary.add(own)
    diary.merge([Undo(id=new_id(), at=AT, written_at=AT)])
    assert diary.undo(AT) == own


def test_merging_restores_a_row_that_cannot_be_read_here(database: Database, diary: Diary) -> None:
    """An earlier export still has the row; a file that is refused restores nothing."""
    damaged, own = drink(), drink()
    for row in (damaged, own):
        diary.add(row)
    with database.transaction() as connection:
        connection.execute("UPDATE diary SET details = '{}' WHERE id = ?", (damaged.id,))
    with pytest.raises(StoreError, match="other contents"):
        diary.merge([damaged, msgspec.structs.replace(own, amount_ml=1)])
    assert diary.entries() == [own]
    assert diary.merge([damaged, own]) == 1
    assert (diary.entries(), diary.left_out) == (sorted([damaged, own], key=lambda row: row.id), {})


def test_merging_returns_how_many_are_new(diary: Diary) -> None:
    """The second time, none are new."""
    rows = [drink(), quiet(date(2026, 11, 20)), stretch()]
    assert (diary.merge(rows), diary.merge(rows)) == (3, 0)


def test_merging_a_contradicting_row_adds_nothing(diary: Diary) -> None:
    """No row is overwritten, and none of the others is added."""
    own = drink()
    diary.add(own)
    with pytest.raises(StoreError, match=f"{own.id} has other contents"):
        diary.merge([cramp(), msgspec.structs.replace(own, amount_ml=1)])
    assert diary.rows() == [own]


def test_a_row_is_written_once(diary: Diary) -> None:
    """A second row with the same id is a programming error, and the first stays."""
    row = drink()
    diary.add(row)
    with pytest.raises(Exception, match="UNIQUE"):
        diary.add(msgspec.structs.replace(row, amount_ml=1))
    assert diary.rows() == [row]


def test_a_session_is_written_with_what_belongs_to_it_or_not_at_all(database: Database, diary: Diary) -> None:
    """`add_in` is a part of the transaction around it."""

    def write_and_fail() -> None:
        with database.transaction() as connection:
            diary.add_in(connection, stretch())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert diary.of(Stretch) == []


@pytest.mark.parametrize("details", ["{}", "[1]", "7", '{"amount_ml": -1}', '{"amount_ml": "two"}'])
def test_an_unreadable_entry_is_reported_and_skipped(database: Database, diary: Diary, details: str) -> None:
    """The others are read, also those that correct it, and the unreadable one is reported."""
    broken, good = drink(), drink()
    for row in (broken, good, Removal(id=new_id(), at=broken.at, written_at=broken.at, replaces=broken.id)):
        diary.add(row)
    with database.transaction() as connection:
        connection.execute("UPDATE diary SET details = ? WHERE id = ?", (details, broken.id))
    assert diary.entries() == [good]
    assert [*diary.left_out] == [broken.id]
    assert f"entry {broken.id} cannot be read" in diary.left_out[broken.id]


@pytest.mark.parametrize("at", [b"2026-11-2x", b"2026-11-22\xff"])
def test_an_entry_with_a_flipped_bit_is_skipped(database: Database, diary: Diary, at: bytes) -> None:
    """The check of the database finds none in a text."""
    broken, good = stretch(), stretch()
    for row in (good, broken):
        diary.add(row)
    with database.transaction() as connection:
        connection.execute("UPDATE diary SET at = CAST(? AS TEXT) WHERE id = ?", (at, broken.id))
    assert diary.rows() == [good]
    assert diary.last_stretch() == good
    assert [*diary.left_out] == [broken.id]


def test_an_invalid_entry_is_not_written(diary: Diary) -> None:
    """It could not be read again."""
    row = drink()
    with pytest.raises(StoreError, match=r"this entry can\'t be written: .*amount_ml"):
        diary.add(msgspec.structs.replace(row, amount_ml=0))
    assert diary.entries() == []


def test_ids_are_short_and_do_not_meet() -> None:
    """Their ten letters can be told apart when read aloud."""
    ids = {new_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(len(one) == 10 and not set(one) & set("ilou") for one in ids)
