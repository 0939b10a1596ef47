"""remind in the menu of applications: one contract for each system's launcher, and the programs that read them."""

import plistlib
import re
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from icon import icns, ico, icon
from manager_contract import HOSTILE, files
from test_autostart import read_by_glib

from remind.cli.main import COMMANDS
from remind.errors import RemindError
from remind.files import ICON, shipped
from remind.login.installation import Installation
from remind.login.launchers import SIZES, for_freedesktop, for_macos, install_launcher, launcher, remove_launcher

SYSTEMS = {"linux": "applications/remind.desktop", "darwin": "MacOS/remind", "win32": "Programs/remind.lnk"}
"""The platforms, with the file that starts remind on each."""


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each platform in turn, with a stand-in for the shortcuts of Windows."""
    monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
    monkeypatch.setattr(sys, "platform", request.param)
    return str(request.param)


@pytest.fixture
def starter(system: str) -> Callable[[], Path]:
    """Return the file that starts remind."""
    return lambda: next(path for path in launcher().paths if path.as_posix().endswith(SYSTEMS[system]))


@pytest.fixture(autouse=True)
def _save(monkeypatch: pytest.MonkeyPatch) -> None:
    def save(path: Path, target: str, words: list[str], _folder: str, _about: str, icon: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\0".join([target, *words, str(icon)]), encoding="utf-8")

    monkeypatch.setattr("remind.login.launchers.shortcut.save", save)


class TestContract:
    """What holds on every system."""

    def test_it_is_written_once(self, home: Path, starter: Callable[[], Path]) -> None:
        """All files that are announced are there; the second time nothing is written."""
        written = install_launcher()
        assert written == launcher().paths
        assert starter() in written
        assert files(home) == {path.relative_to(home) for path in written}
        assert install_launcher() == []

    def test_it_is_brought_up_to_date(self, starter: Callable[[], Path]) -> None:
        """An older one, or one that was damaged, is replaced."""
        install_launcher()
        before = starter().read_bytes()
        launcher().paths[0].write_bytes(b"older")
        starter().unlink()
        assert install_launcher()
        assert starter().read_bytes() == before

    def test_nothing_is_left(self, home: Path, starter: Callable[[], Path]) -> None:
        """Its files and the folders that they needed go; what else is in them stays."""
        mine = starter().parent / "mine"
        mine.parent.mkdir(parents=True)
        mine.write_text("mine")
        written = install_launcher()
        assert remove_launcher() == written
        assert files(home) == {mine.relative_to(home)}
        base = launcher().base
        assert {path for path in home.rglob("*") if path.is_dir()} <= {*mine.parents, base, *base.parents}
        assert remove_launcher() == []

    @pytest.mark.usefixtures("system")
    def test_a_folder_that_cannot_be_written_is_reported_in_one_line(self) -> None:
        """A file may be where a folder should be."""
        folder = launcher().paths[0].parent
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("")
        with pytest.raises(RemindError) as told:
            install_launcher()
        assert len(told.value.lines) == 1


def started(entry: str) -> dict[str, list[str]]:
    """Return the words that GLib starts for each action of a desktop entry; the main one has no name."""
    groups = re.split(r"^\[Desktop (?:Entry|Action (\w+))\]$", entry, flags=re.MULTILINE)[1:]
    return {
        name or "": read_by_glib(re.findall(r"^Exec=(.*)$", body, re.MULTILINE)[0])
        for name, body in zip(groups[::2], groups[1::2], strict=True)
    }


def entry(installation: Installation) -> str:
    found = for_freedesktop(installation, Path("/data")).files
    return found[Path("/data/applications/remind.desktop")].decode()


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_action_starts_a_command(kind: str) -> None:
    """Whatever is in the path; the words are those of a command that exists, and each action has a name."""
    text = entry(Installation(HOSTILE[kind], {"XDG_DATA_HOME": "/my data"}))
    actions = started(text)
    (listed,) = re.findall("^Actions=(.*);$", text, re.MULTILINE)
    assert sorted(listed.split(";")) == sorted(set(actions) - {""})
    before = ["/usr/bin/env", "XDG_DATA_HOME=/my data", HOSTILE[kind], "-P", "-m", "remind.cli.launched"]
    words = {name: found[len(before) :] for name, found in actions.items() if found[: len(before)] == before}
    assert words == {
        "": ["open", "today"],
        "today": ["open", "today"],
        "stretch": ["open", "stretch", "--wait"],
        "cramp": ["open", "cramp", "--wait"],
        "drink": ["drink"],
        "pause": ["pause", "2h"],
    }
    assert {found[0] for found in words.values()} <= set(COMMANDS)
    names = re.findall("^Name=(.*)$", text, re.MULTILINE)
    assert names == ["remind", "Today", "Stretch now", "A cramp right now", "Drank a glass", "Pause for two hours"]


def checked(*command: str | Path) -> str:
    assert shutil.which(command[0]), f"needs the program {command[0]}: see .ci/packages"
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_desktops_own_checkers_find_no_fault(tmp_path: Path) -> None:
    """desktop-file-validate says nothing of the entry, and appstreamcli calls the description valid."""
    for path, content in for_freedesktop(Installation(HOSTILE["spaces"], {}), tmp_path).files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert checked("desktop-file-validate", tmp_path / "applications" / "remind.desktop") == ""
    (description,) = (tmp_path / "metainfo").iterdir()
    assert "error" not in checked("appstreamcli", "validate", "--no-net", "--no-color", description)


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_app_of_macos(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a bundle whose script starts exactly that interpreter, and which names its icon."""
    made = for_macos(Installation(HOSTILE[kind], {"PYTHONPATH": HOSTILE[kind]}), tmp_path).files
    contents = tmp_path / "remind.app" / "Contents"
    about = plistlib.loads(made[contents / "Info.plist"])
    assert (about["CFBundlePackageType"], about["CFBundleExecutable"]) == ("APPL", "remind")
    assert re.fullmatch("[A-Za-z0-9.-]+", about["CFBundleIdentifier"])
    assert contents / "Resources" / f"{about['CFBundleIconFile']}.icns" in made
    first, script = made[contents / "MacOS" / "remind"].decode().split("\n", 1)
    assert first == "#!/bin/sh"
    assert shlex.split(script) == [
        "exec", "/usr/bin/env", f"PYTHONPATH={HOSTILE[kind]}", HOSTILE[kind], "-P", "-m", "remind.cli.launched",
        "open", "today",
    ]  # fmt: skip


