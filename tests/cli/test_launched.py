"""What a launcher starts: a command whose words appear as a notification."""

from typing import Any

import pytest
from cli_runner import Person

from remind.app import App
from remind.cli.launched import run
from remind.desktop.notify.channel import ChannelError, Notification


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Title and body of each notification that appears."""
    shown: list[tuple[str, str]] = []

    class Channels:
        def show(self, notification: Notification) -> None:
            if notification.title == "Nothing can show this":
                raise ChannelError("no desktop")
            shown.append((notification.title, notification.body))

        def close(self) -> None:
            pass

    monkeypatch.setattr(App, "open_channels", lambda *_: Channels())
    return shown


def test_a_drink_is_confirmed(person: Person, shown: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    """What the terminal would say appears, and nothing is printed; the glass is in the diary."""
    app = person.app()
    assert run(app, ["drink"]) == 0
    app.close()
    ((title, _),) = shown
    assert title.startswith("Logged: ")
    assert person.types("diary", "--json").json[0]["kind"] == "drink"
    assert capsys.readouterr() == ("", "")


def test_a_pause_is_confirmed(person: Person, shown: list[tuple[str, str]]) -> None:
    """With its end, since nothing else shows it."""
    app = person.app()
    assert run(app, ["pause", "2h"]) == 0
    app.close()
    assert shown == [("Paused until 23:00; `remind resume` ends it.", "")]


def test_a_failure_is_shown(person: Person, shown: list[tuple[str, str]]) -> None:
    """The first line is the title, without the name of the program, and the rest the body."""
    person.folders.data.parent.mkdir(parents=True, exist_ok=True)
    person.folders.data.write_text("a file where the folder should be")
    app = person.app()
    assert run(app, ["drink"]) == 1
    app.close()
    ((title, _),) = shown
    assert title.startswith(str(person.folders.database.parent))


@pytest.mark.parametrize(("code", "words", "said"), [
    (0, ["open", "today"], []),
    (1, ["open", "today"], [("No browser", "")]),
    (1, ["open", "stretch", "--wait"], []),
])  # fmt: skip
def test_a_page_that_opens_says_enough(
    person: Person, shown: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch,
    code: int, words: list[str], said: list[tuple[str, str]],
) -> None:  # fmt: skip
    """Only one that doesn't is shown; with --wait, `open` itself tells."""

    def invoke(*_: Any) -> int:
        print("The page is open." if code == 0 else "remind: no browser")
        return code

    monkeypatch.setattr("remind.cli.launched.invoke", invoke)
    assert run(person.app(), words) == code
    assert shown == said


def test_without_a_desktop_the_command_works_all_the_same(
    person: Person, shown: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can be told, but the exit code is the command's, also with mistakes in the settings."""
    person.writes_settings("[day]\nbedtime = 'late'\n")
    monkeypatch.setattr("remind.cli.launched.invoke", lambda *_: print("nothing can show this") or 0)
    assert run(person.app(), ["drink"]) == 0
    assert shown == []
