"""`remind diary`: looking, removing, editing."""

import sqlite3
from contextlib import closing

import pytest
from cli_runner import Person


def ids(person: Person, *words: str) -> list[str]:
    return [entry["id"] for entry in person.types("diary", "--json", *words).json]


@pytest.fixture
def kept(person: Person) -> Person:
    """Somebody with a drink, a cramp and a quiet night in the diary."""
    person.at("2026-11-21 08:00").types("log", "none")
    person.types("drink", "300 ml")
    person.at("2026-11-22 08:00").types(
        "log", "cramp", "--at", "03:10", "--severity", "3", "--note", "after a long run"
    )
    return person


def test_an_empty_diary_is_said_to_be_empty_and_makes_nothing(person: Person) -> None:
    """Looking leaves no trace."""
    assert person.types("diary").out.startswith("The diary is empty")
    assert person.types("diary", "--json").json == []
    assert not person.folders.data.exists()


def test_it_is_a_view_of_nights(kept: Person) -> None:
    """Each has its evening and how it was; what was not logged is said, and drinks are counted apart."""
    kept.types("log", "stretch", "--at", "2026-11-18 21:58")
    kept.types("log", "cramp", "--night", "sat", "--count", "2")
    kept.types("log", "medicine", "magnesium", "--from", "2026-11-01")
    kept.types("log", "note", "slept badly", "--at", "02:00")
    names = {entry["id"] for entry in kept.types("diary", "--json").json}
    out = kept.at("2026-11-24 13:00").types("diary").out
    for name in names:
        out = out.replace(name, "ID")
    assert out.splitlines() == [
        "Night of Wed 18 Nov 2026: stretched, not logged",
        "  ID  21:58  stretch wall-calf, held 2 min",
        "1 night not logged",
        "Night of Fri 20 Nov 2026: not stretched, no cramp",
        "  ID         no cramp",
        "Night of Sat 21 Nov 2026: not stretched, 3 cramps, at worst 3 of 10",
        "  ID         2 cramps",
        "  ID  02:00  note: slept badly",
        "  ID  03:10  cramp, severity 3 of 10, after a long run",
        "2 nights not logged",
        "Medicines",
        "  ID  from Sun 1 Nov 2026  medicine magnesium",
        "Drinks: 1. `remind diary --kind drink` lists them.",
    ]
    assert len(kept.types("diary", "--limit", "1").out.splitlines()) == 8


def test_tonight_is_not_said_to_be_without_a_stretch(kept: Person) -> None:
    """It is still to come."""
    kept.at("2026-11-22 15:00").types("log", "note", "new shoes")
    assert "Night of Sun 22 Nov 2026\n" in kept.types("diary").out
    kept.types("log", "stretch")
    assert "Night of Sun 22 Nov 2026: stretched\n" in kept.types("diary").out


def test_drinks_and_other_kinds_are_listed_when_asked_for(kept: Person) -> None:
    """By time, nearby days named; a limit takes the last ones."""
    kept.types("drink", "1 L")
    lines = [line.split(maxsplit=1)[1] for line in kept.types("diary", "--kind", "drink").out.splitlines()]
    assert lines == ["yesterday 08:00  drank 300 ml", "08:00  drank 1 L"]
    assert ids(kept, "--kind", "drink", "--limit", "1") == ids(kept, "--kind", "drink")[1:]
    assert kept.types("diary", "--limit", "0").code == 2


def test_it_can_be_asked_for_a_kind_and_a_time(kept: Person) -> None:
    """A day alone is its beginning."""
    assert len(ids(kept, "--kind", "drink")) == 1
    assert len(ids(kept, "--since", "2026-11-21")) == 2
    assert len(ids(kept, "--since", "yesterday 09:00")) == 1
    assert kept.types("diary", "--since", "soon").code == 2


def test_a_filter_that_matches_nothing_is_said(kept: Person) -> None:
    """It does not claim that the diary is empty."""
    assert kept.types("diary", "--kind", "stretch").out == "No entry matches.\n"
    assert kept.types("diary", "--since", "now").out == "No entry matches.\n"


def test_removing_keeps_the_row_and_undo_brings_it_back(kept: Person) -> None:
    """An id may be cut short as long as it is the only one."""
    cramp = ids(kept, "--kind", "cramp")[0]
    assert kept.types("diary", "remove", cramp[:6]).code == 0
    assert cramp not in ids(kept)
    assert cramp in ids(kept, "--all")
    kept.types("undo")
    assert cramp in ids(kept)


