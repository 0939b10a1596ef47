"""The real service on a real desktop while a guided session runs in a terminal."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evening import Evening, on
from servers import Dunst
from service_process import STRETCH, Running
from virtual_desktop import eventually

RUNNING = "A session is already running"


@contextmanager
def session(evening: Evening[Dunst], folder: Path) -> Iterator[None]:
    """Run a guided session in a terminal, which is closed at the end."""
    out = folder / "session"
    command = [sys.executable, "-m", "remind", "stretch", "--plain", "--safety-read"]
    # In real time, since a clock that is set on means to a session that the computer slept, and ends it.
    environ = {name: value for name, value in evening.home.environ.items() if name != "LD_PRELOAD"}
    with (
        out.open("wb") as file,
        subprocess.Popen(command, env=environ, stdout=file, stderr=file) as process,
    ):
        try:
            eventually(lambda: b"Get ready" in out.read_bytes())
            yield
            process.send_signal(signal.SIGHUP)
            assert process.wait(30) == 130, out.read_text()
        finally:
            process.kill()


def test_start_during_a_session_says_so(dunst: Dunst, tmp_path: Path) -> None:
    """*Start* on an earlier notification opens no second session; the reminder is shown again only after the first."""
    evening = Evening(tmp_path, dunst)
    evening.home.environ["TERMINAL"] = str(terminal := tmp_path / "terminal")
    terminal.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    terminal.chmod(0o755)
    evening.set(on(24, "22:00:01"))
    with Running(evening.home).ready() as service:
        eventually(lambda: dunst.showing() == 1)
        with session(evening, tmp_path):
            dunst.press("start")
            service.says("no second session")
            eventually(lambda: dunst.showing() == 2)
            assert {entry["summary"] for entry in dunst.history()} == {RUNNING, STRETCH}
            evening.set(on(24, "22:10:01"))
            service.look_round()
            service.says("held: a session is running")
            assert dunst.showing() == 0
            assert len(evening.shown()) == 1
        assert not (tmp_path / "opened").exists()
        evening.set(on(24, "22:10:40"))
        service.look_round()
        eventually(lambda: len(evening.shown()) == 2)
        assert dunst.showing() == 1
        assert service.end() == 0
        assert not service.has_failed


def test_a_session_before_its_time_is_not_covered(dunst: Dunst, tmp_path: Path) -> None:
    """A session that began a moment before the reminder is due is not interrupted by it."""
    evening = Evening(tmp_path, dunst)
    evening.set(on(24, "21:59:41"))
    with Running(evening.home).ready() as service, session(evening, tmp_path):
        evening.set(on(24, "22:00:01"))
        service.look_round()
        service.says("held: a session is running")
        assert dunst.history() == []
        assert evening.home.json("history")[0]["state"] == "held"
