"""The XDG autostart entry: the contract, and the programs that read such entries."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from fake_background import FakeBackground
from hypothesis import given
from hypothesis import strategies as st
from manager_contract import HOSTILE, ManagerContract
from test_systemd import started_by
from virtual_desktop import eventually

from remind.errors import RemindError
from remind.files import shipped
from remind.login import MANAGERS, LoginManager
from remind.login.autostart import is_as_written, is_switched_on, render
from remind.login.desktop_entry import command, string
from remind.login.installation import Installation

GENERATOR = Path("/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator")
TEMPLATE = (shipped() / "login" / "autostart.desktop").read_text(encoding="utf-8")
ODD = Installation(HOSTILE["quotes"], {"XDG_DATA_HOME": "/home/ada/my $data/50%"})


def entry_of(home: Path) -> Path:
    return home / ".config/autostart/remind.desktop"


def read_by_glib(exec_value: str) -> list[str]:
    """Return the words of Exec as GLib starts them: unescaped, %% expanded, split as a shell does."""
    glib = ctypes.CDLL("libglib-2.0.so.0")
    glib.g_key_file_new.restype = glib.g_key_file_get_string.restype = ctypes.c_void_p
    file = ctypes.c_void_p(glib.g_key_file_new())
    data = f"[Desktop Entry]\nExec={exec_value}\n".encode()
    assert glib.g_key_file_load_from_data(file, data, ctypes.c_size_t(len(data)), 0, None)
    value = ctypes.string_at(glib.g_key_file_get_string(file, b"Desktop Entry", b"Exec", None))
    count, words = ctypes.c_int(), ctypes.POINTER(ctypes.c_char_p)()
    assert glib.g_shell_parse_argv(value.replace(b"%%", b"%"), ctypes.byref(count), ctypes.byref(words), None)
    return [words[n].decode() for n in range(count.value)]


def exec_of(text: str) -> str:
    (value,) = re.findall(r"^Exec=(.*)$", text, re.MULTILINE)
    return str(value)


class AutostartRig(msgspec.Struct):
    """An entry, over a service that only pretends to run."""

    manager: LoginManager
    home: Path
    starts_at_once: bool = True
    sees_edits: bool = True
    refuses: tuple[str, ...] = ()

    def edit(self) -> None:
        text = entry_of(self.home).read_text(encoding="utf-8")
        entry_of(self.home).write_text(text.replace("Exec=", "Exec=nice "), encoding="utf-8")

    def program(self) -> str:
        text = entry_of(self.home).read_text(encoding="utf-8")
        words = read_by_glib(exec_of(text))
        assert (words[0], words[-3:]) == ("/usr/bin/env", ["-m", "remind.service", "--take-over"])
        assert all("=" in word for word in words[1:-5])
        return words[-5]


class TestAutostart(ManagerContract):
    """The entry on a desktop."""

    @pytest.fixture
    def rig(self, home: Path, fake_background: FakeBackground) -> AutostartRig:  # noqa: ARG002
        return AutostartRig(MANAGERS["autostart"](), home)


def test_the_entry_has_what_desktops_rely_on() -> None:
    """Nothing shows it, everything starts it, and systemd's generator skips it."""
    lines = render(TEMPLATE, Installation("/home/ada/bin/python", {})).splitlines()
    assert set(lines) >= {
        "Type=Application", "Name=remind", "Terminal=false", "NoDisplay=true", "X-GNOME-Autostart-enabled=true",
        "X-systemd-skip=true", "TryExec=/home/ada/bin/python",
        "Exec=/usr/bin/env /home/ada/bin/python -P -m remind.service --take-over",
    }  # fmt: skip


def test_odd_paths_are_quoted_as_desktops_read_them() -> None:
    """Each backslash of the quoting is doubled again, as in the value of any key."""
    lines = render(TEMPLATE, ODD).splitlines()
    assert (
        r'Exec=/usr/bin/env "XDG_DATA_HOME=/home/ada/my \\$data/50%%" '
        r'"/home/it' + "'" + r's \\"here\\"/\\`id\\`/bin/python" -P -m remind.service --take-over'
    ) in lines
    assert 'TryExec=/home/it\'s "here"/`id`/bin/python' in lines


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_any_words_arrive_as_they_are(words: list[str]) -> None:
    """GLib reads back exactly the words, and no word adds a line."""
    value = command(["env", *words])
    assert "\n" not in value
    assert "\r" not in value
    assert read_by_glib(value) == ["env", *words]


