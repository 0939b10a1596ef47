"""How messages are put on the screen."""

import pytest
from cli_runner import Person

from remind.cli.output import wrapped


def test_a_long_line_is_wrapped_at_words() -> None:
    """What is longer than the line stays whole, as a path must to be copied; lines of their own stay."""
    assert wrapped("a bb ccc dddd\n\nlong-word/without-end x", 8) == "a bb ccc\ndddd\n\nlong-word/without-end\nx"


def test_what_is_continued_keeps_to_its_column() -> None:
    """So that a table stays one."""
    assert wrapped("Tonight   open: due at 22:00", 20) == "Tonight   open: due\n          at 22:00"
    assert wrapped("a column far to the right  a b c", 28) == "a column far to the right  a\nb c"


def test_an_error_is_wrapped_on_a_terminal_alone(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a pipe it is one line, as scripts expect."""
    assert person.types("foo").err.count("\n") == 1
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    lines = person.types("foo").err.splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 40
