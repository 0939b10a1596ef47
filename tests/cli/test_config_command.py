"""`remind config` as people and scripts use it."""

import json
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from remind.app import App
from remind.cli.config import config
from remind.errors import ExitCode, RemindError, UsageError
from remind.files import Folders
from remind.settings.model import load

Run = Callable[..., str]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Folders that do not exist yet."""
    return Folders(*(tmp_path / name for name in ("config", "data", "state")))


@pytest.fixture
def run(folders: Folders) -> Run:
    """Runs `remind config …` to its end and gives what it printed."""

    def run(*arguments: str, typed: str = "") -> str:
        with closing(App(folders)) as app:
            result = CliRunner().invoke(config, arguments, obj=app, input=typed, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def refused(run: Run, *arguments: str, code: ExitCode = ExitCode.SETTINGS) -> str:
    with pytest.raises(RemindError) as told:
        run(*arguments)
    assert told.value.exit_code == code
    return str(told.value)


def slip(run: Run, *arguments: str) -> str:
    return refused(run, *arguments, code=ExitCode.USAGE)


def own(folders: Folders, text: str) -> None:
    folders.config.mkdir(exist_ok=True)
    folders.settings.write_text(text)


def test_path_is_known_before_there_is_a_file(run: Run, folders: Folders) -> None:
    """The place is printed, and nothing is made there."""
    assert run("path") == f"{folders.settings}\n"
    assert not folders.config.exists()


def test_looking_makes_no_file(run: Run, folders: Folders) -> None:
    """A person who only looks leaves no trace."""
    for arguments in (("show",), ("show", "--json"), ("get", "day.bedtime"), ("check",)):
        run(*arguments)
    assert not folders.config.exists()


def test_show_marks_what_is_the_persons_own(run: Run, folders: Folders) -> None:
    """Every setting is shown in a form that loads again, with a mark at those that differ."""
    own(folders, '[stretch]\nlead = "20 min"\n[day.on.sat]\nwake = "09:00"\n')
    lines = run("show").splitlines()
    assert 'lead = "20 min"  # yours' in lines
    assert 'wake = "09:00"  # yours' in lines
    assert 'repeat = "10 min"' in lines
    assert sum("# yours" in line for line in lines) == 2
    before = load(folders.settings)
    own(folders, "\n".join(lines))
    assert load(folders.settings) == before


def test_show_as_json(run: Run, folders: Folders) -> None:
    """The file, the keys that are the person's own, and every setting, also a time without quotes."""
    own(folders, "[day]\nwake = 06:15:00\n")
    shown = json.loads(run("show", "--json"))
    assert shown["file"] == str(folders.settings)
    assert shown["own"] == ["day.wake"]
    assert shown["settings"]["day"] == {"wake": "06:15:00", "bedtime": "22:30"}


def test_get_prints_what_set_would_take(run: Run, folders: Folders) -> None:
    """A value, a list and a whole table, whether shipped or the person's own."""
    assert run("get", "day.bedtime") == "22:30\n"
    assert run("get", "reminder.move.enabled") == "false\n"
    assert run("get", "reminder.move.days") == "mon,tue,wed,thu,fri\n"
    run("set", "day.on.sat.bedtime", "00:30")
    assert run("get", "day.on.sat.bedtime") == "00:30\n"
    assert run("get", "day") == 'wake = "07:00"\nbedtime = "22:30"\non.sat.bedtime = "00:30"\n'


def test_get_of_what_is_not_set_is_a_failure_in_words(run: Run) -> None:
    """A script can tell a setting without a value from an empty one."""
    with pytest.raises(RemindError, match=r"water\.target is not set") as told:
        run("get", "water.target")
    assert told.value.exit_code == ExitCode.FAILURE


def test_the_first_set_makes_a_file_with_that_setting_alone(run: Run, folders: Folders) -> None:
    """A few words on what the file is, then the one setting; the defaults are not copied."""
    assert run("set", "stretch.lead", "20 min") == "stretch.lead is now 20 min\n"
    text = folders.settings.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"stretch": {"lead": "20 min"}}
    assert text.startswith("# ")
    assert len(text.splitlines()) < 8


def test_set_keeps_comments_and_order(run: Run, folders: Folders) -> None:
    """What the person wrote around the value stays as it was, to the letter."""
    text = '# mine\n[water]\nevery = "1 h" # dry air\n\n# calves\n[stretch]\ntimes = 2\n'
    own(folders, text)
    run("set", "water.every", "90 min")
    assert folders.settings.read_text(encoding="utf-8") == text.replace('"1 h"', '"90 min"')


