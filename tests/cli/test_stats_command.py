"""`remind stats`: the same figures as a picture, in sentences and as JSON."""

from datetime import timedelta
from typing import Any

import pytest
from cli_runner import Person
from diaries import untimed

from remind.core.diary import LEGS


@pytest.fixture
def kept(person: Person) -> Person:
    """Three weeks, sparsely kept."""
    for day, words in (
        ("2026-11-02 08:00", ("log", "cramp", "--at", "03:00", "--severity", "6", "--minutes", "5")),
        ("2026-11-04 08:00", ("log", "none")),
        ("2026-11-03 22:00", ("log", "stretch")),
        ("2026-11-20 08:00", ("log", "none")),
        ("2026-11-21 22:00", ("log", "stretch")),
        ("2026-11-22 15:00", ("drink", "500 ml")),
    ):
        person.at(day).types(*words)
    return person.at("2026-11-22 21:00")


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))


@pytest.mark.parametrize(("columns", "weeks"), [(80, True), (79, False), (40, False)])
def test_it_fits_the_terminal(kept: Person, monkeypatch: pytest.MonkeyPatch, columns: int, weeks: bool) -> None:
    """As a picture from 80 columns on, however much was drunk; in wrapped sentences on a narrower one."""
    kept.types("drink", "9.999 L")
    on_a_terminal(monkeypatch, columns)
    out = kept.types("stats").out
    assert max(map(len, out.splitlines())) <= columns
    assert ("Mo Tu We" in out) == weeks


def test_in_sentences_where_there_is_no_terminal(kept: Person) -> None:
    """Weeks from the first entry on, the missing nights named, and no word of cause."""
    lines = kept.types("stats").out.splitlines()
    assert lines[0] == (
        "Week of 2026-10-26: 1 of 1 night with a cramp, 0 not logged, 1 cramp, mean severity 6 of 10, "
        "5 min of cramps, stretched on 0 of 1 evening."
    )
    assert "stretched on 1 of 6 evenings; 500 ml on 1 day." in lines[3]
    assert lines[4].startswith("First 2 weeks: 1 of 2 nights with a cramp, 12 not logged")
    assert lines[5].startswith("Since then: 0 of 1 night with a cramp, 6 not logged")
    assert lines[6].endswith("say nothing about a cause.")


def test_as_a_picture_on_a_terminal(kept: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row a week: each night with its cramp and stretch, then the bars."""
    on_a_terminal(monkeypatch, 80)
    lines = kept.types("stats", "--weeks", "5").out.splitlines()
    assert lines[1:5] == [
        "2026-10-26                    x   █       1 of 1  ░       0 of 1",
        "2026-11-02  .  o+ .  .  .  .  .   ░       0 of 1  █░░░░░░ 1 of 7",
        "2026-11-09  .  .  .  .  .  .  .                   ░░░░░░░ 0 of 7",
        "2026-11-16  .  .  .  o  .  .+     ░       0 of 1  █░░░░░  1 of 6  500 ml a day",
    ]
    assert lines[9:14] == [
        "                         first 2 weeks     since then",
        "nights logged            2 of 14           1 of 7",
        "nights with a cramp      1 (3.5 a week)    0 (0 a week)",
        "cramps                   1 (3.5 a week)    0 (0 a week)",
        "severity, 0–10           6                 –",
    ]
    assert not any(line.startswith("soreness") for line in lines)


def test_after_twelve_weeks_it_says_how_sure_the_counts_are(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 80 columns, whatever there is to show, with the first weeks, the time since and the last weeks in columns."""
    app, first = person.app(), person.now.date() - timedelta(days=90)
    given: dict[str, Any] = {"place": "calf", "severity": 4, "disturbance": 10, "soreness": 0, "count": 20}
    app.store.diary.merge(untimed(first + timedelta(days=day), leg=LEGS[day % 3], **given) for day in range(90))
    app.close()
    on_a_terminal(monkeypatch, 80)
    out = person.types("stats").out
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "                         first 2 weeks     since then        last 4 weeks" in lines
    assert "leg                      left 100, right   left 500, right   left 180, right" in lines
    assert "                         100, both 80      500, both 520     180, both 200" in lines
    assert "In the last 4 weeks, 28 of 28: 7 a week, likely between 4.7 and 7 (95% interval)." in " ".join(lines)
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert "The two ranges overlap" in person.types("stats").out


def test_as_json_with_every_week_that_was_asked_for(kept: Person) -> None:
    """The same figures under names with their units."""
    found = kept.types("stats", "--weeks", "2", "--json").json
    assert [week["tally"]["first"] for week in found["weeks"]] == ["2026-11-09", "2026-11-16"]
    assert found["weeks"][1]["water"] == {"amount_ml": 500, "days": 1}
    assert (found["baseline"]["minutes"], found["since"]["evenings_stretched"]) == (5, 1)


def test_of_an_empty_diary(person: Person) -> None:
    """A line that says how to begin, and nothing made."""
    assert person.types("stats").out.startswith("The diary is empty")
    assert person.types("stats", "--json").json["baseline"] is None
    assert not person.folders.data.exists()
