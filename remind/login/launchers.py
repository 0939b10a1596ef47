"""remind in the menu of applications: a desktop entry, a small app for macOS, or a shortcut of Windows, with its icon.

The app and the shortcut were never tried on a real Mac or Windows.
"""

import os
import shlex
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from string import Template

import msgspec

from remind import __version__
from remind.files import os_errors_as, own_folders, read_text, shipped
from remind.login import shortcut
from remind.login.desktop_entry import command, string
from remind.login.installation import Installation, base_folder, start_menu, this_installation

MODULE = "remind.cli.launched"
"""What a launcher runs: a command, whose words appear as a notification."""

_TODAY = ("open", "today")
_APPLICATION = "io.github.stretch_remind.remind"
SIZES = (16, 24, 32, 48, 64, 128, 256)
"""The sizes of the icon in pixels, each a PNG file."""
_DESCRIPTION = "Stretch your calves before bed, and drink through the day"


class Launcher(msgspec.Struct, frozen=True):
    """What puts remind into a menu; folders below `base` that become empty are removed with it."""

    base: Path
    files: Mapping[Path, bytes]
    shortcut: Path | None = None

    @property
    def paths(self) -> list[Path]:
        return [*self.files, *([self.shortcut] if self.shortcut else [])]


def launcher() -> Launcher:
    """Return what puts this installation into the menu of this system. Raise RemindError if its path does not allow."""
    found = this_installation()
    if sys.platform == "darwin":
        return for_macos(found, Path.home() / "Applications")
    if sys.platform == "win32":
        return for_windows(start_menu(), own_folders().data)
    return for_freedesktop(found, base_folder("XDG_DATA_HOME"))


def install_launcher() -> list[Path]:
    """Put remind into the menu of applications. Return each file that is new or was brought up to date.

    Raises:
        RemindError: a file cannot be written, or this installation's path cannot be started from a menu.
    """
    found = launcher()
    written = [path for path, content in found.files.items() if _write(path, content)]
    if found.shortcut and (written or not found.shortcut.exists()):
        (icon,) = found.files
        started = this_installation().without_console(MODULE, *_TODAY)
        shortcut.save(found.shortcut, *started, _DESCRIPTION, icon)
        written.append(found.shortcut)
    if written:
        with suppress(OSError):  # this tells a desktop that its cache of icons is old
            os.utime(found.base / "icons" / "hicolor")
    return written


def remove_launcher() -> list[Path]:
    """Remove remind from the menu of applications. Return each removed file.

    Raises:
        RemindError: a file cannot be removed.
    """
    found = launcher()
    removed = [path for path in found.paths if path.exists()]
    for path in removed:
        with os_errors_as(path):
            path.unlink()
        for parent in path.parents:
            if not parent.is_relative_to(found.base) or parent == found.base:
                break
            with suppress(OSError):  # there is something else in it
                parent.rmdir()
    return removed


def for_freedesktop(installation: Installation, data: Path) -> Launcher:
    """Return the desktop entry with its actions, its description and its icons, for the desktops of Linux."""
    entry = Template(_template("launcher.desktop")).substitute(
        command=command(installation.through_env(MODULE)), interpreter=string(installation.interpreter)
    )
    icons = data / "icons" / "hicolor"
    return Launcher(
        data,
        {
            data / "applications" / "remind.desktop": entry.encode(),
            data / "metainfo" / f"{_APPLICATION}.metainfo.xml": _template("metainfo.xml").encode(),
            icons / "scalable" / "apps" / "remind.svg": _icon("remind.svg"),
            **{icons / f"{n}x{n}" / "apps" / "remind.png": _icon(f"remind-{n}.png") for n in SIZES},
        },
    )


def for_macos(installation: Installation, applications: Path) -> Launcher:
    """Return an app that is a shell script: enough for Spotlight, the Dock and Launchpad."""
    import plistlib

    contents = applications / "remind.app" / "Contents"
    about = {
        "CFBundleDisplayName": "remind",
        "CFBundleExecutable": "remind",
        "CFBundleIconFile": "remind",
        "CFBundleIdentifier": _APPLICATION.replace("_", "-"),  # which macOS takes without underscores only
        "CFBundleName": "remind",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": __version__,
        "LSUIElement": True,
    }
    script = f"#!/bin/sh\nexec {shlex.join(installation.through_env(MODULE, *_TODAY))}\n"
    return Launcher(
        applications,
        {
            contents / "Info.plist": plistlib.dumps(about),
            contents / "MacOS" / "remind": os.fsencode(script),
            contents / "Resources" / "remind.icns": _icon("remind.icns"),
        },
    )


def for_windows(menu: Path, data: Path) -> Launcher:
    """Return a shortcut in the Start menu, with its icon in the data folder."""
    return Launcher(data, {data / "remind.ico": _icon("remind.ico")}, menu / "remind.lnk")


def _icon(name: str) -> bytes:
    return (shipped() / "icons" / name).read_bytes()


def _template(name: str) -> str:
    return read_text(shipped() / "login" / name)


def _write(path: Path, content: bytes) -> bool:
    """Write `content` to `path`, and make a script executable. Return False if nothing had to change."""
    with os_errors_as(path):
        if path.exists() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if content.startswith(b"#!"):
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return True
