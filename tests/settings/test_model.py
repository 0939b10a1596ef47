"""The settings file: merged over the defaults, checked, and reported in plain lines if it has faults."""

import os
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.errors import ExitCode, SettingsError
from remind.settings.model import check, defaults, load, load_or_keep, merged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of the person's own settings."""
    return tmp_path / "settings.toml"


def faults(path: Path) -> list[str]:
    """Return the faults of the file at `path`, without the path that each line begins with."""
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert refused.value.exit_code == ExitCode.SETTINGS
    lines = refused.value.lines
    assert all(line.startswith(f"{path}: ") and line.isprintable() for line in lines)
    return [re.sub(r" \(line \d+\)$", "", line.removeprefix(f"{path}: ")) for line in lines]


def test_without_a_file_the_defaults_apply(path: Path) -> None:
    """The shipped file is the only home of the defaults, and it is valid."""
    settings = load(path)
    assert (settings.day.wake, settings.day.bedtime) == (time(7), time(22, 30))
    assert (settings.stretch.lead, settings.stretch.times) == (timedelta(minutes=30), 3)
    assert settings.names == ("stretch", "water", "night", "move")
    assert not settings.reminder["move"].enabled


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "\ufeff", "[day]\n[stretch]\n"])
def test_an_empty_file_changes_nothing(path: Path, text: str) -> None:
    """Neither does a byte order mark, a comment or an empty table."""
    path.write_text(text, encoding="utf-8")
    assert load(path) == check({}, path)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_files_of_other_systems_are_read(path: Path, newline: str, start: str) -> None:
    """Windows line ends and a byte order mark are accepted."""
    path.write_bytes(f'{start}[day]{newline}bedtime = "23:15"{newline}'.encode())
    assert load(path).day.bedtime == time(23, 15)


def test_a_missing_key_keeps_its_default(path: Path) -> None:
    """One key of a table leaves the others as they are."""
    path.write_text('[stretch]\nlead = "45 min"\n')
    settings = load(path)
    assert settings.stretch.lead == timedelta(minutes=45)
    assert settings.stretch.until == timedelta(hours=1)
    assert settings.water == load(path.with_name("none.toml")).water


def test_one_weekday_may_differ_in_one_thing(path: Path) -> None:
    """Only Saturday's bedtime differs; its wake time and all other days are as usual."""
    path.write_text('[day.on.sat]\nbedtime = "00:30"\n[day]\nwake = "06:45"\n')
    day = load(path).day
    assert day.on["sat"].bedtime == time(0, 30)
    assert day.on["sat"].wake is None
    assert (day.wake, day.bedtime) == (time(6, 45), time(22, 30))


def test_own_reminders(path: Path) -> None:
    """A new one is added to the shipped one, which keeps the defaults of its other keys."""
    path.write_text(
        '[reminder.pill]\ntitle = "Pill"\nat = ["8:00"]\n[reminder.move]\nenabled = true\nevery = "30 min"\n'
    )
    own = load(path).reminder
    assert own["pill"].at == (time(8),)
    assert (own["move"].enabled, own["move"].every, own["move"].from_) == (True, timedelta(minutes=30), time(9))


def test_own_times_replace_the_shipped_hours(path: Path) -> None:
    """`at` for the shipped reminder replaces its `every`, `from` and `to`."""
    path.write_text('[reminder.move]\nenabled = true\nat = ["10:00"]\n')
    assert load(path).reminder["move"].every is None


