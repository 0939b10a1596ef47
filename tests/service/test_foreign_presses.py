"""Presses on the notifications of other programs, which a listening service overhears."""

import logging
from pathlib import Path

import pytest
from rules import at, calendar

from remind.service.button_actions import ButtonActions
from remind.settings import model
from remind.store.database import Database
from remind.store.schedule import Schedule
from remind.store.store import Store


def test_the_press_on_another_programs_button_is_ignored(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is neither logged, since its text is nobody's business, nor taken for an answer."""
    caplog.set_level(logging.DEBUG)
    now = at("22:00")
    store = Store(Database.open(tmp_path / "remind.db", now))
    unheard = 3 * [lambda *_: pytest.fail("something was started")]
    buttons = ButtonActions(store, Schedule(store, calendar()), model.check({}, Path()), *unheard)
    assert buttons.pressed("bus/:1.7/5", "start", None, now) is None
    assert caplog.records == []
    store.database.close()
