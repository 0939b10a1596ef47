"""The questions of setup: which are asked, how answers are read, and what they change in the settings."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.setup import (
    BY_KEY,
    NO,
    QUESTIONS,
    SETTINGS,
    YES,
    Before,
    changes,
    day_changes,
    default,
    is_asked,
    next_question,
    read_answer,
    usual_times,
)
from remind.settings import model


def before(text: str = "", limited: str | None = None) -> Before:
    """What is set after `text` was written into the settings."""
    own = tomllib.loads(text)
    table = model.effective(own)
    values = {key: model.look_up(table, key) for key in SETTINGS}
    words = {True: "true", False: "false", None: ""}
    return Before(
        days=model.check(own, Path("settings.toml")).day,
        values={key: str(words.get(value, value)) for key, value in values.items()},  # type: ignore[call-overload]
        usual_routine="wall-calf",
        limited=limited,
    )


def with_defaults(answers: Mapping[str, str], known: Before) -> dict[str, str]:
    """All answers of a person who presses Enter wherever `answers` has none."""
    found = dict(answers)
    for question in QUESTIONS:
        usual = default(question, found, known)
        if question.key not in found and is_asked(question, found) and usual is not None:
            found[question.key] = usual
    return found


def changed(answers: Mapping[str, str], known: Before) -> dict[str, str | None]:
    """Each setting that `answers` change; None is one that is reset."""
    typed, gone = changes(with_defaults(answers, known), known)
    return {**typed, **dict.fromkeys(gone)}


@pytest.mark.parametrize(
    ("key", "typed", "answer"),
    [
        ("bedtime", "10:30 pm", "22:30"),
        ("bedtime", " 0.30 ", "00:30"),
        ("steady", "Y", YES),
        ("steady", "NO", NO),
        ("target", "1600 ml", "1.6 L"),
        ("target", "None", ""),
        ("target", "", ""),
        ("calendar", " my bedtimes.ics ", "my bedtimes.ics"),
        ("calendar", "n", ""),
    ],
)
def test_answers_are_read_the_way_people_type_them(key: str, typed: str, answer: str) -> None:
    """And kept in one form."""
    assert read_answer(BY_KEY[key], typed) == answer


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("bedtime", "half ten", "'half ten' is not a time of day. Write it as 22:30 or 10:30 pm."),
        ("wake", "", "'' is not a time of day. Write it as 22:30 or 10:30 pm."),
        ("steady", "maybe", "'maybe' is neither yes nor no."),
        ("steady", "", "Answer yes or no."),
        ("target", "8", '\'8\' needs a unit. Write it as "250 ml", "8 oz" or "1.5 L".'),
        ("allowed", "50 L", "'50 L' is not between 1 ml and 10 L."),
    ],
)
def test_a_wrong_answer_says_how_to_write_it(key: str, typed: str, words: str) -> None:
    """In one sentence or two."""
    with pytest.raises(ValueError, match=r"\.$") as told:
        read_answer(BY_KEY[key], typed)
    assert str(told.value) == words


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"water": NO}, []),
        ({"water": YES, "limited": NO}, ["limited", "target"]),
        ({"water": YES, "limited": YES}, ["limited", "allowed"]),
        ({"water": NO, "limited": YES}, []),
        ({"chime": NO, "voice": YES}, ["heard_voice"]),
        ({"chime": YES, "voice": NO}, ["heard_chime"]),
    ],
)
def test_some_questions_depend_on_an_earlier_answer(answers: dict[str, str], asked: list[str]) -> None:
    """The others are always asked."""
    found = [question.key for question in QUESTIONS if question.after and is_asked(question, answers)]
    assert found == asked


def test_the_questions_come_in_order() -> None:
    """What is answered already isn't asked."""
    answers = {"wake": "07:00", "water": NO, "chime": NO}
    seen = []
    while question := next_question(answers):
        seen.append(question.key)
        answers[question.key] = NO
    assert seen == [
        "bedtime", "weekend_bedtime", "weekend_wake", "steady", "night", "service", "voice", "seen", "phone",
        "calendar",
    ]  # fmt: skip


def test_only_the_person_can_say_whether_fluids_are_limited() -> None:
    """Every other question has a default from the start."""
    known = before()
    assert [one.key for one in QUESTIONS if default(one, {}, known) is None] == ["limited"]
    assert default(BY_KEY["limited"], {}, before(limited=NO)) == NO


def test_enter_answers_with_what_is_set() -> None:
    """What was tried is taken to have worked, and nothing is written that nobody asked for."""
    known = msgspec.structs.replace(before("[sound]\nvoice = true\n"), phone=True)
    found = {one.key: default(one, {}, known) for one in QUESTIONS}
    assert found == {
        "bedtime": "22:30", "wake": "07:00", "weekend_bedtime": "22:30", "weekend_wake": "07:00", "steady": YES,
        "water": YES, "limited": None, "allowed": "", "target": "", "night": NO, "service": YES, "chime": YES,
        "heard_chime": YES, "voice": YES, "heard_voice": YES, "seen": YES, "phone": YES, "calendar": "",
    }  # fmt: skip
    assert default(BY_KEY["service"], {}, msgspec.structs.replace(known, at_login=False)) == NO


GROUPED = '[day.on.weekdays]\nbedtime = "21:00"\n'
WEEKEND = '[day.on.weekend]\nbedtime = "00:30"\n'


