"""What the tests of the commands share."""

from pathlib import Path

import pytest
from cli_runner import Person


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    """A person in Berlin at nine on the evening of 22 November 2026, with nothing set up."""
    return Person(tmp_path, monkeypatch, capsys)
