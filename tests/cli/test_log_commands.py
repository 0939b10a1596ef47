"""`remind log`, `drink` and `undo`: what is written, and what is refused before anything is."""

import io

import pytest
from cli_runner import Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remind.core.diary import Stretch
from remind.service.button_actions import ButtonActions
from remind.settings.model import KEPT_SETTINGS
from remind.store.answers import due_now
from remind.store.diary import new_id
from remind.store.schedule import Schedule


def diary(person: Person, *words: str) -> list:
    return person.types("diary", "--json", *words).json


def test_a_cramp_is_written_with_what_was_said_and_nothing_more(person: Person) -> None:
    """The line shows it with its id; what was not said is null."""
    said = person.at("08:00").types("log", "cramp", "--leg", "left", "--severity", "6", "--at", "03:10")
    (entry,) = diary(person)
    assert said.out == f"Logged: 03:10  cramp, left leg, severity 6 of 10 ({entry['id']})\n"
    assert entry | {"id": "", "written_at": ""} == {
        "kind": "cramp", "id": "", "written_at": "", "at": "2026-11-22T03:10:00+01:00", "replaces": None,
        "leg": "left", "severity": 6, "minutes": None, "woke": None, "note": "", "night": None, "count": 1,
        "place": None, "disturbance": None, "soreness": None,
    }  # fmt: skip


def test_a_time_of_the_evening_said_in_the_morning_is_last_nights(person: Person) -> None:
    """And the line says so."""
    assert "yesterday 23:30" in person.at("08:00").types("log", "cramp", "--at", "23:30").out


def test_a_night_without_a_cramp_is_written_as_such(person: Person) -> None:
    """Last night unless another is named; a second time nothing is added."""
    assert person.at("08:00").types("log", "none").code == 0
    assert person.types("log", "none").out.startswith("Already logged: night of")
    person.types("log", "none", "--night", "2026-11-19")
    assert [entry["night"] for entry in diary(person)] == ["2026-11-19", "2026-11-21"]


def test_a_night_with_a_cramp_is_not_said_to_be_without(person: Person) -> None:
    """The line shows the cramp; the other way round the cramp counts, and the line says that."""
    person.at("08:00").types("log", "cramp", "--at", "03:10")
    said = person.types("log", "none")
    assert (said.code, len(diary(person))) == (1, 1)
    assert "that night has a cramp: 03:10" in said.err
    person.types("log", "none", "--night", "fri")
    assert "The cramp counts now" in person.types("log", "cramp", "--at", "2026-11-21 02:00").out


def test_the_same_cramp_is_logged_once(person: Person) -> None:
    """Word for word it is there already; with other details the line says how to change it; two legs are two cramps."""
    words = ("log", "cramp", "--at", "03:10", "--leg", "left")
    person.at("08:00").types(*words)
    said = person.types(*words)
    assert (said.code, said.out.startswith("Already logged: 03:10  cramp, left leg")) == (0, True)
    said = person.types("log", "cramp", "--at", "03:10", "--severity", "6")
    (entry,) = diary(person)
    assert said.code == 1
    assert f"`remind diary edit {entry['id']}`" in said.err
    assert person.types("log", "cramp", "--at", "03:10", "--leg", "right").code == 0
    assert person.types("log", "cramp", "--at", "03:11", "--leg", "left").code == 0
    assert len(diary(person)) == 3


def test_a_cramp_whose_time_is_not_known_belongs_to_its_night(person: Person) -> None:
    """No time is made up, the night then has a cramp, and a second one like it is the same."""
    person.at("08:00").types("log", "none")
    words = ("log", "cramp", "--night", "last night", "--count", "2", "--place", "foot", "--disturbance", "7")
    said = person.types(*words)
    cramp = diary(person, "--kind", "cramp")[0]
    assert "night of Sat 21 Nov 2026  2 cramps, foot, sleep disturbed 7 of 10" in said.out
    assert "The cramp counts now" in said.out
    assert (cramp["at"], cramp["night"], cramp["count"]) == (None, "2026-11-21", 2)
    assert person.types(*words).out.startswith("Already logged: night of Sat 21 Nov 2026")
    assert "that night has a cramp" in person.types("log", "none").err
    week = person.types("stats", "--json").json["weeks"][-1]["tally"]
    assert (week["cramp_nights"], week["cramps"]) == (1, 2)
    assert person.types("log", "cramp", "--night", "sat", "--at", "03:10").code == 2


