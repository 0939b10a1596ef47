"""The line of each fault; all faults of a file are reported at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.schema import Where
from remind.errors import SettingsError
from remind.settings import routines
from remind.settings.faults import line_of
from remind.settings.model import load

TEXT = '''title = "A"
summary = """
[[step]]
hold = 1
"""
day.on.sat = {wake = "9:00"}

[[step]]  # one
read = "B"
[[step]]
sources = [
    "C",
    "D",
]
hold = "5 s"
'''


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("title",), 1),
        (("summary",), 5),
        (("day", "on", "sat", "wake"), 6),
        (("step",), 8),
        (("step", 0), 8),
        (("step", 0, "read"), 9),
        (("step", 0, "hear"), 8),
        (("step", 1, "hold"), 15),
        (("step", 1, "sources", 1), 14),
        (("none",), None),
        ((), None),
    ],
)
def test_a_fault_is_on_the_line_that_sets_its_key(where: Where, line: int | None) -> None:
    """Text inside a string is not a key; a missing key is reported for its table."""
    assert line_of(TEXT, where) == line


@given(st.text(max_size=60), st.lists(st.text(max_size=3) | st.integers(0, 3), max_size=3).map(tuple))
def test_any_text_has_a_line_or_none(text: str, where: Where) -> None:
    """No text makes it crash."""
    assert line_of(text, where) in (None, *range(1, text.count("\n") + 2))


def lines_without_path(error: SettingsError, path: Path) -> list[str]:
    return [line.removeprefix(f"{path}: ") for line in error.lines]


@pytest.mark.parametrize(
    ("text", "line"), [("[day\n", 1), ("a = 1\nb = 22:30", 2), ("a = 1\n[day]\n[day]", 3), ('a = 1\nb = """x\n\n', 2)]
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    """In the same way as other faults; one at the end of the file is on the last line with text."""
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=rf"settings.toml: can't be read: .+ \(line {line}\)$"):
        load(path)


def test_all_faults_of_a_routine_are_reported_at_once(tmp_path: Path) -> None:
    """Wrong types, limits and texts, unknown keys and poses of every step each have their line."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = 3\nsummary = "B"\n[[step]]\nread = "C"\nhear = ""\nhold = "0 s"\nwait = "1 s"\n'
        '[[step]]\nread = "D"\nhold = "soon"\npose = "wall-leam"\ntimse = 3\n'
    )
    with pytest.raises(SettingsError) as caught:
        routines.load(path)
    assert sorted(lines_without_path(caught.value, path)) == [
        "step 1: hear: '' is not one line of 1 to 200 characters (line 5)",
        "step 1: hold: '0 s' is not between 1 s and 10 min (line 6)",
        "step 1: needs either `hold` (a stretch) or `wait` (time to get ready), not both (line 3)",
        "step 2: hear: is missing (line 8)",
        'step 2: hold: \'soon\' is not a duration. Write it as "30 min", "90 s" or "1h30". (line 10)',
        "step 2: pose: 'wall-leam' is not a known pose. Did you mean 'wall-lean'? (line 11)",
        "step 2: timse: is not known. Did you mean 'times'? (line 12)",
        'title: 3 is not a text in quotes, as in "…" (line 1)',
    ]


def test_all_faults_of_the_settings_are_reported_at_once(tmp_path: Path) -> None:
    """They may be in one key, in two together, in a reminder's name or in the phone's list."""
    path = tmp_path / "settings.toml"
    path.write_text(
        '[day]\nwake = "22:30"\n[stretch]\nlead = "0 s"\nuntil = "0 s"\nenable = true\n[notify]\nlate = 3\n'
        '[phone]\nreminders = ["strech"]\nntfy = "x"\ntoken_file = "y"\n[reminder.Tea]\ntitle = "Tea"\nat = ["16:00"]\n'
    )
    with pytest.raises(SettingsError) as caught:
        load(path)
    lines = lines_without_path(caught.value, path)
    assert [line.partition(" ")[0] for line in lines] == [
        "day:", "stretch.enable:", "stretch:", "reminder.Tea:", "notify.late:", "phone:", "phone.reminders",
    ]  # fmt: skip
    assert "ntfy is not an address" in lines[5]
    assert "token_file is not a full path" in lines[5]