def test_an_edit_is_a_new_row_that_stands_for_the_old(kept: Person) -> None:
    """Only what was named is different; `--all` shows both."""
    cramp = ids(kept, "--kind", "cramp")[0]
    said = kept.types("diary", "edit", cramp, "--severity", "5", "--did-not-wake", "--at", "02:50")
    assert [line[:4] for line in said.out.splitlines()] == ["Was:", "Now:"]
    (entry,) = kept.types("diary", "--kind", "cramp", "--json").json
    assert (entry["severity"], entry["woke"], entry["note"]) == (5, False, "after a long run")
    assert (entry["at"], entry["replaces"]) == ("2026-11-22T02:50:00+01:00", cramp)
    assert f"(instead of {cramp})" in kept.types("diary", "--all").out


def test_the_time_of_a_cramp_is_found_out_later_or_was_made_up(kept: Person) -> None:
    """A time takes the place of the night, and a night that of the time."""
    cramp = ids(kept, "--kind", "cramp")[0]
    kept.types("diary", "edit", cramp, "--night", "sat", "--soreness", "2")
    (entry,) = kept.types("diary", "--kind", "cramp", "--json").json
    assert (entry["at"], entry["night"], entry["soreness"]) == (None, "2026-11-21", 2)
    kept.types("diary", "edit", entry["id"], "--at", "02:50")
    (entry,) = kept.types("diary", "--kind", "cramp", "--json").json
    assert (entry["at"], entry["night"]) == ("2026-11-22T02:50:00+01:00", None)


def test_a_drink_is_edited_by_its_amount(kept: Person) -> None:
    """As people write it."""
    kept.types("diary", "edit", ids(kept, "--kind", "drink")[0], "--amount", "8 oz")
    assert kept.types("diary", "--kind", "drink", "--json").json[0]["amount_ml"] == 237


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("drink", ("--severity", "3"), "is a drink, which has no severity"),
        ("cramp", ("--amount", "1 L"), "is a cramp, which has no amount"),
        ("quiet-night", ("--at", "03:10"), "is a quiet-night, which has no at"),
        ("drink", ("--to", "today"), "is a drink, which has no to"),
        ("cramp", ("--at", "03:00", "--night", "sat"), "don't go together"),
        ("cramp", (), "say what to change"),
        ("cramp", ("--at", "2099-01-01 00:00"), "still to come"),
        ("cramp", ("--note", "a\nb"), "one line"),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(
    kept: Person, kind: str, words: tuple[str, ...], said: str
) -> None:
    """Exit code 2 and one line."""
    before = kept.types("diary", "--all").out
    answer = kept.types("diary", "edit", ids(kept, "--kind", kind)[0], *words)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err
    assert kept.types("diary", "--all").out == before


@pytest.mark.parametrize("entry_id", ["zzz", "", "%", "*"])
def test_an_id_that_is_none_or_several_is_refused(kept: Person, entry_id: str) -> None:
    """Nothing is removed by guess."""
    assert kept.types("diary", "remove", entry_id).code == 2
    assert len(ids(kept)) == 3


def test_an_entry_that_cannot_be_read_hides_no_other(kept: Person) -> None:
    """Every command that reads it warns on standard error and shows the rest."""
    whole = kept.types("diary", "--json").json
    with closing(sqlite3.connect(kept.folders.database)) as connection, connection:
        connection.execute("UPDATE diary SET details = '{}' WHERE id = ?", (whole[0]["id"],))
    said = kept.types("diary", "--json")
    assert said.code == 0
    assert said.json == whole[1:]
    assert said.err.startswith("remind: ")
    assert said.err.endswith("; it is skipped.\n")
    assert whole[0]["id"] in said.err


def test_a_note_from_elsewhere_cannot_command_the_terminal(kept: Person) -> None:
    """An imported note is shown without its control characters."""
    file = kept.folders.data / "other.json"
    kept.types("export", str(file))
    file.write_text(
        file.read_text(encoding="utf-8").replace("after a long run", "red \\u001b[31m").replace('"id": "', '"id": "x')
    )
    assert kept.types("import", str(file)).code == 0
    out = kept.types("diary").out
    assert r"red \x1b[31m" in out
    assert "\x1b" not in out
