"""`remind done`, `snooze`, `skip`, `pause` and `resume`, and what `status` and `why` make of them."""

import pytest
from cli_runner import Person


def tonight(person: Person) -> tuple[str, str]:
    """State and reason of the evening's stretch."""
    found = person.types("status", "--json").json["tonight"]
    return found["state"], found["reason"]


def test_done_answers_what_is_due(person: Person) -> None:
    """The only thing due is meant without being named."""
    said = person.at("22:05").types("done")
    assert (said.code, said.out) == (0, "Done: stretch, due at 22:00.\n")
    assert tonight(person) == ("answered", "done at 22:05")


def test_done_with_nothing_due_is_an_expected_failure(person: Person) -> None:
    """Nothing is written, and the line says where to look."""
    said = person.at("21:00").types("done")
    assert said.code == 1
    assert said.err == "remind: nothing is due now. `remind status` shows what comes next.\n"
    assert person.types("history", "--json").json == []


def test_the_stretch_can_be_answered_ahead_from_noon_on(person: Person) -> None:
    """ "Not tonight", said in the afternoon, holds for the evening."""
    assert person.at("15:00").types("skip", "stretch").code == 0
    assert tonight(person.at("22:30")) == ("answered", "skipped at 15:00")


def test_an_answer_is_given_once(person: Person) -> None:
    """What is answered is not due any more."""
    person.at("22:05").types("skip")
    assert person.types("done").code == 1


def test_two_due_reminders_must_be_told_apart(person: Person) -> None:
    """The line names both; naming one answers that one alone."""
    person.writes_settings('[reminder.tea]\ntitle = "Tea"\nat = ["22:00"]\n')
    said = person.at("22:05").types("done")
    assert said.code == 2
    assert "stretch and tea are due" in said.err
    assert person.types("done", "tea").code == 0
    assert tonight(person)[0] == "open"


def test_snooze_takes_the_length_of_the_settings_or_the_one_given(person: Person) -> None:
    """Ten minutes by default; "20 min" needs no quotes."""
    assert person.at("22:01").types("snooze").out == "Snoozed: stretch rings again at 22:11.\n"
    assert person.at("22:02").types("snooze", "20", "min").out == "Snoozed: stretch rings again at 22:22.\n"
    assert person.at("22:03").types("snooze", "stretch", "1h").out == "Snoozed: stretch rings again at 23:03.\n"
    assert tonight(person) == ("open", "snoozed until 23:03")


def test_a_snooze_past_the_end_says_what_happens_instead(person: Person) -> None:
    """It rings once more when it expires, and then no more."""
    said = person.at("23:00").types("snooze", "2h")
    assert said.code == 0
    assert "expires at 23:30 and rings a last time then" in said.out
    assert tonight(person) == ("open", "snoozed until 23:30")


@pytest.mark.parametrize("length", ["0 s", "13 h", "soon", "-5 min", "5", ""])
def test_a_length_that_is_none_is_refused(person: Person, length: str) -> None:
    """Exit code 2, one line, nothing written."""
    said = person.at("22:05").types("snooze", "stretch", length)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert tonight(person)[0] == "open"


def test_an_unknown_reminder_is_reported_with_the_nearest_name(person: Person) -> None:
    """A typing slip costs one line."""
    said = person.at("22:05").types("done", "strech")
    assert said.code == 2
    assert "Did you mean 'stretch'?" in said.err


@pytest.mark.parametrize(
    ("words", "until"),
    [
        (("2h",), "2026-11-22T23:00:00+01:00"),
        (("90", "min"), "2026-11-22T22:30:00+01:00"),
        (("until", "23:15"), "2026-11-22T23:15:00+01:00"),
        (("until", "14:00"), "2026-11-23T14:00:00+01:00"),
        (("until", "morning"), "2026-11-23T07:00:00+01:00"),
        (("until", "tomorrow", "6.30"), "2026-11-23T06:30:00+01:00"),
        (("until", "Fri 27 Nov 07:00"), "2026-11-27T07:00:00+01:00"),
    ],
)
def test_a_pause_has_an_end_and_status_names_it(person: Person, words: tuple[str, ...], until: str) -> None:
    """A length, a time of day that comes next, or the next waking."""
    assert person.types("pause", *words).code == 0
    assert person.types("status", "--json").json["paused_until"] == until