def test_what_is_set_holds(run: Run, folders: Folders) -> None:
    """Dotted keys of every depth reach the settings that the program works with."""
    run("set", "day.on.sat.bedtime", "00:30")
    run("set", "reminder.move.enabled", "true", "reminder.move.at", "10:00,15:00")
    loaded = load(folders.settings)
    assert str(loaded.day.on["sat"].bedtime) == "00:30:00"
    assert [str(one) for one in loaded.reminder["move"].at] == ["10:00:00", "15:00:00"]
    assert loaded.reminder["move"].every is None


def test_a_reminder_of_ones_own_is_made_in_one_command(run: Run, folders: Folders) -> None:
    """Its keys come together, since one alone would not load."""
    assert "reminder.tea" in slip(run, "set", "reminder.tea.title", "Tea")
    run("set", "reminder.tea.title", "Tea", "reminder.tea.at", "16:00")
    assert load(folders.settings).reminder["tea"].title == "Tea"
    run("unset", "reminder.tea")
    assert "tea" not in load(folders.settings).reminder


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("stretch.lead", "soon", "stretch.lead: 'soon' is not a duration"),
        ("stretch.times", "many", "stretch.times: 'many' is not a whole number"),
        ("stretch.times", "0", "stretch.times"),
        ("stretch.enabled", "perhaps", "is not true or false"),
        ("stretch.routine", "towl", "Did you mean 'towel'?"),
        ("stretch.led", "1 h", "Did you mean 'stretch.lead'?"),
        ("day.on.sat", "late", "is a table"),
        ("day.bedtime", "25:00", "is not a time of day"),
        ("notify.channel", "smoke", "is not one of"),
        ("reminder.move.days", "mon,someday", "is not one of"),
        ("reminder.Big Tea.enabled", "true", "reminder.Big Tea"),
    ],
)
def test_a_value_that_would_not_load_leaves_the_file_untouched(
    run: Run, folders: Folders, key: str, value: str, words: str
) -> None:
    """The error says what would be right, and the file stays as it was, or is not created."""
    assert words in slip(run, "set", key, value)
    assert not folders.settings.exists()
    own(folders, "# mine\n")
    slip(run, "set", key, value)
    assert folders.settings.read_text(encoding="utf-8") == "# mine\n"


def test_a_target_for_water_comes_after_one_question(run: Run, folders: Folders) -> None:
    """Asked once, and only for a target that would load; who has to limit fluids sets the clinician's number."""
    assert "is not an amount" in slip(run, "set", "water.target", "lots")
    with pytest.raises(UsageError, match="fluid limits"):
        run("set", "water.target", "1.6 L")
    assert not folders.settings.exists()
    assert "heart failure" in run("set", "water.target", "1.6 L", typed="y\n1.2 L\n")
    assert load(folders.settings).water.target == 1200
    assert "water.target is no longer set" in run("set", "water.target", "2 L", typed="y\n\n")
    assert load(folders.settings).water.target is None
    assert not load(folders.settings).water.enabled


def test_a_target_for_water_is_set_where_nothing_limits_it(run: Run, folders: Folders) -> None:
    """The answer is remembered, so that the next target is set without a question."""
    run("set", "water.target", "1.6 L", typed="n\n")
    assert run("set", "water.target", "2 L") == "water.target is now 2 L\n"
    assert load(folders.settings).water.target == 2000


def test_several_settings_are_set_all_or_none(run: Run, folders: Folders) -> None:
    """One wrong value keeps the right ones out as well; a key without a value is wrong usage."""
    slip(run, "set", "stretch.times", "2", "stretch.lead", "soon")
    with pytest.raises(UsageError, match=r"stretch\.lead has no value"):
        run("set", "stretch.times", "2", "stretch.lead")
    assert not folders.settings.exists()


def test_a_fault_can_be_fixed_by_set_and_by_unset(run: Run, folders: Folders) -> None:
    """A file with a fault can still be changed, even if a key is misspelt."""
    own(folders, '[stretch]\nlead = "soon"\n')
    refused(run, "check")
    run("set", "stretch.lead", "20 min")
    own(folders, '[stretch]\nled = "20 min"\n')
    run("unset", "stretch.led")
    assert "no faults found" in run("check")


def test_a_slip_says_how_the_value_is_written(run: Run, folders: Folders) -> None:
    """The file is not at fault, so the error has neither its name nor its exit code."""
    said = slip(run, "set", "day.bedtime", "25:70")
    assert said == "day.bedtime: '25:70' is not a time of day. Write it as 22:30 or 10:30 pm."
    assert "needs a unit" in slip(run, "set", "water.glass", "2")
    run("set", "day.bedtime", "10:30 pm")
    assert str(load(folders.settings).day.bedtime) == "22:30:00"


