"""The diary as a set of rows: what counts, and how diaries are merged."""

from datetime import date, datetime, timedelta, timezone

import msgspec
import pytest
from diaries import AT, cramp, drink, families, medicine, note, quiet, said, stretch, untimed
from hypothesis import given

from remind.core.diary import (
    Cramp,
    Row,
    Undo,
    corrected,
    current_entries,
    merged,
    night_begin,
    night_of,
    night_of_cramp,
    night_of_entry,
    place_in_time,
    removal,
)

MINUTE = timedelta(minutes=1)
BERLIN_WINTER = timezone(timedelta(hours=1))


def undo(row: Row) -> Undo:
    return Undo(**said(replaces=row.id))


@pytest.mark.parametrize(
    ("wall", "night"),
    [("22T12:00", 22), ("22T23:59", 22), ("23T00:00", 22), ("23T03:10", 22), ("23T11:59", 22), ("23T12:00", 23)],
)
def test_a_night_is_from_noon_to_noon_and_named_after_its_evening(wall: str, night: int) -> None:
    """The offset of the time itself decides, wherever the diary is read."""
    for hours in (-11, 0, 1, 14):
        at = datetime.fromisoformat(f"2026-11-{wall}").replace(tzinfo=timezone(timedelta(hours=hours)))
        assert night_of(at) == date(2026, 11, night)


def test_a_time_without_an_offset_has_no_night() -> None:
    """Nothing says where it was."""
    with pytest.raises(ValueError, match="has no offset"):
        night_of(datetime(2026, 11, 22, 3, 10))  # noqa: DTZ001


def test_a_night_begins_within_itself() -> None:
    """The noon at which a night begins is part of it."""
    begin = night_begin(date(2026, 11, 22), BERLIN_WINTER)
    assert (begin, night_of(begin)) == (datetime(2026, 11, 22, 12, tzinfo=BERLIN_WINTER), date(2026, 11, 22))


def test_entries_stand_by_time_however_they_were_written() -> None:
    """An entry for an earlier time comes first, even if it was written later."""
    late, early = drink(), drink(at=AT - MINUTE)
    assert current_entries([late, early]) == [early, late]


def test_a_cramp_has_a_time_or_a_night() -> None:
    """Both would be one too many, and without either nobody knows when it was."""
    for when in ({"at": AT, "night": AT.date()}, {"at": None}):
        with pytest.raises(ValueError, match="either a time or"):
            Cramp(**{**said(), **when})
    assert night_of_cramp(cramp()) == night_of_cramp(untimed(date(2026, 11, 21))) == date(2026, 11, 21)


def test_an_entry_belongs_to_a_night_unless_it_is_of_the_day() -> None:
    """A drink counts by the date and a medicine by its days, and each of the others has its night."""
    night = date(2026, 11, 21)
    of_nights = [cramp(), untimed(night), quiet(night, at=AT + timedelta(days=3)), stretch(), note()]
    assert [night_of_entry(one) for one in of_nights] == [night] * 5
    assert [night_of_entry(one) for one in (drink(), medicine(night))] == [None, None]


@pytest.mark.parametrize("hours", [-12, -5, 0, 5, 12])
def test_a_cramp_without_a_time_is_sorted_into_its_night(hours: int) -> None:
    """In nearly every zone, it comes after the evening before it and before the noon after it."""
    zone, night = timezone(timedelta(hours=hours)), date(2026, 11, 21)
    one = untimed(night)
    assert night_begin(night, zone) <= place_in_time(one) <= night_begin(night + timedelta(days=1), zone)
    before = drink(at=night_begin(night, zone) - MINUTE)
    assert current_entries([one, before]) == [before, one]


def test_a_cramp_without_a_time_is_removed_at_the_time_of_removing() -> None:
    """Its removal needs a time, and none is made up."""
    assert removal(untimed(date(2026, 11, 21)), "gone", AT).at == AT


def test_a_medicine_is_sorted_by_its_first_day_and_ends_on_or_after_it() -> None:
    """It has no time of day."""
    first, later = medicine(date(2026, 11, 1), written_at=AT), medicine(date(2026, 11, 2))
    assert current_entries([later, first]) == [first, later]
    assert medicine(date(2026, 11, 1), date(2026, 11, 1)).at is None
    with pytest.raises(ValueError, match="before it began"):
        medicine(date(2026, 11, 2), date(2026, 11, 1))