@pytest.mark.parametrize("words", [(), ("until",), ("until", "25:00"), ("for", "ever"), ("0 s",), ("200 d",), ("-1h",)])
def test_a_pause_without_an_end_is_refused(person: Person, words: tuple[str, ...]) -> None:
    """Exit code 2; nothing is paused."""
    said = person.types("pause", *words)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert person.types("status", "--json").json["paused_until"] is None


def test_a_pause_that_ends_in_the_window_holds_and_one_that_does_not_drops(person: Person) -> None:
    """Rule 6, as the person reads it in the status."""
    person.at("21:50").types("pause", "30 min")
    assert tonight(person.at("22:05")) == ("held", "paused until 22:20")
    person.types("pause", "until", "morning")
    state, reason = tonight(person)
    assert state == "dropped"
    assert reason == "paused until Mon 23 Nov 07:00; it expires at 23:30"


def test_resume_ends_a_pause(person: Person) -> None:
    """And says so where there was none."""
    person.types("pause", "2h")
    assert person.types("resume").out == "Reminders are back on.\n"
    assert person.types("resume").out == "Nothing is paused.\n"
    assert person.types("status", "--json").json["paused_until"] is None


def test_a_pause_over_a_change_of_the_clocks_is_as_long_as_it_says(person: Person) -> None:
    """Two hours from 01:00 on the night of 25 October 2026 are over at 02:00 winter time."""
    person.at("2026-10-25 01:00").types("pause", "2h")
    assert person.types("status", "--json").json["paused_until"] == "2026-10-25T02:00:00+01:00"


def test_why_tells_in_words_what_rang_and_when_it_comes_again(person: Person) -> None:
    """For each reminder, with the warning that no service runs."""
    person.at("22:05").types("skip")
    said = person.types("why", "stretch").out
    assert "The one due at 22:00 has not rung: skipped at 22:05." in said
    assert "It is next due tomorrow at 22:00." in said
    assert "not running" in said


def test_why_says_whether_it_rings_again(person: Person) -> None:
    """At its repeat, or not any more once it was shown as often as it may be."""
    app = person.at("22:00").app()
    occurrence = app.schedule.entries("stretch", app.now())[0].occurrence
    for minute, said in (
        (0, "; again at 22:10. It is next due"),
        (10, "; again at 22:20. It is next due"),
        (20, "not answered yet. It does not ring again. It is next due"),
    ):
        person.at(f"22:{minute:02}")
        app.store.ledger.note(occurrence, "shown", app.now(), person.zone)
        assert said in person.types("why", "stretch").out
    app.close()


def test_why_on_a_fresh_install_tells_what_came_before_it(person: Person) -> None:
    """Seven glasses were due today before anything was installed; in the morning none was yet."""
    said = person.at("23:00").types("why", "water").out
    assert said.startswith("water: It was last due at 19:30, before this reminder was set up. It is next due tomorrow ")
    assert person.at("06:59").types("why", "water").out.startswith("water: It has not been due yet today. ")


def test_why_says_of_a_reminder_that_is_off_how_to_switch_it_on(person: Person) -> None:
    """The shipped example is off."""
    said = person.types("why", "move")
    assert said.out.startswith("move: It is switched off; `remind config set reminder.move.enabled true`")


def test_why_gives_the_same_to_scripts(person: Person) -> None:
    """What was last due and what comes, as data, and the explanation in words; one that is off has neither."""
    assert person.at("22:05").types("skip").code == 0
    (found,) = person.types("why", "stretch", "--json").json
    assert found.pop("explanation") == person.types("why", "stretch").out.splitlines()[0].removeprefix("stretch: ")
    assert found == {
        "reminder": "stretch",
        "enabled": True,
        "service_running": False,
        "last": {
            "occurrence": "stretch/2026-11-22",
            "due": "2026-11-22T22:00:00+01:00",
            "rang": False,
            "state": "answered",
            "reason": "skipped at 22:05",
        },
        "next": {"reminder": "stretch", "occurrence": "stretch/2026-11-23", "due": "2026-11-23T22:00:00+01:00"},
    }
    (off,) = person.types("why", "move", "--json").json
    assert (off["enabled"], off["last"], off["next"]) == (False, None, None)
    assert [one["reminder"] for one in person.types("why", "--json").json] == ["stretch", "water"]


