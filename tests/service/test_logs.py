"""Where the log lines go."""

import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from remind.service import logs


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Give the root logger back its handlers and levels."""
    root, own = logging.getLogger(), logging.getLogger("remind")
    before = root.handlers[:], root.level, own.level, logging.raiseExceptions
    yield
    for handler in root.handlers:
        if handler not in before[0]:
            handler.close()
    root.handlers[:], level, own_level, logging.raiseExceptions = before
    root.setLevel(level)
    own.setLevel(own_level)


class Nul(io.StringIO):
    """The null device of Windows, which says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_without_a_stream_there_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under pythonw the null device stands in for the missing stream, and must not be taken for a terminal."""
    monkeypatch.setattr(sys, "__stderr__", None)
    monkeypatch.setattr(sys, "stderr", Nul())
    logs.set_up(tmp_path / "remind.log")
    logging.getLogger("remind").error("here")
    assert "here" in (tmp_path / "remind.log").read_text(encoding="utf-8")


def test_a_null_device_is_no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell may also send the stream there: the lines still go to a file."""
    monkeypatch.setattr(sys, "stderr", Nul())
    logs.set_up(tmp_path / "remind.log")
    assert (tmp_path / "remind.log").exists()


def test_a_log_that_another_program_reads_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the file cannot be renamed no line is lost; afterwards it is rotated as usual."""
    monkeypatch.setattr(logs, "_MOST_BYTES", 500)
    rename = os.rename

    def refuse(_old: str, _new: str) -> None:
        raise PermissionError(13, "The process cannot access the file")

    logs.set_up(tmp_path / "remind.log")
    log, path = logging.getLogger("remind"), tmp_path / "remind.log"
    monkeypatch.setattr(os, "rename", refuse)
    for number in range(40):
        log.info("line %02d %s", number, "." * 10)
    text = path.read_text(encoding="utf-8")
    assert all(f"line {number:02d}" in text for number in range(40))
    monkeypatch.setattr(os, "rename", rename)
    for number in range(40, 80):
        log.info("line %02d %s", number, "." * 10)
    assert (tmp_path / "remind.log.1").exists()
    assert path.stat().st_size < len(text)
