"""The settings file of the running service: saved, broken, fixed, and replaced by things that are not settings."""

import os

import pytest
from service_process import DUE, NOT_DUE, STRETCH, Home, Running

FAULT = "There is a mistake in your settings"


def test_a_saved_change_is_followed(home: Home) -> None:
    """At the next look round, with no restart."""
    home.settings(NOT_DUE)
    with Running(home).ready() as service:
        service.look_round()
        assert STRETCH not in service.log
        home.settings(DUE)
        service.look_round()
        service.says(STRETCH)
        assert service.end() == 0


def test_it_looks_round_by_itself(home: Home) -> None:
    """It looks as often as its watchdog needs, without a signal."""
    home.settings(NOT_DUE)
    with Running(home, environ={"WATCHDOG_USEC": "100000"}).ready() as service:
        home.settings(DUE)
        service.says(STRETCH)
        assert service.end() == 0


def test_a_reminder_that_is_switched_off_is_silent(home: Home) -> None:
    """This includes a reminder whose next fire time was already scheduled."""
    home.settings(NOT_DUE)
    with Running(home).ready() as service:
        home.settings(DUE.replace("[stretch]\n", "[stretch]\nenabled = false\n"))
        service.look_round()
        service.says("reminding of nothing")
        home.settings(NOT_DUE.replace("[stretch]\n", "[stretch]\nenabled = true\n"))
        service.look_round()
        service.says("reminding of stretch", 2)
        assert service.end() == 0
        assert not service.has_failed


def test_a_fault_keeps_the_last_good_ones(home: Home) -> None:
    """It is logged, is in the status, and is shown once, even across a restart; another fault is shown too."""
    home.settings(NOT_DUE)
    with Running(home).ready() as service:
        home.settings(NOT_DUE + "[day]\nbedtime = 25\n")
        service.look_round()
        service.says(FAULT)
        service.says("day.bedtime")
        (fault,) = home.json("status")["faults"]
        assert "day.bedtime" in fault
        assert service.end() == 0
    with Running(home).ready() as service:
        service.look_round()
        service.says("reminding of stretch")
        assert FAULT not in service.log
        home.settings(NOT_DUE + "[day]\nbedtime = 25\nwake = 7\n")
        service.look_round()
        service.says(FAULT)
        notification = service.log.partition(FAULT)[2]
        assert "day.wake" in notification
        assert "day.bedtime" not in notification.splitlines()[0]
        home.settings(DUE)
        service.look_round()
        service.says(STRETCH)
        assert home.json("status")["faults"] == []
        assert service.end() == 0


def test_a_fault_at_the_first_start(home: Home) -> None:
    """Without valid settings from before, the defaults are used and the fault is shown."""
    home.settings("[day\n")
    with Running(home).ready() as service:
        service.says("can't be read")
        service.says("reminding of stretch, water")
        assert service.end() == 0
        assert not service.has_failed


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 99, b"a = 1\n" * 400_000, b"[" * 100_000])
def test_any_file_at_all(home: Home, content: bytes) -> None:
    """Empty, binary, huge or absurd: it starts, says one line about it, and ends."""
    home.settings("")
    home.folders.settings.write_bytes(content)
    with Running(home).ready() as service:
        assert service.end() == 0
        assert not service.has_failed
        assert len(service.log.splitlines()) <= 6


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_no_plain_file(home: Home, kind: str) -> None:
    """A folder, a pipe or a looping link in the file's place is told of, and holds nothing up."""
    path = home.folders.settings
    path.parent.mkdir(parents=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    with Running(home).ready() as service:
        service.says(str(path))
        assert service.end() == 0
        assert not service.has_failed
