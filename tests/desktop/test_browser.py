"""The person's own browser: which one is started, and how."""

import sys
from pathlib import Path

import pytest
from test_terminal_window import Programs

from remind.desktop.browser import has_display, open_address
from remind.errors import RemindError

ADDRESS = "http://127.0.0.1:5/stretch?t=x&y=$HOME"


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path / "bin")


def entry(home: Path, program: str) -> None:
    """Make `program` the default browser."""
    folder = home / "applications"
    folder.mkdir(parents=True)
    (folder / "it.desktop").write_text(
        f"[Desktop Entry]\nName=It\nExec={program}\n[Desktop Action private]\nExec=evil --private\n"
    )
    asker = home.parent / "bin" / "xdg-mime"
    asker.write_text('#!/bin/sh\n[ "$*" = "query default x-scheme-handler/http" ] && echo it.desktop\n')
    asker.chmod(0o755)


@pytest.mark.parametrize(
    ("program", "options"),
    [
        ("chromium %U", [f"--app={ADDRESS}"]),
        ("google-chrome-stable --incognito %U", ["--incognito", f"--app={ADDRESS}"]),
        ("firefox %u", ["--new-window", ADDRESS]),
        ("flatpak run --file-forwarding org.mozilla.firefox @@u %U @@",
         ["run", "--file-forwarding", "org.mozilla.firefox", "--new-window", ADDRESS]),
        ("flatpak run --command=brave com.brave.Browser @@u %U @@",
         ["run", "--command=brave", "com.brave.Browser", f"--app={ADDRESS}"]),
        ("falkon %u", [ADDRESS]),
    ],
)  # fmt: skip
def test_the_default_browser_shows_a_window_of_its_own(
    programs: Programs, tmp_path: Path, program: str, options: list[str]
) -> None:
    """It opens an app window if the browser can, else a new window, else what the browser wants."""
    name = program.split()[0]
    programs.add(name)
    entry(tmp_path / "home", program)
    open_address(ADDRESS, {"PATH": f"{programs.folder}:/bin", "XDG_DATA_HOME": str(tmp_path / "home")})
    assert programs.started()[:2] == (name, options)


def test_what_the_person_chose_comes_first(programs: Programs, tmp_path: Path) -> None:
    """$BROWSER is used, with the address in place of %s or at the end."""
    programs.add("mine")
    entry(tmp_path / "home", "chromium %U")
    environ = {"PATH": f"{programs.folder}:/bin", "XDG_DATA_HOME": str(tmp_path / "home")}
    open_address(ADDRESS, {**environ, "BROWSER": "mine --to %s -q:other"})
    assert programs.started()[:2] == ("mine", ["--to", ADDRESS, "-q"])


def test_the_desktops_opener_is_next(programs: Programs) -> None:
    """It is used if no default browser is known, or if it can't be started."""
    programs.add("xdg-open")
    open_address(ADDRESS, {"PATH": str(programs.folder)})
    assert programs.started()[:2] == ("xdg-open", [ADDRESS])


@pytest.mark.parametrize("chosen", ["'mine", " "])
def test_a_command_that_is_none_is_skipped(programs: Programs, tmp_path: Path, chosen: str) -> None:
    """A quote that never ends, in $BROWSER or in a desktop entry, keeps nobody from the page."""
    programs.add("xdg-open")
    entry(tmp_path / "home", "'mine %U")
    environ = {"PATH": f"{programs.folder}:/bin", "XDG_DATA_HOME": str(tmp_path / "home")}
    open_address(ADDRESS, {**environ, "BROWSER": chosen})
    assert programs.started()[:2] == ("xdg-open", [ADDRESS])


def test_in_the_service_it_is_the_managers_child(programs: Programs) -> None:
    """Stopping the service, or the page, must not end the person's browser."""
    programs.add("systemd-run")
    programs.add("xdg-open")
    open_address(ADDRESS, {"PATH": str(programs.folder), "INVOCATION_ID": "1", "DISPLAY": ":7"})
    name, arguments, _ = programs.started()
    assert name == "systemd-run"
    assert arguments[arguments.index("--") + 1 :] == [str(programs.folder / "xdg-open"), ADDRESS]


def test_where_none_can_be_opened_it_is_told(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names each browser that was tried, with the reason."""
    programs.add("xdg-open", code=3)
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with pytest.raises(RemindError, match="xdg-open ended at once, with exit code 3"):
        open_address(ADDRESS, {"PATH": str(programs.folder)})


def test_a_window_needs_a_display() -> None:
    """A window needs X11 or Wayland; a text console has neither."""
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display({"DISPLAY": "", "PATH": "/bin"})