def test_history_keeps_the_form_that_scripts_rely_on(person: Person) -> None:
    """Every key of an answered occurrence."""
    person.at("22:05").types("done")
    (row,) = person.types("history", "--json").json
    assert row == {
        "occurrence": "stretch/2026-11-22",
        "reminder": "stretch",
        "due": "2026-11-22T22:00:00+01:00",
        "state": "answered",
        "shown_at": [],
        "channel": None,
        "confirmed": False,
        "answer": "done",
        "answered_at": "2026-11-22T22:05:00+01:00",
        "reason": "done at 22:05",
        "phoned_at": None,
    }


def test_what_the_service_holds_because_nobody_is_there_is_reported_as_held(person: Person) -> None:
    """Commands do not ask the desktop; they tell what the service wrote down."""
    from remind.store.database import Database
    from remind.store.store import Store

    app = person.at("22:00").app()
    entry = app.schedule.entries("stretch", app.now())[0]
    with Database.open(person.folders.database, app.now()) as database:
        Store(database).ledger.note(entry.occurrence, "held", app.now(), app.zone, reason="away from the computer")
    app.close()
    assert tonight(person.at("22:10")) == ("held", "away from the computer")
    assert "has not rung: away from the computer." in person.types("why", "stretch").out
    assert person.types("history", "--json").json[0]["state"] == "held"


@pytest.fixture
def morning(person: Person) -> Person:
    """Somebody who is asked how the night was, at half past seven."""
    person.writes_settings("[night]\nenabled = true\nask_again = true\n")
    return person.at("07:30")


def test_the_question_about_the_night_is_answered_by_saying_how_it_was(morning: Person) -> None:
    """Done alone says nothing about it, unless a cramp of it was logged at night and there was no other."""
    said = morning.types("done", "night")
    assert (said.code, "`remind log none`" in said.err) == (2, True)
    assert morning.types("log", "none").code == 0
    assert "The one due at 07:30 has not rung: the night was logged at 07:30." in morning.types("why", "night").out
    assert morning.types("done", "night").code == 1
    morning.at("2026-11-23 03:10").types("log", "cramp")
    assert morning.at("2026-11-23 07:30").types("done", "night").out == "Done: night, due at 07:30.\n"


def test_the_question_about_the_night_is_skipped_or_snoozed_like_any_other(morning: Person) -> None:
    """The diary says nothing about it then."""
    assert morning.types("snooze", "night").out == "Snoozed: night rings again at 07:40.\n"
    assert morning.types("skip", "night").out == "Skipped: night, due at 07:30.\n"
    rows = {row["occurrence"]: row["answer"] for row in morning.types("history", "--json").json}
    assert rows["night/2026-11-21"] == "skipped"
    assert morning.types("diary", "--json").json == []


def test_the_question_about_the_night_is_due_like_any_other(morning: Person) -> None:
    """`next`, `status` and `why` show it; nobody is asked unless they want that."""
    due = {"reminder": "night", "occurrence": "night/2026-11-22", "due": "2026-11-23T07:30:00+01:00"}
    assert due in morning.types("next", "--json").json
    assert due in morning.types("status", "--json").json["next"]
    assert "It is next due tomorrow at 07:30." in morning.types("why", "night").out
    morning.writes_settings("")
    assert "`remind config set night.enabled true`" in morning.types("why", "night").out
    assert "night" not in morning.types("next").out


def test_a_night_logged_while_nobody_asked_is_not_in_the_history(person: Person) -> None:
    """The history is about reminders."""
    person.at("08:00").types("log", "none", "--night", "fri")
    person.writes_settings("[night]\nenabled = true\n")
    assert not [row for row in person.types("history", "--json").json if row["occurrence"] == "night/2026-11-20"]
