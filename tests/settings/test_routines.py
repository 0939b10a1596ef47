"""Routine files: the shipped ones, the person's own, and files at fault."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from remind import files
from remind.core.routine import plan, planned_s, whole_s
from remind.errors import SettingsError, UsageError
from remind.settings import routines

SHIPPED = files.shipped() / "routines"
MINE = """
title = "Mine"
summary = "Short."
[[step]]
read = "Hold"
hear = "Hold it."
hold = "5 s"
"""

# (whole, holds, seconds a hold, rests or changes, seconds of each), as the sources and our own choices have it.
NUMBERS = {
    "wall-calf": (195, 4, 30, 3, 15),
    "wall-calf-single": (180, 4, 30, 3, 10),
    "gentle-start": (135, 4, 15, 3, 15),
    "trial": (150, 12, 10, 1, 20),
    "trial-seated": (150, 12, 10, 1, 20),
    "three-a-day": (50, 3, 10, 2, 5),
    "towel": (255, 6, 30, 5, 10),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_shipped_routine_has_its_numbers(name: str) -> None:
    """Its length, holds and rests are those of its sources."""
    phases = plan(routines.load(SHIPPED / f"{name}.toml"))
    whole, holds, hold_s, rests, rest_s = NUMBERS[name]
    assert whole_s(phases) == whole
    assert [phase.seconds for phase in phases if phase.kind == "hold"] == [hold_s] * holds
    assert [phase.seconds for phase in phases if phase.kind in ("rest", "swap")] == [rest_s] * rests


def test_the_relief_routine_begins_at_once_and_is_silent() -> None:
    """Flex three times, rub, stand, walk, soothe: relief is the first phase, and no bell rings."""
    routine = routines.load(SHIPPED / "cramp-now.toml")
    phases = plan(routine)
    assert [phase.seconds for phase in phases if phase.kind == "hold"] == [30, 30, 30, 60, 30, 60, 300]
    assert phases[0].kind == "hold"
    assert not routine.bell


def test_the_trial_is_done_within_three_minutes() -> None:
    """Both legs, calf and hamstring, fit in as they did in the trial."""
    for name in ("trial", "trial-seated"):
        assert planned_s(plan(routines.load(SHIPPED / f"{name}.toml"))) <= 180


@pytest.mark.parametrize("path", sorted(SHIPPED.iterdir()), ids=lambda path: path.stem)
def test_every_shipped_routine_is_complete_and_promises_nothing(path: Path) -> None:
    """It has sources, cautions, choices, a pose and few words for every phase, and claims no cure."""
    routine = routines.load(path)
    assert routine.sources
    assert routine.cautions
    assert routine.choices
    for phase in plan(routine):
        assert phase.pose in routines.poses()
        assert len(phase.read.split()) <= 3
    text = path.read_text(encoding="utf-8").lower()
    assert not any(word in text for word in ("prevents", "cures", "worked", "magnesium", "quinine", "tiptoe"))


def test_an_own_routine_is_added_or_replaces_a_shipped_one(tmp_path: Path) -> None:
    """A new name adds a routine; the name of a shipped one replaces it."""
    (tmp_path / "mine.toml").write_text(MINE)
    (tmp_path / "trial.toml").write_text(MINE)
    (tmp_path / "notes.txt").write_text("not a routine")
    found = files.routine_files(tmp_path)
    assert found["mine"] == tmp_path / "mine.toml"
    assert found["trial"] == tmp_path / "trial.toml"
    assert found["wall-calf"] == SHIPPED / "wall-calf.toml"
    assert "notes" not in found


def test_an_unknown_name_points_to_the_nearest(tmp_path: Path) -> None:
    """The name is not guessed, but the nearest one is suggested."""
    with pytest.raises(UsageError, match="Did you mean 'wall-calf'"):
        routines.find("wall-calv", tmp_path)


def test_a_routine_that_was_edited_is_read_anew(tmp_path: Path) -> None:
    """The service and the page keep what they read, but a change counts at once."""
    mine = tmp_path / "mine.toml"
    for title in ("Mine", "Mine again"):
        mine.write_text(MINE.replace("Mine", title))
        assert routines.load(mine).title == title


def test_a_path_is_used_as_it_is(tmp_path: Path) -> None:
    """A file anywhere can be run; a missing one is reported."""
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE)
    assert routines.load(routines.find(str(mine), tmp_path / "none")).title == "Mine"
    with pytest.raises(UsageError, match="there is no file"):
        routines.load(tmp_path / "gone.toml")


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


def huge(path: Path) -> None:
    path.write_text("#" * (1 << 21))


def binary(path: Path) -> None:
    path.write_bytes(b"\xff\x00\xfe")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def empty(path: Path) -> None:
    path.touch()


def broken(path: Path) -> None:
    path.write_text("title = ")


def no_steps(path: Path) -> None:
    path.write_text('title = "A"\nsummary = "B"\nstep = []\n')


@pytest.mark.parametrize(
    "make",
    [
        folder,
        huge,
        binary,
        empty,
        broken,
        no_steps,
        *(pytest.param(one, marks=pytest.mark.posix) for one in (loop, pipe)),
    ],
)
def test_a_file_at_fault_is_reported_with_its_path(make: Callable[[Path], None], tmp_path: Path) -> None:
    """Every line names the file, whatever is wrong with it."""
    path = tmp_path / "mine.toml"
    make(path)
    with pytest.raises(SettingsError) as caught:
        routines.load(path)
    assert caught.value.lines
    assert all(line.startswith(str(path)) for line in caught.value.lines)


@pytest.mark.posix
def test_an_unknown_home_is_reported_in_one_line(tmp_path: Path) -> None:
    """A shell passes on an unknown ~ as it was typed."""
    with pytest.raises(UsageError, match="there is no file"):
        routines.find("~nobody-of-that-name/a.toml", tmp_path)


@pytest.mark.posix
def test_a_name_that_the_diary_cannot_store_is_refused_before_the_session(tmp_path: Path) -> None:
    """Old file systems have names that are not UTF-8; refused at the end, the session would be lost."""
    path = tmp_path / os.fsdecode(b"caf\xe9.toml")
    path.write_text(MINE)
    with pytest.raises(SettingsError, match="Rename the file"):
        routines.load(path)
