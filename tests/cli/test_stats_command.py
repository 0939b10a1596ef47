"""`remind stats`: the same figures as a picture, in sentences and as JSON."""

import pytest
from cli_runner import Person


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
    assert lines[4].startswith("First 14 nights: 1 of 2 nights with a cramp, 12 not logged")
    assert lines[5].startswith("All since: 0 of 1 night with a cramp, 6 not logged")
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
    assert "nights logged           2 of 14 (14%)       1 of 7 (14%)" in lines
    assert "mean severity of 10     6                   –" in lines


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
