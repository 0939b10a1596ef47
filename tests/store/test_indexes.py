"""What every command and every fire time asks of the database is found through an index, however long the diary is."""

from datetime import timedelta
from pathlib import Path

import pytest
from rules import at, calendar

from remind.core.diary import Cramp, Stretch
from remind.store.database import Database
from remind.store.schedule import Schedule
from remind.store.store import Store

NOW = at("21:00")


@pytest.mark.parametrize("reminder", ["stretch", "water", "night"])
def test_no_query_reads_the_whole_ledger_or_diary(tmp_path: Path, reminder: str) -> None:
    """Each of them searches, so `status` and one showing take no longer after a hundred years."""
    asked: list[str] = []
    with Database.open(tmp_path / "remind.db", NOW) as database:
        store = Store(database)
        schedule = Schedule(store, calendar("[night]\nenabled = true\n[water]\ntarget = '1.6 L'\n"))
        with database.transaction() as connection:
            connection.set_trace_callback(asked.append)
            schedule.entries(reminder, NOW, look_back=True)
            schedule.drinks(NOW)
            store.diary.last_stretch()
            store.diary.of(Stretch, NOW - timedelta(days=1), NOW)
            store.diary.of(Cramp, NOW - timedelta(days=1), NOW)
            store.diary.entries(NOW - timedelta(days=1), NOW)
            store.ledger.by_handle("7")
            connection.set_trace_callback(None)
            for statement in asked:
                plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
                assert not [step for step in plan if step in ("SCAN diary", "SCAN event")], statement
    assert len(asked) > 10