def test_the_script_of_the_app_can_be_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs the interpreter with the command, and only its owner's permission is needed."""
    monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    install_launcher()
    said = subprocess.run([home / "Applications/remind.app/Contents/MacOS/remind"], capture_output=True, check=True)
    assert said.stdout == b"-P -m remind.cli.launched open today\n"


def test_the_shortcut_of_windows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens no console window, and its icon is a file that is there."""
    monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"C:\venv\Scripts\python.exe")
    icon_file, link = install_launcher()
    assert link.read_text(encoding="utf-8").split("\0") == [
        r"C:\venv\Scripts\pythonw.exe", "-P", "-m", "remind.cli.launched", "open", "today", str(icon_file),
    ]  # fmt: skip
    assert icon_file.exists()


def pictures() -> dict[int, bytes]:
    return {size: (shipped() / "icons" / f"remind-{size}.png").read_bytes() for size in SIZES}


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">II", png, 16)
    return width, height


def test_the_icon_is_the_present_figure() -> None:
    """The lean at the wall, from the points that the terminal and the page draw; tests/login/icon.py draws it anew."""
    assert (shipped() / ICON).read_text(encoding="utf-8") == icon()


def test_each_picture_has_its_size() -> None:
    """A menu gets a sharp one, and all of them together are small."""
    assert {size: size_of(picture) for size, picture in pictures().items()} == {size: (size, size) for size in SIZES}
    assert sum(map(len, pictures().values())) < 50_000


def test_the_icon_of_windows_holds_the_pictures() -> None:
    """The table gives each one's size and place: 0 stands for 256 pixels."""
    made = (shipped() / "icons" / "remind.ico").read_bytes()
    assert made == ico(pictures())
    _, kind, count = struct.unpack_from("<HHH", made)
    held = {}
    for n in range(count):
        width, _, _, _, _, _, length, at = struct.unpack_from("<BBBBHHII", made, 6 + 16 * n)
        held[width or 256] = size_of(made[at : at + length])
    assert (kind, held) == (1, {size: (size, size) for size in (16, 24, 32, 48, 256)})


def test_the_icon_of_macos_holds_the_pictures() -> None:
    """Each block says its type and length, and the last ends with the file."""
    made = (shipped() / "icons" / "remind.icns").read_bytes()
    assert made == icns(pictures())
    assert (made[:4], struct.unpack_from(">I", made, 4)) == (b"icns", (len(made),))
    at, held = 8, {}
    while at < len(made):
        kind, length = struct.unpack_from(">4sI", made, at)
        held[kind] = size_of(made[at + 8 : at + length])
        at += length
    assert held == {b"ic11": (32, 32), b"ic12": (64, 64), b"ic07": (128, 128), b"ic08": (256, 256)}
