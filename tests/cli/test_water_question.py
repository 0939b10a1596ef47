"""The one question before a target for water."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from diaries import AT

from remind.cli.water import water_bar, with_fluid_question
from remind.errors import UsageError
from remind.store.database import Database
from remind.store.key_value import KeyValueStore

TARGET = {"water.target": "1.6 L", "water.glass": "200 ml"}


@pytest.fixture
def key_values() -> Iterator[KeyValueStore]:
    with Database.open_for_reading(Path("/none"), AT) as database:
        yield KeyValueStore(database)


def answered(monkeypatch: pytest.MonkeyPatch, *lines: str, terminal: bool = False) -> None:
    stdin = io.StringIO("".join(f"{line}\n" for line in lines))
    monkeypatch.setattr(stdin, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stdin", stdin)


def test_other_settings_ask_nothing(key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a target is a question of fluids."""
    answered(monkeypatch)
    assert with_fluid_question({"water.glass": "200 ml"}, key_values) == {"water.glass": "200 ml"}


def test_who_need_not_limit_fluids_is_asked_first(
    key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The target is set as typed."""
    answered(monkeypatch, "n")
    assert with_fluid_question(TARGET, key_values) == TARGET
    assert "heart failure, kidney disease or dialysis?" in capsys.readouterr().out


def test_who_has_to_limit_fluids_sets_the_clinicians_number(
    key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of the one typed; what makes no sense is asked again."""
    answered(monkeypatch, "y", "much", "1.2 l")
    assert with_fluid_question(TARGET, key_values) == {"water.glass": "200 ml", "water.target": "1.2 L"}


def test_without_a_number_water_reminders_are_switched_off(
    key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later target asks again; Enter keeps the answer, and then a number can be given."""
    answered(monkeypatch, "y", "")
    off = {"water.glass": "200 ml", "water.target": "", "water.enabled": "false"}
    assert with_fluid_question(TARGET, key_values) == off
    answered(monkeypatch, "", "900 ml")
    assert with_fluid_question(TARGET, key_values)["water.target"] == "900 ml"


def test_a_mistyped_yes_can_be_corrected(key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next target asks again and switches water on again; leaving the question for the number keeps no answer."""
    answered(monkeypatch, "y")
    with pytest.raises(UsageError):
        with_fluid_question(TARGET, key_values)
    answered(monkeypatch, "y", "")
    with_fluid_question(TARGET, key_values)
    answered(monkeypatch, "n")
    assert with_fluid_question(TARGET, key_values) == TARGET | {"water.enabled": "true"}


def test_a_mistyped_no_can_be_corrected(key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next target asks again at a terminal, where Enter keeps the answer; a script is not asked again."""
    answered(monkeypatch, "n")
    with_fluid_question(TARGET, key_values)
    answered(monkeypatch)
    assert with_fluid_question(TARGET, key_values) == TARGET
    answered(monkeypatch, "", terminal=True)
    assert with_fluid_question(TARGET, key_values) == TARGET
    answered(monkeypatch, "y", "1.2 L", terminal=True)
    assert with_fluid_question(TARGET, key_values)["water.target"] == "1.2 L"


def test_with_nobody_to_answer_it_is_refused(key_values: KeyValueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script cannot answer for the person."""
    answered(monkeypatch)
    with pytest.raises(UsageError, match="Set it in a terminal"):
        with_fluid_question(TARGET, key_values)


@pytest.mark.parametrize(
    ("drunk", "target", "bar"),
    [
        (0, 1600, "[....................] 0 ml of 1.6 L"),
        (750, 1600, "[#########...........] 750 ml of 1.6 L"),
        (2000, 1600, "[####################] 2 L of 1.6 L"),
        (300, None, "300 ml today"),
    ],
)
def test_the_bar_is_full_at_the_target(drunk: int, target: int | None, bar: str) -> None:
    """And no longer than that."""
    assert water_bar(drunk, target) == bar