def test_two_faults_can_be_fixed_one_by_one(run: Run, folders: Folders) -> None:
    """Each change that adds no fault is saved; what is still wrong is listed with its line."""
    own(folders, '[stretch]\nlead = "soon"\nled = 3\ntimes = "many"\n')
    said = run("unset", "stretch.led")
    assert "stretch.led is no longer set" in said
    assert f"{folders.settings}: stretch.lead: 'soon' is not a duration" in said
    assert f"{folders.settings}: stretch.times: 'many' is not a whole number (line 3)" in said
    assert "stretch.times is now 2" in run("set", "stretch.times", "2")
    assert run("unset", "stretch.lead") == "stretch.lead is now 30 min\n"
    assert folders.settings.read_text(encoding="utf-8") == "[stretch]\ntimes = 2\n"


def test_a_change_that_adds_a_fault_is_refused_beside_an_old_one(run: Run, folders: Folders) -> None:
    """The error names only what the change makes wrong."""
    own(folders, '[stretch]\nlead = "soon"\n')
    assert slip(run, "set", "stretch.times", "99") == "stretch.times: 99 is not between 1 and 20"
    assert folders.settings.read_text(encoding="utf-8") == '[stretch]\nlead = "soon"\n'


def test_a_table_that_is_unset_is_reported_in_a_line(run: Run, folders: Folders) -> None:
    """A shipped reminder goes back to its defaults, one of one's own goes."""
    own(folders, '[reminder.move]\nenabled = true\n[reminder.tea]\ntitle = "Tea"\nat = ["16:00"]\n')
    assert run("unset", "reminder.move") == "reminder.move has its defaults again.\n"
    assert run("unset", "reminder.tea") == "reminder.tea is no longer set\n"


def test_a_bedtime_that_is_the_time_of_waking_is_refused(run: Run) -> None:
    """There would be no night between them."""
    assert "wake and bedtime are both 22:30" in slip(run, "set", "day.wake", "22.30")


def test_several_days_have_one_name(run: Run, folders: Folders) -> None:
    """The weekend is set once, and shown as it was set."""
    run("set", "day.on.weekend.bedtime", "00:30", "day.on.sat.wake", "9 am")
    assert run("get", "day.on.weekend.bedtime") == "00:30\n"
    assert set(load(folders.settings).day.on) == {"weekend", "sat"}


def test_unset_brings_the_default_back(run: Run, folders: Folders) -> None:
    """The key goes from the file, its neighbours stay, and what holds now is said."""
    own(folders, '[stretch]\nlead = "20 min"\ntimes = 2\n')
    assert run("unset", "stretch.lead") == "stretch.lead is now 30 min\n"
    assert folders.settings.read_text(encoding="utf-8") == "[stretch]\ntimes = 2\n"
    with pytest.raises(RemindError, match="its default applies already"):
        run("unset", "stretch.lead")
    assert "Did you mean" in slip(run, "unset", "stretch.led")


def test_unset_leaves_no_file_that_does_not_load(run: Run, folders: Folders) -> None:
    """What a reminder needs cannot be taken from it alone."""
    text = '[reminder.tea]\ntitle = "Tea"\nat = ["16:00"]\n'
    own(folders, text)
    assert "reminder.tea" in slip(run, "unset", "reminder.tea.at")
    assert folders.settings.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("content", [b"\xff\x00", b"a = ", b"[day\n", b"x = 1\nx = 2\n"])
@pytest.mark.parametrize(
    "arguments",
    [("show",), ("get", "day.wake"), ("set", "day.wake", "8:00"), ("unset", "day.wake"), ("check",)],
)
def test_a_file_that_is_not_toml_is_reported(
    run: Run, folders: Folders, content: bytes, arguments: tuple[str, ...]
) -> None:
    """Every command names the file and leaves it alone."""
    folders.config.mkdir()
    folders.settings.write_bytes(content)
    assert str(folders.settings) in refused(run, *arguments)
    assert folders.settings.read_bytes() == content


def test_check_names_every_fault(run: Run, folders: Folders) -> None:
    """One line for each, with file, key, what stood there and what would be right."""
    own(folders, '[stretch]\nlead = 3\n[day]\nwake = "7 o\'clock"\nbedtme = "22:00"\n')
    lines = refused(run, "check").splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{folders.settings}: ") for line in lines)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets an editor that writes the given texts, one at each call."""

    def set_editor(*texts: str) -> None:
        for number, text in enumerate(texts, 1):
            (tmp_path / f"text{number}").write_text(text)
        script = tmp_path / "editor"
        script.write_text(f'#!/bin/sh\ncd {tmp_path}\necho >> calls\ncp "text$(wc -l < calls | tr -d " ")" "$1"\n')
        script.chmod(0o755)
        monkeypatch.setenv("VISUAL", str(script))

    return set_editor


