"""Files read with care, and written whole or not at all."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind import files
from remind.errors import RemindError, SettingsError


@pytest.mark.posix
def test_the_folders_follow_the_xdg_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, database and lock are where XDG says."""
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name))
    folders = files.own_folders()
    assert folders.settings == tmp_path / "CONFIG_HOME" / "remind" / "settings.toml"
    assert folders.routines == tmp_path / "CONFIG_HOME" / "remind" / "routines"
    assert folders.database == tmp_path / "DATA_HOME" / "remind" / "remind.db"
    assert folders.lock == tmp_path / "STATE_HOME" / "remind" / "remind.lock"
    assert not list(tmp_path.rglob("remind"))


@pytest.mark.parametrize("runtime", ["", "/nowhere", "/run/user/1000"])
@pytest.mark.posix
def test_one_person_has_one_lock_however_they_are_logged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    """A desktop's login has a runtime folder where a shell over SSH may have none."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert files.own_folders().lock == tmp_path / "remind" / "remind.lock"


def test_what_is_shipped_is_found() -> None:
    """The shipped files are found in a checkout and in a wheel."""
    assert (files.shipped() / "settings.toml").is_file()


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_what_is_written_reads_as_the_same(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Any text survives writing and reading."""
    path = tmp_path_factory.getbasetemp() / "text"
    files.write_atomically(path, text)
    assert files.read_text(path) == text


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    """There is no folder yet when the first setting is changed."""
    files.write_atomically(tmp_path / "a" / "b" / "settings.toml", "x")
    assert (tmp_path / "a" / "b" / "settings.toml").read_text(encoding="utf-8") == "x"


@pytest.mark.posix
def test_a_link_stays_a_link_and_modes_stay_as_they_are(tmp_path: Path) -> None:
    """A settings file may be a link to dotfiles that only its owner can read."""
    real, link = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    files.write_atomically(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full at the last step."""
    path = tmp_path / "settings.toml"
    path.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RemindError, match=r"settings\.toml: cannot be written: No space left on device"):
        files.write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["folder", pytest.param("loop", marks=pytest.mark.posix), "file/settings.toml"])
def test_a_write_that_is_impossible_is_reported_in_one_line(tmp_path: Path, place: str) -> None:
    """The path may be a folder, a loop of links, or below a plain file."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    with pytest.raises(RemindError, match="cannot be written") as refused:
        files.write_atomically(tmp_path / place, "x")
    assert len(refused.value.lines) == 1


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """While one thread keeps writing, another always reads the whole old or the whole new text."""
    path, texts = tmp_path / "settings.toml", ("a" * 100_000, "b" * 50_000)
    files.write_atomically(path, texts[0])
    done = threading.Event()

    def write() -> None:
        try:
            for turn in range(30):
                files.write_atomically(path, texts[turn % 2])
        finally:
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.wait(0.002):  # on Windows nothing can replace a file that is open without a pause
        assert files.read_text(path) in texts
    writer.join()
    assert files.read_text(path) == texts[1]


def test_a_missing_file_differs_from_a_bad_one(tmp_path: Path) -> None:
    """A missing file is normal; a bad one is reported."""
    with pytest.raises(FileNotFoundError):
        files.read_text(tmp_path / "none")
    with pytest.raises(SettingsError):
        files.read_text(tmp_path)


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    """One MiB is not too large; a byte more is."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * (1 << 20))
    assert len(files.read_text(path)) == 1 << 20
    path.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(SettingsError, match="is larger than 1 MiB"):
        files.read_text(path)


def test_an_impossible_file_name_is_reported_in_one_line(tmp_path: Path) -> None:
    """A settings file may contain a null character."""
    with pytest.raises(SettingsError, match="is not the name of any file"):
        files.read_text(tmp_path / "a\0.toml")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str, int], None]:
    """Make the first calls of a function fail as on Windows while another program has the file open."""
    monkeypatch.setattr(files, "_WAITS_S", (0.0, 0.0))

    def hold(owner: object, name: str, times: int) -> None:
        original, left = getattr(owner, name), iter(range(times))

        def refuse(*arguments: object, **named: object) -> object:
            if next(left, None) is not None:
                raise PermissionError(13, "The process cannot access the file")
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, refuse)

    return hold


def test_a_file_that_another_program_has_open_is_tried_again(
    tmp_path: Path, held: Callable[[object, str, int], None]
) -> None:
    """Windows refuses to replace or read a file only while that program has it open."""
    path = tmp_path / "settings.toml"
    files.write_atomically(path, "old")
    held(Path, "replace", 2)
    files.write_atomically(path, "new")
    held(os, "open", 2)
    assert files.read_text(path) == "new"


def test_a_file_that_stays_open_elsewhere_is_reported(tmp_path: Path, held: Callable[[object, str, int], None]) -> None:
    """After the last try the old file is unchanged, and nothing is left beside it."""
    path = tmp_path / "settings.toml"
    files.write_atomically(path, "old")
    held(Path, "replace", 99)
    with pytest.raises(RemindError, match="cannot be written"):
        files.write_atomically(path, "new")
    assert files.read_text(path) == "old"
    assert list(tmp_path.iterdir()) == [path]
