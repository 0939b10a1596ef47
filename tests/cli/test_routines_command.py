"""`remind routines`: the list, one in full, and a file checked."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from remind.cli.routines import routines
from remind.errors import SettingsError, UsageError


def run(folder: Path, *arguments: str) -> Result:
    app = SimpleNamespace(folders=SimpleNamespace(routines=folder))
    return CliRunner().invoke(routines, arguments, obj=app, standalone_mode=False)


def test_the_list_names_each_with_its_length(tmp_path: Path) -> None:
    """Name, whole time and title, one a line."""
    lines = run(tmp_path).output.splitlines()
    assert len(lines) == 8
    assert "wall-calf            3 min 15 s  Wall stretch, both calves" in lines


def test_a_name_shows_steps_time_cautions_and_sources(tmp_path: Path) -> None:
    """Everything in the file, in words."""
    shown = run(tmp_path, "wall-calf").output
    for words in (
        "hold 4 of 4, both legs, 30 s: Lean in",
        "3 min 15 s in all",
        "Take care:",
        "Sources:",
        "Daniell 1979",
    ):
        assert words in shown
    assert "this project's choice" in shown


def test_json_gives_the_same_as_data(tmp_path: Path) -> None:
    """Seconds with their unit in the key; one routine or the list of all."""
    (wall,) = [one for one in json.loads(run(tmp_path, "--json").output) if one["name"] == "wall-calf"]
    assert (wall["whole_s"], wall["planned_s"], len(wall["phases"])) == (195, 120, 9)
    assert json.loads(run(tmp_path, "wall-calf", "--json").output) == wall


def test_an_unknown_name_is_wrong_usage(tmp_path: Path) -> None:
    """With the nearest known name."""
    unknown = run(tmp_path, "towl").exception
    assert isinstance(unknown, UsageError)
    assert "'towel'" in str(unknown)


def test_check_finds_no_faults_or_lists_them_all(tmp_path: Path) -> None:
    """A good file is said with its time; of a bad one each fault, with the file and the key."""
    path = tmp_path / "mine.toml"
    text = 'title = "A"\nsummary = "B"\n[[step]]\nread = "C"\nhear = "D"\nhold = "20 s"\ntimes = 3\n'
    path.write_text(text)
    assert run(tmp_path, "check", str(path)).output == f"{path}: no faults found; 1 min in all, 1 min of holds\n"
    path.write_text(text.replace("20 s", "0 s").replace("3", "300"))
    fault = run(tmp_path, "check", str(path)).exception
    assert isinstance(fault, SettingsError)
    assert fault.lines == [
        f"{path}: step 1: hold: '0 s' is not between 1 s and 10 min (line 6)",
        f"{path}: step 1: times: 300 is not between 1 and 60 (line 7)",
    ]


def test_a_broken_file_of_ones_own_does_not_hide_the_others(tmp_path: Path) -> None:
    """The list is printed, then the fault."""
    (tmp_path / "mine.toml").write_text("title = 3")
    listed = run(tmp_path)
    assert "wall-calf" in listed.output
    assert isinstance(listed.exception, SettingsError)


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_help(tmp_path: Path, option: str) -> None:
    """An option is never taken for a routine's name."""
    from remind.cli.main import remind

    assert "check FILE" in CliRunner().invoke(remind, ["routines", option]).output
