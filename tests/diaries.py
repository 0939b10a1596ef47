"""Diaries for tests: rows of every kind, made by hand or by hypothesis."""

from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Any

import msgspec
from hypothesis import strategies as st

from remind.core.diary import Cramp, Drink, QuietNight, Removal, Row, Stretch, Undo

AT = datetime(2026, 11, 22, 3, 10, tzinfo=timezone(timedelta(hours=1)))
_NUMBERS = count(1)


def said(**more: Any) -> dict[str, Any]:
    """What every row says, with an id of its own."""
    at = more.get("at", AT)
    return {"id": f"id-{next(_NUMBERS)}", "at": at, "written_at": at, **more}


def drink(amount_ml: int = 200, **more: Any) -> Drink:
    return Drink(amount_ml=amount_ml, **said(**more))


def cramp(**more: Any) -> Cramp:
    return Cramp(**said(**more))


def quiet(night: date, **more: Any) -> QuietNight:
    return QuietNight(night=night, **said(**more))


def stretch(complete: bool = True, **more: Any) -> Stretch:
    held = 120 if complete else 60
    return Stretch(routine="wall-calf", planned_s=120, held_s=held, complete=complete, **said(**more))


_OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=_OFFSETS)  # noqa: DTZ001
_IDS = st.sampled_from("abcdefgh")


@st.composite
def _rows(draw: st.DrawFn) -> Row:
    common: dict[str, Any] = {
        "id": draw(st.text("0123456789abcdef", min_size=6, max_size=6)),
        "at": draw(_INSTANTS),
        "written_at": draw(_INSTANTS),
        "replaces": draw(st.none() | _IDS),
    }
    kind = draw(st.sampled_from([Stretch, Cramp, QuietNight, Drink, Removal, Undo]))
    if kind is Stretch:
        return Stretch(routine=draw(st.text(max_size=20)), planned_s=120, held_s=60, complete=False, **common)
    if kind is Cramp:
        severity = draw(st.none() | st.integers(0, 10))
        return Cramp(
            leg=draw(st.sampled_from(["left", None])), severity=severity, note=draw(st.text(max_size=20)), **common
        )
    if kind is QuietNight:
        return QuietNight(night=draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))), **common)
    if kind is Drink:
        return Drink(amount_ml=draw(st.integers(1, 10_000)), **common)
    return kind(**{**common, "replaces": draw(_IDS)})


@st.composite
def families(draw: st.DrawFn, machines: int = 3) -> list[list[Row]]:
    """The diaries of several machines: different rows under different ids, some of them on more than one machine."""
    rows = {row.id: row for row in draw(st.lists(_rows(), max_size=12))}
    first = list(rows.values())[:8]
    # Corrections point to what is there, as they do in life.
    renamed = {row.id: letter for row, letter in zip(first, "abcdefgh", strict=False)}
    pool = [_renamed(row, renamed) for row in rows.values()]
    return [
        draw(st.lists(st.sampled_from(pool), unique_by=lambda row: row.id)) if pool else [] for _ in range(machines)
    ]


def _renamed(row: Row, renamed: dict[str, str]) -> Row:
    return msgspec.structs.replace(row, id=renamed.get(row.id, row.id))
