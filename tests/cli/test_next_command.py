"""`remind next`: what comes, by the settings alone."""

import pytest
from cli_runner import Person


def test_the_coming_occurrences_are_listed_in_order_of_time(person: Person) -> None:
    """The evening's stretch first, then the next day's water from half an hour after waking."""
    said = person.types("next", "--days", "1")
    assert said.code == 0
    assert [line.split() for line in said.out.splitlines()][:2] == [
        ["22:00", "stretch"],
        ["tomorrow", "07:30", "water"],
    ]


def test_json_has_the_fixed_form(person: Person) -> None:
    """Reminder, occurrence and due time with the offset that holds then, sorted by due time."""
    found = person.types("next", "--json", "--days", "7").json
    assert found[0] == {
        "reminder": "stretch",
        "occurrence": "stretch/2026-11-22",
        "due": "2026-11-22T22:00:00+01:00",
    }
    assert [one["due"] for one in found] == sorted(one["due"] for one in found)
    assert sum(one["reminder"] == "stretch" for one in found) == 7


def test_from_without_an_offset_is_local_to_the_zone_asked_for(person: Person) -> None:
    """Noon in Tokyo, although the person is in Berlin."""
    found = person.types("next", "--json", "--days", "1", "--from", "2027-06-01T12:00", "--zone", "Asia/Tokyo").json
    assert found[0]["due"] == "2027-06-01T13:30:00+09:00"
    assert [one["occurrence"] for one in found if one["reminder"] == "stretch"] == ["stretch/2027-06-01"]


def test_from_with_an_offset_is_that_instant(person: Person) -> None:
    """An evening in Berlin said in UTC."""
    found = person.types("next", "--json", "--days", "1", "--from", "2026-11-22T20:59:59+00:00").json
    assert found[0]["occurrence"] == "stretch/2026-11-22"
    found = person.types("next", "--json", "--days", "1", "--from", "2026-11-22T21:00:01+00:00").json
    assert found[0]["occurrence"] != "stretch/2026-11-22"


def test_from_may_be_said_as_the_program_prints_it(person: Person) -> None:
    """The first column of the list can be copied."""
    found = person.types("next", "--json", "--days", "1", "--from", "Fri 27 Nov 21:59").json
    assert found[0]["occurrence"] == "stretch/2026-11-27"
    assert person.types("next", "--json", "--days", "1", "--from", "tomorrow 9:59 pm").json[0]["reminder"] == "stretch"


def test_the_night_after_saturday_has_its_bedtime_on_sunday(person: Person) -> None:
    """A bedtime after midnight belongs to the evening before."""
    person.writes_settings('[day.on.sat]\nbedtime = "00:30"\n')
    found = person.types("next", "--json", "--days", "7").json
    due = {one["occurrence"]: one["due"] for one in found}
    assert due["stretch/2026-11-28"] == "2026-11-29T00:00:00+01:00"
    assert due["stretch/2026-11-27"] == "2026-11-27T22:00:00+01:00"


def test_with_everything_switched_off_it_says_so(person: Person) -> None:
    """An empty answer is a sentence, and an empty list in JSON."""
    person.writes_settings("[stretch]\nenabled = false\n[water]\nenabled = false\n")
    assert "Nothing is due in the next 2 days" in person.types("next").out
    assert person.types("next", "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "yesterday"),
        ("--from", ""),
        ("--from", "2026-13-01"),
        ("--from", "9999-12-31T23:59"),
        ("--from", "0001-01-01"),
        ("--zone", "Mars/Olympus"),
        ("--zone", ""),
        ("--zone", "../../../etc/passwd"),
        ("--zone", "Europe"),
        ("--zone", "\x00"),
        ("--days", "0"),
        ("--days", "-1"),
        ("--days", "1e9"),
        ("--days", "many"),
        ("surplus",),
        ("--jason",),
    ],
)
def test_wrong_words_get_one_line_and_exit_code_2(person: Person, words: tuple[str, ...]) -> None:
    """Never a traceback, nothing on standard output."""
    said = person.types("next", *words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("remind: ")
    assert said.err.count("\n") == 1


def test_a_wrong_settings_file_gets_a_line_for_each_fault_and_exit_code_4(person: Person) -> None:
    """File, key, what stood there, what would be right."""
    person.writes_settings('[stretch]\nleed = "30 min"\ntimes = "often"\n')
    said = person.types("next")
    assert said.code == 4
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert all(str(person.folders.settings) in line for line in lines)
    assert "stretch.times: 'often' is not a whole number (line 3)" in lines[0]
    assert "stretch.leed is not known. Did you mean 'lead'?" in lines[1].replace(": is", " is")