def test_a_correction_stands_for_what_it_corrects() -> None:
    """The last correction counts, even if the clock was set back before it."""
    first = cramp(severity=3)
    second = corrected(first, "second", AT + MINUTE, severity=4)
    third = corrected(second, "third", AT - MINUTE, severity=5)
    assert current_entries([third, first, second]) == [third]
    assert (third.severity, third.replaces) == (5, first.id)


def test_a_correction_counts_though_its_machine_is_behind() -> None:
    """An entry never goes before its own correction."""
    first = drink()
    late = msgspec.structs.replace(corrected(first, "late", AT, amount_ml=300), written_at=AT - timedelta(days=1))
    assert current_entries([first, late]) == [late]


def test_a_removal_takes_away_and_a_later_correction_brings_back() -> None:
    """The last correction or removal of an entry counts."""
    first = drink()
    gone = removal(first, "gone", AT + MINUTE)
    assert current_entries([first, gone]) == []
    back = corrected(first, "back", AT + 2 * MINUTE, amount_ml=100)
    assert current_entries([first, gone, back]) == [back]


def test_undo_takes_back_the_very_row() -> None:
    """After undoing an entry, a correction or a removal, what it replaced counts again."""
    first = drink()
    change = corrected(first, "change", AT, amount_ml=300)
    gone = removal(change, "gone", AT + MINUTE)
    assert current_entries([first, undo(first)]) == []
    assert current_entries([undo(first), first, other := drink(100)]) == [other]
    assert current_entries([first, change, undo(change)]) == [first]
    assert current_entries([first, change, gone, undo(gone)]) == [change]
    assert current_entries([first, change, gone, undo(gone), undo(change)]) == [first]


def test_entries_of_other_threads_are_left_alone() -> None:
    """Correcting one entry leaves the others as they are."""
    one, other = stretch(), quiet(date(2026, 11, 20))
    assert current_entries([one, other, removal(one, "gone", AT)]) == [other]


@pytest.mark.slow
@given(families())
def test_merging_is_commutative_associative_and_idempotent(diaries: list[list[Row]]) -> None:
    """Any number of machines can exchange diaries in any order, any number of times."""
    a, b, c = diaries
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c))
    assert merged(a, a) == merged(a)
    assert {row.id for row in merged(a, b)} == {row.id for row in (*a, *b)}


@given(families(1))
def test_what_stands_does_not_depend_on_the_order_of_rows(diaries: list[list[Row]]) -> None:
    """Only rows that were written can be entries."""
    (rows,) = diaries
    found = current_entries(rows)
    assert current_entries(reversed(rows)) == found
    assert all(entry in rows for entry in found)


def test_merged_rows_are_in_the_order_of_writing_with_corrections_last() -> None:
    """A correction from a slow clock still comes after what it corrects."""
    first, second = drink(written_at=AT), drink(written_at=AT + MINUTE)
    slow = msgspec.structs.replace(corrected(first, "slow", AT), written_at=AT - MINUTE)
    assert merged([slow, second], [first]) == [first, second, slow]


def test_a_correction_is_written_now_or_just_after_what_it_corrects() -> None:
    """It keeps the first id, even if it corrects a correction, and so does a removal."""
    first = drink(written_at=AT)
    later, soonest = AT + MINUTE, AT + timedelta(microseconds=1)
    assert [corrected(first, "x", now).written_at for now in (later, AT, AT - MINUTE)] == [later, soonest, soonest]
    second = corrected(first, "second", later, amount_ml=300)
    assert (second.id, second.amount_ml, second.replaces) == ("second", 300, first.id)
    gone = removal(second, "gone", later + MINUTE)
    assert (gone.id, gone.at, gone.written_at, gone.replaces) == ("gone", first.at, later + MINUTE, first.id)


def test_one_id_with_two_contents_is_refused() -> None:
    """One of the two was changed by hand, and nothing shows which."""
    one = drink()
    with pytest.raises(ValueError, match=one.id):
        merged([one], [msgspec.structs.replace(one, amount_ml=1)])


@given(families(1))
def test_a_row_comes_back_from_json_as_it_was(diaries: list[list[Row]]) -> None:
    """The offset and any note survive."""
    (rows,) = diaries
    back = msgspec.json.decode(msgspec.json.encode(rows), type=list[Row])
    assert back == rows
    assert [row.at and row.at.utcoffset() for row in back] == [row.at and row.at.utcoffset() for row in rows]