def test_a_medicine_is_logged_with_its_days(person: Person) -> None:
    """Without an end it goes on, and the same one can't begin again meanwhile."""
    assert person.types("log", "medicine", "magnesium", "--from", "2026-11-01").code == 0
    said = person.types("log", "medicine", "Magnesium", "--from", "2026-11-20")
    (entry,) = diary(person)
    assert (entry["name"], entry["from"], entry["to"], entry["at"]) == ("magnesium", "2026-11-01", None, None)
    assert (said.code, f"`remind diary edit {entry['id']}`" in said.err) == (1, True)
    assert person.types("diary", "edit", entry["id"], "--to", "2026-11-19").code == 0
    assert person.types("log", "medicine", "Magnesium", "--from", "2026-11-20").code == 0
    assert "medicine magnesium, until Thu 19 Nov 2026" in person.types("diary").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("medicine", " "), "the name is empty"),
        (("medicine", "a\tb"), "the name must be one line"),
        (("medicine", "x", "--from", "2026-11-02", "--to", "2026-11-01"), "can't end on 2026-11-01"),
        (("medicine", "x", "--from", "03:10"), "is not a day"),
        (("note", ""), "the note is empty"),
        (("note", "a\x1b[31m"), "the note must be one line"),
        (("cramp", "--count", "0"), "0 is not in the range"),
        (("cramp", "--night", "tonight"), "remind: the night of 2026-11-22 is not over yet."),
    ],
)
def test_a_faulty_entry_is_refused_in_one_line(person: Person, words: tuple[str, ...], said: str) -> None:
    """Nothing is logged."""
    answer = person.types("log", *words)
    assert answer.code == 2
    assert said in answer.err
    assert diary(person) == []


def test_a_note_is_logged_at_its_time(person: Person) -> None:
    """Now, unless another is named."""
    person.types("log", "note", "new shoes", "--at", "15:00")
    assert "15:00  note: new shoes" in person.types("diary").out