def test_all_faults_are_reported_at_once(path: Path) -> None:
    """Each line has the file, the key, the wrong value, how to write it, and the nearest key."""
    path.write_text(
        '[day]\nbedtme = "23:00"\nwake = "7h"\n[day.on.saturday]\nwake = "09:00"\n[stretch]\nlead = 30\n'
        'times = "3"\nrepeat = "1 s"\n'
        '[water]\nenabled = "yes"\ntarget = "much"\n[notify]\nchannel = "dbsu"\nlate = "2 d"\n[sterch]\n'
    )
    assert sorted(faults(path)) == [
        "day.bedtme: is not known. Did you mean 'bedtime'?",
        "day.on.saturday: is not known. Known here: fri, mon, sat, sun, thu, tue, wed, weekdays, weekend",
        "day.wake: '7h' is not a time of day. Write it as 22:30 or 10:30 pm.",
        "notify.channel: 'dbsu' is not one of 'auto', 'dbus', 'desktop-notifier', 'osascript', 'plyer', 'console'",
        "notify.late: '2 d' is not between 1 min and 12 h",
        "sterch: is not known. Did you mean 'stretch'?",
        'stretch.lead: 30 is not a duration. Write it as "30 min", "90 s" or "1h30".',
        "stretch.repeat: '1 s' is not between 1 min and 4 h",
        "stretch.times: '3' is not a whole number",
        "water.enabled: 'yes' is not true or false",
        'water.target: \'much\' is not an amount. Write it as "250 ml", "8 oz" or "1.5 L".',
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("day = 3", "day: 3 is not a table"),
        ("[[day]]", "day: a list is not a table"),
        ("day.on = 3", "day.on: 3 is not a table"),
        ("[reminder]\npill = 'x'", 'reminder.pill: \'x\' is not a table'),
        ("reminder = 3", "reminder: 3 is not a table"),
        ("[reminder.move]\nfrom = ''", 'reminder.move.from: \'\' is not a time of day. Write it as 22:30 or 10:30 pm.'),
        ("stretch.times = 0x" + "F" * 5000, "stretch.times: a huge number is not between 1 and 20"),
        ("stretch.times" + ".a" * 900 + " = 1", "stretch.times: a table is not a whole number"),
        ("stretch.lead = nan", 'stretch.lead: nan is not a duration. Write it as "30 min", "90 s" or "1h30".'),
        (
            "[day]\nwake = 2026-11-22",
            'day.wake: 2026-11-22 is not a time of day in quotes. Write it as 22:30 or 10:30 pm.',
        ),
        ("[notify]\nchime = 1", "notify.chime: is not known. Known here: channel, late, snooze, sound"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_wrong_value_is_reported_in_one_line(path: Path, text: str, line: str) -> None:
    """Its type is wrong, at any place and of any size."""
    path.write_text(text)
    assert faults(path) == [line]


@pytest.mark.parametrize(
    "name", ["Pill", "my pill", "stretch", "water", "night", "", "ä", "a" * 33, "-a", "a\\nb", "a\\u001b[31m"]
)
def test_a_reminder_s_name_is_plain(path: Path, name: str) -> None:
    """It is part of occurrence keys and typed in commands; the built-in names are taken."""
    path.write_text(f'[reminder."{name}"]\ntitle = "Pill"\nat = ["8:00"]\n', encoding="utf-8")
    (line,) = faults(path)
    assert line.startswith("reminder.")
    assert line.endswith("is not a valid name. Use small letters, digits, - and _, and not stretch, water or night.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[day\n", "can't be read: expected ']' at the end of a table declaration"),
        (b"lead 30 min", "can't be read"),
        (
            b"[day]\nwake = 07:00",
            "can't be read: expected newline or end of document after a statement; a time or a text needs quotes",
        ),
        (b'[day]\nwake = """07:00\n', "can't be read: unterminated string"),
        (b"a = 1\na = 2", "can't be read"),
        (b"a = " + b"[" * 100_000, "can't be read"),
        (b"a = " + b"9" * 5000, "can't be read"),
        (b"\x00\x00\x00", "can't be read"),
        (b"\xff\xfe[\x00d\x00a\x00", "is not UTF-8 text (byte 0). Save it again as UTF-8."),
        (os.urandom(2000) + b"\xff", "is not UTF-8 text"),
        (b"# " + b"x" * (1 << 20), "is larger than 1 MiB"),
    ],
    ids=range(11),
)
def test_a_file_that_is_not_settings_is_reported_in_one_line(path: Path, content: bytes, words: str) -> None:
    """It may be broken, binary, in another encoding, deeply nested or huge."""
    path.write_bytes(content)
    (line,) = faults(path)
    assert line.startswith(words)


