"""Long output in a terminal goes through a pager; a pipe and short output never do; NO_COLOR is followed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

Shown = Callable[..., str]


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """What a terminal of 24 lines shows of a command, whose pager marks what it was given."""
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "[the pager]"\ncat\n')
    pager.chmod(0o700)

    def run(*words: str, **environment: str) -> str:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        environ |= {"HOME": str(tmp_path), "PAGER": str(pager), "TERM": "xterm"} | environment
        typed = f"'{sys.executable} -m remind {' '.join(words)}'"
        text, code = pexpect.run(f"/bin/sh -c {typed}", env=environ, withexitstatus=True, encoding="utf-8")
        assert code in (0, 1), text
        return str(text)

    return run


def test_only_what_does_not_fit_is_paged(shown: Shown) -> None:
    """The settings are longer than the terminal; a list of topics and a pipe are not paged."""
    assert shown("config", "show").startswith("[the pager]\r\n[day]")
    assert "[the pager]" not in shown("help")
    assert "[the pager]" not in shown("config", "show", "|", "cat")


def test_a_pager_that_is_missing_hides_nothing(shown: Shown) -> None:
    """The output is printed as if there were none."""
    assert "bedtime = " in shown("config", "show", PAGER="/nowhere/pager", PATH="/nowhere")


def test_no_color_is_followed(shown: Shown) -> None:
    """By the check, the only command with colors outside a session."""
    assert "\x1b[" in shown("doctor")
    assert "\x1b[" not in shown("doctor", NO_COLOR="1")