@pytest.mark.parametrize("path", [os.fsdecode(b"/home/\xff/python"), "/home/a=b/python"])
def test_a_path_that_cannot_be_started_is_refused(path: str) -> None:
    """The person is told before anything is written."""
    with pytest.raises(RemindError, match="install remind elsewhere"):
        render(TEMPLATE, Installation(path, {}))


@pytest.mark.parametrize("installation", [Installation("/usr/bin/python3", {}), ODD], ids=["plain", "odd"])
def test_the_validator_finds_no_fault(tmp_path: Path, installation: Installation) -> None:
    """desktop-file-validate accepts every line."""
    path = tmp_path / "remind.desktop"
    path.write_text(render(TEMPLATE, installation), encoding="utf-8")
    checked = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


def generated(home: Path, tmp_path: Path) -> list[Path]:
    """Return the services that systemd makes of the entries in `home`."""
    out = tmp_path / "generated"
    out.mkdir(exist_ok=True)
    environment = {**os.environ, "XDG_CONFIG_DIRS": "/nowhere", "XDG_CURRENT_DESKTOP": "GNOME"}
    subprocess.run([GENERATOR, out, out, out], env=environment, check=True, capture_output=True)
    return list(out.glob("*.service"))


def test_systemd_makes_no_second_copy_of_it(
    home: Path, tmp_path: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its generator skips the entry, and only because of the line that says so."""
    assert GENERATOR.exists(), "needs the Debian package systemd"
    program = tmp_path / 'it\'s 50% "$HOME"' / "python"
    program.parent.mkdir()
    program.symlink_to(sys.executable)  # the generator looks whether TryExec is there
    monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
    monkeypatch.setattr(sys, "executable", str(program))
    MANAGERS["autostart"]().install()
    assert generated(home, tmp_path) == []
    text = entry_of(home).read_text(encoding="utf-8")
    entry_of(home).write_text(text.replace("X-systemd-skip=true\n", ""), encoding="utf-8")
    (service,) = generated(home, tmp_path)
    assert started_by(service.read_text(encoding="utf-8").replace(":/usr/bin/env", "/usr/bin/env")) == [
        "/usr/bin/env", str(program), "-P", "-m", "remind.service", "--take-over",
    ]  # fmt: skip


def test_glib_starts_it(
    home: Path, tmp_path: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`gio launch` runs the entry as a desktop does, with every odd character of the path in its place."""
    assert shutil.which("gio"), "needs the Debian package libglib2.0-bin"
    program = tmp_path / 'it\'s 50% \\ "$HOME" `id` & <b>' / "python"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$XDG_DATA_HOME\" \"$@\" >'{tmp_path}/said'\n")
    program.chmod(0o755)
    monkeypatch.setenv("XDG_DATA_HOME", "/my data/100%")
    monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
    monkeypatch.setattr(sys, "executable", str(program))
    MANAGERS["autostart"]().install()
    monkeypatch.delenv("XDG_DATA_HOME")
    subprocess.run(["gio", "launch", str(entry_of(home))], check=True, capture_output=True)
    said = tmp_path / "said"
    assert eventually(lambda: said.exists() and said.read_text(encoding="utf-8")) == (
        "/my data/100%\n-P\n-m\nremind.service\n--take-over\n"
    )


@pytest.mark.parametrize("switch", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktops_settings_switched_off(
    home: Path, fake_background: FakeBackground, switch: str
) -> None:
    """It counts as not enabled, and no edit; `install` switches it on again."""
    manager = MANAGERS["autostart"]()
    manager.install()
    path = entry_of(home)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("X-GNOME")]
    path.write_text("\n".join(line for line in kept if not line.startswith("#")) + f"\n{switch}\n", encoding="utf-8")
    assert is_as_written(path.read_text(encoding="utf-8"))
    assert not is_switched_on(path.read_text(encoding="utf-8"))
    assert not manager.status().enabled
    assert manager.install().changed
    assert manager.status().enabled


def test_a_newer_entry_restarts_the_service(
    home: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs is always what the entry starts; if nothing changed, nothing is restarted."""
    manager = MANAGERS["autostart"]()
    manager.install()
    manager.install()
    assert fake_background.calls == ["start"]
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    MANAGERS["autostart"]().install()
    assert fake_background.calls == ["start", "stop", "start"]


def test_string_keeps_its_lines_together() -> None:
    """A key's value never ends its line."""
    assert string("a\nb\tc\\d\r") == r"a\nb\tc\\d\r"