@pytest.mark.posix
def test_an_unreadable_file_is_reported_in_one_line(path: Path, tmp_path: Path) -> None:
    """It may be a folder, a pipe that nobody writes to, a loop of links, or below a plain file."""
    path.mkdir()
    (tmp_path / "pipe.toml").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "file").touch()
    places = {
        path: "is a folder",
        tmp_path / "pipe.toml": "is not a plain file",
        tmp_path / "loop.toml": "Too many levels of symbolic links",
        tmp_path / "file" / "settings.toml": "Not a directory",
        Path("/dev/zero"): "is not a plain file",
    }
    for place, words in places.items():
        (line,) = faults(place)
        assert words.casefold() in line.casefold()


def test_a_file_in_a_missing_folder_is_missing(tmp_path: Path) -> None:
    """Nothing is written yet, so the defaults apply."""
    assert load(tmp_path / "none" / "settings.toml") == check({}, tmp_path)


@pytest.mark.posix
def test_a_link_to_settings_elsewhere_is_followed(path: Path, tmp_path: Path) -> None:
    """Some people keep their settings in a folder of dotfiles."""
    (tmp_path / "dotfiles.toml").write_text('[day]\nwake = "05:00"\n')
    path.symlink_to("dotfiles.toml")
    assert load(path).day.wake == time(5)


def test_a_fault_keeps_the_last_good_settings(path: Path) -> None:
    """The last valid settings still apply, and the fault is reported."""
    kept = '[day]\nbedtime = "23:45"\n'
    path.write_text("[day]\nbedtime = 5\n")
    loaded = load_or_keep(path, lambda: kept)
    assert (loaded.settings.day.bedtime, loaded.text) == (time(23, 45), kept)
    assert loaded.faults == (
        f"{path}: day.bedtime: 5 is not a time of day in quotes. Write it as 22:30 or 10:30 pm. (line 2)",
    )


@pytest.mark.parametrize("content", [b"[day", b"\xff", b"[day]\nx = 1"])
def test_any_fault_keeps_the_last_good_settings(path: Path, content: bytes) -> None:
    """Broken TOML, binary data and unknown keys count too."""
    path.write_bytes(content)
    loaded = load_or_keep(path, lambda: '[day]\nbedtime = "23:45"\n')
    assert loaded.settings.day.bedtime == time(23, 45)
    assert len(loaded.faults) == 1


def test_unreadable_kept_settings_fall_back_to_the_defaults(path: Path) -> None:
    """Another version may have kept them; the shipped settings apply, and the fault is reported."""
    path.write_text("[day")
    loaded = load_or_keep(path, lambda: "[unknown]\n")
    assert loaded.settings == check({}, path)
    assert loaded.text == ""
    assert loaded.faults


def test_a_valid_file_is_the_one_to_keep(path: Path) -> None:
    """Its exact text is kept; no file counts as an empty one."""
    path.write_text("# mine\n")
    assert load_or_keep(path, lambda: "[day").text == "# mine\n"
    path.unlink()
    assert load_or_keep(path, lambda: '[day]\nwake = "05:00"') == load_or_keep(path, str)


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_reported_in_printable_lines(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """No file makes it crash."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    lines: list[str] = []
    try:
        load(path)
    except SettingsError as error:
        lines = error.lines
    assert all(line.isprintable() for line in lines)


def test_merging_changes_neither_table() -> None:
    """Tables are merged and values replaced in a copy."""
    under, over = {"a": {"x": 1, "y": 2}, "b": 1}, {"a": {"y": 3}, "b": {"z": 1}}
    assert merged(under, over) == {"a": {"x": 1, "y": 3}, "b": {"z": 1}}
    assert under == {"a": {"x": 1, "y": 2}, "b": 1}
    assert defaults() == defaults()


def test_only_existing_reminders_go_to_the_phone() -> None:
    """Another name is a fault, and the message suggests the nearest one."""
    assert check({"phone": {"reminders": ["stretch", "move"]}}, Path("settings.toml")).phone.reminders == (
        "stretch",
        "move",
    )
    with pytest.raises(SettingsError, match=r"phone.reminders 1: 'strech' is not a reminder. Did you mean 'stretch'\?"):
        check({"phone": {"reminders": ["strech"]}}, Path("settings.toml"))
