"""The failures that plyer hides."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from channel_contract import notification
from virtual_desktop import eventually

from remind.desktop.notify import plyer_child
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.plyer_channel import PlyerChannel, arguments


@pytest.mark.parametrize("address", [{}, {"DBUS_SESSION_BUS_ADDRESS": ""}])
@pytest.mark.posix
def test_no_bus_is_an_error(tmp_path: Path, address: dict[str, str]) -> None:
    """Without a session bus nothing counts as shown."""
    with pytest.raises(ChannelError, match="there is no session bus"):
        PlyerChannel({"PATH": str(tmp_path), "DISPLAY": ":0", **address}).show(notification())


@pytest.mark.posix
def test_a_bus_that_nobody_listens_on_is_an_error() -> None:
    """The error message of notify-send is the reason."""
    environ = {"PATH": "/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    with pytest.raises(ChannelError) as error:
        PlyerChannel(environ, timeout=60.0).show(notification())
    assert len(error.value.lines) == 1


@pytest.mark.posix
def test_a_missing_notify_send_is_an_error(tmp_path: Path) -> None:
    """Without the program that plyer runs, there is a reason and no traceback."""
    environ = {"PATH": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    with pytest.raises(ChannelError, match="notify-send is not installed"):
        PlyerChannel(environ).show(notification())


@pytest.mark.posix
def test_a_hang_leaves_no_process(tmp_path: Path) -> None:
    """At the time limit notify-send is killed too."""
    program = tmp_path / "notify-send"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    program.chmod(0o700)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    with pytest.raises(ChannelError, match="within 2 s"):
        PlyerChannel(environ, timeout=2.0).show(notification())
    pid = eventually(lambda: (tmp_path / "pid").read_text(encoding="utf-8").strip())
    eventually(lambda: not _runs(pid))


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_plyer_is_never_imported_here() -> None:
    """The process that uses the plyer channel does not load plyer."""
    script = (
        "import sys; from remind.desktop.notify.plyer_channel import PlyerChannel as P; P({});"
        "sys.exit(any(m.split('.')[0] in ('plyer', 'jeepney', 'asyncio', 'subprocess') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_balloon_on_windows_gets_what_it_holds() -> None:
    """Title and text are cut to 63 and 255 UTF-16 units, never inside a character."""
    shown = arguments(notification(title="🦵" * 100, body="x🦵" * 200), "win32")
    title, body = str(shown["title"]), str(shown["message"])
    assert title == "🦵" * 31
    assert len(body.encode("utf-16-le")) // 2 <= 255
    assert body.startswith("x🦵" * 80)


def test_nothing_is_shown_under_an_empty_title() -> None:
    """notify-send refuses an empty title, so there is always one."""
    assert arguments(notification(title="\x00 "), "linux")["title"] == "remind"


AS_ON_WINDOWS = """
import runpy, sys, threading, types
plyer = types.ModuleType("plyer")
class notification:
    def notify(**shown):
        def fail(): raise OSError(shown["title"])
        threading.Thread(target=fail).start()
plyer.notification, sys.modules["plyer"], sys.platform = notification, plyer, "win32"
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_a_failure_on_a_thread_of_plyer_keeps_its_reason() -> None:
    """On Windows plyer shows the balloon on a thread; the child writes what is raised there as its last line."""
    given = msgspec.json.encode({"title": "no tray – none"})
    environ = {**os.environ, "PYTHONIOENCODING": "cp1252"}  # as the streams are there
    command = [sys.executable, "-c", AS_ON_WINDOWS, plyer_child.__file__]
    child = subprocess.run(command, input=given, env=environ, capture_output=True, check=False)
    assert (child.returncode, child.stderr.decode()) == (1, "OSError: no tray – none\n")