def test_a_night_that_is_not_over_is_logged_only_if_the_person_says_so(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the time of getting up it asks; without an answer, nothing is logged."""
    person.at("02:15")
    for answer, code in (("", 1), ("n\n", 1), ("y\n", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        said = person.types("log", "none")
        assert (said.code, len(diary(person))) == (code, 1 - code)
    assert "lasts until 07:00" in said.out
    person.at("2026-11-23 07:00")
    assert person.types("log", "none").code == 0


def test_more_than_the_routine_holds_is_not_cut(person: Person) -> None:
    """It is refused, and the line says how much there is to hold."""
    said = person.types("log", "stretch", "--held", "10 h")
    assert (said.code, diary(person)) == (2, [])
    assert "wall-calf is held for 2 min in all" in said.err
    assert person.types("log", "stretch", "--held", "2 min").code == 0
    assert diary(person)[0]["complete"] is True


def test_a_stretch_without_the_guide_is_whole_or_as_long_as_it_was(person: Person) -> None:
    """The planned seconds are the routine's, and a whole one answers the evening."""
    person.types("log", "stretch", "gentle-start", "--held", "30 s")
    assert person.types("status", "--json").json["tonight"]["state"] == "open"
    person.later(minutes=5).types("log", "stretch")
    part, whole = diary(person)
    assert (part["held_s"], part["planned_s"], part["complete"]) == (30, 60, False)
    assert (whole["routine"], whole["held_s"], whole["complete"]) == ("wall-calf", 120, True)
    assert person.types("status", "--json").json["tonight"]["state"] == "answered"


def test_a_drink_is_a_glass_unless_an_amount_is_named(person: Person) -> None:
    """200 ml, or what the settings say; the amount as people write it."""
    person.at("15:00").types("drink")
    person.writes_settings('[water]\nglass = "250 ml"\ntarget = "1.5 L"\n')
    person.later(minutes=1).types("drink")
    said = person.types("drink", "0.1", "L", "--at", "20 min ago")
    assert [entry["amount_ml"] for entry in diary(person)] == [100, 200, 250]
    assert said.out.splitlines()[1] == "[#######.............] 550 ml of 1.5 L"


@pytest.mark.parametrize(("glass", "amount_ml"), [("", 200), ('[water]\nglass = "250 ml"\n', 250)])
@pytest.mark.parametrize("way", ["drink", "command", "Drank", "Done"])
def test_a_glass_is_the_same_whichever_way_it_is_logged(person: Person, glass: str, amount_ml: int, way: str) -> None:
    """`drink`, `done water` and the button, also of a notification shown when the button was called Done."""
    person.writes_settings(glass)
    person.at("07:31")
    if way == "drink":
        person.types("drink")
    elif way == "command":
        assert f"{amount_ml} ml logged." in person.types("done", "water").out
    else:
        app = person.app()
        schedule = Schedule(app.store, app.settings.calendar(app.zone))
        (due,) = due_now(schedule, app.now())
        buttons = ButtonActions(app.store, schedule, app.settings, *3 * [lambda *_: None])
        buttons.pressed("1", "drunk" if way == "Drank" else "done", due.occurrence.key, app.now())
        app.close()
    assert [entry["amount_ml"] for entry in diary(person)] == [amount_ml]


def test_more_than_750_ml_within_an_hour_draws_a_warning(person: Person) -> None:
    """Not at 750, and not for what was drunk earlier."""
    person.at("15:00").types("drink", "500 ml", "--at", "13:00")
    assert "is a lot" not in person.types("drink", "750 ml").out
    assert "800 ml within an hour is a lot." in person.types("drink", "50 ml").out


def test_a_drink_of_another_day_is_answered_with_the_total_of_that_day(person: Person) -> None:
    """And the day is named."""
    person.at("15:00").types("drink", "1 L", "--at", "08:00")
    assert person.types("drink", "--at", "yesterday 20:00").out.splitlines()[1] == "200 ml yesterday"
    assert person.types("drink", "--at", "2026-11-20 20:00").out.splitlines()[1] == "200 ml on Fri 20 Nov"
    person.writes_settings('[water]\ntarget = "1.6 L"\n')
    said = person.types("drink", "--at", "yesterday 10:00").out.splitlines()[1]
    assert said == "[#####...............] 400 ml of 1.6 L yesterday"


def test_more_than_a_clinician_allowed_is_reported(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit it is named, without advice to drink the rest later; up to the limit nothing is said."""
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n1.2 L\n"))
    assert person.at("15:00").types("config", "set", "water.target", "1.6 L").code == 0
    assert "told to keep to" not in person.types("drink", "1.2 L", "--at", "08:00").out
    said = person.types("drink", "3 L").out
    assert "more than the 1.2 L a day that you were told to keep to" in said
    assert "later" not in said


def stretches(person: Person) -> None:
    """Hold a session as planned, which ends now."""
    app, now = person.app(), person.now
    app.store.diary.add(
        Stretch(id=new_id(), at=now, written_at=now, routine="wall-calf", planned_s=120, held_s=120, complete=True)
    )
    app.close()


@pytest.mark.parametrize("way", ["undo", "remove"])
def test_a_session_undone_opens_the_evening_again(person: Person, way: str) -> None:
    """What silenced the evening does not count any more, so the stretch is due again; a later session answers it."""
    person.at("22:05")
    stretches(person)
    assert person.types("status", "--json").json["tonight"]["state"] == "answered"
    (entry,) = diary(person)
    assert person.types(*(["undo"] if way == "undo" else ["diary", "remove", entry["id"]])).code == 0
    assert person.later(minutes=1).types("status", "--json").json["tonight"]["state"] == "open"
    (row,) = person.types("history", "--json").json
    assert (row["answer"], row["answered_at"]) == (None, None)
    stretches(person)
    assert person.types("status", "--json").json["tonight"]["state"] == "answered"


def test_undo_undoes_the_last_thing(person: Person) -> None:
    """Its line shows what; when nothing is left it says so."""
    person.types("drink")
    person.types("log", "none")
    assert "no cramp" in person.types("undo").out
    assert "200 ml" in person.types("undo").out
    assert diary(person) == []
    assert person.types("undo").code == 1


@pytest.mark.parametrize("change", [("edit", "--severity", "4"), ("remove",)])
def test_undo_of_a_change_says_what_counts_again(person: Person, change: tuple[str, ...]) -> None:
    """The entry as it was before."""
    person.at("08:00").types("log", "cramp", "--at", "03:10", "--severity", "3")
    (entry,) = diary(person)
    person.types("diary", change[0], entry["id"], *change[1:])
    undone, again = person.types("undo").out.splitlines()
    assert undone.startswith("Undone: ")
    assert again == f"Counts again: 03:10  cramp, severity 3 of 10 ({entry['id']})"
    assert diary(person) == [entry]


LATER = ["23:59", "2026-11-22 21:01", "2099-01-01 00:00", "9999-12-31 23:59"]
NO_TIME = [
    *LATER,
    "",
    "3",
    "soon",
    "24:00",
    "99:99",
    "03:10 03:10",
    "2026-11-20",
    "2026-03-29 02:30",
    "2026-10-25 02:30",
]
WORDS = st.text(st.characters(exclude_characters="-", exclude_categories=["Cs"]), min_size=1, max_size=20).map(
    lambda text: f"x{text}".replace("\0", "")
)
NUMBERS = st.integers(min_value=1441) | st.integers(max_value=-1)
WRONG_TIMES = st.tuples(st.just("--at"), st.sampled_from(NO_TIME) | WORDS)
WRONG_CRAMPS = st.one_of(
    WRONG_TIMES,
    st.tuples(st.just("--leg"), WORDS | st.sampled_from(["", "LEFT", "l"])),
    st.tuples(st.sampled_from(["--severity", "--minutes"]), WORDS | NUMBERS.map(str) | st.floats().map(str)),
    st.tuples(st.just("--note"), WORDS.map(lambda text: f"{text}\x1b[31m") | st.just("x" * 2001)),
    st.tuples(WORDS),
    st.tuples(WORDS.map(lambda text: f"--{text}")),
)
WRONG = st.one_of(
    WRONG_CRAMPS.map(lambda words: ("log", "cramp", *words)),
    WRONG_TIMES.map(lambda words: ("log", "stretch", *words)),
    WRONG_TIMES.map(lambda words: ("drink", *words)),
    WORDS.map(lambda word: ("log", "none", "--night", word)),
    st.sampled_from(["2026-11-22", "2099-01-01", "", "tonight"]).map(lambda word: ("log", "none", "--night", word)),
    WORDS.map(lambda word: ("log", word)),
    (WORDS | st.just("")).map(lambda word: ("log", "stretch", word)),
    (WORDS | st.just("")).map(lambda word: ("log", "stretch", "--held", word)),
    (WORDS | st.sampled_from(["", "0", "0 ml", "-1", "11 L", "1e9", "nan"])).map(lambda word: ("drink", "--", word)),
)


@given(WRONG)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wrong_input_is_reported_in_one_line_and_writes_nothing(person: Person, words: tuple[str, ...]) -> None:
    """Whatever it is: exit code 2 or 4, no traceback, and not even a database is made."""
    said = person.types(*words)
    assert said.code in (2, 4), words
    assert (said.out, said.err.count("\n")) == ("", 1), words
    assert said.err.startswith("remind: ")
    assert not person.folders.database.exists()


@pytest.mark.parametrize("words", [("drink",), ("log", "stretch"), ("log", "cramp")])
def test_a_broken_settings_file_stops_nothing(person: Person, words: tuple[str, ...]) -> None:
    """It is logged by the last valid settings, the defaults at first; commands that need them say so."""
    person.writes_settings("[water]\nglass = 3.5\n")
    said = person.types(*words)
    assert (said.code, len(diary(person))) == (0, 1)
    assert ("water.glass: 3.5" in said.err) == ("cramp" not in words)
    assert ("the last valid settings are used" in said.err) == ("cramp" not in words)


def test_the_last_valid_settings_are_used(person: Person) -> None:
    """A glass is as large as in the settings that the service kept, while the file is at fault."""
    app = person.app()
    app.store.key_values.set(KEPT_SETTINGS, '[water]\nglass = "300 ml"\n')
    app.close()
    person.writes_settings("[water]\nglass = 3.5\n")
    assert person.types("drink").code == 0
    assert [entry["amount_ml"] for entry in diary(person)] == [300]