@pytest.mark.parametrize(
    ("settings", "answers", "wanted"),
    [
        ("", {}, {}),
        ("", {"bedtime": "23:00"}, {"day.bedtime": "23:00"}),
        ("", {"weekend_bedtime": "23:30"}, {"day.on.weekend.bedtime": "23:30"}),
        (
            "", {"bedtime": "23:00", "weekend_bedtime": "22:30"},
            {"day.bedtime": "23:00", "day.on.weekend.bedtime": "22:30"},
        ),
        (GROUPED, {"bedtime": "21:30"}, {"day.on.weekdays.bedtime": "21:30"}),
        (GROUPED, {"bedtime": "21:30", "wake": "06:00"}, {"day.on.weekdays.bedtime": "21:30", "day.wake": "06:00"}),
        (WEEKEND, {"bedtime": "23:00"}, {"day.bedtime": "23:00"}),
        (WEEKEND, {"weekend_bedtime": "22:30"}, {"day.on.weekend.bedtime": "22:30"}),
        ("", {"steady": NO}, {"stretch.routine": "trial-seated"}),
        ('[stretch]\nroutine = "towel"\n', {}, {}),
        ('[stretch]\nroutine = "towel"\n', {"steady": YES}, {"stretch.routine": "wall-calf"}),
        ('[stretch]\nroutine = "gentle-start"\n', {"steady": YES}, {}),
        ("", {"steady": YES, "routine": "towel"}, {"stretch.routine": "towel"}),
        ("", {"water": NO}, {"water.enabled": "false"}),
        ("", {"limited": NO, "target": "1.6 L"}, {"water.target": "1.6 L"}),
        ('[water]\ntarget = "1.6 L"\n', {"limited": NO, "target": ""}, {"water.target": None}),
        ("", {"limited": YES}, {"water.enabled": "false"}),
        ("", {"limited": YES, "allowed": "1.2 L"}, {"water.target": "1.2 L"}),
        ('[water]\ntarget = "2 L"\n', {"limited": YES}, {"water.enabled": "false", "water.target": None}),
        ('[water]\ntarget = "2 L"\n', {"water": NO, "limited": YES}, {"water.enabled": "false"}),
        ("", {"chime": NO, "voice": YES}, {"sound.chime": "false", "sound.voice": "true"}),
        ("", {"heard_chime": NO, "heard_voice": NO, "seen": NO, "service": NO, "phone": YES, "calendar": "x.ics"}, {}),
    ],
)  # fmt: skip
def test_what_each_answer_changes(settings: str, answers: dict[str, str], wanted: dict[str, str | None]) -> None:
    """Nothing else is written, so the file has only what the person changed."""
    assert changed(answers, before(settings)) == wanted


def test_the_clinicians_number_stays() -> None:
    """It is offered again, and never as a target of one's own."""
    known = before('[water]\ntarget = "1.2 L"\n', limited=YES)
    assert changed({}, known) == {}
    assert default(BY_KEY["allowed"], {}, known) == "1.2 L"
    assert default(BY_KEY["target"], {}, known) == ""


def test_a_limit_without_a_number_switches_water_off() -> None:
    """An amount that was not asked for counts as none."""
    assert changes({"water": YES, "limited": YES}, before()) == ({"water.enabled": "false"}, [])


def test_a_corrected_answer_switches_water_on_again() -> None:
    """Somebody who was limited by mistake answers no the next time."""
    known = before("[water]\nenabled = false\n", limited=YES)
    assert changed({"water": YES, "limited": NO}, known) == {"water.enabled": "true"}


CLOCK = st.times().map(lambda wall: f"{wall:%H:%M}")
ANY: dict[str, st.SearchStrategy[str]] = {
    "time": CLOCK, "yes-no": st.sampled_from([YES, NO]), "amount": st.sampled_from(["", "1.6 L", "900 ml"]),
    "text": st.sampled_from(["", "https://ntfy.sh/x"]),
}  # fmt: skip
ANSWERS = st.fixed_dictionaries({question.key: ANY[question.kind] for question in QUESTIONS})
TABLES = st.sampled_from(["", GROUPED, WEEKEND, GROUPED + WEEKEND, '[stretch]\nroutine = "towel"\n'])


@given(ANSWERS.filter(lambda a: a["bedtime"] != a["wake"] and a["weekend_bedtime"] != a["weekend_wake"]), TABLES)
def test_the_next_time_starts_from_these_answers(answers: dict[str, str], settings: str) -> None:
    """After any answers, over any settings, Enter at every question changes nothing more."""
    known = before(settings)
    typed, gone = changes(answers, known)
    own: dict[str, Any] = tomllib.loads(settings)
    for key, value in typed.items():
        *path, name = key.split(".")
        table = own
        for part in path:
            table = table.setdefault(part, {})
        table[name] = {"true": True, "false": False}.get(value, value)
    for key in gone:
        section, name = key.split(".")
        own.get(section, {}).pop(name, None)
    values = {**known.values, **typed, **dict.fromkeys(gone, "")}
    asked = answers["water"] == YES
    again = Before(
        days=model.check(own, Path("settings.toml")).day,
        values={key: values[key] for key in SETTINGS},
        usual_routine="wall-calf",
        limited=answers["limited"] if asked else None,
    )
    assert changes(with_defaults({}, again), again) == ({}, [])
    shown = {key: default(BY_KEY[key], {}, again) for key in usual_times(again.days)}
    assert shown == {key: answers[key] for key in shown}
    assert default(BY_KEY["steady"], {}, again) == answers["steady"]


def test_some_days_alone_change_nothing_else() -> None:
    """The page sends only what was changed."""
    days = before().days
    assert day_changes({"wake": "06:30", "weekend_wake": "07:00"}, days) == {
        "day.wake": "06:30", "day.on.weekend.wake": "07:00",
    }  # fmt: skip
    assert day_changes({}, days) == {}
