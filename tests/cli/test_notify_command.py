"""`remind notify` over channels that obey the test."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from remind.cli.notify import notify
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Delivery, Notification, OnAnswer
from remind.settings.model import Sound


class Channels(Chain):
    """Shows nothing; the test sets what it returns."""

    def __init__(self, said: Delivery | ChannelError) -> None:
        super().__init__([])
        self.said = said
        self.shown: list[Notification] = []
        self.closed = False

    def show(self, notification: Notification) -> Delivery:
        self.shown.append(notification)
        if isinstance(self.said, ChannelError):
            raise self.said
        return self.said

    def close(self) -> None:
        self.closed = True


def run(channels: Channels, *arguments: str) -> Result:
    """What the command prints and how it ends."""
    app = SimpleNamespace(channels=lambda: channels)
    return CliRunner().invoke(notify, arguments, obj=app)


def test_a_confirmed_notification_is_said_to_be_shown() -> None:
    """The channel and the server are named, one notification is shown, and the channels are closed."""
    channels = Channels(Delivery("dbus", confirmed=True, handle="a/b/1", server="dunst 1.9.0"))
    result = run(channels)
    assert (result.exit_code, result.output) == (0, "Shown through dbus: dunst 1.9.0 confirmed it.\n")
    assert len(channels.shown) == 1
    assert channels.closed


def test_an_unconfirmed_one_is_not() -> None:
    """Where nothing confirms it that is said, and why no better channel could."""
    result = run(Channels(Delivery("plyer", failures=("dbus: there is no session bus",))))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Sent through plyer, which cannot confirm that it was displayed.",
        "Not through dbus: there is no session bus.",
    ]


def test_a_script_gets_the_same_as_json() -> None:
    """`--json` prints the delivery and nothing else."""
    result = run(Channels(Delivery("console", failures=("dbus: x",))), "--json")
    assert json.loads(result.stdout) == {
        "channel": "console", "confirmed": False, "handle": None, "server": "", "failures": ["dbus: x"],
    }  # fmt: skip


def test_when_nothing_can_show_it_the_reasons_are_the_error() -> None:
    """It says what to do, and the channels are closed."""
    channels = Channels(ChannelError("dbus: x; plyer: y"))
    result = run(channels)
    assert str(result.exception) == "no notification can be shown (dbus: x; plyer: y). Try `remind doctor`."
    assert channels.closed


def test_the_test_notification_cannot_be_mistaken_for_a_reminder() -> None:
    """It says that it is a test, and it disappears by itself where nobody is asked to press a button."""
    channels = Channels(Delivery("dbus", confirmed=True))
    run(channels)
    assert "test" in channels.shown[0].body
    assert not channels.shown[0].lasting


def test_the_sound_is_tried_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--sound` says which player and which voice were heard, and shows no notification."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    for name, script in {"pw-play": "echo 'no server' >&2; exit 1", "aplay": "exit 0", "espeak-ng": "exit 0"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o700)
    channels = Channels(Delivery("dbus"))
    app = SimpleNamespace(loaded=SimpleNamespace(settings=SimpleNamespace(sound=Sound(chime=True, voice=False))))
    result = CliRunner().invoke(notify, ["--sound"], obj=app)
    assert result.output.splitlines() == [
        "Played a chime through aplay.",
        "Not through pw-play: no server.",
        "Spoke through espeak-ng.",
        "In a session, sound.chime is on and sound.voice is off.",
    ]
    for name in ("aplay", "espeak-ng"):
        (tmp_path / name).unlink()
    lines = CliRunner().invoke(notify, ["--sound"], obj=app).output.splitlines()
    assert lines[0].startswith("\aRang the terminal's bell")
    assert "No voice works here." in lines
    assert channels.shown == []


class Pressed(Channels):
    """Somebody presses buttons as soon as a notification is shown."""

    def __init__(self, *presses: tuple[str, str]) -> None:
        super().__init__(Delivery("dbus", confirmed=True, handle="a/b/1", server="dunst"))
        self.presses = presses
        self.withdrawn: list[str] = []

    def start(self, on_answer: OnAnswer) -> None:
        self.on_answer = on_answer

    def show(self, notification: Notification) -> Delivery:
        for handle, answer in self.presses:
            self.on_answer(handle, answer, None)
        return super().show(notification)

    def withdraw(self, handle: str) -> None:
        self.withdrawn.append(handle)


def test_its_buttons_can_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal it waits for a press and says which it was; then the notification goes away."""
    monkeypatch.setattr("remind.cli.notify._somebody_watches", lambda: True)
    channels = Pressed(("a/b/0", "skipped"), ("a/b/1", "snoozed"))
    result = run(channels)
    assert [button.label for button in channels.shown[0].buttons] == ["Done", "Snooze", "Skip"]
    assert result.output.splitlines()[-1] == "You pressed Snooze. The buttons work."
    assert channels.withdrawn == ["a/b/1"]


def test_without_a_press_it_names_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time to press is over, it says what does the same."""
    monkeypatch.setattr("remind.cli.notify._somebody_watches", lambda: True)
    monkeypatch.setattr("remind.cli.notify._PRESS_LIMIT_S", 0.01)
    said = " ".join(run(Pressed()).output.split())
    assert "No button was pressed within a minute." in said
    assert "`remind done`, `snooze`, `skip`" in said


def test_a_script_is_not_kept_waiting() -> None:
    """Without a terminal the buttons are shown, and nobody waits for them."""
    channels = Pressed()
    assert run(channels).output == "Shown through dbus: dunst confirmed it.\n"
    assert channels.withdrawn == []