GOOD, BAD = '[stretch]\nlead = "20 min"\n', '[stretch]\nlead = "soon"\n'


def test_edit_saves_what_loads(run: Run, folders: Folders, editor: Callable[..., None]) -> None:
    """What came out of the editor becomes the file."""
    editor(GOOD)
    assert run("edit") == f"Saved {folders.settings}\n"
    assert folders.settings.read_text(encoding="utf-8") == GOOD


def test_edit_without_a_change_makes_no_file(run: Run, folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at an empty file does not make one."""
    monkeypatch.setenv("VISUAL", "true")
    assert run("edit") == "Nothing changed.\n"
    assert not folders.config.exists()


def test_edit_of_a_broken_text_can_be_gone_on_with(run: Run, folders: Folders, editor: Callable[..., None]) -> None:
    """The fault names the person's own file, and the editor opens again on the same text."""
    editor(BAD, GOOD)
    said = run("edit", typed="\n")
    assert f"{folders.settings}: stretch.lead: 'soon' is not a duration" in said
    assert folders.settings.read_text(encoding="utf-8") == GOOD


def test_edit_of_a_broken_text_can_be_discarded(run: Run, folders: Folders, editor: Callable[..., None]) -> None:
    """The old file stays."""
    own(folders, GOOD)
    editor(BAD)
    assert "Nothing changed." in run("edit", typed="discard\n")
    assert folders.settings.read_text(encoding="utf-8") == GOOD


def test_edit_of_a_broken_text_is_saved_only_on_demand(run: Run, folders: Folders, editor: Callable[..., None]) -> None:
    """A person who insists has the last word."""
    editor(BAD)
    run("edit", typed="save\n")
    assert folders.settings.read_text(encoding="utf-8") == BAD
    refused(run, "check")


def drafts(folders: Folders) -> list[Path]:
    return sorted(folders.state.glob("settings-*.toml"))


def test_what_was_typed_outlives_ctrl_c(folders: Folders, editor: Callable[..., None]) -> None:
    """At the question after a fault, the text is kept and its path is printed; the file stays as it was."""
    own(folders, GOOD)
    editor(BAD)
    with closing(App(folders)) as app:
        result = CliRunner().invoke(config, ["edit"], obj=app, input="")
    (draft,) = drafts(folders)
    assert draft.read_text(encoding="utf-8") == BAD
    assert f"What you typed is kept in {draft}" in result.output
    assert folders.settings.read_text(encoding="utf-8") == GOOD


def test_what_was_typed_outlives_a_file_that_cannot_be_written(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder went away, or the disk is full, nothing is lost either."""
    script = tmp_path / "editor"
    script.write_text(f'#!/bin/sh\nprintf "[day]\\n" > "$1"\ntouch {folders.config}\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    with closing(App(folders)) as app:
        result = CliRunner().invoke(config, ["edit"], obj=app)
    (draft,) = drafts(folders)
    assert draft.read_text(encoding="utf-8") == "[day]\n"
    assert str(draft) in result.output
    assert isinstance(result.exception, RemindError)


def test_nothing_is_kept_where_nothing_is_lost(run: Run, folders: Folders, editor: Callable[..., None]) -> None:
    """A saved, a discarded and an unchanged text leave no draft behind."""
    editor(GOOD, BAD, GOOD)
    run("edit")
    run("edit", typed="discard\n")
    run("edit")
    assert drafts(folders) == []


def test_a_folder_that_cannot_be_written_is_reported(run: Run, folders: Folders) -> None:
    """A file in place of the folder leads to words that name the settings file."""
    folders.config.write_text("")
    with pytest.raises(RemindError, match="cannot be"):
        run("set", "stretch.times", "2")


def test_a_link_into_a_dotfiles_folder_stays_a_link(run: Run, folders: Folders, tmp_path: Path) -> None:
    """The file that it leads to is changed."""
    dotfile = tmp_path / "dotfiles" / "remind.toml"
    dotfile.parent.mkdir()
    dotfile.write_text("")
    folders.config.mkdir()
    folders.settings.symlink_to(dotfile)
    run("set", "stretch.times", "2")
    assert folders.settings.is_symlink()
    assert "times = 2" in dotfile.read_text(encoding="utf-8")
